import type { PacketTable } from '../table/packet-table.ts';
import { SackRanges } from './sack-ranges.ts';
import { scaleUnknown } from './scale-codes.ts';
import { TcpAnalysis } from './tcp-analysis.ts';
import { TcpCompleteness } from './tcp-completeness.ts';
import { wider } from './wider.ts';

/** Earlier values of something that changed: `value` held from `row` on. Oldest first. */
interface Earlier {
  readonly row: number;
  readonly value: number;
}

/**
 * What the indexing pass keeps per TCP stream and direction: base sequence numbers (for relative ones) and window
 * scale, with the row from which each holds, so that a packet looked at later is told what was known when it was
 * captured.
 *
 * Direction 0 is from endpoint A, 1 from endpoint B. Index: stream * 2 + direction.
 */
export class TcpStreams {
  private capacity = 512;
  /**
   * Raw number that relative 0 stands for, the latest: the ISN, or one less than the first number seen where the SYN
   * was not captured.
   */
  base = new Uint32Array(this.capacity);
  /** 1 where `base` is known. */
  baseKnown = new Uint8Array(this.capacity);
  /** Row from which `base` holds. */
  private baseRow = new Int32Array(this.capacity);
  /** Latest window scale; it holds after `scaleRow`. */
  scale = new Int8Array(this.capacity).fill(scaleUnknown);
  private scaleRow = new Int32Array(this.capacity).fill(-1);
  packets = new Uint32Array(this.capacity);
  /** TCP payload bytes on the wire, retransmissions included. Exact to 2^53. */
  bytes = new Float64Array(this.capacity);
  readonly analysis: TcpAnalysis;
  readonly completeness = new TcpCompleteness();
  /** Ranges of a direction's numbers that the other side acknowledged selectively. */
  readonly sacked = new SackRanges();
  /**
   * Row of the latest SYN with data and a fast-open cookie (RFC 7413 section 4.2), of the few streams that have one.
   */
  readonly fastOpen = new Map<number, number>();
  private readonly earlierBases = new Map<number, Earlier[]>();
  private readonly earlierScales = new Map<number, Earlier[]>();
  /**
   * Streams whose SYN asked for Accurate ECN, and the row of the SYN-ACK that accepted (RFC 9768 section 3.1.1), or of
   * the first option that only such streams have.
   */
  private readonly accurateEcnAsked = new Set<number>();
  private readonly accurateEcnFrom = new Map<number, number>();

  constructor(table: PacketTable) {
    this.analysis = new TcpAnalysis(table);
  }

  /** Makes room for a stream. */
  open(stream: number): void {
    this.analysis.open(stream);
    this.completeness.open(stream);
    if (stream * 2 + 2 <= this.capacity) return;
    while (stream * 2 + 2 > this.capacity) this.capacity *= 2;
    const { capacity } = this;
    this.base = wider(new Uint32Array(capacity), this.base);
    this.baseKnown = wider(new Uint8Array(capacity), this.baseKnown);
    this.baseRow = wider(new Int32Array(capacity), this.baseRow);
    this.scale = wider(new Int8Array(capacity).fill(scaleUnknown), this.scale);
    this.scaleRow = wider(new Int32Array(capacity).fill(-1), this.scaleRow);
    this.packets = wider(new Uint32Array(capacity), this.packets);
    this.bytes = wider(new Float64Array(capacity), this.bytes);
  }

  setBase(index: number, row: number, base: number): void {
    if (this.baseKnown[index] === 1) remember(this.earlierBases, index, this.baseRow[index], this.base[index]);
    this.baseKnown[index] = 1;
    this.base[index] = base;
    this.baseRow[index] = row;
  }

  /** Base as of `row`, -1 where it was not known then. */
  baseAt(index: number, row: number): number {
    if (this.baseKnown[index] === 0) return -1;
    if (row >= this.baseRow[index]) return this.base[index];
    return valueAt(this.earlierBases.get(index), row, -1);
  }

  setScale(index: number, row: number, scale: number): void {
    if (this.scale[index] === scale) return;
    if (this.scale[index] !== scaleUnknown)
      remember(this.earlierScales, index, this.scaleRow[index], this.scale[index]);
    this.scale[index] = scale;
    this.scaleRow[index] = row;
  }

  /** Window scale that was known before `row`. */
  scaleBefore(index: number, row: number): number {
    if (row > this.scaleRow[index]) return this.scale[index];
    return valueAt(this.earlierScales.get(index), row - 1, scaleUnknown);
  }

  /** Notes what a SYN says of Accurate ECN; `flags` are the 12 bits of the header. */
  noteEcn(stream: number, row: number, flags: number): void {
    if ((flags & 0x10) === 0) {
      if ((flags & 0x1c0) === 0x1c0) this.accurateEcnAsked.add(stream);
      return;
    }
    const answer = (flags >> 6) & 7;
    const accepted = answer === 2 || answer === 3 || answer === 4 || answer === 6;
    if (accepted && this.accurateEcnAsked.has(stream)) this.noteAccurateEcn(stream, row);
  }

  /** A segment shows that both sides agreed. */
  noteAccurateEcn(stream: number, row: number): void {
    if (!this.accurateEcnFrom.has(stream)) this.accurateEcnFrom.set(stream, row);
  }

  /** Whether AE, CWR and ECE are a counter in the packet of `row`. */
  accurateEcn(stream: number, row: number): boolean {
    const from = this.accurateEcnFrom.get(stream);
    return from !== undefined && row > from;
  }
}

function remember(earlier: Map<number, Earlier[]>, index: number, row: number, value: number): void {
  const list = earlier.get(index);
  if (list === undefined) earlier.set(index, [{ row, value }]);
  else list.push({ row, value });
}

function valueAt(earlier: readonly Earlier[] | undefined, row: number, otherwise: number): number {
  if (earlier !== undefined)
    for (let i = earlier.length - 1; i >= 0; i--) if (earlier[i].row <= row) return earlier[i].value;
  return otherwise;
}
