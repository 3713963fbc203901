/** The two kinds of codes in zstd blocks: finite state entropy (RFC 8878 4.1) and Huffman (4.2). */
import { DamagedStream } from './inflate.ts';

/** For each state: what it stands for, and how the next one follows: a base, and so many bits more. */
export interface FseTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly bases: Uint16Array;
}

/** For each `log` bits that may come: the symbol in the upper bits, the length of its code in the lower four. */
export interface HuffmanTable {
  readonly log: number;
  readonly entries: Uint16Array;
}

/** Longest Huffman code of literals, 4.2.1. */
const longestCode = 11;
const weightLog = 6;

export const highestBit = (value: number): number => 31 - Math.clz32(value);

/** One symbol, always. */
export const singleSymbol = (symbol: number): FseTable => ({
  log: 0,
  symbols: Uint8Array.of(symbol),
  bits: new Uint8Array(1),
  bases: new Uint16Array(1),
});

/** 4.1.1: the table of a distribution; -1 is a probability below one. */
export function fseTable(probabilities: ArrayLike<number>, log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const bits = new Uint8Array(size);
  const bases = new Uint16Array(size);
  const next = new Uint16Array(probabilities.length);
  let high = size;
  for (let symbol = 0; symbol < probabilities.length; symbol++) {
    next[symbol] = Math.abs(probabilities[symbol]);
    if (probabilities[symbol] < 0) symbols[--high] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (let symbol = 0; symbol < probabilities.length; symbol++)
    for (let i = 0; i < probabilities[symbol]; i++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  for (let state = 0; state < size; state++) {
    const count = next[symbols[state]]++;
    bits[state] = log - highestBit(count);
    bases[state] = (count << bits[state]) - size;
  }
  return { log, symbols, bits, bases };
}

/** Reads a distribution that begins at `at`. Answers its table, and where what follows begins. */
export function readFseTable(
  bytes: Uint8Array,
  at: number,
  end: number,
  largestLog: number,
  largestSymbol: number,
): { readonly table: FseTable; readonly next: number } {
  const log = (bytes[at] & 15) + 5;
  if (log > largestLog) throw new DamagedStream('a table is too large');
  let place = at * 8 + 4;
  const peek = (): number => {
    const byte = place >>> 3;
    return (bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16)) >>> (place & 7);
  };
  const probabilities: number[] = [];
  let left = 1 << log;
  while (left > 0) {
    const count = highestBit(left + 1) + 1;
    const lower = (1 << (count - 1)) - 1;
    const short = (1 << count) - 2 - left;
    let value = peek() & ((1 << count) - 1);
    if ((value & lower) < short) {
      value &= lower;
      place += count - 1;
    } else {
      place += count;
      if (value > lower) value -= short;
    }
    const probability = value - 1;
    probabilities.push(probability);
    left -= Math.abs(probability);
    if (probability === 0) {
      let zeros: number;
      do {
        zeros = peek() & 3;
        place += 2;
        for (let i = 0; i < zeros; i++) probabilities.push(0);
      } while (zeros === 3 && probabilities.length <= largestSymbol);
    }
    if (probabilities.length > largestSymbol + 1) throw new DamagedStream('a table has too many symbols');
  }
  const next = (place + 7) >>> 3;
  if (left < 0 || next > end) throw new DamagedStream('a table does not end');
  return { table: fseTable(probabilities, log), next };
}

/** 4.2.1: reads the lengths of the codes, in either form. */
export function readHuffmanTable(
  bytes: Uint8Array,
  at: number,
  end: number,
): { readonly table: HuffmanTable; readonly next: number } {
  const head = bytes[at++];
  const next = at + (head < 128 ? head : (head - 126) >> 1);
  if (next > end) throw new DamagedStream('a Huffman table does not end');
  const weights = head < 128 ? packedWeights(bytes, at, next) : [];
  for (let i = 0; head >= 128 && i < head - 127; i++) {
    const pair = bytes[at + (i >> 1)];
    weights.push((i & 1) === 0 ? pair >> 4 : pair & 15);
  }
  return { table: huffmanTable(weights), next };
}

/** Two states take turns until there are no more bits. */
function packedWeights(bytes: Uint8Array, from: number, end: number): number[] {
  const { table, next } = readFseTable(bytes, from, end, weightLog, longestCode + 1);
  let left = bitsOf(bytes, next, end);
  const read = (count: number): number => {
    left -= count;
    // Bits before the beginning count as zeros: they only tell that the last symbols have come.
    const low = Math.max(left, 0);
    const byte = next + (low >>> 3);
    const value = (bytes[byte] | (bytes[byte + 1] << 8)) >>> (low & 7);
    return (value << (low - left)) & ((1 << count) - 1);
  };
  const states = [read(table.log), read(table.log)];
  const weights: number[] = [];
  for (let turn = 0; ; turn ^= 1) {
    const state = states[turn];
    weights.push(table.symbols[state]);
    states[turn] = table.bases[state] + read(table.bits[state]);
    if (weights.length > 255) throw new DamagedStream('a Huffman table has too many symbols');
    if (left >= 0) continue;
    weights.push(table.symbols[states[turn ^ 1]]);
    return weights;
  }
}

/** The last symbol's weight is what is missing to a power of two. */
function huffmanTable(weights: number[]): HuffmanTable {
  let total = 0;
  for (const weight of weights) total += weight > 0 ? 1 << (weight - 1) : 0;
  const log = highestBit(total) + 1;
  const missing = (1 << log) - total;
  if (total === 0 || log > longestCode || weights.length > 255 || (missing & (missing - 1)) !== 0)
    throw new DamagedStream('a Huffman table that cannot be');
  weights.push(highestBit(missing) + 1);
  const entries = new Uint16Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++)
    for (const [symbol, own] of weights.entries())
      if (own === weight) {
        const size = 1 << (weight - 1);
        entries.fill((symbol << 4) | (log + 1 - weight), at, at + size);
        at += size;
      }
  return { log, entries };
}

/** Bits of a stream that is read backwards: a single one marks its end. */
export function bitsOf(bytes: Uint8Array, from: number, end: number): number {
  const last = end > from ? bytes[end - 1] : 0;
  if (last === 0) throw new DamagedStream('a stream of bits has no end');
  return (end - 1 - from) * 8 + highestBit(last);
}
