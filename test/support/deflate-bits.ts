/** Packed streams, and gzip files of them, for tests: bit by bit, so that they can be wrong; and how they are unpacked. */
import { gzipSync } from 'node:zlib';
import { DamagedStream, Gunzip } from '../../electron/worker/inflate.ts';
import { joinBytes } from './capture-builder.ts';

/** A stream of bits, written as RFC 1951 section 3.1.1 has it. */
export class Bits {
  private readonly bits: number[] = [];

  /** A number, its lowest bit first. */
  number(value: number, width: number): this {
    for (let bit = 0; bit < width; bit++) this.bits.push((value >> bit) & 1);
    return this;
  }

  /** A code, its highest bit first. */
  code(value: number, width: number): this {
    for (let bit = width - 1; bit >= 0; bit--) this.bits.push((value >> bit) & 1);
    return this;
  }

  /** Begins a block. */
  block(kind: 0 | 1 | 2 | 3, last = true): this {
    return this.number(last ? 1 : 0, 1).number(kind, 2);
  }

  stored(bytes: Uint8Array, last = false): this {
    this.block(0, last).align().number(bytes.length, 16).number(~bytes.length, 16);
    for (const byte of bytes) this.number(byte, 8);
    return this;
  }

  align(): this {
    while (this.bits.length % 8 !== 0) this.bits.push(0);
    return this;
  }

  /** A symbol in the fixed codes (section 3.2.6). */
  symbol(symbol: number): this {
    if (symbol < 144) return this.code(0x30 + symbol, 8);
    if (symbol < 256) return this.code(0x190 + symbol - 144, 9);
    return symbol < 280 ? this.code(symbol - 256, 7) : this.code(0xc0 + symbol - 280, 8);
  }

  /** A match of three bytes in the fixed codes; its distance has no more bits. */
  match(distance: 1 | 2 | 3 | 4): this {
    return this.symbol(257).code(distance - 1, 5);
  }

  /**
   * Begins a block with codes of its own: how many lengths of each kind it has, and the lengths of the 19 codes for
   * them by what they stand for.
   */
  codes(literals: number, distances: number, lengths: Readonly<Record<number, number>>): this {
    this.block(2)
      .number(literals - 257, 5)
      .number(distances - 1, 5)
      .number(15, 4);
    for (const symbol of [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])
      this.number(lengths[symbol] ?? 0, 3);
    return this;
  }

  bytes(): Uint8Array {
    const { bits } = this;
    const bytes = new Uint8Array((bits.length + 7) >> 3);
    for (const [i, bit] of bits.entries()) bytes[i >> 3] |= bit << (i & 7);
    return bytes;
  }
}
export const bits = () => new Bits();

export const plainHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3);
/** What stands behind the packed bytes: a checksum, as zlib has it, and the size. */
const trailer = (content: Uint8Array) => gzipSync(content).subarray(-8);
export const member = (body: Bits, content: Uint8Array, header = plainHeader) =>
  joinBytes([header, body.bytes(), trailer(content)]);

interface Unpacked {
  readonly bytes: Uint8Array;
  /** What was wrong: it ended too early, or contradicted itself. */
  readonly wrong: 'nothing' | 'cut' | 'damaged';
  /** In words. */
  readonly why: string;
  /** How many bytes each call of `step` gave. */
  readonly steps: readonly number[];
}

/** @param piece how many bytes of the file are there at a time: with one, every bit is asked for */
export function unpack(packed: Uint8Array, piece = 1 << 20): Unpacked {
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
  const told = (wrong: Unpacked['wrong'], why = ''): Unpacked => ({ bytes: joinBytes(parts), wrong, why, steps });
  try {
    for (let before = 0, more = true; more; before = parts.length) {
      more = stream.step();
      steps.push(parts.slice(before).reduce((sum, part) => sum + part.length, 0));
    }
    return told('nothing');
  } catch (error) {
    if (!(error instanceof DamagedStream)) throw error;
    return told(error.cut ? 'cut' : 'damaged', error.message);
  }
}

/** Like `toEqual`, which takes long for so many bytes. */
export const same = (got: Uint8Array, wanted: Uint8Array): boolean => Buffer.compare(got, wanted) === 0;

/** Bytes that do not repeat, always the same. */
export function noise(length: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state >>> 23;
  });
}
/** Text-like bytes that pack neither badly nor too well. */
export const text = (length: number) => noise(length).map((byte, i) => (i % 50 < 25 ? 65 + (i % 13) : byte));
