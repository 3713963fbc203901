/** Unpacking of gzip (RFC 1952, RFC 1951), held against zlib's and against streams that are written bit by bit. */
import { gzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Gunzip } from '../../../electron/worker/inflate.ts';
import { joinBytes } from '../../support/capture-builder.ts';
import { bits, member, noise, plainHeader, same, text, unpack } from '../../support/deflate-bits.ts';

describe('unpacking gives what zlib packed', () => {
  it.each([
    ['nothing', new Uint8Array(0)],
    ['one byte', Uint8Array.of(7)],
    ['many times the same', new Uint8Array(20_000).fill(9)],
    ['text', text(20_000)],
    ['noise', noise(5000)],
  ])('%s', (_name, bytes) => {
    // Strategy 2 packs without matches, 3 with matches of distance 1, 4 with the fixed codes; level 0 stores.
    for (const [level, strategy] of [
      [0, 0],
      [1, 0],
      [9, 0],
      [6, 2],
      [6, 3],
      [6, 4],
    ])
      for (const piece of [1, 7, 1 << 20]) {
        const got = unpack(gzipSync(bytes, { level, strategy }), piece);
        expect(got.wrong).toBe('nothing');
        expect(same(got.bytes, bytes), `level ${level}, strategy ${strategy}, pieces of ${piece}`).toBe(true);
      }
  });

  it('whatever the number of bytes is', () => {
    const bytes = noise(40);
    for (let length = 0; length <= bytes.length; length++)
      for (const level of [0, 6])
        expect(unpack(gzipSync(bytes.subarray(0, length), { level }))).toMatchObject({
          bytes: bytes.subarray(0, length),
          wrong: 'nothing',
        });
  });

  it('with every length and every distance, from the nearest to the farthest', () => {
    const before = noise(32_768);
    const body = bits().stored(before).block(1);
    // RFC 1951 section 3.2.5: how many bits follow each symbol.
    for (let length = 0; length < 29; length++) {
      const more = length < 8 || length === 28 ? 0 : (length - 4) >> 2;
      for (const value of [0, 1, 2 ** more - 1].filter((one) => one < 2 ** more))
        body
          .symbol(257 + length)
          .number(value, more)
          .code(3, 5);
    }
    for (let distance = 0; distance < 30; distance++) {
      const more = distance < 4 ? 0 : (distance - 2) >> 1;
      for (const value of [0, 1, 2 ** more - 1].filter((one) => one < 2 ** more))
        body.symbol(257).code(distance, 5).number(value, more);
    }
    const deflated = body.symbol(256);
    const content = inflateRawSync(deflated.bytes());
    for (const piece of [1, 3, 1 << 20]) {
      const got = unpack(member(deflated, content), piece);
      expect(got.wrong).toBe('nothing');
      expect(same(got.bytes, content)).toBe(true);
    }
  });
});

describe('the room for what is unpacked', () => {
  it('is given away in steps of at most 256 KiB, and matches reach back over the steps', () => {
    const before = noise(32_768);
    const body = bits().stored(before).block(1);
    // The longest matches at the longest distance: the same bytes again and again.
    const times = 2100;
    for (let i = 0; i < times; i++) body.symbol(285).code(29, 5).number(8191, 13);
    body.symbol(256);
    const wanted = new Uint8Array(before.length + times * 258).map((_, i) => before[i % before.length]);
    for (const piece of [1, 1 << 20]) {
      const got = unpack(member(body, wanted), piece);
      expect(got.wrong).toBe('nothing');
      expect(same(got.bytes, wanted)).toBe(true);
      expect(got.steps.length).toBeGreaterThan(2);
      expect(Math.max(...got.steps)).toBeLessThanOrEqual(256 << 10);
      // None but the last is much smaller.
      expect(Math.min(...got.steps.slice(0, -1))).toBeGreaterThan((256 << 10) - 300);
    }
  });

  it('takes what is stored behind codes, and codes behind what is stored', () => {
    const [letters, stored] = [Uint8Array.of(65, 66), noise(40)];
    const body = bits();
    for (let i = 0; i < 3; i++)
      body.block(1, false).symbol(65).symbol(66).symbol(256).stored(stored).stored(new Uint8Array(0));
    const wanted = joinBytes([letters, stored, letters, stored, letters, stored, letters]);
    body.block(1).symbol(65).symbol(66).symbol(256);
    for (const piece of [1, 5, 1000])
      expect(unpack(member(body, wanted), piece)).toMatchObject({ bytes: wanted, wrong: 'nothing' });
  });

  it('takes a stored block up to its end, and the rest of it in the next step', () => {
    const bytes = noise(1000 + 65_535 * 8);
    const blocks = [bytes.subarray(0, 1000)];
    for (let at = 1000; at < bytes.length; at += 65_535) blocks.push(bytes.subarray(at, at + 65_535));
    const deflated = blocks.flatMap((block, i) => {
      const [low, high] = [block.length & 255, block.length >> 8];
      return [Uint8Array.of(i === blocks.length - 1 ? 1 : 0, low, high, ~low, ~high), block];
    });
    const packed = joinBytes([plainHeader, ...deflated, gzipSync(bytes, { level: 1 }).subarray(-8)]);
    for (const piece of [997, 1 << 20]) {
      const got = unpack(packed, piece);
      expect(got.wrong).toBe('nothing');
      expect(same(got.bytes, bytes)).toBe(true);
      expect(Math.max(...got.steps)).toBe(256 << 10);
    }
  });

  it('takes a file that comes in pieces of which some are empty', () => {
    const packed = gzipSync(text(500));
    const pieces = [0, 3, 3, 3, 11, 40, 40, packed.length];
    const parts: Uint8Array[] = [];
    let i = 0;
    const stream = new Gunzip(
      () => (i < pieces.length - 1 ? packed.subarray(pieces[i], pieces[++i]) : null),
      (some) => parts.push(some.slice()),
    );
    while (stream.step());
    expect(joinBytes(parts)).toEqual(text(500));
  });

  it('takes stored blocks that are larger than it, and literals up to its end', () => {
    for (const [bytes, level, strategy] of [
      [noise(700_000), 0, 0],
      [text(300_000), 6, 2],
      [text(300_000), 6, 4],
    ] as const) {
      const got = unpack(gzipSync(bytes, { level, strategy }));
      expect(got.wrong).toBe('nothing');
      expect(same(got.bytes, bytes)).toBe(true);
      expect(Math.max(...got.steps)).toBeLessThanOrEqual(256 << 10);
    }
  });
});

