/** Unpacking of gzip (RFC 1952) held against zlib's, and what is wrong in streams that are written bit by bit (RFC 1951). */
import { gzipSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DamagedStream, Gunzip } from '../../../electron/worker/inflate.ts';
import { joinBytes } from '../../support/capture-builder.ts';
import { type Bits, bits, member, plainHeader } from '../../support/deflate-bits.ts';

interface Unpacked {
  readonly bytes: Uint8Array;
  /** What was wrong: it ended too early, or contradicted itself. */
  readonly wrong: 'nothing' | 'cut' | 'damaged';
  /** How many bytes each call of `step` gave. */
  readonly steps: readonly number[];
}

/** @param piece how many bytes of the file are there at a time: with one, every bit is asked for */
function unpack(packed: Uint8Array, piece = 1 << 20): Unpacked {
  const parts: Uint8Array[] = [];
  const steps: number[] = [];
  let at = 0;
  const stream = new Gunzip(
    () => {
      if (at >= packed.length) return null;
      at += piece;
      return packed.slice(at - piece, at);
    },
    (bytes) => parts.push(bytes.slice()),
  );
  const told = (wrong: Unpacked['wrong']): Unpacked => ({ bytes: joinBytes(parts), wrong, steps });
  try {
    for (let before = 0, more = true; more; before = parts.length) {
      more = stream.step();
      steps.push(parts.slice(before).reduce((sum, part) => sum + part.length, 0));
    }
    return told('nothing');
  } catch (error) {
    if (!(error instanceof DamagedStream)) throw error;
    return told(error.cut ? 'cut' : 'damaged');
  }
}

/** Like `toEqual`, which takes long for so many bytes. */
const same = (got: Uint8Array, wanted: Uint8Array): boolean => Buffer.compare(got, wanted) === 0;

/** Bytes that do not repeat, always the same. */
function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state >>> 23;
  });
}
/** Text-like bytes that pack neither badly nor too well. */
const text = (length: number) => noise(length).map((byte, i) => (i % 50 < 25 ? 65 + (i % 13) : byte));

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
      expect(unpack(packed)).toMatchObject({ bytes: new Uint8Array(0), wrong: 'damaged' });
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

describe('a stream that ends too early', () => {
  const bytes = text(300);

  it.each([
    ['packed with codes of its own', gzipSync(bytes)],
    ['packed with the fixed codes', gzipSync(bytes, { strategy: 4 })],
    ['stored', gzipSync(bytes, { level: 0 })],
    [
      'with a name',
      member(
        bits().block(1).symbol(65).symbol(256),
        Uint8Array.of(65),
        Uint8Array.of(31, 139, 8, 8, 0, 0, 0, 0, 0, 3, 65, 0),
      ),
    ],
  ])('is cut, and gives what came before: %s', (_name, packed) => {
    const whole = unpack(packed).bytes;
    for (let length = 1; length < packed.length; length++)
      for (const piece of [1, 1000]) {
        const got = unpack(packed.subarray(0, length), piece);
        expect(got.wrong, `${length} bytes`).toBe('cut');
        expect(same(got.bytes, whole.subarray(0, got.bytes.length))).toBe(true);
      }
    // All of it is there where only its checks are not.
    expect(same(unpack(packed.subarray(0, -8)).bytes, whole)).toBe(true);
  });
});

