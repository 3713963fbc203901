import type { TcpState } from '../model/stream.ts';
import type { SideFacts, StateSpan } from './connection.ts';
import { TcpFlag } from './segments.ts';
import { farBytes, seqAdd, seqDiff } from './sequence.ts';

const { FIN, ACK } = TcpFlag;
/** Indices kept of SYNs, FINs and resets of one side: more are counted, not listed. */
export const keep = 64;
const none: readonly number[] = [];

const closingStates: ReadonlySet<TcpState> = new Set([
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
]);

/** What would prove that a side reached the state of a span. */
interface Pending {
  readonly span: StateSpan;
  /** A later segment of the side acknowledges this number or more; with `moves`, or it sends data or FIN. */
  readonly ack: number;
  readonly moves: boolean;
  /** An acknowledgment of the other side's FIN is no proof: it would follow from the state after it too. */
  readonly notFin: boolean;
}

/** One endpoint during the pass: the facts, and what is needed to find more of them. */
export class Side implements SideFacts {
  initial: StateSpan = { state: 'UNKNOWN', proved: false };
  span: StateSpan = this.initial;
  openSpan: StateSpan | null = null;
  pending: Pending[] | null = null;
  packets = 0;
  bytes = 0;
  retransmissions = 0;
  duplicates = 0;
  syns: readonly number[] = none;
  synCount = 0;
  lastSyn = -1;
  synAcks: readonly number[] = none;
  isnKnown = false;
  isn = 0;
  base = 0;
  baseKnown = false;
  handshakeAck = -1;
  fins: readonly number[] = none;
  fin = -1;
  finEnd = 0;
  finAckedAt = -1;
  firstData = -1;
  halfCloseBytes = 0;
  halfCloseFirst = -1;
  halfCloseLast = -1;
  /** Next number this side will send, by what was captured. */
  next = 0;
  nextKnown = false;
  /** Highest acknowledgment it sent, and the segment that first said so. */
  acked = 0;
  ackKnown = false;
  unseen = false;
  readonly closingSpans: StateSpan[] = [];
  /** Highest number that one of its segments starts at, or the other side acknowledged. */
  reached = 0;
  reachedKnown = false;
  ackIndex = -1;
  keepAlives: readonly number[] = none;
  keepAliveCount = 0;
  keepAliveUnanswered = 0;
  keepAliveAnswer = -1;
  /** Numbers skipped because they were not captured yet. */
  holeStart = 0;
  holeEnd = 0;
  last = -1;
  gotFin = false;
  /** The other side repeated a SYN+ACK or FIN: this side's next pure ACK answers that. */
  oweAck = false;
  /** `next` when the connection was reset. */
  nextAtReset = 0;
  nextKnownAtReset = false;

  constructor(readonly isA: boolean) {}

  enter(state: TcpState, proved: boolean): StateSpan {
    if (this.span.state === state) {
      if (proved) this.span.proved = true;
      return this.span;
    }
    const span = { state, proved };
    this.span = span;
    if (closingStates.has(state)) this.closingSpans.push(span);
    if (state === 'ESTABLISHED') this.openSpan = span;
    return span;
  }

  /** `seq` was used by this side, or acknowledged by the other. */
  reach(seq: number): void {
    if (this.reachedKnown && seqDiff(seq, this.reached) <= 0) return;
    this.reachedKnown = true;
    this.reached = seq;
  }

  /** What would prove the state just entered; nothing where it is proved already. */
  await(span: StateSpan, ack: number, moves = false, notFin = false): void {
    if (span.proved) return;
    const pending = { span, ack, moves, notFin };
    if (this.pending === null) this.pending = [pending];
    else this.pending.push(pending);
  }

  /** A segment that this side sent may prove what it had received from `other` before. */
  settle(other: Side, flags: number, ack: number, length: number): void {
    const { pending } = this;
    if (pending === null) return;
    let left = 0;
    for (const one of pending) {
      // An acknowledgment of far other numbers speaks of another connection.
      const beyond = seqDiff(ack, one.ack);
      const acks =
        (flags & ACK) !== 0 &&
        beyond >= 0 &&
        beyond < farBytes &&
        !(one.notFin && other.fin >= 0 && ack === other.finEnd);
      if (acks || (one.moves && (length > 0 || (flags & FIN) !== 0))) one.span.proved = true;
      else pending[left++] = one;
    }
    if (left === 0) this.pending = null;
    else pending.length = left;
  }

  /** Payload of this side: advances its next number. Answers whether it repeats what was captured before. */
  data(index: number, seq: number, length: number): boolean {
    if (this.firstData < 0) this.firstData = index;
    const end = seqAdd(seq, length);
    if (!this.nextKnown) {
      this.nextKnown = true;
      this.next = end;
      return false;
    }
    const ahead = seqDiff(seq, this.next);
    if (ahead > 0) {
      this.holeStart = this.next;
      this.holeEnd = seq;
    }
    if (seqDiff(end, this.next) > 0) this.next = end;
    if (ahead >= 0) return false;
    const fillsHole =
      seqDiff(seq, this.holeStart) >= 0 && seqDiff(seq, this.holeEnd) < 0 && seqDiff(end, this.holeEnd) <= 0;
    // A keep-alive repeats at most one byte that was acknowledged long ago (RFC 9293, section 3.8.4).
    const keepAlive = length === 1 && ahead === -1;
    if (fillsHole || keepAlive) return false;
    this.retransmissions++;
    return true;
  }
}

/** `list` with one more index, unless it is full. */
export function push(list: readonly number[], value: number): readonly number[] {
  if (list.length === 0) return [value];
  if (list.length < keep) (list as number[]).push(value);
  return list;
}
