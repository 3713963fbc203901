/** The book that the world keeps: who did what when, written by those who did it. */
import type { Origin, Packet, Who } from './packets.ts';

export type End = 'open' | 'closed' | 'refused' | 'reset' | 'aborted' | 'gave-up' | 'icmp' | 'forgotten';

/** What the TCP of one host went through in one attempt to connect. Moments are of the world's clock, -1 never. */
export class SideLog {
  /** It held a connection for this attempt. */
  took = false;
  opensActively = false;
  establishedAt = -1;
  sentFinAt = -1;
  gotFinAt = -1;
  finAckedAt = -1;
  endedAt = -1;
  end: End = 'open';
  /** The number of the sending that reset it, -1 none. */
  resetBy = -1;
  /** New data sent after the other side's FIN had arrived, and whether any of it was taken. */
  bytesAfterFin = 0;
  challenged = false;
  /** Data of the SYN was taken at once (RFC 7413). */
  fastOpened = false;
  /** What it dropped on purpose: the third segment (deferred accept, full queue). */
  ignoredThird = false;
  /** The other side's window was closed while data waited. */
  windowClosed = false;
  probesSent = 0;
}

export class Attempt {
  readonly client = new SideLog();
  readonly server = new SideLog();
  /** Resets that reached nobody or had no effect are not here. */
  readonly effectiveResets: number[] = [];
  /** It was under way before the story began. */
  constructor(
    readonly id: number,
    readonly old: boolean,
  ) {}
}

export class Ledger {
  readonly attempts: Attempt[] = [];
  /** Every sending, by its number. */
  readonly sendings: Packet[] = [];
  readonly sentAt: number[] = [];
  /** What the story has in it: names for the count. */
  readonly faults = new Set<string>();

  attempt(old = false): Attempt {
    const attempt = new Attempt(this.attempts.length, old);
    this.attempts.push(attempt);
    return attempt;
  }

  /** Numbers a sending. */
  send(now: number, packet: Omit<Packet, 'origin'>, origin: Omit<Origin, 'number'>): Packet {
    const sent: Packet = { ...packet, origin: { ...origin, number: this.sendings.length } };
    this.sendings.push(sent);
    this.sentAt.push(now);
    return sent;
  }

  side(attempt: number, who: Who): SideLog {
    return this.attempts[attempt][who];
  }
}
