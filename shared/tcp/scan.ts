import {
  type Connection,
  type ConnectionEvent,
  type EventKind,
  type Reset,
  type ResetFit,
  type ResetPhase,
  SegmentMark,
  type StateSpan,
} from './connection.ts';
import { CopyFinder } from './copies.ts';
import { answeredSyn, judgeReset } from './resets.ts';
import { assignRoles, type Known } from './roles.ts';
import { type StreamContext, type StreamSegments, TcpFlag } from './segments.ts';
import { bytesPerNs, farBack, farBytes, mostSent, seqAdd, seqDiff } from './sequence.ts';
import { keep, push, Side } from './side.ts';

const { FIN, SYN, RST, ACK } = TcpFlag;
/** A keep-alive probe comes on an idle connection: never this soon after its sender's last segment. */
const idleNs = 900_000_000;
/** What a FIN acknowledges lies no farther from what the other side sent last. */
const farFin = 1 << 26;
/** How often the pass may start again because a reset turned out to be without effect. */
const maxIgnoredResets = 8;
/** A side that has sent a SYN and nothing that was captured may have sent this many bytes at once. */
const soonBytes = 1 << 20;

/** What is taken for granted in one pass, since an earlier pass over all segments showed it. */
export interface Hypothesis extends Known {
  /** Segments that have no part in the connection: SYNs without effect, resets of another connection. */
  readonly aside?: readonly number[];
  /** Resets that the side they name did not send. */
  readonly injected?: readonly number[];
}

/** One pass over the segments of a stream, in capture order. */
class Scan {
  private readonly a = new Side(true);
  private readonly b = new Side(false);
  private readonly events: ConnectionEvent[] = [];
  private readonly resets: (Reset & { challenge: number })[] = [];
  private resetCount = 0;
  private readonly marks: Uint8Array | null;
  private syn = -1;
  private synAck = -1;
  private strangeSynAck = -1;
  private swapped = false;
  private challenge = -1;
  private bareAck = -1;
  private bothSyn = false;
  private anyFin = false;
  private simultaneousClose = false;
  private duplicates = 0;
  private controlDuplicates = 0;
  /**
   * A FIN stands before the end of the opening, or a SYN+ACK behind its acknowledgment: the capture's order is not to
   * be trusted for states.
   */
  private disordered = false;
  /** Acknowledgments of numbers that the other side had not used yet, by what was captured so far. */
  private ahead = 0;
  private readonly copies: { index: number; original: number }[] = [];
  /** The reset whose challenge may come next, and the side that would send it. */
  private challengedAt = -1;
  private doubted: { readonly by: Side; readonly at: number } | null = null;
  /** Position in `resets` of the reset that ended the connection, -1 none. */
  private closedBy = -1;
  /** Both sides are established and nothing waits: most segments need no rules. */
  private calm = false;

  constructor(
    private readonly segments: StreamSegments,
    private readonly record: boolean,
    private readonly ignored: readonly number[],
    private readonly injected: readonly number[],
    private readonly aside: readonly number[],
    private readonly finder: CopyFinder,
  ) {
    this.marks = record ? new Uint8Array(segments.count) : null;
  }

  /** Answers the index of a reset that later segments show to be without effect, -1 where there is none. */
  run(): number {
    const { count, fromA, flags, seq, ack, length } = this.segments;
    const { a, b } = this;
    for (let i = 0; i < count; i++) {
      const s = fromA[i] !== 0 ? a : b;
      const r = s === a ? b : a;
      const f = flags[i];
      const len = length[i];
      s.packets++;
      s.bytes += len;
      if (this.aside.length > 0 && this.aside.includes(i)) {
        this.event(i, (f & RST) !== 0 ? 'rst' : 'syn');
        continue;
      }
      const before = s.last;
      s.last = i;
      // Only what uses sequence numbers, or is a reset, can be mistaken for something sent again.
      if (
        before >= 0 &&
        ((f & (SYN | RST)) !== 0 ||
          ((len > 0 || (f & FIN) !== 0) && seqDiff(seq[i], s.next) < 0) ||
          this.finder.merged !== null)
      ) {
        const copy = this.finder.original(i);
        if (copy >= 0) {
          s.duplicates++;
          const clear = !this.finder.unclear.has(i);
          if (clear) this.duplicates++;
          if (clear && this.copies.length < keep) this.copies.push({ index: i, original: copy });
          if (this.marks !== null) this.marks[i] |= SegmentMark.Duplicate;
          if (clear && (f & (SYN | FIN | RST)) !== 0) this.controlDuplicates++;
          if ((f & (SYN | FIN | RST)) !== 0)
            this.event(
              i,
              (f & RST) !== 0 ? 'rst' : (f & SYN) !== 0 ? ((f & ACK) !== 0 ? 'syn-ack' : 'syn') : 'fin',
              copy,
              true,
            );
          continue;
        }
      }
      if (r.keepAliveUnanswered > 0) {
        r.keepAliveUnanswered = 0;
        if ((f & RST) === 0) r.keepAliveAnswer = i;
      }
      if (len <= 1 && (f & (ACK | SYN | FIN | RST)) === ACK && r.ackKnown && seqDiff(seq[i], r.acked) === -1)
        this.keepAlive(i, s, r, before);
      if (!this.calm || (f & (FIN | SYN | RST)) !== 0) {
        const void_ = this.careful(i, s, r, f, seq[i], ack[i], len);
        if (void_ >= 0) return void_;
        continue;
      }
      if (len > 0) {
        if (s.data(i, seq[i], len) && this.marks !== null) this.marks[i] |= SegmentMark.Retransmission;
      } else if (seqDiff(seq[i], s.next) > 0) s.reach(seq[i]);
      if ((f & ACK) !== 0 && seqDiff(ack[i], s.acked) > 0) {
        if (seqDiff(ack[i], r.next) > 0) {
          r.reach(ack[i]);
          this.ahead++;
        }
        s.acked = ack[i];
        s.ackIndex = i;
      }
    }
    return -1;
  }

