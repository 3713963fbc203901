/**
 * Unpacks zstd (RFC 8878) frame by frame: tells a stream that ends too early from one that is damaged, and holds what
 * came out against the frame's checksum.
 */
import { assertUnreachable } from '../../shared/model/result.ts';
import { DamagedStream } from './inflate.ts';
import { UnpackStopped } from './unpack-stopped.ts';
import { Xxh64 } from './xxh64.ts';
import { largestBlock, readAhead, ZstdBlocks } from './zstd-block.ts';

const frameMagic = 0xfd2fb528;
/** Frames of any other content have one of sixteen numbers, 3.1.2. */
const skippableMagic = 0x184d2a5;
/** Frames that ask for a larger window are refused, as zstd's own program does where it is not told otherwise. */
export const largestWindow = 128 << 20;

/** What the next bytes are. */
type Part = 'magic' | 'descriptor' | 'header' | 'block-header' | 'block' | 'checksum' | 'skippable-size' | 'skippable';

const isNumber = (part: Part): boolean => part !== 'block' && part !== 'skippable' && part !== 'header';

/** Kinds of blocks, 3.1.1.2.2. */
const BlockKind = { Stored: 0, Repeated: 1, Packed: 2 } as const;

export class Unzstd {
  private part: Part = 'magic';
  /** Bytes of the part that are still to come. */
  private left = 4;
  /** The number that the bytes of the part make, lowest first. */
  private value = 0;
  private shift = 0;
  private descriptor = 0;
  private sum: Xxh64 | null = null;
  private lastBlock = false;
  private blockKind: number = BlockKind.Stored;
  /** Unpacked bytes of a block that repeats one. */
  private repeats = 0;
  private readonly blocks: ZstdBlocks;
  /** The bytes of a header or block that is not whole yet. */
  private kept = new Uint8Array(64);
  private keptLength = 0;

  constructor(write: (bytes: Uint8Array) => void) {
    this.blocks = new ZstdBlocks((out) => {
      this.sum?.update(out);
      write(out);
    });
  }

  /**
   * The next bytes of the packed stream. Throws where they are damaged, after writing everything that was good.
   */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const take = Math.min(this.left, bytes.length - at);
      if (isNumber(this.part))
        for (let i = 0; i < take; i++, this.shift += 8) this.value |= bytes[at + i] << this.shift;
      else if (this.part !== 'skippable') {
        this.keep(bytes.subarray(at, at + take));
      }
      at += take;
      this.left -= take;
      // Blocks may be empty.
      while (this.left === 0) this.turn();
    }
  }

  /** The stream ended. */
  end(): void {
    if (this.part !== 'magic' || this.left < 4) throw new DamagedStream('the stream ends too early', true);
  }

  /** A part is whole. */
  private turn(): void {
    const value = this.value >>> 0;
    switch (this.part) {
      case 'magic':
        if (value >>> 4 === skippableMagic) return this.next('skippable-size', 4);
        if (value !== frameMagic) throw new DamagedStream('no zstd frame');
        return this.next('descriptor', 1);
      case 'descriptor': {
        if ((value & 8) !== 0) throw new DamagedStream('a frame of a kind that is not known');
        this.descriptor = value;
        this.sum = (value & 4) === 0 ? null : new Xxh64();
        return this.next('header', this.windowBytes + this.dictionaryBytes + this.sizeBytes);
      }
      case 'header':
        this.blocks.begin(this.windowOf(this.kept));
        return this.next('block-header', 3);
      case 'block-header': {
        this.lastBlock = (value & 1) !== 0;
        this.blockKind = (value >>> 1) & 3;
        this.repeats = value >>> 3;
        if (this.blockKind > BlockKind.Packed) throw new DamagedStream('no such kind of block');
        if (this.repeats > largestBlock) throw new DamagedStream('a block is longer than any may be');
        return this.next('block', this.blockKind === BlockKind.Repeated ? 1 : this.repeats);
      }
      case 'block':
        this.block();
        if (!this.lastBlock) return this.next('block-header', 3);
        return this.sum === null ? this.next('magic', 4) : this.next('checksum', 4);
      case 'checksum':
        if (this.sum?.low32() !== value) throw new DamagedStream('the checksum does not fit');
        return this.next('magic', 4);
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
    this.keptLength = 0;
  }

  private keep(bytes: Uint8Array): void {
    const length = this.keptLength + bytes.length;
    if (length + readAhead > this.kept.length) {
      const larger = new Uint8Array(Math.max(length + readAhead, 2 * this.kept.length));
      larger.set(this.kept.subarray(0, this.keptLength));
      this.kept = larger;
    }
    this.kept.set(bytes, this.keptLength);
    this.keptLength = length;
  }

  private block(): void {
    const { kept, keptLength } = this;
    if (this.blockKind === BlockKind.Stored) this.blocks.stored(kept.subarray(0, keptLength));
    else if (this.blockKind === BlockKind.Repeated) this.blocks.repeated(kept[0], this.repeats);
    else this.blocks.packed(kept, keptLength);
  }

  // 3.1.1.1, the lengths of what is in a frame's header.
  /** A frame without a window is kept as a whole while it is unpacked. */
  private get windowBytes(): number {
    return (this.descriptor & 32) !== 0 ? 0 : 1;
  }
  private get dictionaryBytes(): number {
    return [0, 1, 2, 4][this.descriptor & 3];
  }
  private get sizeBytes(): number {
    const flag = this.descriptor >>> 6;
    return flag === 0 ? 1 - this.windowBytes : 1 << flag;
  }

  /** How far back the frame's copies may reach. Nothing is set aside before it is known to be little enough. */
  private windowOf(header: Uint8Array): number {
    let window: number;
    if (this.windowBytes > 0) {
      const base = 2 ** (10 + (header[0] >> 3));
      window = base + (base / 8) * (header[0] & 7);
    } else {
      window = this.sizeBytes === 2 ? 256 : 0;
      for (let i = 0; i < this.sizeBytes; i++) window += header[this.dictionaryBytes + i] * 2 ** (8 * i);
    }
    if (window <= largestWindow) return window;
    const megabytes = (bytes: number): number => Math.ceil(bytes / (1 << 20));
    throw new UnpackStopped(
      'window-too-large',
      `it asks for a window of ${megabytes(window)} MB; the most is ${megabytes(largestWindow)} MB`,
    );
  }
}
