import { wider } from './wider.ts';

/** What the sequence analysis says of a segment: bits of `TcpFindings.flags`, named as the filter names `tcp.analysis.*`. */
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

/**
 * The findings of a capture, in order of rows. Sparse: a packet without one takes no room. Filled in file order, read by binary search.
 */
export class TcpFindings {
  private capacity = 1024;
  private count = 0;
  private rows = new Uint32Array(this.capacity);
  private flags = new Uint16Array(this.capacity);
  private acked = new Int32Array(this.capacity);
  private inFlight = new Uint32Array(this.capacity);
  private push = new Uint32Array(this.capacity);
  private other = new Int32Array(this.capacity);
  /** Numbers of repeated acknowledgments, which few rows have. */
  private readonly duplicates = new Map<number, number>();

  add(row: number, flags: number, ackedRow: number, bytesInFlight: number, pushBytes: number, duplicateNumber: number, otherRow: number): void {
    if (this.count === this.capacity) this.grow();
    const i = this.count++;
    this.rows[i] = row;
    this.flags[i] = flags;
    this.acked[i] = ackedRow;
    this.inFlight[i] = bytesInFlight;
    this.push[i] = pushBytes;
    this.other[i] = otherRow;
    if (duplicateNumber > 0) this.duplicates.set(row, duplicateNumber);
  }

  /** Null where nothing was found. */
  of(row: number): TcpFinding | null {
    const i = this.indexOf(row);
    if (i < 0) return null;
    return {
      flags: this.flags[i],
      ackedRow: this.acked[i],
      bytesInFlight: this.inFlight[i],
      pushBytes: this.push[i],
      duplicateNumber: this.duplicates.get(row) ?? 0,
      otherRow: this.other[i],
    };
  }

  /** The `Finding` bits of a row, 0 none. */
  flagsOf(row: number): number {
    const i = this.indexOf(row);
    return i < 0 ? 0 : this.flags[i];
  }

  private indexOf(row: number): number {
    let low = 0;
    let high = this.count - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const at = this.rows[middle];
      if (at === row) return middle;
      if (at < row) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  private grow(): void {
    this.capacity *= 2;
    const { capacity } = this;
    this.rows = wider(new Uint32Array(capacity), this.rows);
    this.flags = wider(new Uint16Array(capacity), this.flags);
    this.acked = wider(new Int32Array(capacity), this.acked);
    this.inFlight = wider(new Uint32Array(capacity), this.inFlight);
    this.push = wider(new Uint32Array(capacity), this.push);
    this.other = wider(new Int32Array(capacity), this.other);
  }
}