  finish(base: StreamContext['relativeBase'], known: Known): Connection {
    const { a, b, segments } = this;
    if (base !== undefined && base.a !== null) a.base = base.a;
    if (base !== undefined && base.b !== null) b.base = base.b;
    for (const side of [a, b]) {
      side.unseen = side.nextKnown && side.reachedKnown && seqDiff(side.reached, side.next) > 0;
      // It may have sent a FIN that was not captured: then every state from there on was another one.
      if (this.disordered || (side.fin < 0 && (side.unseen || (side.firstData < 0 && !side.isnKnown))))
        for (const span of [...a.closingSpans, ...b.closingSpans]) span.proved = false;
      // A side that never spoke may not have received anything, or may not exist.
      if (side.packets > 0 || side.span.proved || side.span.state !== 'SYN-RECEIVED') continue;
      side.span.state = 'UNKNOWN';
      side.initial.state = 'UNKNOWN';
    }
    const roles = assignRoles(segments, a, b, known);
    const { clientIsA } = roles;
    const client = clientIsA ? a : b;
    const server = clientIsA ? b : a;
    return {
      segments,
      a,
      b,
      clientIsA,
      client,
      server,
      roleEvidence: roles.evidence,
      roles,
      events: this.events,
      resets: this.resets,
      resetCount: this.resetCount,
      syn: this.syn,
      synAck: this.synAck,
      handshakeAck: this.synAck >= 0 ? (segments.fromA[this.synAck] !== 0 ? b : a).handshakeAck : client.handshakeAck,
      strangeSynAck: this.strangeSynAck,
      swapped: this.swapped,
      challenge: this.challenge,
      bareAck: this.bareAck,
      bothSyn: this.bothSyn,
      anyFin: this.anyFin,
      simultaneousClose: this.simultaneousClose,
      copies: this.copies,
      ahead: this.ahead,
      disordered: this.disordered,
      duplicates: this.duplicates,
      controlDuplicates: this.controlDuplicates,
      marks: this.marks,
    };
  }

  /** `s` sends the last number once more that `r` has acknowledged already (RFC 9293, section 3.8.4). */
  private keepAlive(i: number, s: Side, r: Side, before: number): void {
    const { timeNs, window } = this.segments;
    if (s.fin >= 0 || this.closedBy >= 0 || !s.nextKnown || before < 0 || timeNs[i] - timeNs[before] < idleNs) return;
    // Beyond what was acknowledged there is data under way; before a closed window it is that window's probe.
    if (seqDiff(s.next, r.acked) > 0 || r.last < 0 || window[r.last] === 0) return;
    // So soon behind a segment of the other side it is an acknowledgment that was overtaken.
    if (Math.abs(timeNs[i] - timeNs[r.last]) < idleNs) return;
    s.keepAlives = push(s.keepAlives, i);
    s.keepAliveCount++;
    s.keepAliveUnanswered++;
  }

  private event(index: number, kind: EventKind, original = -1, duplicate = false): void {
    if (!this.record) return;
    const { a, b } = this;
    this.events.push({ index, kind, original, duplicate, crossing: false, a: a.span, b: b.span });
  }

