/** Gzip files that end too early or contradict themselves: what was good comes out, and what is wrong is said. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { joinBytes } from '../../support/capture-builder.ts';
import { type Bits, bits, member, plainHeader, same, text, unpack } from '../../support/deflate-bits.ts';

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
  ])('is cut, and gives what came before: %s', (name, packed) => {
    const whole = unpack(packed).bytes;
    for (let length = 1; length < packed.length; length++)
      for (const piece of [1, 1000]) {
        const got = unpack(packed.subarray(0, length), piece);
        expect(got.wrong, `${length} bytes`).toBe('cut');
        // Zeros stand for what is not there: of own codes they may be none.
        if (name !== 'packed with codes of its own') expect(got.why).toBe('the stream ends too early');
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
  function expectDamaged(body: Bits, before: Uint8Array, why: string, whyAtOnce = why): void {
    for (const piece of [1, 1000]) {
      const got = unpack(joinBytes([plainHeader, body.bytes(), new Uint8Array(100).fill(0xff)]), piece);
      expect(got).toMatchObject({ wrong: 'damaged', bytes: before, why: piece === 1 ? why : whyAtOnce });
    }
  }

  it('has other checks than its content', () => {
    const good = member(letters().symbol(256), content);
    for (let at = good.length - 8; at < good.length; at++)
      for (const bit of [0x01, 0x80]) {
        const packed = good.slice();
        packed[at] ^= bit;
        expect(unpack(packed), `byte ${at}`).toMatchObject({
          bytes: content,
          wrong: 'damaged',
          why: 'the checksum does not fit',
        });
      }
  });

  it('has a block of a kind that there is not', () => {
    expectDamaged(bits().block(3), new Uint8Array(0), 'no such kind of block');
    expectDamaged(bits().stored(content).block(3), content, 'no such kind of block');
  });

  it('has a stored block whose length is written in two ways', () => {
    for (const [length, other] of [
      [3, 0xfffd],
      [3, 3],
      [0x0103, 0xfffc],
      [3, 0xfefc],
    ])
      expectDamaged(
        bits().block(0).align().number(length, 16).number(other, 16),
        new Uint8Array(0),
        'the length of a stored block does not fit',
      );
  });

  it('has a length, or a distance, that no symbol stands for', () => {
    for (const symbol of [286, 287]) expectDamaged(letters().symbol(symbol).code(0, 5), content, 'no such length');
    for (const distance of [30, 31])
      expectDamaged(
        letters().symbol(257).code(distance, 5),
        content,
        'no such code',
        'a match from before the beginning',
      );
  });

  it('has a match from before its beginning, be the window full or not', () => {
    expect(unpack(member(letters().match(3).symbol(256), joinBytes([content, content])))).toMatchObject({
      bytes: joinBytes([content, content]),
      wrong: 'nothing',
    });
    expectDamaged(letters().match(4), content, 'a match from before the beginning');
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
      expectDamaged(
        bits().codes(literals, distances, { 0: 1, 18: 1 }),
        new Uint8Array(0),
        'more symbols than there are',
      );
  });

  it('repeats the length of a code before there was one', () => {
    expectDamaged(
      bits().codes(257, 1, { 16: 1, 1: 1 }).code(1, 1).number(0, 2),
      new Uint8Array(0),
      'nothing to repeat',
    );
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
    expectDamaged(zeros(10).code(3, 2).number(0, 7), new Uint8Array(0), 'more code lengths than symbols');
    expectDamaged(zeros(2).code(2, 2).number(0, 3), new Uint8Array(0), 'more code lengths than symbols');
    expectDamaged(zeros(2).code(1, 2).number(0, 2), new Uint8Array(0), 'more code lengths than symbols');
  });

  it('has more codes of a length than there can be', () => {
    expectDamaged(bits().codes(257, 1, { 0: 1, 1: 1, 2: 1 }), new Uint8Array(0), 'more codes than their lengths allow');
    expectDamaged(
      bits().codes(257, 1, { 0: 2, 1: 2, 2: 2, 3: 2, 4: 2 }),
      new Uint8Array(0),
      'more codes than their lengths allow',
    );
    // Three literals of one bit.
    const literals = bits().codes(257, 1, { 1: 1, 18: 1 }).code(0, 1).code(0, 1).code(0, 1);
    expectDamaged(
      literals.code(1, 1).number(127, 7).code(1, 1).number(106, 7),
      new Uint8Array(0),
      'more codes than their lengths allow',
    );
    // Three distances of one bit; literals 0 and 256 are as they should be.
    const distances = bits().codes(257, 3, { 1: 1, 18: 1 }).code(0, 1);
    for (const count of [138, 117]) distances.code(1, 1).number(count - 11, 7);
    expectDamaged(
      distances.code(0, 1).code(0, 1).code(0, 1).code(0, 1),
      new Uint8Array(0),
      'more codes than their lengths allow',
    );
  });
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
