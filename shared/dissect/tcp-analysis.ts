import type { PacketTable } from '../table/packet-table.ts';
import type { SackRanges } from './sack-ranges.ts';
import { scaleUnknown } from './scale-codes.ts';
import { Finding, TcpFindings } from './tcp-findings.ts';
import { UnackedSegments } from './unacked-segments.ts';
import { wider } from './wider.ts';

const fin = 0x01;
const syn = 0x02;
const rst = 0x04;
const psh = 0x08;
const ackBit = 0x10;
const opensOrCloses = syn | fin | rst;

/** A retransmission within this of the last repeated acknowledgment answers it (nanoseconds). */
const fastWithin = 20e6;
/**
 * A lower number within this of the highest is taken for late, not for sent again, until the handshake's time is known
 * (nanoseconds).
 */
const lateWithin = 3e6;
/**
 * In place of a count of repeated acknowledgments: the other side acknowledged more than was captured, so repeated ones
 * may be missing too.
 */
const unseen = -1;
/** More bytes in flight than any window allows (RFC 7323: 1 GiB) are a jump in the numbers. */
const maxInFlight = 2e9;
/** No window was announced yet. */
const noWindow = -1;

const after = (a: number, b: number): boolean => ((a - b) | 0) > 0;
/** Where the clock ran backwards nothing is quick, and everything within a negative limit. */
const within = (span: number, limit: number): boolean => (span >= 0 === limit >= 0 ? span < limit : span >= 0);
const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** A direction's record: so many numbers of `directions`, one cache line. */
const size = 16;
const bits = 4;
/** Places in it. Rows are kept plus one, 0 none. */
const At = {
  /** Number after the highest segment, and its row. */
  nextSeq: 0,
  nextSeqRow: 1,
  /** End of what was captured without a gap. */
  contiguous: 2,
  lastAck: 3,
  window: 4,
  /** `Finding` bits of the latest segment. */
  lastFound: 5,
  /** Repeated acknowledgments since the last new one, or `unseen`; and that one's row. */
  duplicates: 6,
  firstOfDuplicates: 7,
  pushBytes: 8,
  state: 9,
  /** Row of the first FIN. */
  firstFin: 10,
  /** Row of the latest segment. */
  latestRow: 11,
} as const;
/** Bits of `At.state`. */
const State = {
  /** Something is missing since the last acknowledgment: bytes in flight are not known. */
  FlightUnknown: 1,
  /** The latest segment with data had PSH. */
  Pushed: 2,
  /** The latest window was that of a SYN, which is never scaled (RFC 7323 section 2.2). */
  WindowOfSyn: 4,
  /** A SYN was captured and the handshake is not complete: set in both directions. */
  Opening: 16,
} as const;

/**
 * The sequence analysis behind `tcp.analysis.*`: one pass over the segments of all streams in file order, with the
 * rules that `../shared/features.md` B7 lists. Every finding about a segment comes from what was captured before it.
 *
 * Numbers are raw, as signed 32-bit integers (so that no packet makes an object of one), and compared modulo 2^32; 0
 * stands for "not known yet", as it does for tshark. Index: stream * 2 + direction. What belongs to a direction lies
 * together, because packets of many streams take turns.
 */
export class TcpAnalysis {
  readonly findings = new TcpFindings();
  /** Nanoseconds from the capture's first packet to the one that is being indexed: set by the indexing pass. */
  readonly now = new Float64Array(1);
  private streams = 256;
  private directions = new Int32Array(this.streams * 2 * size);
  private readonly unacked = new UnackedSegments();
  /**
   * Per stream the time of the latest SYN and of the whole handshake (nanoseconds, NaN unknown), and the rows of both,
   * -1 none.
   */
  private handshakeTimes = new Float64Array(this.streams * 2);
  private handshakeRows = new Int32Array(this.streams * 2);

  constructor(private readonly table: PacketTable) {}

  /** Makes room for a stream, which nothing is known of. */
  open(stream: number): void {
    if (stream >= this.streams) {
      this.streams *= 2;
      this.directions = wider(new Int32Array(this.streams * 2 * size), this.directions);
      this.handshakeTimes = wider(new Float64Array(this.streams * 2), this.handshakeTimes);
      this.handshakeRows = wider(new Int32Array(this.streams * 2), this.handshakeRows);
    }
    this.directions[((stream * 2) << bits) + At.window] = noWindow;
    this.directions[((stream * 2 + 1) << bits) + At.window] = noWindow;
    this.handshakeTimes.fill(Number.NaN, stream * 2, stream * 2 + 2);
    this.handshakeRows.fill(-1, stream * 2, stream * 2 + 2);
    this.unacked.open(stream);
  }