  private careful(i: number, s: Side, r: Side, f: number, seq: number, ack: number, len: number): number {
    if ((f & FIN) !== 0) this.anyFin = true;
    if ((f & RST) !== 0) {
      this.reset(i, s, r, f, seq, ack);
      this.updateCalm();
      return -1;
    }
    s.reach(seq);
    if ((f & ACK) !== 0) {
      r.reach(ack);
      if (!r.nextKnown || seqDiff(ack, r.next) > 0) this.ahead++;
    }
    if (
      len > 0 &&
      s.nextKnown &&
      this.strangeSynAck >= 0 &&
      (f & SYN) === 0 &&
      Math.abs(seqDiff(seq, s.next)) > farBytes
    ) {
      // The strange SYN+ACK had other numbers than what its sender uses.
      s.next = seq;
      s.reached = seq;
      s.reachedKnown = true;
    }
    const challenged = this.challenges(i, s, f, seq, ack, len);
    if (challenged && this.resets[this.challengedAt].fit === 'unknown') return this.resets[this.challengedAt].index;
    if (!s.baseKnown) {
      s.baseKnown = true;
      s.base = (f & SYN) !== 0 ? seq : seqAdd(seq, -1);
    }
    if ((f & ACK) !== 0 && !r.baseKnown) {
      r.baseKnown = true;
      r.base = seqAdd(ack, -1);
    }
    const undone = this.closedBy >= 0 && (f & ACK) !== 0 ? this.undoneReset(r, ack) : -1;
    if (undone >= 0) return undone;
    const spanA = this.a.span;
    const spanB = this.b.span;
    const retransmitted = s.retransmissions;
    let kind: EventKind | null = challenged ? 'challenge' : null;
    let original = -1;
    if ((f & SYN) !== 0) {
      original = (f & ACK) !== 0 ? this.sameSynAck(s, seq, ack) : this.original(s.syns, seq);
      if ((f & ACK) !== 0) this.synAckSegment(i, s, r, seq, ack, len, original);
      else this.synSegment(i, s, r, seq, len, original);
      kind = (f & ACK) !== 0 ? 'syn-ack' : 'syn';
      if (original >= 0) {
        s.retransmissions++;
        r.oweAck = true;
        if (this.marks !== null) this.marks[i] |= SegmentMark.Retransmission;
      }
      if ((f & ACK) !== 0) {
        if (answeredSyn(this.segments, r, ack) >= 0 || r.syns.length === 0) s.settle(r, f, ack, 0);
        // The answer to a repeated SYN is the SYN+ACK itself: nothing more is owed.
        s.oweAck = false;
      }
    } else {
      const isFin = (f & FIN) !== 0;
      if (isFin) original = this.original(s.fins, seq);
      kind = this.plainSegment(i, s, r, f, seq, ack, len) ?? kind;
      if (isFin) {
        kind = 'fin';
        if (original >= 0 && s.retransmissions === retransmitted) {
          s.retransmissions++;
          if (this.marks !== null) this.marks[i] |= SegmentMark.Retransmission;
        }
        if (original >= 0) r.oweAck = true;
      } else if (kind === null && s.oweAck && len === 0) kind = 'again';
      if (!isFin) s.oweAck = false;
    }
    if ((f & ACK) !== 0 && (!s.ackKnown || seqDiff(ack, s.acked) > 0)) {
      s.ackKnown = true;
      s.acked = ack;
      s.ackIndex = i;
    }
    if (
      kind === null &&
      (this.a.span !== spanA || this.b.span !== spanB) &&
      spanA.state !== 'UNKNOWN' &&
      spanB.state !== 'UNKNOWN'
    )
      kind = 'other';
    if (kind !== null) this.event(i, kind, original);
    this.updateCalm();
    return -1;
  }

  /**
   * The first segment of the side that got a reset with another number than it expects: it may say again what it
   * expects.
   */
  private challenges(i: number, s: Side, f: number, seq: number, ack: number, len: number): boolean {
    const { doubted } = this;
    this.doubted = null;
    if (
      doubted === null ||
      doubted.by !== s ||
      len > 0 ||
      (f & (SYN | FIN | ACK)) !== ACK ||
      ack !== s.acked ||
      seq !== s.next
    )
      return false;
    this.resets[doubted.at].challenge = i;
    this.challengedAt = doubted.at;
    return true;
  }

  /** One of the same number that answers another SYN is no repetition. */
  private sameSynAck({ synAcks }: Side, seq: number, ack: number): number {
    return synAcks.find((index) => this.segments.seq[index] === seq && this.segments.ack[index] === ack) ?? -1;
  }

  private original(list: readonly number[], seq: number): number {
    for (const index of list) if (this.segments.seq[index] === seq) return index;
    return -1;
  }

  private updateCalm(): void {
    const { a, b } = this;
    this.calm =
      a.span.state === 'ESTABLISHED' &&
      b.span.state === 'ESTABLISHED' &&
      a.pending === null &&
      b.pending === null &&
      a.fin < 0 &&
      b.fin < 0 &&
      this.closedBy < 0 &&
      a.ackKnown &&
      b.ackKnown &&
      a.nextKnown &&
      b.nextKnown &&
      this.doubted === null &&
      !a.oweAck &&
      !b.oweAck;
  }

