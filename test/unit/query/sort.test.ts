import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ranksOfNumbers, ranksOfTexts, sortRows } from '../../../shared/query/sort.ts';

const ranks = (texts: readonly string[]): { readonly ranks: Uint32Array; readonly steps: number } => {
  const work = ranksOfTexts(texts);
  for (let steps = 0; ; steps++) {
    const next = work.next();
    if (next.done === true) return { ranks: next.value, steps };
  }
};

/** What the place of each among all should be: equal ones equal. */
function expectRanks<T>(found: Uint32Array, values: readonly T[], compare: (a: T, b: T) => number): void {
  expect(found).toHaveLength(values.length);
  for (let i = 1; i < values.length; i++) {
    const j = (i * 7919) % values.length;
    expect(Math.sign(found[i] - found[j])).toBe(Math.sign(compare(values[i], values[j])));
  }
}

describe('rows in order of a key', () => {
  const key = fc.oneof(
    fc.nat(3),
    fc.nat(0xffff),
    fc.integer({ min: 0, max: 0xffff_ffff }),
    fc.constantFrom(0, 0xffff, 0x1_0000, 0x8000_0000, 0xffff_ffff),
  );

  it('are those that Array.sort gives, equal keys in the order they came', () => {
    fc.assert(
      fc.property(
        fc.array(key, { maxLength: 300 }),
        fc.boolean(),
        fc.infiniteStream(fc.boolean()),
        (list, descending, kept) => {
          const keys = Uint32Array.from(list);
          const rows = Uint32Array.from(list.keys()).filter(() => kept.next().value === true);
          const given = rows.slice();
          const expected = [...rows].sort((a, b) => (descending ? keys[b] - keys[a] : keys[a] - keys[b]) || a - b);
          expect([...sortRows(rows, keys, descending)]).toEqual(expected);
          // What is displayed elsewhere is not turned over.
          expect(rows).toEqual(given);
        },
      ),
    );
  });

  it('are a copy also where there is nothing to sort', () => {
    const rows = Uint32Array.of(2, 0, 1);
    const sorted = sortRows(rows, new Uint32Array(3), true);
    expect([...sorted]).toEqual([2, 0, 1]);
    expect(sorted).not.toBe(rows);
    expect(sortRows(new Uint32Array(0), new Uint32Array(0), false)).toHaveLength(0);
  });
});

describe('the places of numbers', () => {
  const order = (a: number, b: number): number =>
    Number.isNaN(a) || Number.isNaN(b)
      ? Number(Number.isNaN(b)) - Number(Number.isNaN(a))
      : a === b
        ? 0
        : a < b
          ? -1
          : 1;

  it('are those of the numbers, the missing ones first', () => {
    const number = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constantFrom(0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -5e-324, 2 ** 53),
    );
    fc.assert(
      fc.property(fc.array(number, { maxLength: 200 }), (list) => {
        expectRanks(ranksOfNumbers(Float64Array.from(list)), list, order);
      }),
    );
  });

  it('are found at once where the numbers ascend, as times do', () => {
    expect([...ranksOfNumbers(Float64Array.of(-3, -3, 0, 7, 7, 8))]).toEqual([0, 0, 1, 2, 2, 3]);
  });
});

describe('the places of texts', () => {
  const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

  it('are those of the texts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('', 'a', 'b', '握手')), { maxLength: 100 }),
        (list) => {
          expectRanks(ranks(list).ranks, list, compare);
        },
      ),
    );
  });

  it('are found in pieces, over runs that do not divide evenly', () => {
    for (const n of [0, 1, 2047, 2048, 2049, 5000, 12_289]) {
      const list = Array.from({ length: n }, (_, i) => `text ${(i * 7919) % (n < 3 ? 1 : 997)}`);
      const found = ranks(list);
      expectRanks(found.ranks, list, compare);
      if (n > 4096) expect(found.steps).toBeGreaterThan(4);
    }
  });
});