  /**
   * The rows of the SYN and of the segment that completed the handshake, as known at `row`; null where they are not.
   */
  initialRtt(stream: number, row: number): { readonly synRow: number; readonly ackRow: number } | null {
    const ackRow = this.handshakeRows[stream * 2 + 1];
    return ackRow >= 0 && row >= ackRow ? { synRow: this.handshakeRows[stream * 2], ackRow } : null;
  }

  /** Whether the latest segment of this direction was sent before. */
  repeats(index: number): boolean {
    return (
      (this.directions[(index << bits) + At.lastFound] &
        (Finding.Retransmission | Finding.FastRetransmission | Finding.SpuriousRetransmission)) !==
      0
    );
  }

  /** Whether a FIN of this direction in `row` answers one of the other side, which closed first. */
  closesSecond(index: number, row: number): boolean {
    const own = this.directions[(index << bits) + At.firstFin];
    const other = this.directions[((index ^ 1) << bits) + At.firstFin];
    return other !== 0 && other <= row && (own === 0 || other < own);
  }

  /**
   * HOT: one segment.
   * @param index its direction
   * @param seq raw, like `ack` and `base`, as signed 32-bit integers
   * @param length payload bytes on the wire
   * @param base raw number that relative 0 of this direction stands for
   * @param reverseScale window scale of the other direction, known before this segment
   * @param sacked what the other directions acknowledged selectively
   * @param reused it begins a stream on ports that another one used
   */
  segment(
    index: number,
    row: number,
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
    const { directions: d } = this;
    const reverse = index ^ 1;
    const own = index << bits;
    const peer = reverse << bits;
    const plain = (flags & opensOrCloses) === 0;
    // A SYN says that its sender begins again: what lay behind a gap was of another connection.
    if ((flags & (syn | ackBit)) === syn) d[own + At.nextSeq] = d[own + At.contiguous];
    const expected = d[own + At.nextSeq];
    const sameAck = ack === d[own + At.lastAck];
    let state = d[own + At.state];
    let found = reused ? Finding.ReusedPorts : 0;
    let duplicateNumber = 0;
    let otherRow = -1;

    const probe = length === 1 && seq === expected && d[peer + At.window] === 0;
    if (probe) found |= Finding.ZeroWindowProbe;
    else {
      if (window === 0 && plain) found |= Finding.ZeroWindow;
      if (expected !== 0 && after(seq, expected) && (flags & rst) === 0) {
        found |= Finding.LostSegment;
        state |= State.FlightUnknown;
      }
      if (length <= 1 && plain && seq === ((expected - 1) | 0)) found |= Finding.KeepAlive;
      const repeats = length === 0 && plain && sameAck && seq === expected;
      const sameWindow = window === d[own + At.window];
      if (repeats && window !== 0 && !sameWindow) found |= Finding.WindowUpdate;
      if (length > 0 && plain && reverseScale !== scaleUnknown) {
        const shift = reverseScale > 0 && (d[peer + At.state] & State.WindowOfSyn) === 0 ? reverseScale : 0;
        if (((seq + length) | 0) === ((d[peer + At.lastAck] + (d[peer + At.window] << shift)) | 0))
          found |= Finding.WindowFull;
      }
      if (repeats && sameWindow) {
        const previous = d[peer + At.lastFound];
        if (window !== 0 && (previous & Finding.KeepAlive) !== 0) found |= Finding.KeepAliveAck;
        else if (window === 0 && (previous & Finding.ZeroWindowProbe) !== 0) found |= Finding.ZeroWindowProbeAck;
        else if (window !== 0) {
          found |= Finding.DuplicateAck;
          const before = d[own + At.duplicates];
          duplicateNumber = before === unseen ? 1 : before + 1;
          d[own + At.duplicates] = duplicateNumber;
          otherRow = d[own + At.firstOfDuplicates] - 1;
        }
      }
    }
    if (!sameAck) {
      d[own + At.firstOfDuplicates] = row + 1;
      d[own + At.duplicates] = 0;
    }

    const acknowledges = (flags & ackBit) !== 0;
    const contiguous = d[peer + At.contiguous];
    const beyond = acknowledges && contiguous !== 0 && after(ack, contiguous);
    if (beyond) {
      // A gap that was captured around is told once; beyond the highest number once until the other side acknowledges
      // something new.
      if (contiguous !== d[peer + At.nextSeq]) {
        found |= Finding.AckLostSegment;
        d[peer + At.contiguous] = d[peer + At.nextSeq];
      } else {
        if (d[peer + At.duplicates] === 0) found |= Finding.AckLostSegment;
        d[peer + At.duplicates] = unseen;
      }
    }

    if ((flags & fin) !== 0 && d[own + At.firstFin] === 0) d[own + At.firstFin] = row + 1;
    const consumes = (flags & (syn | fin)) !== 0;
    const end = (seq + length + (consumes ? 1 : 0)) | 0;
    if ((length > 0 || consumes) && (found & Finding.KeepAlive) === 0) {
      const kind = this.repetition(index, seq, end, length);
      found |= kind;
      if (kind === Finding.Retransmission) {
        otherRow = this.unacked.oldest(index);
        if (otherRow < 0) otherRow = d[own + At.nextSeqRow] - 1;
      }
    }

    if ((flags & (syn | ackBit)) === syn || (state & State.Opening) !== 0)
      state = this.opening(index, row, flags, state);

    if (length > 0 || consumes) this.unacked.add(index, seq, end, row);
    if (!probe) {
      if (expected === 0 || after(end, expected)) {
        d[own + At.nextSeq] = end;
        d[own + At.nextSeqRow] = row + 1;
      }
      if (d[own + At.contiguous] === 0 || seq === d[own + At.contiguous]) d[own + At.contiguous] = d[own + At.nextSeq];
    }

    d[own + At.window] = window;
    d[own + At.lastAck] = ack;
    d[own + At.lastFound] = found;
    d[own + At.latestRow] = row + 1;
    state = (flags & syn) !== 0 ? state | State.WindowOfSyn : state & ~State.WindowOfSyn;

    if (acknowledges) d[peer + At.state] &= ~State.FlightUnknown;
    const ackedRow = this.unacked.acknowledge(reverse, ack);

    let inFlight = 0;
    const counted = length > 0 && (state & State.FlightUnknown) === 0;
    if (counted) {
      inFlight = this.unacked.span(index, base);
      if (inFlight >= maxInFlight) inFlight = 0;
      else inFlight = Math.max(0, inFlight - sacked.bytes(index) - (consumes ? 1 : 0));
      d[own + At.pushBytes] = (state & State.Pushed) !== 0 ? length : d[own + At.pushBytes] + length;
      state = (flags & psh) !== 0 ? state | State.Pushed : state & ~State.Pushed;
    }
    d[own + At.state] = state;
    if (found !== 0 || ackedRow >= 0 || counted || beyond) {
      this.findings.add(
        row,
        found,
        ackedRow,
        inFlight,
        inFlight > 0 ? d[own + At.pushBytes] : 0,
        duplicateNumber,
        otherRow,
      );
    }
  }