  /** A SYN without ACK (RFC 9293, sections 3.10.7.2 and 3.10.7.3). */
  private synSegment(i: number, s: Side, r: Side, seq: number, len: number, original: number): void {
    s.syns = push(s.syns, i);
    s.lastSyn = i;
    s.synCount++;
    if (original >= 0) {
      // Tried again after a refusal: the side is waiting once more.
      if (s.span.state === 'CLOSED' && this.synAck < 0) {
        s.enter('SYN-SENT', true);
        const refused = this.closedBy < 0 ? -1 : this.resets[this.closedBy].index;
        this.closedBy = -1;
        // Its SYN+ACK may stand before it.
        const answer = r.synAcks.find((k) => k > refused && [1, 1 + len].includes(seqDiff(this.segments.ack[k], seq)));
        if (answer === undefined) return;
        this.swapped = true;
        this.syn = i;
        this.synAck = answer;
        s.await(s.enter('ESTABLISHED', false), seqAdd(r.isn, 1));
      }
      return;
    }
    const open = s.span.state === 'ESTABLISHED' || r.span.state === 'ESTABLISHED';
    const swapped =
      this.strangeSynAck >= 0 &&
      this.segments.fromA[this.strangeSynAck] !== this.segments.fromA[i] &&
      [1, 1 + len].includes(seqDiff(this.segments.ack[this.strangeSynAck], seq));
    if (this.synAck < 0 || !open) {
      s.isn = seq;
      s.isnKnown = true;
      if (s.synCount === 1) s.base = seq;
      s.next = seqAdd(seq, 1 + len);
      s.nextKnown = true;
    }
    if (len > 0 && s.firstData < 0) s.firstData = i;
    if (swapped && s.synCount === 1) {
      this.swapped = true;
      this.syn = i;
      this.synAck = this.strangeSynAck;
      this.strangeSynAck = -1;
      if (s.span.state === 'UNKNOWN') {
        s.initial.state = 'CLOSED';
        s.await(s.enter('ESTABLISHED', false), seqAdd(r.isn, 1));
      }
      return;
    }
    // Of two that asked at once the SYN+ACK may overtake the SYN (RFC 9293, figure 7).
    if (open && s.synAcks.some((k) => this.segments.seq[k] === seq)) return;
    if (open) {
      // The sender knows nothing of the connection that the capture shows as open (RFC 9293, figure 9).
      s.enter('SYN-SENT', true);
      return;
    }
    if (r.syns.length > 0 && r.synAcks.length === 0 && s.synCount === 1) {
      // Both asked: this side had not received the other's SYN when it sent its own (RFC 9293, figure 7).
      this.bothSyn = true;
      s.initial.state = 'CLOSED';
      s.initial.proved = true;
      if (s.span.state === 'SYN-RECEIVED' || s.span.state === 'LISTEN') {
        s.span.state = 'CLOSED';
        s.span.proved = false;
        s.pending = null;
      }
      s.enter('SYN-SENT', true);
      r.await(r.enter('SYN-RECEIVED', false), seqAdd(seq, 1));
      for (const event of this.events) if (event.index === r.syns[0]) event.crossing = true;
      return;
    }
    if (s.packets === 1) s.initial.state = 'CLOSED';
    s.enter('SYN-SENT', true);
    if (r.packets === 0) {
      r.initial.state = 'LISTEN';
      r.await(r.enter('SYN-RECEIVED', false), seqAdd(seq, 1));
    }
  }

  private synAckSegment(i: number, s: Side, r: Side, seq: number, ack: number, len: number, original: number): void {
    s.synAcks = push(s.synAcks, i);
    const answered = answeredSyn(this.segments, r, ack);
    if (original < 0 && r.handshakeAck >= 0) this.disordered = true;
    // Its own reset, with just the number after it, stands in front of it.
    if (
      original < 0 &&
      this.resets.some(
        (one) =>
          one.fromA === s.isA &&
          this.segments.seq[one.index] !== 0 &&
          this.segments.seq[one.index] === seqAdd(seq, 1 + len),
      )
    )
      this.disordered = true;
    if (original >= 0) {
      if (answered >= 0 && this.synAck < 0 && this.closedBy < 0) this.synAck = original;
      return;
    }
    const established = s.span.state === 'ESTABLISHED' && r.span.state === 'ESTABLISHED';
    if (established && s.isnKnown) return;
    // Another answer to the same SYN: which of them counts is said by the one that is acknowledged.
    if (
      answered >= 0 &&
      this.synAck >= 0 &&
      this.closedBy < 0 &&
      this.segments.fromA[this.synAck] === this.segments.fromA[i] &&
      this.segments.ack[this.synAck] === ack
    )
      return;
    const renumbered = s.isnKnown && s.isn !== seq;
    // Numbers of another SYN+ACK show nothing that this side sent.
    if (renumbered) s.reached = seq;
    if (answered >= 0 && s.fin >= 0 && !(seqDiff(s.finEnd, seq) > 0 && seqDiff(s.finEnd, seq) < farBytes)) {
      // The FIN in front of it ended another connection of the same ports.
      s.fin = -1;
      s.fins = [];
      s.firstData = -1;
      this.simultaneousClose = false;
    }
    if (answered >= 0 && r.fin >= 0 && this.acknowledgesFar(r.fin, seq)) {
      // So did the other side's, which acknowledges numbers of that one.
      r.fin = -1;
      r.fins = [];
      r.finAckedAt = -1;
      s.gotFin = false;
      if (r.handshakeAck >= 0 && this.acknowledgesFar(r.handshakeAck, seq)) r.handshakeAck = -1;
    }
    s.isn = seq;
    s.isnKnown = true;
    s.base = seq;
    s.next = seqAdd(seq, 1 + len);
    s.nextKnown = true;
    // What an attempt before used is no part of this one.
    if (renumbered) s.reached = s.next;
    if (len > 0 && s.firstData < 0) s.firstData = i;
    if (s.initial.state === 'UNKNOWN' && s.packets === 1) s.initial.state = 'LISTEN';
    if (this.bothSyn && s.span.state === 'ESTABLISHED' && !s.span.proved) {
      // The other side's SYN+ACK had not arrived when this one left.
      s.span.state = 'SYN-RECEIVED';
      s.span.proved = true;
      s.pending = null;
    } else s.enter('SYN-RECEIVED', true);
    if (answered >= 0 && this.closedBy >= 0) {
      const closed = this.resets[this.closedBy];
      // After a reset it counts only when the other side takes it up: then the pass starts again without that reset.
      if (closed.phase !== 'handshake' || r.lastSyn <= closed.index) return;
      // The other side asked once more, and was answered with a number of its own: another attempt.
      this.closedBy = -1;
      r.enter('SYN-SENT', true);
    }
    if (answered >= 0) {
      // What it acknowledged of an older connection says nothing of this one.
      if (s.ackKnown && Math.abs(seqDiff(s.acked, ack)) > farBytes) {
        s.acked = ack;
        s.ackIndex = i;
      }
      this.syn = answered;
      this.synAck = i;
      r.isn = this.segments.seq[answered];
      r.next = ack;
      if (this.challenge >= 0 || this.strangeSynAck >= 0) {
        // What an older connection used is no part of this one.
        r.reached = ack;
        s.reached = s.next;
      }
      r.await(r.enter('ESTABLISHED', false), seqAdd(seq, 1));
    } else {
      if (this.strangeSynAck < 0) this.strangeSynAck = i;
      if (!r.nextKnown) {
        r.next = ack;
        r.nextKnown = true;
      }
    }
  }

