import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../electron/worker/byte-source.ts';
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
