import type { SackRanges } from './sack-ranges.ts';
import { Finding, TcpFindings } from './tcp-findings.ts';
import { UnackedSegments } from './unacked-segments.ts';
import { wider } from './wider.ts';
import { scaleUnknown } from './window-scale.ts';

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const psh = 0x08;
const ackBit = 0x10;
const opensOrCloses = syn | fin | rst;

/** A retransmission within this of the last repeated acknowledgment answers it (nanoseconds). */
const fastWithin = 20e6;
/** A lower number within this of the highest is taken for late, not for sent again, until the handshake's time is known (nanoseconds). */
const lateWithin = 3e6;
/** In place of a count of repeated acknowledgments: the other side acknowledged more than was captured, so repeated ones may be missing too. */
const unseen = 0xffff_ffff;
/** More bytes in flight than any window allows (RFC 7323: 1 GiB) are a jump in the numbers. */
const maxInFlight = 2e9;
/** No window was announced yet. */
const noWindow = 0xffff_ffff;

const after = (a: number, b: number): boolean => ((a - b) | 0) > 0;
/** A span that is not negative: where the clock ran backwards nothing is quick. */
const within = (span: number, limit: number): boolean => span >= 0 && span < limit;
const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/**
 * The sequence analysis behind `tcp.analysis.*`: one pass over the segments of all streams in file order, with the rules that
 * `../shared/features.md` B7 lists. Every finding about a segment comes from what was captured before it.
 *
 * Numbers are raw and compared modulo 2^32; 0 stands for "not known yet", as it does for tshark. Index: stream * 2 + direction.
 */
export class TcpAnalysis {
  readonly findings = new TcpFindings();
  private capacity = 512;
  /** Number after the highest segment, its row and its time (nanoseconds since the capture's first packet). */
  private nextSeq = new Uint32Array(this.capacity);
  private nextSeqRow = new Int32Array(this.capacity);
  private nextSeqTime = new Float64Array(this.capacity);
  /** End of what was captured without a gap. */
  private contiguous = new Uint32Array(this.capacity);
  private lastAck = new Uint32Array(this.capacity);
  private lastAckTime = new Float64Array(this.capacity);
  private window = new Uint32Array(this.capacity).fill(noWindow);
  private lastFlags = new Uint16Array(this.capacity);
  /** Repeated acknowledgments since the last new one, or `unseen`. */
  private duplicates = new Uint32Array(this.capacity);
  private firstOfDuplicates = new Int32Array(this.capacity).fill(-1);
  /** Bytes in flight are known: nothing is missing since the last acknowledgment. */
  private flightKnown = new Uint8Array(this.capacity).fill(1);
  private pushBytes = new Uint32Array(this.capacity);
  private pushed = new Uint8Array(this.capacity);
  private acknowledges = new Uint8Array(this.capacity);
  /** Row of the first FIN, -1 none. */
  private firstFin = new Int32Array(this.capacity).fill(-1);
  private readonly unacked = new UnackedSegments();
  /** Per stream: time of the latest SYN, and of the whole handshake with the row that completes it. */
  private synTime = new Float64Array(this.capacity / 2).fill(Number.NaN);
  private handshake = new Float64Array(this.capacity / 2).fill(Number.NaN);
  private synRow = new Int32Array(this.capacity / 2).fill(-1);
  private handshakeRow = new Int32Array(this.capacity / 2).fill(-1);

  /** Makes room for a stream. */
  open(stream: number): void {
    if (stream * 2 + 2 > this.capacity) this.grow(stream * 2 + 2);
    this.unacked.open(stream);
  }

  /** The rows of the SYN and of the segment that completed the handshake, as known at `row`; null where they are not. */
  initialRtt(stream: number, row: number): { readonly synRow: number; readonly ackRow: number } | null {
    const ackRow = this.handshakeRow[stream];
    return ackRow >= 0 && row >= ackRow ? { synRow: this.synRow[stream], ackRow } : null;
  }

  /** Whether the latest segment of this direction was sent before. */
  repeats(index: number): boolean {
    return (this.lastFlags[index] & (Finding.Retransmission | Finding.FastRetransmission | Finding.SpuriousRetransmission)) !== 0;
  }

  /** Whether this direction sent a FIN before `row`. */
  finBefore(index: number, row: number): boolean {
    return this.firstFin[index] >= 0 && this.firstFin[index] < row;
  }

