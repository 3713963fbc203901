import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DamagedStream } from '../../../electron/worker/inflate.ts';
import { UnpackStopped } from '../../../electron/worker/unpack-stopped.ts';
import { Xxh64 } from '../../../electron/worker/xxh64.ts';
import { largestWindow, Unzstd } from '../../../electron/worker/zstd.ts';
import { utf8Bytes } from '../../../shared/bytes/text.ts';
import { joinBytes } from '../../../shared/pcap/write.ts';
import { processorMs } from '../../support/processor-time.ts';

const squares = Uint8Array.from({ length: 1003 }, (_, i) => i * i);

function sum(bytes: Uint8Array, piece = bytes.length): number {
  const hash = new Xxh64();
  for (let at = 0; at < bytes.length; at += piece) hash.update(bytes.subarray(at, at + piece));
  return hash.low32();
}
const u32 = (value: number): Uint8Array => Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);

/** Frames of stored blocks with a checksum (RFC 8878 3.1.1). */
function frame(bytes: Uint8Array, size = 400, checksum = sum(bytes)): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58)];
  for (let at = 0; at === 0 || at < bytes.length; at += size) {
    const block = bytes.subarray(at, at + size);
    const head = (block.length << 3) | (at + size >= bytes.length ? 1 : 0);
    parts.push(Uint8Array.of(head, head >>> 8, head >>> 16), block);
  }
  return joinBytes([...parts, u32(checksum)]);
}

function unpack(
  packed: Uint8Array,
  piece: number,
): { readonly bytes: Uint8Array; readonly end: 'whole' | 'cut' | 'damaged' } {
  const parts: Uint8Array[] = [];
  const stream = new Unzstd((bytes) => parts.push(bytes.slice()));
  try {
    for (let at = 0; at < packed.length; at += piece) stream.push(packed.subarray(at, at + piece));
    stream.end();
  } catch (error) {
    return { bytes: joinBytes(parts), end: error instanceof DamagedStream && error.cut ? 'cut' : 'damaged' };
  }
  return { bytes: joinBytes(parts), end: 'whole' };
}

describe('XXH64', () => {
  it.each([
    ['', 0x51d8e999],
    ['a', 0xa98c6e5b],
    ['abc', 0xad770999],
    ['Nobody inspects the spammish repetition', 0x8a378bf1],
  ])('of %j', (text, low) => {
    expect(sum(utf8Bytes(text))).toBe(low);
  });

  it('is the same in pieces', () => {
    for (const piece of [1, 7, 31, 32, 33, 500]) expect(sum(squares, piece)).toBe(0x102b62b8);
  });
});

describe('zstd', () => {
  const skippable = joinBytes([u32(0x184d2a53), u32(5), utf8Bytes('other')]);
  const stream = joinBytes([frame(squares), skippable, frame(new Uint8Array(0)), frame(squares.subarray(0, 3))]);
  const content = joinBytes([squares, squares.subarray(0, 3)]);

  it('comes out frame by frame, in pieces of any length', () => {
    for (const piece of [1, 5, 100, 10_000]) expect(unpack(stream, piece)).toEqual({ bytes: content, end: 'whole' });
  });

  it('tells for every place that it ends there, and gives what comes before', () => {
    const first = frame(squares).length;
    const whole = new Set([
      first,
      first + skippable.length,
      first + skippable.length + frame(new Uint8Array(0)).length,
    ]);
    for (let length = 1; length < stream.length; length++) {
      const got = unpack(stream.subarray(0, length), 64);
      expect(got.end, `${length} bytes`).toBe(whole.has(length) ? 'whole' : 'cut');
      expect(got.bytes).toEqual(content.slice(0, got.bytes.length));
    }
  });

  it('notices what the checksum tells, after writing it', () => {
    const packed = frame(squares);
    packed[500] ^= 1;
    const got = unpack(packed, 10_000);
    expect(got.end).toBe('damaged');
    expect(got.bytes.length).toBe(squares.length);
    expect(unpack(joinBytes([frame(squares), utf8Bytes('junk')]), 100).end).toBe('damaged');
  });
});

