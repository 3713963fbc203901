import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../electron/worker/byte-source.ts';
import { DamagedStream, Gunzip } from '../../../electron/worker/inflate.ts';
import { openByteSource } from '../../../electron/worker/open-byte-source.ts';
import { joinBytes, pcap } from '../../support/capture-builder.ts';

const folder = mkdtempSync(join(tmpdir(), 'handshark-test-'));
const oldTmp = process.env['TMPDIR'];
beforeAll(() => {
  mkdirSync(join(folder, 'tmp'));
  process.env['TMPDIR'] = join(folder, 'tmp');
});
afterAll(() => {
  if (oldTmp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = oldTmp;
  rmSync(folder, { recursive: true });
});

/** Like `toEqual`, which takes seconds for so many bytes. */
function expectSame(got: Uint8Array, wanted: Uint8Array): void {
  expect(got.length).toBe(wanted.length);
  expect(Buffer.compare(got, wanted)).toBe(0);
}

/** Text-like bytes that pack neither badly nor too well, always the same. */
function sample(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, (_, i) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return i % 50 < 25 ? 65 + (i % 13) : state >>> 23;
  });
}
const capture = pcap(Array.from({ length: 900 }, (_, i) => sample(1000 + i)));

function open(name: string, bytes: Uint8Array): ByteSource {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  const opened = openByteSource(path);
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value;
}

/** The whole stream, and the random access held against it. */
function drain(source: ByteSource): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let piece = source.next(); piece !== null; piece = source.next()) parts.push(piece.slice());
  const whole = joinBytes(parts);
  const some = new Uint8Array(500);
  for (const at of [0, 1000, whole.length - 500]) {
    expect(source.readAt(some, 500, at)).toBe(500);
    expect(some).toEqual(whole.slice(at, at + 500));
  }
  source.close();
  return whole;
}

/** Stored blocks in a zstd frame (RFC 8878 3.1.1): no compressor is needed to write one. */
function zstdStored(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58)];
  for (let at = 0; at < bytes.length; at += 100_000) {
    const block = bytes.subarray(at, at + 100_000);
    const head = (block.length << 3) | (at + 100_000 >= bytes.length ? 1 : 0);
    parts.push(Uint8Array.of(head, head >>> 8, head >>> 16), block);
  }
  return joinBytes(parts);
}

describe('a capture file', () => {
  it('is read as it is', () => {
    const source = open('plain', capture);
    expect(source).toMatchObject({ compression: 'none', name: 'plain', sizeBytes: capture.length, damage: null });
    expectSame(source.head, capture.slice(0, 65_536));
    expect(source.next()?.length).toBe(256 << 10);
    expect(source.consumed).toBe(256 << 10);
    source.close();
    expectSame(drain(open('plain', capture)), capture);
  });

  it('comes out of gzip, one member or several, and padding after them', () => {
    const half = capture.length >> 1;
    const members = joinBytes([
      gzipSync(capture.subarray(0, half), { level: 1 }),
      gzipSync(capture.subarray(half), { level: 9 }),
      new Uint8Array(100),
    ]);
    for (const bytes of [gzipSync(capture), members]) {
      const source = open('packed.gz', bytes);
      expect(source).toMatchObject({ compression: 'gzip', sizeBytes: bytes.length });
      expectSame(drain(source), capture);
      expect(source.damage).toBeNull();
      expect(source.consumed).toBe(bytes.length);
    }
  });

  it('comes out of zstd, one frame or several', () => {
    for (const bytes of [
      zstdStored(capture),
      joinBytes([zstdStored(capture.subarray(0, 300_000)), zstdStored(capture.subarray(300_000))]),
    ]) {
      const source = open('packed.zst', bytes);
      expect(source.compression).toBe('zstd');
      expectSame(drain(source), capture);
      expect(source.damage).toBeNull();
    }
  });

  it('keeps what a damaged stream gives, and says so', () => {
    const gzip = gzipSync(capture);
    const wrongSum = gzip.slice();
    wrongSum[wrongSum.length - 6] ^= 1;
    for (const [bytes, least, damage] of [
      [gzip.subarray(0, gzip.length >> 1), 0.4, 'cut'],
      [wrongSum, 1, 'damaged'],
      [zstdStored(capture).subarray(0, 600_000), 0.3, 'cut'],
    ] as const) {
      const source = open('damaged', bytes);
      const got = drain(source);
      expect(source.damage).toBe(damage);
      expect(got.length).toBeGreaterThanOrEqual(capture.length * least);
      expectSame(got, capture.slice(0, got.length));
    }
  });

  it('leaves no temporary file behind', () => {
    const source = open('packed.gz', gzipSync(capture));
    source.close();
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });

  it('is refused for a reason', () => {
    const code = (path: string) => {
      const opened = openByteSource(path);
      return opened.ok ? 'opened' : opened.error.code;
    };
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'empty.gz'), gzipSync(''));
    writeFileSync(join(folder, 'garbage.gz'), Uint8Array.of(0x1f, 0x8b, 1, 2, 3, 4, 5));
    writeFileSync(join(folder, 'secret'), 'x');
    chmodSync(join(folder, 'secret'), 0);
    expect(code(join(folder, 'missing'))).toBe('not-found');
    expect(code(folder)).toBe('is-directory');
    expect(code(join(folder, 'empty'))).toBe('empty');
    expect(code(join(folder, 'empty.gz'))).toBe('empty');
    expect(code(join(folder, 'garbage.gz'))).toBe('not-a-capture');
    expect(code('/dev/null')).toBe('io');
    // The superuser may read everything.
    expect(code(join(folder, 'secret'))).toBe(process.getuid?.() === 0 ? 'opened' : 'no-permission');
  });
});

