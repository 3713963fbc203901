/**
 * What zstd blocks unpack to (RFC 8878 3.1.1.2, 3.1.1.3). Bytes that later ones may refer to are kept in one piece of
 * memory that grows with what has really come out, whatever window a frame asks for.
 */
import { DamagedStream } from './inflate.ts';
import {
  bitsOf,
  type FseTable,
  fseTable,
  type HuffmanTable,
  readFseTable,
  readHuffmanTable,
  singleSymbol,
} from './zstd-tables.ts';

/** No block is longer, packed or unpacked, 3.1.1.2.4. */
export const largestBlock = 128 << 10;
/** Behind the window so much room is left before bytes are moved to the front. */
const leastSlack = 1 << 20;
/** Reads of four bytes may begin at a block's last one. */
export const readAhead = 8;
/** Memory for the first bytes; most streams in one piece of a capture are longer. */
const firstMemory = 1024;
const tooLong = 'a block unpacks to more than it may';

// 3.1.1.3.2.2: what the codes stand for, and how many bits follow them.
const few = (count: number, first: number): number[] => Array.from({ length: count }, (_, i) => first + i);
const literalExtra = Uint8Array.of(...Array(16).fill(0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, ...few(10, 7));
const matchExtra = Uint8Array.of(...Array(32).fill(0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, ...few(10, 7));
const basesOf = (extra: Uint8Array, first: number): Uint32Array => {
  let base = first;
  return Uint32Array.from(extra, (bits) => {
    const own = base;
    base += 1 << bits;
    return own;
  });
};
const literalBase = basesOf(literalExtra, 0);
const matchBase = basesOf(matchExtra, 3);
const largestOffsetCode = 31;

/** 3.1.1.3.2.2, "default distributions". */
const usualLiterals = fseTable(
  [4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  6,
);
const usualMatches = fseTable([1, 4, 3, 2, 2, 2, 2, 2, 2, ...Array(37).fill(1), ...Array(7).fill(-1)], 6);
const usualOffsets = fseTable([...Array(6).fill(1), 2, 2, 2, ...Array(15).fill(1), ...Array(5).fill(-1)], 5);

export class ZstdBlocks {
  private out = new Uint8Array(firstMemory);
  /** Bytes of `out` that are there. */
  private length = 0;
  private window = 0;
  private literals = new Uint8Array(0);
  private huffman: HuffmanTable | null = null;
  private literalLengths: FseTable | null = null;
  private offsets: FseTable | null = null;
  private matchLengths: FseTable | null = null;
  /** The last three offsets, latest first. */
  private readonly recent = new Int32Array(3);

  /** @param write its bytes are valid during the call only */
  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  /** A frame begins: nothing before it can be referred to. */
  begin(window: number): void {
    this.window = window;
    this.length = 0;
    this.huffman = null;
    this.literalLengths = null;
    this.offsets = null;
    this.matchLengths = null;
    this.recent.set([1, 4, 8]);
  }

  stored(bytes: Uint8Array): void {
    const start = this.room(bytes.length);
    this.out.set(bytes, start);
    this.written(start, start + bytes.length);
  }

  repeated(byte: number, count: number): void {
    const start = this.room(count);
    this.out.fill(byte, start, start + count);
    this.written(start, start + count);
  }

  /** `bytes[0, end)` is a block; `readAhead` more can be read. */
  packed(bytes: Uint8Array, end: number): void {
    const start = this.room(largestBlock);
    if (this.literals.length === 0) this.literals = new Uint8Array(largestBlock);
    const { next, count } = this.readLiterals(bytes, end);
    this.written(start, this.sequences(bytes, next, end, count, start));
  }

  private written(start: number, end: number): void {
    this.length = end;
    if (end > start) this.write(this.out.subarray(start, end));
  }

  /** Makes room for so many bytes, one block at most. Answers where they begin. */
  private room(count: number): number {
    const { window, length } = this;
    if (length + count <= this.out.length) return length;
    const most = window + Math.max(leastSlack, window >> 3);
    if (this.out.length < most) {
      const larger = new Uint8Array(Math.min(most, Math.max(this.out.length * 2, length + count)));
      larger.set(this.out.subarray(0, length));
      this.out = larger;
      if (length + count <= larger.length) return length;
    }
    this.length = Math.min(length, window);
    this.out.copyWithin(0, length - this.length, length);
    return this.length;
  }

  /** 3.1.1.3.1. Answers where the sequences begin, and how many literals there are. */
  private readLiterals(bytes: Uint8Array, end: number): { readonly next: number; readonly count: number } {
    const head = bytes[0];
    const type = head & 3;
    const form = (head >> 2) & 3;
    if (type < 2) {
      const size = form === 1 ? 2 : form === 3 ? 3 : 1;
      const word = head | (size > 1 ? bytes[1] << 8 : 0) | (size > 2 ? bytes[2] << 16 : 0);
      const count = word >> (size === 1 ? 3 : 4);
      const next = size + (type === 0 ? count : 1);
      if (count > largestBlock || next > end) throw new DamagedStream('literals run past their block');
      if (type === 0) this.literals.set(bytes.subarray(size, next));
      else this.literals.fill(bytes[size], 0, count);
      return { next, count };
    }
    const size = form < 2 ? 3 : form + 2;
    const width = form < 2 ? 10 : form === 2 ? 14 : 18;
    const low = (bytes[0] | (bytes[1] << 8) | (bytes[2] << 16) | (bytes[3] << 24)) >>> 4;
    const mask = (1 << width) - 1;
    const count = low & mask;
    const packed = ((low >>> width) | (size > 4 ? bytes[4] << (28 - width) : 0)) & mask;
    const next = size + packed;
    if (count > largestBlock || next > end) throw new DamagedStream('literals run past their block');
    let from = size;
    if (type === 2) {
      const read = readHuffmanTable(bytes, from, next);
      this.huffman = read.table;
      from = read.next;
    }
    if (this.huffman === null) throw new DamagedStream('literals without a table');
    if (form === 0) this.huffmanStream(bytes, from, next, 0, count, this.huffman);
    else {
      const quarter = (count + 3) >> 2;
      let at = from + 6;
      for (let i = 0; i < 4; i++) {
        const to = i === 3 ? next : at + (bytes[from + 2 * i] | (bytes[from + 2 * i + 1] << 8));
        if (to > next) throw new DamagedStream('literals run past their block');
        this.huffmanStream(
          bytes,
          at,
          to,
          Math.min(i * quarter, count),
          i === 3 ? count : (i + 1) * quarter,
          this.huffman,
        );
        at = to;
      }
    }
    return { next, count };
  }

  private huffmanStream(
    bytes: Uint8Array,
    from: number,
    to: number,
    first: number,
    last: number,
    { log, entries }: HuffmanTable,
  ): void {
    const { literals } = this;
    const mask = (1 << log) - 1;
    let left = bitsOf(bytes, from, to);
    let at = first;
    for (; at < last && left >= log; at++) {
      const low = left - log;
      const byte = from + (low >>> 3);
      const entry = entries[((bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16)) >>> (low & 7)) & mask];
      literals[at] = entry >>> 4;
      left -= entry & 15;
    }
    for (; at < last && left > 0; at++) {
      const entry = entries[((bytes[from] | (bytes[from + 1] << 8)) << (log - left)) & mask];
      literals[at] = entry >>> 4;
      left -= entry & 15;
    }
    if (left !== 0 || at !== last) throw new DamagedStream('literals that do not end where they say');
  }

  /** 3.1.1.3.2.1.1, which table a kind of code is read with. */
  private table(
    mode: number,
    bytes: Uint8Array,
    at: number,
    end: number,
    usual: FseTable,
    before: FseTable | null,
    largestLog: number,
    largestSymbol: number,
  ): { readonly table: FseTable; readonly next: number } {
    switch (mode) {
      case 0:
        return { table: usual, next: at };
      case 1:
        if (at >= end || bytes[at] > largestSymbol) throw new DamagedStream('no such code');
        return { table: singleSymbol(bytes[at]), next: at + 1 };
      case 2:
        return readFseTable(bytes, at, end, largestLog, largestSymbol);
      default:
        if (before === null) throw new DamagedStream('a table that never came');
        return { table: before, next: at };
    }
  }

  /** 3.1.1.3.2, 3.1.1.4: literals and copies take turns. Answers where the block's last byte was put. */
  private sequences(bytes: Uint8Array, from: number, end: number, literalCount: number, start: number): number {
    const { out, literals, recent } = this;
    let at = from;
    let count = at < end ? bytes[at++] : -1;
    if (count < 0) throw new DamagedStream('a block without sequences');
    if (count === 255) {
      count = (bytes[at] | (bytes[at + 1] << 8)) + 0x7f00;
      at += 2;
    } else if (count > 127) count = ((count - 128) << 8) | bytes[at++];
    let to = start;
    let literal = 0;
    if (count > 0) {
      const modes = bytes[at++];
      if ((modes & 3) !== 0 || at > end) throw new DamagedStream('a block of a kind that is not known');
      const lengths = this.table(modes >> 6, bytes, at, end, usualLiterals, this.literalLengths, 9, 35);
      const distances = this.table(
        (modes >> 4) & 3,
        bytes,
        lengths.next,
        end,
        usualOffsets,
        this.offsets,
        8,
        largestOffsetCode,
      );
      const matches = this.table((modes >> 2) & 3, bytes, distances.next, end, usualMatches, this.matchLengths, 9, 52);
      const literalTable = lengths.table;
      const offsetTable = distances.table;
      const matchTable = matches.table;
      this.literalLengths = literalTable;
      this.offsets = offsetTable;
      this.matchLengths = matchTable;
      const base = matches.next;
      let left = bitsOf(bytes, base, end);
      // Up to 25 bits at once.
      const read = (bits: number): number => {
        left -= bits;
        const byte = base + (left >> 3);
        return (
          ((bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16) | (bytes[byte + 3] << 24)) >>> (left & 7)) &
          ((1 << bits) - 1)
        );
      };
      let literalState = read(literalTable.log);
      let offsetState = read(offsetTable.log);
      let matchState = read(matchTable.log);
      for (let i = 0; i < count; i++) {
        const code = offsetTable.symbols[offsetState];
        const more = code > 24 ? read(code - 16) * 0x10000 + read(16) : read(code);
        let offset = 2 ** code + more;
        const matchCode = matchTable.symbols[matchState];
        let matchLength = matchBase[matchCode] + read(matchExtra[matchCode]);
        const literalCode = literalTable.symbols[literalState];
        let literalLength = literalBase[literalCode] + read(literalExtra[literalCode]);
        if (i < count - 1) {
          literalState = literalTable.bases[literalState] + read(literalTable.bits[literalState]);
          matchState = matchTable.bases[matchState] + read(matchTable.bits[matchState]);
          offsetState = offsetTable.bases[offsetState] + read(offsetTable.bits[offsetState]);
        }
        if (left < 0) throw new DamagedStream('sequences run past their block');
        if (offset > 3) {
          offset -= 3;
          recent[2] = recent[1];
          recent[1] = recent[0];
        } else {
          const which = literalLength === 0 ? offset : offset - 1;
          offset = which === 3 ? recent[0] - 1 : recent[which];
          if (which > 1) recent[2] = recent[1];
          if (which > 0) recent[1] = recent[0];
        }
        recent[0] = offset;
        if (literal + literalLength > literalCount) throw new DamagedStream('there are not so many literals');
        if (to - start + literalLength + matchLength > largestBlock) throw new DamagedStream(tooLong);
        if (literalLength > 32) {
          out.set(literals.subarray(literal, literal + literalLength), to);
          to += literalLength;
          literal += literalLength;
        } else for (; literalLength > 0; literalLength--) out[to++] = literals[literal++];
        // Negative where it is beyond 31 bits.
        if (offset <= 0 || offset > to) throw new DamagedStream('a copy of what never was');
        if (offset === 1 && matchLength > 32) {
          out.fill(out[to - 1], to, to + matchLength);
          to += matchLength;
        } else if (offset >= matchLength && matchLength > 64) {
          out.copyWithin(to, to - offset, to - offset + matchLength);
          to += matchLength;
        } else for (; matchLength > 0; matchLength--, to++) out[to] = out[to - offset];
      }
      if (left !== 0) throw new DamagedStream('sequences that do not end where they say');
    } else if (at !== end) throw new DamagedStream('a block that does not end where it says');
    const rest = literalCount - literal;
    if (to - start + rest > largestBlock) throw new DamagedStream(tooLong);
    out.set(literals.subarray(literal, literalCount), to);
    return to + rest;
  }
}