  /**
   * HOT, for the first segments of a stream: the time from the SYN to the first segment after it that acknowledges.
   * Answers the direction's new state.
   */
  private opening(index: number, row: number, flags: number, state: number): number {
    const time = this.now[0];
    const stream = index & ~1;
    const peer = ((index ^ 1) << bits) + At.state;
    if ((flags & (syn | ackBit)) === syn) {
      if (this.handshakeRows[stream + 1] >= 0) return state;
      this.handshakeTimes[stream] = time;
      this.handshakeRows[stream] = row;
      this.directions[peer] |= State.Opening;
      return state | State.Opening;
    }
    // A clock that did not move between the two told nothing.
    if ((flags & (ackBit | syn)) !== ackBit || time === this.handshakeTimes[stream]) return state;
    this.handshakeTimes[stream + 1] = time - this.handshakeTimes[stream];
    this.handshakeRows[stream + 1] = row;
    this.directions[peer] &= ~State.Opening;
    return state & ~State.Opening;
  }

  /** Nanoseconds from a packet (its row plus one) to the one that is being indexed. */
  private since(rowPlusOne: number): number {
    const row = rowPlusOne - 1;
    return this.now[0] - ((this.table.get('sec', row) - this.table.get('sec', 0)) * 1e9 + this.table.get('nsec', row));
  }

  /** What a segment is whose numbers were captured or acknowledged before; 0 where they are new. */
  private repetition(index: number, seq: number, end: number, length: number): number {
    const { directions: d } = this;
    const reverse = index ^ 1;
    const peer = reverse << bits;
    const acked = d[peer + At.lastAck];
    if (length > 0 && acked !== 0 && !after((seq + length) | 0, acked)) return Finding.SpuriousRetransmission;
    const expected = d[(index << bits) + At.nextSeq];
    if (expected === 0 || !before(seq, expected) || (length > 1 && seq === ((expected - 1) | 0))) return 0;
    const repeated = d[peer + At.duplicates];
    if (
      (repeated > 1 || repeated === unseen) &&
      acked === seq &&
      within(this.since(d[peer + At.latestRow]), fastWithin)
    )
      return Finding.FastRetransmission;
    const rtt = this.handshakeTimes[(index & ~1) + 1];
    if (
      within(this.since(d[(index << bits) + At.nextSeqRow]), Number.isNaN(rtt) ? lateWithin : rtt) &&
      expected !== end
    )
      return Finding.OutOfOrder;
    return Finding.Retransmission;
  }
}