  private acknowledgesFar(i: number, number: number): boolean {
    const { flags, ack } = this.segments;
    return (flags[i] & ACK) !== 0 && Math.abs(seqDiff(ack[i], number)) > farBytes;
  }

  /** A segment without SYN and RST. Answers why it matters, null where it does not. */
  private plainSegment(
    i: number,
    s: Side,
    r: Side,
    f: number,
    seq: number,
    ack: number,
    len: number,
  ): EventKind | null {
    let kind: EventKind | null = null;
    const hasAck = (f & ACK) !== 0;
    if (s.packets === 1 && r.packets === 0) {
      s.enter('ESTABLISHED', false);
      if (hasAck) r.enter('ESTABLISHED', false);
    }
    const answers = r.synAcks.length > 0 || (r.syns.length > 0 && s.synAcks.length === 0);
    // The SYN+ACK that it takes up was not captured: the one that was has nothing to do with it.
    const renewed =
      hasAck &&
      this.synAck < 0 &&
      this.strangeSynAck >= 0 &&
      s.isnKnown &&
      s.span.state === 'SYN-SENT' &&
      seqDiff(seq, seqAdd(s.isn, 1)) >= 0 &&
      this.tooFar(Math.abs(seqDiff(ack, seqAdd(r.isn, 1))), i, this.strangeSynAck);
    if (this.closedBy >= 0) kind = null;
    else if (!renewed && hasAck && r.isnKnown && s.handshakeAck < 0 && answers)
      kind = this.handshakeAnswer(i, s, r, seq, ack);
    else if (
      hasAck &&
      s.isnKnown &&
      s.span.state === 'SYN-SENT' &&
      (!r.isnKnown || renewed) &&
      seqDiff(seq, seqAdd(s.isn, 1)) >= 0 &&
      !this.tooFar(seqDiff(seq, s.isn), i, s.syns[0] ?? -1)
    ) {
      // The answer was not captured, but the sender would not acknowledge without it.
      s.enter('ESTABLISHED', true);
      r.enter('ESTABLISHED', false);
      r.isn = seqAdd(ack, -1);
      if (renewed || this.challenge >= 0) {
        // What an older connection used is no part of this one.
        r.next = ack;
        r.reached = ack;
      }
      s.handshakeAck = i;
      kind = 'handshake-ack';
    } else if (s.span.state === 'UNKNOWN') s.enter('ESTABLISHED', false);
    if (
      s.span.state === 'SYN-RECEIVED' &&
      len > 0 &&
      r.handshakeAck < 0 &&
      s.isnKnown &&
      seq === s.next &&
      r.syns.length > 0 &&
      this.segments.length[r.syns[0]] === 0
    ) {
      // Data from this side: it must have received an acknowledgment that was not captured.
      s.enter('ESTABLISHED', true);
    }
    if (s.span.state === 'SYN-RECEIVED' && hasAck && s.synAcks.length > 0 && r.syns.length === 0) {
      // It acknowledges more than with its SYN+ACK: the other side has sent data since.
      const more = seqDiff(ack, this.segments.ack[s.synAcks[0]]);
      if (more > 0 && more < 1 << 30) {
        s.enter('ESTABLISHED', true);
        kind ??= 'other';
      }
    }
    if (!s.nextKnown || this.isNear(seqDiff(seq, s.next), i, s)) s.settle(r, f, ack, len);
    if (hasAck && r.fin >= 0 && ack === r.finEnd) kind = this.acknowledgesFin(i, s, r, len, f) ?? kind;
    const start = s.nextKnown ? s.next : seq;
    if (len > 0) {
      if (s.data(i, seq, len) && this.marks !== null) this.marks[i] |= SegmentMark.Retransmission;
      const fresh = seqDiff(seqAdd(seq, len), start) > 0;
      if (fresh && s.gotFin && s.fin < 0 && hasAck && ack === r.finEnd) {
        if ((f & FIN) === 0) {
          if (s.halfCloseFirst < 0) s.halfCloseFirst = i;
          s.halfCloseLast = i;
        }
        s.halfCloseBytes += (f & FIN) === 0 ? len : 0;
      }
    } else if (!s.nextKnown) {
      s.nextKnown = true;
      s.next = seq;
    }
    if ((f & FIN) !== 0) this.finSegment(i, s, r, seqAdd(seq, len + 1), hasAck ? ack : -1);
    return kind;
  }

