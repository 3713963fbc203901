/** What truly happened in the connections of one captured stream, and what of it the capture shows. */
import type { Captured } from './capture-point.ts';
import type { Attempt, SideLog } from './ledger.ts';
import { ACK, FIN, type Packet, RST, SYN, seqAdd, seqDiff, seqLength, type Who } from './packets.ts';
import type { Run } from './scenario.ts';

export interface Frame {
  /** From 1, as the file counts. */
  readonly frame: number;
  readonly captured: Captured;
  readonly packet: Packet;
}

export const isSyn = (p: Packet): boolean => (p.flags & (SYN | ACK | RST)) === SYN;
export const isSynAck = (p: Packet): boolean => (p.flags & (SYN | ACK | RST)) === (SYN | ACK);
export const isReset = (p: Packet): boolean => (p.flags & RST) !== 0;
export const isFin = (p: Packet): boolean =>
  (p.flags & (FIN | RST)) === FIN || (p.flags & (FIN | ACK | RST)) === (FIN | ACK);
export const other = (who: Who): Who => (who === 'client' ? 'server' : 'client');

/** The reset ended the attempt, at a side that did not open again from the same SYN. */
export function endedBy(attempt: Attempt, reset: number): boolean {
  return (
    attempt.effectiveResets.includes(reset) &&
    ![attempt.client, attempt.server].some((log) => log.resetBy === reset && log.establishedAt > log.endedAt)
  );
}

/** Sent a FIN before the other side's had arrived. */
export function closedOfItself(log: SideLog): boolean {
  return log.sentFinAt >= 0 && (log.gotFinAt < 0 || log.sentFinAt < log.gotFinAt);
}

export class StreamTruth {
  /** Attempts that it holds segments of; those that were there before the story only where there are no others. */
  readonly attempts: readonly Attempt[];
  readonly all: readonly Attempt[];
  /** Those whose end is spoken of: what closes need not be what the last SYN asked for. */
  readonly ending: readonly Attempt[];
  /** Everything that passed the place of capture is in the stream. */
  readonly whole: boolean;

  constructor(
    readonly run: Run,
    readonly frames: readonly Frame[],
    /** ICMP errors of the capture that quote its segments. */
    readonly icmp: readonly Frame[],
    /** The attempts that something is said of; where left out those that the stream is about. */
    only?: readonly Attempt[],
  ) {
    const ids = new Set(frames.map(({ packet }) => packet.origin.attempt));
    this.all = run.ledger.attempts.filter((one) => ids.has(one.id));
    // What follows a SYN is about its attempt, whatever an older connection answers.
    const asked = new Set(frames.filter(({ packet }) => isSyn(packet)).map(({ packet }) => packet.origin.attempt));
    const named =
      only ?? (frames.length > 0 && isSyn(frames[0].packet) ? this.all.filter((one) => asked.has(one.id)) : this.all);
    // What follows a SYN whose number is used again cannot be told from what it asked for.
    const again = run.ledger.faults.has('same number again')
      ? this.all.filter((one) => named.some(({ id }) => id < one.id))
      : [];
    const fresh = [...named, ...again.filter((one) => !named.includes(one))].filter((one) => !one.old);
    this.attempts = fresh.length > 0 ? fresh : named;
    this.ending = only ?? this.all;
    const { plan } = run;
    this.whole =
      run.planName !== 'mixed' &&
      plan.loss === 0 &&
      plan.direction === 'both' &&
      plan.head === 0 &&
      plan.tail === 0 &&
      !plan.cut &&
      plan.reorder === 0 &&
      Math.abs(plan.skew) < 1000 &&
      !plan.appended &&
      this.all.every((one) => !one.old);
  }

  /** The same stream, but what is said is about the attempts of these frames. */
  about(numbers: readonly number[]): StreamTruth {
    const ids = new Set(
      this.frames.filter(({ frame }) => numbers.includes(frame)).map(({ packet }) => packet.origin.attempt),
    );
    const attempts = this.all.filter((one) => ids.has(one.id));
    return attempts.length === 0 ? this : new StreamTruth(this.run, this.frames, this.icmp, attempts);
  }

  frame(number: number): Frame | undefined {
    return this.frames.find(({ frame }) => frame === number);
  }

  any(holds: (attempt: Attempt) => boolean): boolean {
    return this.attempts.some(holds);
  }

