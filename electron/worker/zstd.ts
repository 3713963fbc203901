/**
 * Unpacks zstd (RFC 8878) frame by frame. What fzstd leaves out is done here: to tell a stream that ends too early from
 * one that is damaged, and to hold what came out against the frame's checksum.
 */
import { Decompress } from 'fzstd';
import { assertUnreachable } from '../../shared/model/result.ts';
import { DamagedStream } from './inflate.ts';
import { Xxh64 } from './xxh64.ts';

const frameMagic = 0xfd2fb528;
/** Frames of any other content have one of sixteen numbers, 3.1.2. */
const skippableMagic = 0x184d2a5;

/** What the next bytes are. */
type Part = 'magic' | 'descriptor' | 'header' | 'block-header' | 'block' | 'checksum' | 'skippable-size' | 'skippable';

const isNumber = (part: Part): boolean => part !== 'block' && part !== 'skippable' && part !== 'header';

export class Unzstd {
  private part: Part = 'magic';
  /** Bytes of the part that are still to come. */
  private left = 4;
  /** The number that the bytes of the part make, lowest first. */
  private value = 0;
  private shift = 0;
  private sum: Xxh64 | null = null;
  private frame: Decompress | null = null;
  private lastBlock = false;

  /** Where the frame's bytes begin in the piece at hand. */
  private from = 0;

  constructor(private readonly write: (bytes: Uint8Array) => void) {}

  /** The next bytes of the packed stream. Throws where they are damaged, after writing everything that was good. */
  push(bytes: Uint8Array): void {
    this.from = 0;
    let at = 0;
    while (at < bytes.length) {
      const take = Math.min(this.left, bytes.length - at);
      if (isNumber(this.part))
        for (let i = 0; i < take; i++, this.shift += 8) this.value |= bytes[at + i] << this.shift;
      at += take;
      this.left -= take;
      // Blocks may be empty.
      while (this.left === 0) this.turn(bytes, at);
    }
    // A copy: the decoder keeps what it cannot use yet.
    this.frame?.push(bytes.slice(this.from), false);
  }

  /** The stream ended. */
  end(): void {
    if (this.part !== 'magic' || this.left < 4) throw new DamagedStream('the stream ends too early', true);
  }

  /** A part is whole, and ends at `at`. */
  private turn(bytes: Uint8Array, at: number): void {
    const value = this.value >>> 0;
    switch (this.part) {
      case 'magic':
        if (value >>> 4 === skippableMagic) return this.next('skippable-size', 4);
        if (value !== frameMagic) throw new DamagedStream('no zstd frame');
        this.begin(at);
        return this.next('descriptor', 1);
      case 'descriptor': {
        const single = (value & 32) !== 0;
        this.sum = (value & 4) === 0 ? null : new Xxh64();
        const sizeFlag = value >>> 6;
        const size = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
        return this.next('header', (single ? 0 : 1) + [0, 1, 2, 4][value & 3] + size);
      }
      case 'header':
        return this.next('block-header', 3);
      case 'block-header': {
        this.lastBlock = (value & 1) !== 0;
        const type = (value >>> 1) & 3;
        if (type === 3) throw new DamagedStream('no such kind of block');
        return this.next('block', type === 1 ? 1 : value >>> 3);
      }
      case 'block':
        if (!this.lastBlock) return this.next('block-header', 3);
        if (this.sum !== null) return this.next('checksum', 4);
        return this.finish(bytes, at);
      case 'checksum':
        this.finish(bytes, at);
        if (this.sum?.low32() !== value) throw new DamagedStream('the checksum does not fit');
        return;
      case 'skippable-size':
        return this.next('skippable', value);
      case 'skippable':
        return this.next('magic', 4);
      default:
        return assertUnreachable(this.part);
    }
  }

  private next(part: Part, length: number): void {
    this.part = part;
    this.left = length;
    this.value = 0;
    this.shift = 0;
  }

  private begin(at: number): void {
    this.frame = new Decompress((out) => {
      this.sum?.update(out);
      this.write(out);
    });
    this.frame.push(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), false);
    this.from = at;
  }

  private finish(bytes: Uint8Array, at: number): void {
    this.frame?.push(bytes.slice(this.from, at), true);
    this.frame = null;
    this.next('magic', 4);
  }
}