  /**
   * HOT: one segment.
   * @param index its direction
   * @param time nanoseconds since the capture's first packet
   * @param length payload bytes on the wire
   * @param base raw number that relative 0 of this direction stands for
   * @param reverseScale window scale of the other direction, known before this segment
   * @param sacked what the other directions acknowledged selectively
   * @param reused it begins a stream on ports that another one used
   */
  segment(
    index: number,
    row: number,
    time: number,
    seq: number,
    ack: number,
    flags: number,
    window: number,
    length: number,
    base: number,
    reverseScale: number,
    reused: boolean,
    sacked: SackRanges,
  ): void {
    const { nextSeq, lastAck } = this;
    const reverse = index ^ 1;
    const stream = index >> 1;
    const plain = (flags & opensOrCloses) === 0;
    const expected = nextSeq[index];
    const sameAck = ack === lastAck[index];
    let found = reused ? Finding.ReusedPorts : 0;
    let duplicateNumber = 0;
    let otherRow = -1;

    const probe = length === 1 && seq === expected && this.window[reverse] === 0;
    if (probe) found |= Finding.ZeroWindowProbe;
    else {
      if (window === 0 && plain) found |= Finding.ZeroWindow;
      if (expected !== 0 && after(seq, expected) && (flags & rst) === 0) {
        found |= Finding.LostSegment;
        this.flightKnown[index] = 0;
      }
      if (length <= 1 && plain && seq === (expected - 1) >>> 0) found |= Finding.KeepAlive;
      const repeats = length === 0 && plain && sameAck && seq === expected;
      const sameWindow = window === this.window[index];
      if (repeats && window !== 0 && !sameWindow) found |= Finding.WindowUpdate;
      if (length > 0 && plain && reverseScale !== scaleUnknown) {
        const shift = reverseScale > 0 && this.acknowledges[reverse] > 1 ? reverseScale : 0;
        if ((seq + length) >>> 0 === (lastAck[reverse] + this.window[reverse] * 2 ** shift) >>> 0) found |= Finding.WindowFull;
      }
      if (repeats && sameWindow) {
        const previous = this.lastFlags[reverse];
        if (window !== 0 && (previous & Finding.KeepAlive) !== 0) found |= Finding.KeepAliveAck;
        else if (window === 0 && (previous & Finding.ZeroWindowProbe) !== 0) found |= Finding.ZeroWindowProbeAck;
        else if (window !== 0) {
          found |= Finding.DuplicateAck;
          duplicateNumber = this.duplicates[index] === unseen ? 1 : this.duplicates[index] + 1;
          this.duplicates[index] = duplicateNumber;
          otherRow = this.firstOfDuplicates[index];
        }
      }
    }
    if (!sameAck) {
      this.firstOfDuplicates[index] = row;
      this.duplicates[index] = 0;
    }

    const beyond = (flags & ackBit) !== 0 && this.contiguous[reverse] !== 0 && after(ack, this.contiguous[reverse]);
    if (beyond) {
      // A gap that was captured around is told once; beyond the highest number once until the other side acknowledges something new.
      if (this.contiguous[reverse] !== nextSeq[reverse]) {
        found |= Finding.AckLostSegment;
        this.contiguous[reverse] = nextSeq[reverse];
      } else {
        if (this.duplicates[reverse] === 0) found |= Finding.AckLostSegment;
        this.duplicates[reverse] = unseen;
      }
    }

    if ((flags & fin) !== 0 && this.firstFin[index] < 0) this.firstFin[index] = row;
    const consumes = (flags & (syn | fin)) !== 0;
    const end = (seq + length + (consumes ? 1 : 0)) >>> 0;
    if ((length > 0 || consumes) && (found & Finding.KeepAlive) === 0) {
      const kind = this.repetition(index, seq, end, length, time);
      found |= kind;
      if (kind === Finding.Retransmission) {
        otherRow = this.unacked.oldest(index);
        if (otherRow < 0) otherRow = this.nextSeqRow[index];
      }
    }

    if ((flags & (syn | ackBit)) === syn) {
      if (this.handshakeRow[stream] < 0) {
        this.synTime[stream] = time;
        this.synRow[stream] = row;
      }
    } else if (Number.isNaN(this.handshake[stream]) && !Number.isNaN(this.synTime[stream]) && (flags & (ackBit | syn)) === ackBit) {
      this.handshake[stream] = time - this.synTime[stream];
      this.handshakeRow[stream] = row;
    }

    if (length > 0 || consumes) this.unacked.add(index, seq, end, row);
    if ((expected === 0 || after(end, expected)) && !probe) {
      nextSeq[index] = end;
      this.nextSeqRow[index] = row;
      this.nextSeqTime[index] = time;
    }
    if ((this.contiguous[index] === 0 || seq === this.contiguous[index]) && !probe) this.contiguous[index] = nextSeq[index];

    this.window[index] = window;
    lastAck[index] = ack;
    this.lastAckTime[index] = time;
    this.lastFlags[index] = found;
    if (this.acknowledges[index] < 2) this.acknowledges[index]++;

    if ((flags & ackBit) !== 0) this.flightKnown[reverse] = 1;
    const ackedRow = this.unacked.acknowledge(reverse, ack);

    let inFlight = 0;
    const counted = length > 0 && this.flightKnown[index] === 1;
    if (counted) {
      inFlight = this.unacked.span(index, base);
      if (inFlight >= maxInFlight) inFlight = 0;
      else inFlight = Math.max(0, inFlight - sacked.bytes(index) - (consumes ? 1 : 0));
      const push = (flags & psh) !== 0;
      this.pushBytes[index] = this.pushed[index] === 1 ? length : this.pushBytes[index] + length;
      this.pushed[index] = push ? 1 : 0;
    }
    if (found !== 0 || ackedRow >= 0 || counted || beyond) {
      this.findings.add(row, found, ackedRow, inFlight, inFlight > 0 ? this.pushBytes[index] : 0, duplicateNumber, otherRow);
    }
  }

