/** A message whose bytes come in pieces: what is there, what is missing, and what it costs to wait. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Held, Waiting } from '../../../shared/dissect/streams/waiting.ts';
import { runs } from '../../support/runs.ts';

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const text = (list: Uint8Array) => String.fromCharCode(...list);
const alphabet = 'abcdefghijklmnopqrstuvwxyz';

function waiting(): { readonly waiting: Waiting; readonly held: Held } {
  const held = { bytes: 0, streams: 1 };
  return { waiting: new Waiting(held), held };
}
/** The alphabet is awaited, and these pieces of it came, each in a row of its own from 1 on; `abc` began it in row 0. */
function afterPieces(...pieces: readonly (readonly [from: number, to: number])[]) {
  const both = waiting();
  both.waiting.begin(100, bytes('abc'), 0, 26);
  for (const [i, [from, to]] of pieces.entries())
    expect(both.waiting.add(from, bytes(alphabet.slice(from, to)), i + 1)).toBe(true);
  return both;
}

describe('a message that waits', () => {
  it('is of known length, of unknown length, or goes on to the end of the stream', () => {
    const { waiting: w } = waiting();
    expect([w.isWaiting, w.awaited, w.have, w.bytes.length]).toEqual([false, 'nothing', 0, 0]);
    w.begin(7, bytes('ab'), 0, 10);
    expect([w.isWaiting, w.awaited, w.start, w.needed, w.have]).toEqual([true, 'length', 7, 10, 2]);
    w.begin(9, bytes('c'), 1, 0);
    expect([w.awaited, w.start, w.needed, w.have, text(w.bytes)]).toEqual(['unknown', 9, 0, 1, 'c']);
    expect(w.fromRows).toEqual([1]);
    w.expectMore({ atLeast: 5, looked: 1 });
    expect([w.awaited, w.atLeast, w.looked, w.lookedBefore]).toEqual(['unknown', 5, 1, 0]);
    w.expectMore({ atLeast: 8, looked: 4 });
    expect([w.atLeast, w.looked, w.lookedBefore]).toEqual([8, 4, 1]);
    w.expectLength(12);
    expect([w.awaited, w.needed]).toEqual(['length', 12]);
    w.expectEnd('before', 'after');
    expect([w.awaited, w.before, w.after]).toEqual(['to-end', 'before', 'after']);
  });

  it('is gone without a trace when it is forgotten', () => {
    const { waiting: w, held } = afterPieces([5, 8], [10, 12]);
    w.expectMore({ atLeast: 5, looked: 1 });
    w.expectMore({ atLeast: 5, looked: 1 });
    w.expectEnd('before', 'after');
    w.info = 'begins';
    w.forget();
    const fresh = waiting().waiting;
    const told = ({
      awaited,
      needed,
      atLeast,
      looked,
      lookedBefore,
      info,
      before,
      after,
      have,
      fromRows,
    }: Waiting) => ({ awaited, needed, atLeast, looked, lookedBefore, info, before, after, have, fromRows });
    expect(told(w)).toEqual(told(fresh));
    expect(w.bytes).toHaveLength(0);
    expect(held.bytes).toBe(0);
    w.begin(0, bytes('abc'), 3, 26);
    expect(w.missing(0, 26)).toEqual([[3, 26]]);
  });

  it('takes its bytes in order, and none that are there', () => {
    const { waiting: w } = afterPieces([3, 5]);
    expect([text(w.bytes), w.have, w.fromRows]).toEqual(['abcde', 5, [0, 1]]);
    expect(w.add(4, bytes('efg'), 2)).toBe(false);
    expect(w.add(-2, bytes('efg'), 2)).toBe(false);
    expect(w.add(5, bytes('f'), 2)).toBe(true);
    // A second piece of the same row, and one that is empty, name no other row.
    expect(w.add(6, bytes('g'), 2)).toBe(true);
    expect(w.add(7, bytes(''), 3)).toBe(true);
    expect([text(w.bytes), w.fromRows]).toEqual(['abcdefg', [0, 1, 2]]);
  });

  it('keeps what came behind a hole until the hole is filled, rows in the order of the bytes', () => {
    const { waiting: w } = afterPieces([10, 12], [5, 7], [12, 13], [20, 22], [7, 8]);
    expect([text(w.bytes), w.have, w.fromRows]).toEqual(['abc', 11, [0]]);
    expect(w.add(3, bytes('de'), 6)).toBe(true);
    expect([text(w.bytes), w.have, w.fromRows]).toEqual(['abcdefgh', 13, [0, 6, 2, 5]]);
    expect(w.add(8, bytes('ij'), 7)).toBe(true);
    expect([text(w.bytes), w.have, w.fromRows]).toEqual(['abcdefghijklm', 15, [0, 6, 2, 5, 7, 1, 3]]);
  });

  it('is the same whatever order its pieces come in', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 4, max: 25 }), { maxLength: 12 }),
        fc.infiniteStream(fc.nat(1 << 20)),
        (cuts, random) => {
          const edges = [3, ...cuts.sort((a, b) => a - b), 26];
          const pieces = edges.slice(1).map((to, i) => [edges[i], to] as const);
          const order = pieces.map((_, i) => i);
          for (let i = order.length - 1; i > 0; i--) {
            const k = (random.next().value as number) % (i + 1);
            [order[i], order[k]] = [order[k], order[i]];
          }
          const { waiting: w, held } = afterPieces(...order.map((i) => pieces[i]));
          expect([text(w.bytes), w.have]).toEqual([alphabet, 26]);
          expect(w.fromRows).toEqual([0, ...pieces.map((_, i) => order.indexOf(i) + 1)]);
          // Nothing is charged twice, or left from the time when there were holes.
          expect(held.bytes).toBe(26 + w.fromRows.length * 8);
        },
      ),
      { numRuns: runs(60), seed: 3 },
    );
  });
});