  /** Of several SYN+ACKs with numbers of their own the one counts that `s` acknowledges. */
  private takeUp(s: Side, r: Side, ack: number): void {
    if (this.synAck < 0 || r.synAcks.length < 2 || s.handshakeAck >= 0) return;
    const { seq, length } = this.segments;
    const last = seqAdd(seq[this.synAck], 1 + length[this.synAck]);
    if (ack === last || ack === seqAdd(seq[this.synAck], 1)) return;
    const taken = r.synAcks.find(
      (k) => seq[k] !== seq[this.synAck] && (ack === seqAdd(seq[k], 1) || ack === seqAdd(seq[k], 1 + length[k])),
    );
    if (taken === undefined) return;
    this.synAck = taken;
    this.syn = s.syns.findLast((k) => k < taken && seq[k] === seq[this.syn]) ?? this.syn;
    r.isn = seq[taken];
    r.base = r.isn;
    r.next = seqAdd(r.isn, 1 + length[taken]);
    r.reached = r.next;
  }

  /** The acknowledgment of a SYN+ACK, or of a SYN in the rarer openings. */
  private handshakeAnswer(i: number, s: Side, r: Side, seq: number, ack: number): EventKind | null {
    this.takeUp(s, r, ack);
    const expected = seqAdd(r.isn, 1);
    // What starts before the first number after the SYN is not acceptable and acknowledges nothing (RFC 9293, section
    // 3.10.7.4).
    if (s.isnKnown && s.syns.length > 0 && seqDiff(seq, seqAdd(s.isn, 1)) < 0) return null;
    // Nor does what lies farther on than its side can have come meanwhile: it is another connection's.
    if (
      this.tooFar(seqDiff(ack, expected), i, this.synAck) ||
      (s.isnKnown && s.syns.length > 0 && this.tooFar(seqDiff(seq, s.isn), i, s.syns[0]))
    )
      return null;
    if (seqDiff(ack, expected) < 0 || this.strange(i, s, r, ack)) {
      const waiting = r.span.state === 'SYN-SENT';
      if (waiting && s.synAcks.length === 0 && s.syns.length === 0 && this.challenge < 0) {
        this.challenge = i;
        s.initial.state = 'ESTABLISHED';
        if (s.span.state === 'SYN-RECEIVED') {
          s.span.state = 'ESTABLISHED';
          s.pending = null;
        } else s.enter('ESTABLISHED', false);
        return 'challenge';
      }
      return null;
    }
    if (r.synAcks.length === 0 && s.syns.length === 0 && s.synAcks.length === 0) {
      // Acknowledges the SYN but brings none of its own.
      if (this.bareAck < 0) this.bareAck = i;
      return 'other';
    }
    s.handshakeAck = i;
    const waiting = r.span.state === 'SYN-RECEIVED' || r.span.state === 'SYN-SENT';
    if (
      s.span.state === 'SYN-SENT' ||
      s.span.state === 'SYN-RECEIVED' ||
      s.span.state === 'UNKNOWN' ||
      s.span.state === 'ESTABLISHED'
    )
      s.enter('ESTABLISHED', true);
    if (waiting) {
      const first = s.isnKnown ? s.next : seq;
      // With fast open it may send data before the third segment arrives (RFC 7413, section 4.2).
      const fast =
        this.synAck >= 0 &&
        this.syn >= 0 &&
        this.segments.length[this.syn] > 0 &&
        this.segments.ack[this.synAck] !== seqAdd(this.segments.seq[this.syn], 1);
      r.await(r.enter('ESTABLISHED', false), seqAdd(first, 1), !fast);
    }
    return waiting || s.synAcks.length === 0 ? 'handshake-ack' : null;
  }

  /** A segment that begins so far from where its side had come to may be of this connection, and not of the next one. */
  private isNear(beyond: number, i: number, s: Side): boolean {
    return beyond > -farBack && !this.tooFar(beyond, i, s.synAcks[0] ?? s.syns[0] ?? -1);
  }

  /** So many bytes cannot have been sent between the segments `from` and `i`. */
  private tooFar(beyond: number, i: number, from: number): boolean {
    const { timeNs } = this.segments;
    return from >= 0 && beyond > mostSent(timeNs[i] - timeNs[from]);
  }

  /**
   * An acknowledgment ahead of a SYN that nothing else answered: by more than its sender can have sent meanwhile, or
   * contradicted by what that sender does later. It speaks of an older connection (RFC 9293, section 3.10.7.3; RFC
   * 5961, section 4).
   */
  private strange(i: number, s: Side, r: Side, ack: number): boolean {
    if (r.span.state !== 'SYN-SENT' || r.synAcks.length > 0 || s.synAcks.length > 0 || s.syns.length > 0) return false;
    const { fromA, flags, seq, ack: acks, timeNs, length, count } = this.segments;
    const syn = r.syns[r.syns.length - 1];
    const beyond = seqDiff(ack, seqAdd(r.isn, 1 + length[syn]));
    if (beyond <= 0) return false;
    const later = Math.min(count, i + 256);
    const far = beyond > soonBytes + Math.max(0, timeNs[i] - timeNs[syn]) * bytesPerNs;
    for (let k = i + 1; k < later; k++) {
      if (fromA[k] !== fromA[syn]) continue;
      // It resets just what the acknowledgment said: it is still in SYN-SENT. Near the SYN that may as well be a number
      // of this connection, which its sender no longer knows.
      if (
        (far || (length[i] === 0 && r.packets === r.synCount + r.duplicates)) &&
        (flags[k] & (RST | ACK)) === RST &&
        seq[k] === ack
      )
        return true;
      // So it is where it asks again.
      if ((flags[k] & (SYN | ACK)) === SYN && seq[k] === r.isn && this.finder.original(k) < 0) return true;
      // It takes up what the other side uses: the SYN+ACK was not captured.
      if (
        (flags[k] & (RST | ACK)) === ACK &&
        seqDiff(seq[k], r.isn) > 0 &&
        seqDiff(acks[k], seqAdd(seq[i], -soonBytes)) >= 0
      )
        return false;
    }
    return far;
  }