  /** Some of the captured segments are so. */
  has(holds: (packet: Packet, frame: Frame) => boolean): boolean {
    return this.frames.some((one) => holds(one.packet, one));
  }

  /** Sendings captured of some kind, each once. */
  sendings(holds: (packet: Packet) => boolean): Packet[] {
    const numbers = new Set<number>();
    return this.frames
      .map(({ packet }) => packet)
      .filter(
        (packet) =>
          holds(packet) && !numbers.has(packet.origin.number) && numbers.add(packet.origin.number) !== undefined,
      );
  }

  get clientOpened(): boolean {
    // Where both asked, either may be taken for the client.
    return this.any(
      (one) => one.client.establishedAt >= 0 || (one.server.opensActively && one.server.establishedAt >= 0),
    );
  }

  get opened(): boolean {
    // A server that still holds an attempt takes the next one with the same number for it.
    if (this.run.ledger.faults.has('same number again'))
      return this.clientOpened && this.any((one) => one.server.establishedAt >= 0);
    return this.any((one) => one.client.establishedAt >= 0 && one.server.establishedAt >= 0);
  }

  /** The capture shows that the client took the connection for open, or that the server did. */
  get showsOpened(): boolean {
    return this.has((p) => {
      if (isReset(p) || (p.flags & SYN) !== 0 || p.origin.why === 'challenge' || p.origin.why === 'probe') return false;
      const attempt = this.run.ledger.attempts[p.origin.attempt];
      if (attempt.old && this.attempts !== this.all) return false;
      if (this.ending !== this.all && !this.attempts.includes(attempt)) return false;
      return p.origin.by === 'client'
        ? attempt.client.establishedAt >= 0
        : p.origin.by === 'server' && attempt.server.establishedAt >= 0 && (p.length > 0 || isFin(p));
    });
  }

  /** Who closed first: a FIN sent before the other's had arrived. */
  closedFirst(who: Who): boolean {
    return this.ending.some((one) => closedOfItself(one[who]));
  }

  get closedTogether(): boolean {
    return this.ending.some((one) => closedOfItself(one.client) && closedOfItself(one.server));
  }

  /** New data was sent after the other side's FIN had arrived. */
  get halfClosed(): boolean {
    // What was first sent before the FIN came, and lost, is in the capture as what was sent after it.
    const late = this.has(
      (p, { frame }) =>
        p.length > 0 &&
        p.origin.by !== 'box' &&
        this.has((q) => isFin(q) && q.origin.as !== p.origin.as && p.ack === seqAdd(q.seq, seqLength(q))) &&
        !this.has(
          (q, one) =>
            one.frame < frame &&
            q.origin.as === p.origin.as &&
            q.length > 0 &&
            seqDiff(seqAdd(q.seq, q.length), p.seq) > 0 &&
            seqDiff(q.ack, p.ack) < 0,
        ),
    );
    if (late) return true;
    return this.ending.some((one) => one.client.bytesAfterFin > 0 || one.server.bytesAfterFin > 0);
  }

  /** A reset that the host itself sent is in the capture. */
  sentReset(who: Who): boolean {
    return this.has((p) => isReset(p) && p.origin.by === who);
  }

  /** Injected resets in a host's name are in the capture, and so is something that gives them away. */
  givesInjectionAway(as: Who): boolean {
    const injected = this.frames.filter(
      ({ packet }) => isReset(packet) && packet.origin.by === 'box' && packet.origin.as === as,
    );
    if (injected.length === 0) return true;
    const own = this.frames.filter(({ packet }) => packet.origin.by === as);
    return injected.some((one) =>
      own.some(
        (two) =>
          (!isReset(two.packet) &&
            two.captured.tap === one.captured.tap &&
            two.captured.timeNs > one.captured.timeNs &&
            two.frame > one.frame) ||
          (two.captured.tap === one.captured.tap &&
            two.captured.copy === one.captured.copy &&
            Math.abs(two.packet.ttl - one.packet.ttl) > 1 &&
            (two.packet.flags & RST) === 0),
      ),
    );
  }

  /** A captured SYN+ACK answers none of the captured SYNs of the client. */
  get showsWrongSynAck(): boolean {
    const right = new Set(
      this.sendings((p) => isSyn(p) && p.origin.by === 'client').flatMap((p) => [
        seqAdd(p.seq, 1),
        seqAdd(p.seq, seqLength(p)),
      ]),
    );
    return this.has((p) => isSynAck(p) && !right.has(p.ack));
  }