describe('what a message of known length still misses', () => {
  it.each<[string, (readonly [number, number])[], number, number, (readonly [number, number])[]]>([
    ['all that is asked for', [], 3, 26, [[3, 26]]],
    ['nothing of what is there', [], 0, 3, []],
    ['what is behind the bytes that are there', [], 0, 5, [[3, 5]]],
    ['what is not before it', [], -4, 5, [[3, 5]]],
    ['a hole', [[10, 12]], 3, 12, [[3, 10]]],
    [
      'both sides of what is there',
      [[10, 12]],
      5,
      15,
      [
        [5, 10],
        [12, 15],
      ],
    ],
    [
      'three holes',
      [
        [10, 12],
        [20, 21],
      ],
      3,
      26,
      [
        [3, 10],
        [12, 20],
        [21, 26],
      ],
    ],
    ['a part of a hole', [[10, 12]], 5, 7, [[5, 7]]],
    ['what begins within what is there', [[10, 12]], 11, 14, [[12, 14]]],
    ['nothing within what is there', [[10, 14]], 11, 13, []],
    ['nothing where it ends as what is there', [[10, 14]], 11, 14, []],
    [
      'what begins where something ends',
      [
        [10, 12],
        [15, 16],
      ],
      12,
      15,
      [[12, 15]],
    ],
    ['nothing behind its end', [], 26, 30, []],
  ])('%s', (_name, pieces, from, to, expected) => {
    expect(afterPieces(...pieces).waiting.missing(from, to - from)).toEqual(expected);
  });

  it('cannot be told of any other message', () => {
    const { waiting: w } = waiting();
    expect(w.missing(0, 5)).toEqual([]);
    w.begin(0, bytes('abc'), 0, 0);
    expect(w.missing(0, 5)).toEqual([]);
    w.expectEnd(null, null);
    expect(w.missing(0, 5)).toEqual([]);
  });
});

describe('what a message costs that waits', () => {
  it('is its bytes and rows, and more for each piece behind a hole', () => {
    const { waiting: w, held } = afterPieces();
    const [perRow, perPiece] = [8, 128];
    expect(held.bytes).toBe(3 + perRow);
    w.add(5, bytes('fg'), 1);
    w.add(7, bytes('h'), 2);
    expect(held.bytes).toBe(3 + perRow + 3 + 2 * perPiece);
    w.add(3, bytes('de'), 3);
    expect(held.bytes).toBe(8 + 4 * perRow);
    w.begin(0, bytes('z'), 4, 0);
    expect(held.bytes).toBe(1 + perRow);
    w.forget();
    expect(held.bytes).toBe(0);
  });

  it('is bounded where there are holes: 1,024 are waited for', () => {
    const { waiting: w } = waiting();
    w.begin(0, bytes('a'), 0, 100_000);
    for (let i = 1; i <= 1024; i++) expect(w.add(i * 2, bytes('x'), i)).toBe(true);
    expect(w.add(5000, bytes('x'), 2000)).toBe(false);
    // What follows a piece makes no other hole.
    expect(w.add(2049, bytes('x'), 2001)).toBe(true);
    expect(w.have).toBe(1026);
  });

  it('is little where its length is a lie, and no more than the length where it is true', () => {
    const room = (length: number, piece: number) => {
      const { waiting: w } = waiting();
      w.begin(0, new Uint8Array(piece), 0, length);
      return w.bytes.buffer.byteLength;
    };
    expect(room(1 << 30, 10)).toBe(64 << 10);
    expect(room(100, 10)).toBe(100);
    expect(room(1 << 30, 50_000)).toBe(100_000);
    expect(room(0, 10)).toBe(2048);
    expect(room(0, 3000)).toBe(6000);
  });

  it('is paid again for a copy, which goes its own way', () => {
    const { waiting: w, held } = afterPieces([10, 12], [20, 21]);
    w.info = 'begins';
    const other: Held = { bytes: 0, streams: 1 };
    const copy = w.copy(other);
    expect(other.bytes).toBe(held.bytes);
    expect([copy.start, copy.needed, copy.have, copy.info, text(copy.bytes)]).toEqual([100, 26, 6, 'begins', 'abc']);
    expect(copy.missing(0, 26)).toEqual(w.missing(0, 26));
    copy.add(12, bytes('mn'), 5);
    copy.add(3, bytes('defghij'), 6);
    expect([text(copy.bytes), copy.fromRows]).toEqual(['abcdefghijklmn', [0, 6, 1, 5]]);
    expect([text(w.bytes), w.have, w.fromRows]).toEqual(['abc', 6, [0]]);
    expect(w.missing(0, 26)).toEqual([
      [3, 10],
      [12, 20],
      [21, 26],
    ]);
    copy.forget();
    expect(other.bytes).toBe(0);
    const none = waiting().waiting.copy(other);
    expect([none.isWaiting, none.bytes.length, none.fromRows]).toEqual([false, 0, []]);
  });

  it('is nothing more for what is kept of it: bytes of its own, good when it is forgotten', () => {
    const { waiting: w } = afterPieces([3, 26]);
    const all = w.taken(26);
    const some = w.taken(5);
    w.forget();
    w.begin(0, bytes('?????'), 0, 26);
    expect([text(all), text(some)]).toEqual([alphabet, 'abcde']);
    expect(some.buffer.byteLength).toBe(5);
    const { waiting: unknown } = waiting();
    unknown.begin(0, bytes('abc'), 0, 0);
    expect(unknown.taken(3).buffer.byteLength).toBe(3);
  });
});