  /** `s` shows that it received the FIN of `r`. */
  private acknowledgesFin(i: number, s: Side, r: Side, len: number, f: number): EventKind | null {
    const firstTime = r.finAckedAt < 0;
    if (firstTime) r.finAckedAt = i;
    if (!s.gotFin) {
      s.gotFin = true;
      this.receivedFin(s, true);
    }
    const { state } = r.span;
    if (firstTime) {
      if (state === 'FIN-WAIT-1') {
        // A crossing FIN arrived before this acknowledgment, which was sent after it.
        if (s.fin >= 0) r.enter('TIME-WAIT', false);
        else r.await(r.enter('FIN-WAIT-2', false), seqAdd(s.next, 1), false, true);
      } else if (state === 'CLOSING') r.enter('TIME-WAIT', false);
      else if (state === 'LAST-ACK') r.enter('CLOSED', false);
      return 'fin-acked';
    }
    return len === 0 && (f & FIN) === 0 && s.oweAck ? 'again' : null;
  }

  /** Moves `s` on because the other side's FIN arrived. */
  private receivedFin(s: Side, proved: boolean): StateSpan | null {
    switch (s.span.state) {
      case 'FIN-WAIT-1':
        return s.enter(s.finAckedAt >= 0 ? 'TIME-WAIT' : 'CLOSING', proved);
      case 'FIN-WAIT-2':
        return s.enter('TIME-WAIT', proved);
      case 'ESTABLISHED':
      case 'SYN-RECEIVED':
      case 'UNKNOWN':
        return s.enter('CLOSE-WAIT', proved);
      default:
        if (proved) s.span.proved = true;
        return null;
    }
  }

  private finSegment(i: number, s: Side, r: Side, end: number, ack: number): void {
    // A side that waits for the answer to its SYN does not process a FIN (RFC 9293, section 3.10.7.4, eighth).
    // Where it sent data before, the acknowledgment of the SYN that was captured was not its first.
    const acknowledgesData = ack >= 0 && seqDiff(ack, seqAdd(r.isn, 1)) > 0 && seqDiff(ack, r.isn) < soonBytes;
    if (
      r.span.state === 'SYN-SENT' &&
      s.synAcks.length === 0 &&
      !(this.bareAck >= 0 && (s.firstData >= 0 || acknowledgesData))
    )
      return;
    // One that acknowledges numbers nowhere near the other side's closes another connection.
    if (
      ack >= 0 &&
      r.nextKnown &&
      r.last >= 0 &&
      r.last !== this.challenge &&
      Math.abs(seqDiff(ack, r.next)) > farFin &&
      Math.abs(seqDiff(ack, this.segments.seq[r.last])) > farFin
    )
      return;
    if (s.span.state === 'SYN-SENT') this.disordered = true;
    s.fins = push(s.fins, i);
    if (s.fin >= 0) return;
    s.fin = i;
    s.finEnd = end;
    if (seqDiff(end, s.next) > 0) s.next = end;
    if (s.span.state === 'CLOSED' || s.span.state === 'TIME-WAIT') return;
    // A FIN that acknowledges this one was sent after it, whatever their order in the capture.
    const answered = r.fin >= 0 && (this.segments.flags[r.fin] & ACK) !== 0 && this.segments.ack[r.fin] === end;
    const crossed = r.fin >= 0 && ack >= 0 && seqDiff(ack, r.finEnd) < 0 && !answered;
    if (answered) {
      // Its sender had sent this one before, and was past ESTABLISHED when the other FIN came.
      for (const span of s.closingSpans) {
        if (span.state === 'CLOSE-WAIT') span.state = 'TIME-WAIT';
        span.proved = false;
      }
      for (const span of r.closingSpans) {
        if (span.state === 'FIN-WAIT-1') span.state = 'LAST-ACK';
        else if (span.state === 'FIN-WAIT-2') span.state = 'CLOSED';
        span.proved = false;
      }
      s.pending = null;
      s.finAckedAt = r.fin;
      r.gotFin = true;
      return;
    }
    if (crossed) {
      this.simultaneousClose = true;
      if (s.span.state === 'CLOSE-WAIT') {
        // It had not received the other FIN after all.
        s.span.state = 'ESTABLISHED';
        s.span.proved = true;
        s.pending = null;
      }
      for (const event of this.events) if (event.index === r.fin) event.crossing = true;
    }
    if (crossed && s.gotFin) s.enter('CLOSING', true);
    else if (s.gotFin || (r.fin >= 0 && !crossed)) s.enter('LAST-ACK', s.gotFin);
    else s.enter('FIN-WAIT-1', s.span.proved);
    // The acknowledgment stands before the FIN where the capture swapped them.
    if (r.ackKnown && r.acked === end) {
      s.finAckedAt = r.ackIndex;
      r.gotFin = true;
    }
    const reached = this.receivedFin(r, r.gotFin);
    if (reached !== null) r.await(reached, end);
  }