  /** Frames of one packet captured more than once. */
  get copies(): number {
    return this.frames.length - new Set(this.frames.map(({ packet }) => packet.origin.number)).size;
  }

  /** A segment of `from` with that acknowledgment or a later one, after `frame` in the file or anywhere. */
  acknowledged(from: Who, number: number, attempt: number): boolean {
    return this.has(
      (p) =>
        p.origin.as === from &&
        p.origin.attempt === attempt &&
        (p.flags & (ACK | RST | SYN)) === ACK &&
        seqDiff(p.ack, number) >= 0 &&
        seqDiff(p.ack, number) < 1 << 24,
    );
  }

  /**
   * The client's answer to the SYN+ACK itself: the number after the SYN and nothing acknowledged beyond the SYN+ACK.
   */
  showsThird(within: (frame: number) => boolean): boolean {
    const synAcks = this.sendings(isSynAck);
    return this.has(
      (p, { frame }) =>
        within(frame) &&
        p.origin.as === 'client' &&
        (p.flags & (ACK | SYN | RST)) === ACK &&
        p.origin.why === 'third' &&
        p.origin.repeats < 0 &&
        synAcks.some((one) => p.ack === seqAdd(one.seq, 1) && p.seq === one.ack),
    );
  }

  /** A refusal that the client must obey: RST that acknowledges a captured SYN. */
  get showsRefusal(): boolean {
    const syns = this.sendings(isSyn);
    return this.has(
      (p) =>
        isReset(p) &&
        (p.flags & ACK) !== 0 &&
        syns.some((one) => p.ack === seqAdd(one.seq, 1) || p.ack === seqAdd(one.seq, seqLength(one))),
    );
  }

  /** Whether two captured frames could be taken for two sendings: nothing tells that they are one packet. */
  static looksSentTwice(one: Frame, two: Frame, leastNs: number): boolean {
    const v6 = one.packet.src.bytes.length === 16;
    const told = !v6 && one.packet.id === two.packet.id && one.packet.id !== 0;
    return !told && Math.abs(one.captured.timeNs - two.captured.timeNs) >= leastNs;
  }

  /** Segments in the file before `frame` that a reset like this one answers. */
  private provoked(reset: Frame): number {
    return this.frames.filter(
      ({ packet: p, frame }) =>
        frame < reset.frame &&
        p.origin.as !== reset.packet.origin.as &&
        !isReset(p) &&
        ((reset.packet.flags & ACK) !== 0
          ? seqAdd(p.seq, seqLength(p)) === reset.packet.ack
          : p.ack === reset.packet.seq),
    ).length;
  }

  /**
   * (Where packets were exchanged and the times stayed, a SYN's time is another's.) Two sendings that look like one
   * packet captured twice: equal, at once, and no identification tells them apart. Of resets, each may answer a segment
   * of its own.
   */
  get sendingsMislead(): boolean {
    return this.frames.some((one, k) =>
      this.frames.some((two, n) => {
        const [p, q] = [one.packet, two.packet];
        const equal =
          n > k &&
          p.origin.as === q.origin.as &&
          p.flags === q.flags &&
          p.seq === q.seq &&
          p.ack === q.ack &&
          p.length === q.length;
        // A device may send on what it answered, number, identification and all.
        if (
          equal &&
          p.src.bytes.length === 4 &&
          p.id !== 0 &&
          p.id === q.id &&
          (p.origin.by === 'box') !== (q.origin.by === 'box')
        )
          return true;
        return (
          equal &&
          (!isReset(p) || this.provoked(two) < 2) &&
          Math.abs(one.captured.timeNs - two.captured.timeNs) <
            (this.run.plan.reorder > 0 && isSyn(p) ? 150_000_000 : 1_000_000) &&
          (p.src.bytes.length === 16 || p.id === q.id)
        );
      }),
    );
  }

  /** Copies of one packet, none of which can be told from a packet sent twice. */
  copiesMislead(holds: (packet: Packet) => boolean, leastNs: number): boolean {
    const list = this.frames.filter(({ packet }) => holds(packet));
    return list.some((one, k) =>
      list.some(
        (two, n) =>
          n > k &&
          one.packet.origin.number === two.packet.origin.number &&
          StreamTruth.looksSentTwice(one, two, leastNs),
      ),
    );
  }
}