  /** What a segment is whose numbers were captured or acknowledged before; 0 where they are new. */
  private repetition(index: number, seq: number, end: number, length: number, time: number): number {
    const reverse = index ^ 1;
    const acked = this.lastAck[reverse];
    if (length > 0 && acked !== 0 && !after((seq + length) >>> 0, acked)) return Finding.SpuriousRetransmission;
    const expected = this.nextSeq[index];
    if (expected === 0 || !before(seq, expected) || (length > 1 && seq === (expected - 1) >>> 0)) return 0;
    if (this.duplicates[reverse] >= 2 && acked === seq && within(time - this.lastAckTime[reverse], fastWithin)) return Finding.FastRetransmission;
    const rtt = this.handshake[index >> 1];
    const late = Number.isNaN(rtt) ? lateWithin : rtt;
    if (within(time - this.nextSeqTime[index], late) && this.nextSeq[index] !== end) return Finding.OutOfOrder;
    return Finding.Retransmission;
  }

  private grow(wanted: number): void {
    while (this.capacity < wanted) this.capacity *= 2;
    const { capacity } = this;
    const half = capacity / 2;
    this.nextSeq = wider(new Uint32Array(capacity), this.nextSeq);
    this.nextSeqRow = wider(new Int32Array(capacity), this.nextSeqRow);
    this.nextSeqTime = wider(new Float64Array(capacity), this.nextSeqTime);
    this.contiguous = wider(new Uint32Array(capacity), this.contiguous);
    this.lastAck = wider(new Uint32Array(capacity), this.lastAck);
    this.lastAckTime = wider(new Float64Array(capacity), this.lastAckTime);
    this.window = wider(new Uint32Array(capacity).fill(noWindow), this.window);
    this.lastFlags = wider(new Uint16Array(capacity), this.lastFlags);
    this.duplicates = wider(new Uint32Array(capacity), this.duplicates);
    this.firstOfDuplicates = wider(new Int32Array(capacity).fill(-1), this.firstOfDuplicates);
    this.flightKnown = wider(new Uint8Array(capacity).fill(1), this.flightKnown);
    this.pushBytes = wider(new Uint32Array(capacity), this.pushBytes);
    this.pushed = wider(new Uint8Array(capacity), this.pushed);
    this.acknowledges = wider(new Uint8Array(capacity), this.acknowledges);
    this.firstFin = wider(new Int32Array(capacity).fill(-1), this.firstFin);
    this.synTime = wider(new Float64Array(half).fill(Number.NaN), this.synTime);
    this.handshake = wider(new Float64Array(half).fill(Number.NaN), this.handshake);
    this.synRow = wider(new Int32Array(half).fill(-1), this.synRow);
    this.handshakeRow = wider(new Int32Array(half).fill(-1), this.handshakeRow);
  }
}