  private reset(i: number, s: Side, r: Side, f: number, seq: number, ack: number): void {
    this.resetCount++;
    const judged = judgeReset(this.segments, i, s, r, this.closedBy >= 0);
    const { phase } = judged;
    const strangers =
      (f & ACK) === 0 &&
      r.ackKnown &&
      r.last >= 0 &&
      r.last === i - 1 &&
      this.segments.ack[r.last] === seq &&
      (this.segments.flags[r.last] & ACK) !== 0;
    const injected = this.injected.includes(i);
    const ignored = injected || this.ignored.includes(i);
    // Nobody obeyed: a number that could have fitted after some lost segments did not.
    const refused = ignored && !injected && judged.fit === 'unknown' && r.ackKnown;
    const fit = refused ? 'inexact' : judged.fit;
    const expected = refused ? r.acked : judged.expected;
    if (!s.baseKnown) {
      s.baseKnown = true;
      s.base = seqAdd(seq, -1);
    }
    // A refusal, or a reset of what is closed, has numbers of no connection.
    if (fit !== 'inexact' && !ignored && phase !== 'syn' && phase !== 'closed') {
      s.reach(seq);
      if ((f & ACK) !== 0) r.reach(ack);
    }
    if (this.resets.length < keep) {
      this.resets.push({
        index: i,
        fromA: s.isA,
        fit,
        phase,
        answersStranger: strangers,
        expected,
        ignored,
        injected,
        challenge: -1,
      });
      this.doubted = fit !== 'exact' && r.ackKnown && r.nextKnown ? { by: r, at: this.resets.length - 1 } : null;
    }
    if (this.closedBy < 0 && !ignored && this.resets[this.resets.length - 1].index === i)
      this.applyReset(s, r, fit, phase);
    this.event(i, 'rst');
  }

  private applyReset(s: Side, r: Side, fit: ResetFit, phase: ResetPhase): void {
    if (phase === 'syn' && s.span.state !== 'SYN-SENT') {
      // Nobody listens: the port never left CLOSED.
      if (s.span.state === 'SYN-RECEIVED' || s.span.state === 'LISTEN') {
        s.span.state = 'CLOSED';
        s.pending = null;
        s.initial.state = 'CLOSED';
      }
      s.enter('CLOSED', true);
      if (fit === 'inexact') return;
      r.enter('CLOSED', false);
      this.close(s, r);
      return;
    }
    const wrongSynAck = s.span.state === 'SYN-SENT' && (this.strangeSynAck >= 0 || this.challenge >= 0);
    if (wrongSynAck) {
      r.enter(r.initial.state === 'LISTEN' ? 'LISTEN' : 'CLOSED', false);
      return;
    }
    if (phase === 'handshake' && this.synAck >= 0 && this.severalSyns(s)) {
      // An old duplicate SYN was answered; the side goes on waiting for the answer to its own (RFC 9293, figure 8).
      this.strangeSynAck = this.synAck;
      this.synAck = -1;
      const other = s.syns.find((index) => this.segments.seq[index] !== this.segments.seq[this.syn]);
      if (other !== undefined) {
        s.isn = this.segments.seq[other];
        s.next = seqAdd(s.isn, 1);
      }
      this.syn = -1;
      s.span.state = 'SYN-SENT';
      s.span.proved = true;
      s.pending = null;
      r.enter('LISTEN', false);
      return;
    }
    // It may not come from the other side at all: nobody's state changes.
    if (fit === 'inexact') return;
    if (s.span.state !== 'TIME-WAIT') s.enter('CLOSED', phase !== 'closed' && fit === 'exact' && s.packets > 1);
    if (r.span.state === 'SYN-RECEIVED' && r.initial.state === 'LISTEN') r.enter('LISTEN', false);
    else r.enter('CLOSED', false);
    this.close(s, r);
  }

  private severalSyns(s: Side): boolean {
    const { seq } = this.segments;
    return s.syns.some((index) => seq[index] !== seq[s.syns[0]]);
  }

  private close(s: Side, r: Side): void {
    this.closedBy = this.resets.length - 1;
    for (const side of [s, r]) {
      side.nextAtReset = side.next;
      side.nextKnownAtReset = side.nextKnown;
    }
  }

  /** An acknowledgment of something that `r` sent after the reset: neither side took the reset seriously. */
  private undoneReset(r: Side, ack: number): number {
    if (!r.nextKnown || seqDiff(ack, r.next) > 0 || this.ignored.length >= maxIgnoredResets) return -1;
    const newer = !r.nextKnownAtReset ? true : seqDiff(r.next, r.nextAtReset) > 0 && seqDiff(ack, r.nextAtReset) > 0;
    return newer ? this.resets[this.closedBy].index : -1;
  }
}

/**
 * What the segments of one stream show: one pass, linear in their number. With `record` the drawn segments and their
 * states are kept too. A reset that both sides passed over makes the pass start again without it, at most eight times.
 */
export function analyseConnection(
  segments: StreamSegments,
  record = true,
  relativeBase?: StreamContext['relativeBase'],
  known: Hypothesis = {},
  finder: CopyFinder = new CopyFinder(segments),
): Connection {
  const ignored: number[] = [];
  for (;;) {
    const scan = new Scan(segments, record, ignored, known.injected ?? [], known.aside ?? [], finder);
    const without = scan.run();
    if (without < 0 || ignored.length > maxIgnoredResets) return scan.finish(relativeBase, known);
    ignored.push(without);
  }
}