describe('a stream that contradicts itself', () => {
  const content = Uint8Array.of(65, 66, 67);
  const letters = () => bits().block(1).symbol(65).symbol(66).symbol(67);
  /** With bytes behind that are no reason to say that it is cut, and without: where every bit is asked for. */
  function expectDamaged(body: Bits, before: Uint8Array, name = ''): void {
    for (const piece of [1, 1000]) {
      const got = unpack(joinBytes([plainHeader, body.bytes(), new Uint8Array(100).fill(0xff)]), piece);
      expect(got.wrong, name).toBe('damaged');
      expect(got.bytes, name).toEqual(before);
    }
  }

  it('has other checks than its content', () => {
    const good = member(letters().symbol(256), content);
    for (let at = good.length - 8; at < good.length; at++)
      for (const bit of [0x01, 0x80]) {
        const packed = good.slice();
        packed[at] ^= bit;
        expect(unpack(packed), `byte ${at}`).toMatchObject({ bytes: content, wrong: 'damaged' });
      }
  });

  it('has a block of a kind that there is not', () => {
    expectDamaged(bits().block(3), new Uint8Array(0));
    expectDamaged(bits().stored(content).block(3), content);
  });

  it('has a stored block whose length is written in two ways', () => {
    for (const [length, other] of [
      [3, 0xfffd],
      [3, 3],
      [0x0103, 0xfffc],
      [3, 0xfefc],
    ])
      expectDamaged(bits().block(0).align().number(length, 16).number(other, 16), new Uint8Array(0));
  });

  it('has a length, or a distance, that no symbol stands for', () => {
    for (const symbol of [286, 287]) expectDamaged(letters().symbol(symbol).code(0, 5), content, `length ${symbol}`);
    for (const distance of [30, 31])
      expectDamaged(letters().symbol(257).code(distance, 5), content, `distance ${distance}`);
  });

  it('has a match from before its beginning, be the window full or not', () => {
    expect(unpack(member(letters().match(3).symbol(256), joinBytes([content, content])))).toMatchObject({
      bytes: joinBytes([content, content]),
      wrong: 'nothing',
    });
    expectDamaged(letters().match(4), content);
    // The member before is none of its content, though the window still holds it.
    for (const piece of [1, 1000]) {
      const second = joinBytes([plainHeader, bits().block(1).symbol(65).match(2).bytes(), new Uint8Array(100)]);
      expect(unpack(joinBytes([member(letters().symbol(256), content), second]), piece)).toMatchObject({
        bytes: joinBytes([content, Uint8Array.of(65)]),
        wrong: 'damaged',
      });
    }
  });

  it('has more symbols, or more distances, than there are', () => {
    // Lengths of one bit for 0 and 18: a code for all that follows.
    for (const [literals, distances] of [
      [287, 1],
      [288, 30],
      [257, 31],
      [257, 32],
    ])
      expectDamaged(bits().codes(literals, distances, { 0: 1, 18: 1 }), new Uint8Array(0));
  });

  it('repeats the length of a code before there was one', () => {
    expectDamaged(bits().codes(257, 1, { 16: 1, 1: 1 }).code(1, 1).number(0, 2), new Uint8Array(0));
  });

  it('repeats lengths beyond the last symbol', () => {
    // 258 lengths: 138 and 109 zeros, eleven more are one too many for those that repeat at least as often.
    const zeros = (left: number) =>
      bits()
        .codes(257, 1, { 0: 2, 16: 2, 17: 2, 18: 2 })
        .code(3, 2)
        .number(127, 7)
        .code(3, 2)
        .number(258 - 138 - left - 11, 7);
    expectDamaged(zeros(10).code(3, 2).number(0, 7), new Uint8Array(0), 'eleven zeros');
    expectDamaged(zeros(2).code(2, 2).number(0, 3), new Uint8Array(0), 'three zeros');
    expectDamaged(zeros(2).code(1, 2).number(0, 2), new Uint8Array(0), 'three times the one before');
  });

  it('has more codes of a length than there can be', () => {
    expectDamaged(bits().codes(257, 1, { 0: 1, 1: 1, 2: 1 }), new Uint8Array(0), 'for lengths');
    expectDamaged(bits().codes(257, 1, { 0: 2, 1: 2, 2: 2, 3: 2, 4: 2 }), new Uint8Array(0), 'for lengths');
    // Three literals of one bit.
    const literals = bits().codes(257, 1, { 1: 1, 18: 1 }).code(0, 1).code(0, 1).code(0, 1);
    expectDamaged(literals.code(1, 1).number(127, 7).code(1, 1).number(106, 7), new Uint8Array(0), 'for literals');
    // Three distances of one bit; literals 0 and 256 are as they should be.
    const distances = bits().codes(257, 3, { 1: 1, 18: 1 }).code(0, 1);
    for (const count of [138, 117]) distances.code(1, 1).number(count - 11, 7);
    expectDamaged(distances.code(0, 1).code(0, 1).code(0, 1).code(0, 1), new Uint8Array(0), 'for distances');
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

it('every flipped bit that changes what comes out is noticed', () => {
  const bytes = text(200);
  const packed = gzipSync(bytes);
  for (let bit = 0; bit < packed.length * 8; bit++) {
    const changed = packed.slice();
    changed[bit >> 3] ^= 1 << (bit & 7);
    const got = unpack(changed, 64);
    expect(got.wrong !== 'nothing' || same(got.bytes, bytes), `bit ${bit}`).toBe(true);
  }
});