describe('the header of a member', () => {
  const content = Uint8Array.of(65, 66, 67);
  const body = bits().block(1).symbol(65).symbol(66).symbol(67).symbol(256);
  const header = (flags: number, ...more: readonly number[]) =>
    Uint8Array.of(0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 5, 6, ...more);

  it.each([
    ['nothing more', header(0)],
    ['that it is text', header(1)],
    ['a checksum of itself', header(2, 7, 7)],
    ['no more bytes than that there are none', header(4, 0, 0)],
    ['more bytes', header(4, 3, 0, 7, 0, 7)],
    ['more than 255 bytes', header(4, 1, 1, ...new Uint8Array(257).fill(7))],
    ['a name', header(8, 65, 66, 0)],
    ['an empty name', header(8, 0)],
    ['a comment', header(16, 65, 66, 67, 0)],
    ['all of it', header(31, 2, 0, 0, 7, 65, 0, 66, 67, 0, 7, 7)],
  ])('may hold %s', (_name, bytes) => {
    for (const piece of [1, 1000])
      expect(unpack(member(body, content, bytes), piece)).toMatchObject({ bytes: content, wrong: 'nothing' });
  });

  it.each([0, 1, 2])('is refused where its byte %i is another', (at) => {
    for (const other of [0, 0xff]) {
      const packed = member(body, content);
      packed[at] = other;
      expect(unpack(packed)).toMatchObject({ bytes: new Uint8Array(0), wrong: 'damaged', why: 'no gzip header' });
    }
  });

  it('may come behind zeros that pad the member before, where there is one', () => {
    const one = member(body, content);
    const zeros = new Uint8Array(20);
    for (const piece of [1, 1000]) {
      expect(unpack(joinBytes([one, zeros, one]), piece)).toMatchObject({
        bytes: joinBytes([content, content]),
        wrong: 'nothing',
      });
      expect(unpack(joinBytes([one, zeros]), piece)).toMatchObject({ bytes: content, wrong: 'nothing' });
      expect(unpack(joinBytes([zeros, one]), piece)).toMatchObject({ bytes: new Uint8Array(0), wrong: 'damaged' });
      expect(unpack(joinBytes([one, Uint8Array.of(7), one]), piece)).toMatchObject({
        bytes: content,
        wrong: 'damaged',
      });
    }
  });

  it('is nothing to miss in an empty file', () => {
    expect(unpack(new Uint8Array(0))).toMatchObject({ bytes: new Uint8Array(0), wrong: 'nothing' });
  });
});

it('codes of its own may leave out distances, and symbols behind the end of a block', () => {
  // Lengths 1 for 0 and 256, nothing else; one distance of one bit.
  const body = bits().codes(257, 1, { 1: 1, 18: 1 }).code(0, 1);
  for (const count of [138, 117]) body.code(1, 1).number(count - 11, 7);
  body.code(0, 1).code(0, 1).code(0, 1).code(0, 1).code(1, 1);
  const wanted = new Uint8Array(2);
  for (const piece of [1, 1000])
    expect(unpack(member(body, wanted), piece)).toMatchObject({ bytes: wanted, wrong: 'nothing' });
});