/** As gzip has it, byte by byte. */
const crc32 = (bytes: Uint8Array): number => gzipSync(bytes).readUInt32LE(gzipSync(bytes).length - 8);

describe('gunzip', () => {
  function unpack(packed: Uint8Array, piece: number): { bytes: Uint8Array; damaged: boolean } {
    const parts: Uint8Array[] = [];
    let at = 0;
    const stream = new Gunzip(
      () => {
        if (at >= packed.length) return null;
        at += piece;
        return packed.slice(at - piece, at);
      },
      (bytes) => parts.push(bytes.slice()),
    );
    try {
      while (stream.step());
      return { bytes: joinBytes(parts), damaged: false };
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      return { bytes: joinBytes(parts), damaged: true };
    }
  }
  function expectUnpacked(got: { readonly bytes: Uint8Array; readonly damaged: boolean }, wanted: Uint8Array): void {
    expect(got.damaged).toBe(false);
    expectSame(got.bytes, wanted);
  }
  const inputs = {
    nothing: new Uint8Array(0),
    one: Uint8Array.of(7),
    same: new Uint8Array(400_000).fill(9),
    mixed: sample(300_000),
    far: joinBytes([sample(32_768), sample(32_768), sample(100)]),
  };

  it.each(Object.entries(inputs))('unpacks what zlib packed: %s', (_name, bytes) => {
    // Strategy 2 packs without matches, 3 with matches of distance 1, 4 with the fixed codes; level 0 stores.
    for (const [level, strategy] of [
      [0, 0],
      [1, 0],
      [6, 0],
      [9, 0],
      [6, 2],
      [6, 3],
      [6, 4],
    ])
      for (const piece of [1000, 1 << 20]) expectUnpacked(unpack(gzipSync(bytes, { level, strategy }), piece), bytes);
    expectUnpacked(unpack(gzipSync(bytes), 1), bytes);
  });

  it('gives a beginning of the right bytes for every place where the stream may end', () => {
    const bytes = sample(3000);
    const packed = gzipSync(bytes);
    for (let length = 1; length < packed.length; length++) {
      const got = unpack(packed.subarray(0, length), 100);
      expect(got.damaged, `${length} bytes`).toBe(true);
      expectSame(got.bytes, bytes.slice(0, got.bytes.length));
    }
  });

  it('notices every flipped bit that changes what comes out', () => {
    const bytes = sample(600);
    const packed = gzipSync(bytes);
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const changed = packed.slice();
      changed[bit >> 3] ^= 1 << (bit & 7);
      const got = unpack(changed, 64);
      expect(got.damaged || Buffer.from(got.bytes).equals(bytes), `bit ${bit}`).toBe(true);
    }
  });

  /**
   * A member with one block of the fixed codes (RFC 1951 3.2.6), made of literals and matches, and the bytes that
   * follow its checks.
   */
  function member(
    symbols: readonly (number | { readonly length: 3; readonly distance: 1 | 2 | 3 | 4 })[],
    crc: number,
    size: number,
  ): Uint8Array {
    const bits: number[] = [1, 1, 0];
    // Codes begin with their highest bit.
    const code = (value: number, width: number): void => {
      for (let bit = width - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
    };
    for (const symbol of symbols) {
      if (typeof symbol === 'number') code(0x30 + symbol, 8);
      else {
        code(1, 7);
        code(symbol.distance - 1, 5);
      }
    }
    code(0, 7);
    const body = Uint8Array.from({ length: (bits.length + 7) >> 3 }, (_, i) =>
      bits.slice(i * 8, i * 8 + 8).reduce((byte, bit, k) => byte | (bit << k), 0),
    );
    const trailer = new Uint8Array(8);
    new DataView(trailer.buffer).setUint32(0, crc, true);
    new DataView(trailer.buffer).setUint32(4, size, true);
    return joinBytes([Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), body, trailer]);
  }

  it('copies from what this member holds, and from nothing before it', () => {
    const text = Uint8Array.of(65, 66, 67, 65, 66, 67);
    const good = member([65, 66, 67, { length: 3, distance: 3 }], crc32(text), 6);
    expect(unpack(good, 1000)).toEqual({ bytes: text, damaged: false });
    // What a decoder would give that takes the window before the beginning for zeros, with checks that fit: nothing
    // else tells that it is wrong.
    const zero = Uint8Array.of(65, 66, 67, 0, 65, 66);
    const bad = member([65, 66, 67, { length: 3, distance: 4 }], crc32(zero), 6);
    // In a few bytes, where each bit is asked for, and with so many behind them that it goes on without asking.
    for (const behind of [0, 100]) {
      expect(unpack(joinBytes([bad, new Uint8Array(behind)]), 1000)).toEqual({
        bytes: zero.subarray(0, 3),
        damaged: true,
      });
      // The window holds the member before.
      const second = member([{ length: 3, distance: 1 }], crc32(Uint8Array.of(67, 67, 67)), 3);
      expect(unpack(joinBytes([good, second, new Uint8Array(behind)]), 1000)).toEqual({ bytes: text, damaged: true });
    }
  });
});