/** Words in an order without end, with numbers between them. */
function words(length: number): string {
  const known = ['GET ', 'Host: ', 'HTTP/1.1', '\r\n', 'example', '.org', 'User-Agent: ', 'Accept', '/', 'x'];
  let state = 1;
  let text = '';
  while (text.length < length) {
    state = (state * 16807) % 2147483647;
    text += state % 7 === 0 ? String(state) : known[Math.floor(state / 65536) % known.length];
  }
  return text;
}

function lines(length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++) text += `packet ${i >> 7} of ${(i % 251) * 7} bytes\n`;
  return text;
}

describe('what zstd 1.5 packed', () => {
  const packed = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'packed', name));

  it.each([
    ['text-1.zst', words(6000)],
    ['text-19.zst', words(6000)],
    // More than its window of 128 KB and what lies behind it.
    ['lines.zst', lines(2_000_000)],
  ])('is unpacked: %s', (name, text) => {
    const got = unpack(packed(name), 1000);
    expect(got.end).toBe('whole');
    expect(Buffer.compare(got.bytes, utf8Bytes(text))).toBe(0);
  });

  it('is damaged, and nothing worse, whatever byte is another', () => {
    const whole = packed('text-19.zst');
    for (let at = 4; at < whole.length; at++) {
      const bytes = whole.slice();
      bytes[at] ^= 1 + (at % 255);
      let count = 0;
      const stream = new Unzstd((out) => {
        count += out.length;
      });
      try {
        stream.push(bytes);
        stream.end();
      } catch (error) {
        expect(error instanceof DamagedStream || error instanceof UnpackStopped, `byte ${at}: ${error}`).toBe(true);
      }
      expect(count).toBeLessThanOrEqual(128 << 10);
    }
  });
});

describe('the window that a frame asks for', () => {
  const magic = u32(0xfd2fb528);
  const frameOf = (descriptor: number, ...header: number[]): Uint8Array =>
    joinBytes([magic, Uint8Array.of(descriptor, ...header, 1, 0, 0)]);

  it.each([
    ['2 TB, the largest that can be written', frameOf(0, 31 << 3)],
    ['144 MB, the least above', frameOf(0, (17 << 3) | 1)],
    ['a size of 1 GB in one piece', frameOf(0b1010_0000, 0, 0, 0, 64)],
    ['a size of 2^60 in one piece', frameOf(0b1110_0000, 0, 0, 0, 0, 0, 0, 0, 16)],
  ])('is refused before anything is set aside for it: %s', (_, bytes) => {
    const stream = new Unzstd(() => expect.unreachable());
    expect(() => stream.push(bytes)).toThrow(UnpackStopped);
  });

  it('is given up to 128 MB, as it is needed', () => {
    const before = process.memoryUsage().arrayBuffers;
    // A thousand frames, each of which asks for all of it and has one byte.
    const one = joinBytes([magic, Uint8Array.of(0, 17 << 3, (1 << 3) | 1, 0, 0, 0x2a)]);
    const frames = joinBytes(Array.from({ length: 1000 }, () => one));
    let count = 0;
    const stream = new Unzstd((bytes) => {
      count += bytes.length;
    });
    stream.push(frames);
    stream.end();
    expect(count).toBe(1000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
    expect(2 ** (10 + 17)).toBe(largestWindow);
  });

  it('is not moved for each block: many blocks of a byte behind a window that is full', () => {
    const repeat = (length: number): number[] => {
      const head = (length << 3) | 2;
      return [head & 255, (head >> 8) & 255, head >> 16, 0x61];
    };
    const full = Array.from({ length: 1100 }, () => repeat(128 << 10)).flat();
    const single = Array.from({ length: 20_000 }, () => repeat(1)).flat();
    let count = 0;
    const stream = new Unzstd((bytes) => {
      count += bytes.length;
    });
    const from = processorMs();
    stream.push(joinBytes([magic, Uint8Array.of(0, 17 << 3), Uint8Array.from([...full, ...single, 1, 0, 0])]));
    stream.end();
    expect(count).toBe(1100 * (128 << 10) + 20_000);
    // Moving the window each time takes minutes.
    expect(processorMs() - from).toBeLessThan(3000);
  });
});
