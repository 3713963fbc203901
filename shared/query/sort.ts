/**
 * Rows in order of a key, stable: equal keys keep the order of `rows`. Sorts by 16 bits at a time, so that a million
 * rows take some dozens of milliseconds.
 * @param keys by row, compared as unsigned numbers
 */
export function sortRows(rows: Uint32Array, keys: Uint32Array, descending: boolean): Uint32Array {
  let from = rows;
  const flip = descending ? 0xffff : 0;
  let low = 0;
  let high = 0;
  for (const row of rows) {
    const key = keys[row];
    low |= key & 0xffff;
    high |= key >>> 16;
  }
  if (low !== 0) from = pass(from, keys, 0, flip);
  if (high !== 0) from = pass(from, keys, 16, flip);
  return from === rows ? rows.slice() : from;
}

function pass(from: Uint32Array, keys: Uint32Array, shift: 0 | 16, flip: number): Uint32Array {
  const starts = new Uint32Array(0x10001);
  for (let i = 0; i < from.length; i++) starts[(((keys[from[i]] >>> shift) & 0xffff) ^ flip) + 1]++;
  for (let digit = 1; digit < starts.length; digit++) starts[digit] += starts[digit - 1];
  const to = new Uint32Array(from.length);
  for (let i = 0; i < from.length; i++) {
    const row = from[i];
    to[starts[((keys[row] >>> shift) & 0xffff) ^ flip]++] = row;
  }
  return to;
}

/** Numbers (any, NaN first) as keys for `sortRows`: the place of each among all, equal ones equal. */
export function ranksOfNumbers(values: Float64Array): Uint32Array {
  const n = values.length;
  const ranks = new Uint32Array(n);
  if (isAscending(values)) {
    for (let i = 1; i < n; i++) ranks[i] = ranks[i - 1] + (values[i] === values[i - 1] ? 0 : 1);
    return ranks;
  }
  // As words that compare like the numbers do: the sign bit is turned round, and of negative ones all the others, too.
  const lows = new Uint32Array(n);
  const highs = new Uint32Array(n);
  const one = new Float64Array(1);
  const words = new Uint32Array(one.buffer);
  const isLittle = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
  for (let i = 0; i < n; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    one[0] = value === 0 ? 0 : value;
    const low = words[isLittle ? 0 : 1];
    const high = words[isLittle ? 1 : 0];
    const negative = high >>> 31 === 1;
    lows[i] = negative ? ~low : low;
    highs[i] = negative ? ~high : high | 0x8000_0000;
  }
  const rows = Uint32Array.from(values, (_, i) => i);
  const order = sortRows(sortRows(rows, lows, false), highs, false);
  for (let i = 1; i < n; i++) {
    const [before, here] = [order[i - 1], order[i]];
    ranks[here] = ranks[before] + (highs[here] === highs[before] && lows[here] === lows[before] ? 0 : 1);
  }
  return ranks;
}

function isAscending(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (!(values[i] >= values[i - 1])) return false;
  return true;
}

const runLength = 2048;

/** Ranks of texts, by their UTF-16 units. */
export const ranksOfTexts = (texts: readonly string[]): Generator<void, Uint32Array> =>
  ranksOf(texts, (a, b) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * Ranks of any values: sorted in runs, then merged, a little at a time; yields now and then so that the caller can do
 * something else.
 */
export function* ranksOf<T>(values: readonly T[], compare: (a: T, b: T) => number): Generator<void, Uint32Array> {
  const n = values.length;
  let order = new Uint32Array(n);
  for (let from = 0; from < n; from += runLength) {
    const run = Array.from({ length: Math.min(runLength, n - from) }, (_, i) => from + i);
    run.sort((a, b) => compare(values[a], values[b]) || a - b);
    order.set(run, from);
    yield;
  }
  let other = new Uint32Array(n);
  for (let width = runLength; width < n; width *= 2) {
    for (let from = 0; from < n; from += 2 * width)
      yield* merge(values, compare, order, other, from, Math.min(from + width, n), Math.min(from + 2 * width, n));
    [order, other] = [other, order];
  }
  const ranks = new Uint32Array(n);
  let rank = 0;
  for (let i = 0; i < n; i++) {
    if (i > 0 && compare(values[order[i]], values[order[i - 1]]) !== 0) rank++;
    ranks[order[i]] = rank;
    if (i % (16 * runLength) === 0) yield;
  }
  return ranks;
}

function* merge<T>(
  values: readonly T[],
  compare: (a: T, b: T) => number,
  source: Uint32Array,
  target: Uint32Array,
  from: number,
  middle: number,
  end: number,
): Generator<void, void> {
  let a = from;
  let b = middle;
  for (let to = from; to < end; to++) {
    if (a < middle && (b >= end || compare(values[source[a]], values[source[b]]) <= 0)) target[to] = source[a++];
    else target[to] = source[b++];
    if ((to - from) % (4 * runLength) === 0) yield;
  }
}
