import { describe, expect, it } from 'vitest';
import { DamagedStream } from '../../../electron/worker/inflate.ts';
import { Xxh64 } from '../../../electron/worker/xxh64.ts';
import { Unzstd } from '../../../electron/worker/zstd.ts';
import { utf8Bytes } from '../../../shared/bytes/text.ts';
import { joinBytes } from '../../../shared/pcap/write.ts';

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
