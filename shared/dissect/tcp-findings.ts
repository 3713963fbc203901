/**
 * What the sequence analysis says of a segment: bits of `TcpFindings.flags`, named as the filter names
 * `tcp.analysis.*`.
 */
export const Finding = {
  Retransmission: 1 << 0,
  FastRetransmission: 1 << 1,
  SpuriousRetransmission: 1 << 2,
  OutOfOrder: 1 << 3,
  LostSegment: 1 << 4,
  AckLostSegment: 1 << 5,
  DuplicateAck: 1 << 6,
  KeepAlive: 1 << 7,
  KeepAliveAck: 1 << 8,
  WindowUpdate: 1 << 9,
  WindowFull: 1 << 10,
  ZeroWindow: 1 << 11,
  ZeroWindowProbe: 1 << 12,
  ZeroWindowProbeAck: 1 << 13,
  ReusedPorts: 1 << 14,
} as const;

/** What was found of one packet. Rows are 0-based, -1 none. */
export interface TcpFinding {
  /** `Finding` bits. */
  readonly flags: number;
  /** Row of the segment that this one acknowledges. */
  readonly ackedRow: number;
  /** Bytes sent and not yet acknowledged, this segment included; 0 where they cannot be told. */
  readonly bytesInFlight: number;
  /** Bytes sent since the last PSH before this segment; 0 where `bytesInFlight` is 0. */
  readonly pushBytes: number;
  /** Which repetition of the acknowledgment this is, from 1; 0 where it is none. */
  readonly duplicateNumber: number;
  /** The acknowledgment that is repeated, or the segment that the retransmission timer is taken from. */
  readonly otherRow: number;
}

/** Findings per block, and 32-bit words of one: growing copies nothing. */
const blockBits = 14;
const blockSize = 1 << blockBits;
const words = 6;
/** So many findings ahead are looked at one by one. */
const nearby = 8;
const Word = { row: 0, flags: 1, acked: 2, inFlight: 3, push: 4, other: 5 } as const;

/**
 * The findings of a capture, in order of rows. Sparse: a packet without one takes no room. Filled in file order, read
 * by binary search.
 */
export class TcpFindings {
  private readonly blocks: Int32Array[] = [];
  private current = new Int32Array(0);
  private count = 0;
  private lastFound = 0;
  /** Numbers of repeated acknowledgments, which few rows have. */
  private readonly duplicates = new Map<number, number>();

  add(
    row: number,
    flags: number,
    ackedRow: number,
    bytesInFlight: number,
    pushBytes: number,
    duplicateNumber: number,
    otherRow: number,
  ): void {
    const i = this.count++ & (blockSize - 1);
    if (i === 0) {
      this.current = new Int32Array(blockSize * words);
      this.blocks.push(this.current);
    }
    const b = this.current;
    const at = i * words;
    b[at + Word.row] = row;
    b[at + Word.flags] = flags;
    b[at + Word.acked] = ackedRow;
    b[at + Word.inFlight] = bytesInFlight;
    b[at + Word.push] = pushBytes;
    b[at + Word.other] = otherRow;
    if (duplicateNumber > 0) this.duplicates.set(row, duplicateNumber);
  }

  /** Null where nothing was found. */
  of(row: number): TcpFinding | null {
    const i = this.indexOf(row);
    if (i < 0) return null;
    const b = this.blocks[i >>> blockBits];
    const at = (i & (blockSize - 1)) * words;
    return {
      flags: b[at + Word.flags],
      ackedRow: b[at + Word.acked],
      bytesInFlight: b[at + Word.inFlight],
      pushBytes: b[at + Word.push] >>> 0,
      duplicateNumber: this.duplicates.get(row) ?? 0,
      otherRow: b[at + Word.other],
    };
  }

  /**
   * `Finding` bits of a row, 0 where nothing was found. Rows are mostly asked for in ascending order: the search begins
   * where the last one ended.
   */
  flagsOf(row: number): number {
    let i = this.lastFound;
    if (i >= this.count || this.rowAt(i) > row || this.rowAt(Math.min(i + nearby, this.count - 1)) < row)
      i = this.lowerBound(row);
    while (i < this.count && this.rowAt(i) < row) i++;
    this.lastFound = i;
    return i < this.count && this.rowAt(i) === row
      ? this.blocks[i >>> blockBits][(i & (blockSize - 1)) * words + Word.flags]
      : 0;
  }

  private rowAt(i: number): number {
    return this.blocks[i >>> blockBits][(i & (blockSize - 1)) * words + Word.row];
  }

  private indexOf(row: number): number {
    const i = this.lowerBound(row);
    return i < this.count && this.rowAt(i) === row ? i : -1;
  }

  /** Of the first finding of this row or a later one; `count` where there is none. */
  private lowerBound(row: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rowAt(middle) < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
