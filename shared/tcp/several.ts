/**
 * Several connections in one stream: the same ports and the same initial number again after a complete close, as stacks
 * with fixed initial numbers do.
 */
import type { Connection } from './connection.ts';
import { CopyFinder } from './copies.ts';
import { reordered } from './order.ts';
import { clearsOdd } from './resets.ts';
import { analyseConnection } from './scan.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';
import { farBack, farBytes, seqDiff } from './sequence.ts';
import { silenceNs } from './timings.ts';

const { SYN, FIN, ACK, RST } = TcpFlag;
/** Connections of one stream that are told apart. */
const most = 64;
/**
 * After a reset the same SYN may be the same program trying again at once; after this long it is another connection.
 */
const againNs = 100_000_000;

export interface Part {
  readonly segments: StreamSegments;
  readonly finder: CopyFinder;
}

/** The connections of a stream in their order; null where it holds one. */
export function splitConnections(s: StreamSegments, finder: CopyFinder): readonly Part[] | null {
  const starts = new Splitter(s, finder).run();
  if (starts.length === 1) return null;
  return starts.map((from, n) => {
    const end = n + 1 < starts.length ? starts[n + 1] : s.count;
    const segments = reordered(
      s,
      Uint32Array.from({ length: end - from }, (_, k) => from + k),
    );
    const part = new CopyFinder(segments);
    part.whole = { finder, segments: s, from };
    if (finder.merged !== null) {
      const pairs = [...finder.merged].filter(([copy, original]) => copy >= from && copy < end && original >= from);
      part.merged = new Map(pairs.map(([copy, original]): [number, number] => [copy - from, original - from]));
    }
    return { segments, finder: part };
  });
}

/** Goes once over a stream and notes where its connections begin. */
class Splitter {
  private readonly starts = [0];
  /** SYNs without ACK by side and number: the first of each. */
  private readonly asked = new Map<string, number>();
  /** The last number of each side (index: `fromA`), to see where others begin. */
  private readonly last = [0, 0];
  private readonly known = [false, false];
  /** The last number of each side that the other one acknowledged, -1 none. */
  private readonly acknowledged = [-1, -1];
  /** Latest time before the segment that is looked at: in some captures times go back. */
  private latest = Number.NEGATIVE_INFINITY;
  /** The last segment before the one that is looked at that may have ended something. */
  private ended = -1;
  private tried = 0;

  constructor(
    private readonly s: StreamSegments,
    private readonly finder: CopyFinder,
  ) {}

  run(): readonly number[] {
    const { starts, s } = this;
    for (let i = 0; i < s.count && starts.length < most; i++) {
      if ((s.flags[i] & RST) === 0 && !this.isOtherCapture(i)) {
        if (this.begins(i)) starts.push(i);
        this.last[s.fromA[i]] = s.seq[i];
        this.known[s.fromA[i]] = true;
        if ((s.flags[i] & ACK) !== 0) this.acknowledged[1 - s.fromA[i]] = s.ack[i];
      }
      if ((s.flags[i] & (RST | FIN)) !== 0) this.ended = i;
      this.latest = Math.max(this.latest, s.timeNs[i]);
    }
    return starts;
  }

  /** A SYN that was captured before, at this place or at another one of the path. */
  private isOtherCapture(i: number): boolean {
    if (!this.asks(i)) return false;
    if (this.finder.original(i) >= 0) return true;
    const first = this.asked.get(this.nameOf(i));
    return first !== undefined && this.finder.wire(i)?.link !== this.finder.wire(first)?.link;
  }

  private asks(i: number): boolean {
    return (this.s.flags[i] & (SYN | ACK)) === SYN;
  }

  private nameOf(syn: number): string {
    return `${this.s.fromA[syn]} ${this.s.seq[syn]}`;
  }

  private begins(i: number): boolean {
    if (this.asks(i)) return this.synBegins(i);
    // Of two capture points each has an order of its own.
    if (this.finder.merged !== null) return false;
    if ((this.s.flags[i] & SYN) !== 0 && (this.opensAgain(i) || this.takenUp(i))) return true;
    return this.jumps(i);
  }

  private get from(): number {
    return this.starts[this.starts.length - 1];
  }

  /** Reading what came before is linear: it is done a bounded number of times. */
  private mayTry(): boolean {
    return this.tried++ < most;
  }

  private synBegins(i: number): boolean {
    const { s, finder, from } = this;
    const again = this.asked.has(this.nameOf(i));
    if (!again) this.asked.set(this.nameOf(i), i);
    if (!again && !(this.known[s.fromA[i]] && i > from)) return false;
    return this.mayTry() && (finder.merged === null || answeredBehind(s, finder, i)) && beginsAnew(s, finder, from, i);
  }

  /** Behind a FIN and a long silence a SYN+ACK opens something else, though it have the numbers of the one before. */
  private opensAgain(i: number): boolean {
    const { ended, from } = this;
    return (
      i > from &&
      ended >= from &&
      this.silent(i) &&
      (this.s.flags[ended] & FIN) !== 0 &&
      !this.stillAnswers(i) &&
      this.finder.original(i) < 0
    );
  }

  /** Its sender has done nothing but send this SYN+ACK: it waits for an acknowledgment, by a timer that grows. */
  private stillAnswers(i: number): boolean {
    const { fromA, flags, seq, ack } = this.s;
    for (let k = this.from; k < i; k++)
      if (fromA[k] === fromA[i] && ((flags[k] & SYN) === 0 || seq[k] !== seq[i] || ack[k] !== ack[i])) return false;
    return true;
  }

  private takenUp(i: number): boolean {
    return (
      (this.known[0] || this.known[1]) &&
      i > this.from &&
      this.mayTry() &&
      takenUpElsewhere(this.s, this.asked, this.from, i)
    );
  }

  private silent(i: number): boolean {
    return i > 0 && this.s.timeNs[i] - this.latest >= silenceNs;
  }

  /** SYN+ACKs of this connection began the numbers that are far from the last ones, though they may not count. */
  private begun(i: number, seqFar: boolean, ackFar: boolean): boolean {
    const { flags, fromA, seq, ack } = this.s;
    if ((flags[i] & SYN) !== 0) return false;
    let own = !seqFar;
    let other = !ackFar;
    for (let k = this.from; k < i && !(own && other); k++) {
      if ((flags[k] & (SYN | ACK)) !== (SYN | ACK)) continue;
      const same = fromA[k] === fromA[i];
      if (same) own ||= !far(seq[i], seq[k]);
      other ||= !far(ack[i], same ? ack[k] : seq[k]);
    }
    return own && other;
  }

  /** Numbers that nobody can have come to meanwhile, behind an end or a long silence. */
  private jumps(i: number): boolean {
    const { s, finder, from, known, last, ended, acknowledged } = this;
    const side = s.fromA[i];
    const number = known[side] ? last[side] : acknowledged[side];
    const seqFar = number >= 0 && far(s.seq[i], number);
    const ackFar = (s.flags[i] & ACK) !== 0 && known[1 - side] && far(s.ack[i], last[1 - side]);
    if (!seqFar && !ackFar) return false;
    const behindEnd = ended >= from && s.timeNs[i] - s.timeNs[ended] >= againNs / 4;
    if ((!behindEnd && !this.silent(i)) || !this.mayTry() || finder.original(i) >= 0) return false;
    if (this.begun(i, seqFar, ackFar)) return false;
    const opens = (s.flags[i] & SYN) !== 0;
    if (!opens && this.silent(i) && ackFar) return true;
    // Another answer to a SYN of this connection is none of another one.
    const unasked = opens && !this.asked.has(`${1 - side} ${(s.ack[i] - 1) >>> 0}`);
    const apart = seqFar && known[1 - side] && (opens ? unasked : ackFar);
    return followsAnEnd(s, finder, from, i, unasked && ackFar, apart);
  }
}

/** A SYN of the same number that was not captured may have brought so much data (RFC 7413). */
const synData = 1460;
/** Segments behind a SYN+ACK among which its acknowledgment is looked for. */
const soon = 64;

/**
 * The SYN+ACK at `i` answers no captured SYN, and its receiver takes it up with just the number that it acknowledges:
 * the handshake of a connection whose SYN was not captured.
 * @param asked the SYNs before it, by side and number
 */
function takenUpElsewhere(s: StreamSegments, asked: ReadonlyMap<string, number>, from: number, i: number): boolean {
  const { count, fromA, flags, seq, ack, length } = s;
  const side = fromA[i];
  const syn = (ack[i] - 1) >>> 0;
  // Before it stands something that is said to have opened, or a SYN.
  let before = false;
  for (let k = from; k < i && !before; k++) before = length[k] > 0 || (flags[k] & (SYN | ACK)) === SYN;
  if (!before) return false;
  // What stands before it may be what follows it, where the order of the capture is wrong.
  for (let k = Math.max(from, i - soon); k < i; k++) {
    const beyond = seqDiff(seq[k], ack[i]);
    if (fromA[k] !== side && (flags[k] & RST) === 0 && beyond >= 0 && beyond < 1 << 16) return false;
  }
  for (const k of asked.values())
    if (fromA[k] !== side && seqDiff(ack[i], seq[k]) > 0 && seqDiff(ack[i], seq[k]) <= 1 + Math.max(length[k], synData))
      return false;
  for (let k = Math.max(0, i - soon); k < Math.min(count, i + soon); k++) {
    // Its SYN may stand behind it; and a SYN+ACK with its number before it is the same answer.
    if ((flags[k] & (SYN | ACK)) === SYN && fromA[k] !== side && seq[k] === syn) return false;
    if (k < i && fromA[k] === side && (flags[k] & SYN) !== 0 && seq[k] === seq[i]) return false;
    // So does an opening from both sides.
    if ((flags[k] & (SYN | ACK)) === SYN && fromA[k] === side) return false;
  }
  for (let k = i + 1; k < Math.min(count, i + soon); k++) {
    if (fromA[k] === side || (flags[k] & (SYN | RST | ACK)) !== ACK) continue;
    if (seq[k] === ack[i] && seqDiff(ack[k], seq[i]) >= 1 + length[i] && seqDiff(ack[k], seq[i]) < farBytes)
      return true;
  }
  return false;
}

function far(number: number, last: number): boolean {
  const beyond = seqDiff(number, last);
  return beyond > farBytes || beyond < -farBack;
}

/** The segments from `from` up to `i`, as a connection. */
function before(s: StreamSegments, finder: CopyFinder, from: number, i: number): Connection {
  const view = reordered(
    s,
    Uint32Array.from({ length: i - from }, (_, k) => from + k),
  );
  const known = new CopyFinder(view);
  if (finder.merged !== null) {
    const pairs = [...finder.merged].filter(([copy, original]) => copy < i && original >= from);
    known.merged = new Map(pairs.map(([copy, original]): [number, number] => [copy - from, original - from]));
  }
  return analyseConnection(view, false, undefined, {}, known);
}

/**
 * Whether a segment with other numbers follows a connection that was over: its SYN was not captured.
 * @param elsewhere it acknowledges a SYN that is nowhere near this connection's
 * @param apart neither of its numbers is anywhere near this connection's
 */
function followsAnEnd(
  s: StreamSegments,
  finder: CopyFinder,
  from: number,
  i: number,
  elsewhere: boolean,
  apart: boolean,
): boolean {
  const c = before(s, finder, from, i);
  if ((c.strangeSynAck >= 0 || c.challenge >= 0) && !apart) return false;
  const opened =
    c.client.handshakeAck >= 0 ||
    c.server.handshakeAck >= 0 ||
    (c.client.syns.length === 0 && c.server.synAcks.length === 0 && c.client.bytes + c.server.bytes > 0);
  if (!opened && !elsewhere && !apart) return false;
  const ended = c.resets.findLast((one) => !one.ignored && one.fit !== 'inexact' && !clearsOdd(c, one));
  const last = Math.max(ended?.index ?? -1, c.a.fin, c.b.fin);
  return last >= 0 && s.timeNs[i] - s.timeNs[from + last] >= againNs;
}

/**
 * Of two capture points the second knows SYNs that the first does not, and the other way round: a SYN begins something
 * only where a SYN+ACK behind it is no copy.
 */
function answeredBehind(s: StreamSegments, finder: CopyFinder, i: number): boolean {
  for (let k = i + 1; k < s.count; k++)
    if (
      s.fromA[k] !== s.fromA[i] &&
      (s.flags[k] & (SYN | ACK)) === (SYN | ACK) &&
      s.ack[k] === (s.seq[i] + 1 + s.length[i]) >>> 0
    )
      return finder.original(k) < 0;
  return false;
}

/**
 * The next SYN+ACK that answers the SYN at `i` has a number that its sender has not used before: it knows nothing of
 * the connection before.
 */
function answeredAnew(s: StreamSegments, from: number, i: number): boolean {
  const { count, fromA, flags, seq, ack, length } = s;
  for (let k = i + 1; k < Math.min(count, i + soon); k++) {
    if (fromA[k] === fromA[i] || (flags[k] & (SYN | ACK)) !== (SYN | ACK)) continue;
    if (ack[k] !== (seq[i] + 1 + length[i]) >>> 0) return false;
    for (let j = from; j < i; j++) if (fromA[j] === fromA[k] && (flags[j] & SYN) !== 0) return seq[j] !== seq[k];
    return false;
  }
  return false;
}

/** Whether the SYN at `i` follows a connection that was over: both FINs acknowledged, or reset after it had opened. */
function beginsAnew(s: StreamSegments, finder: CopyFinder, from: number, i: number): boolean {
  const c = before(s, finder, from, i);
  // Its sender had acknowledged the other side's SYN: a TCP that has done so does not send its own SYN again.
  const asker = s.fromA[i] !== 0 ? c.a : c.b;
  const opened =
    asker.syns.length > 0
      ? asker === c.client && c.client.handshakeAck >= 0
      : asker.ackKnown && asker.synAcks.length === 0;
  if (!opened) return false;
  if (c.a.finAckedAt >= 0 && c.b.finAckedAt >= 0) return true;
  if (s.timeNs[i] - s.timeNs[i - 1] >= againNs && answeredAnew(s, from, i)) return true;
  const ended = c.resets.findLast(
    (one) =>
      !one.ignored &&
      one.fit !== 'inexact' &&
      !clearsOdd(c, one) &&
      (one.phase === 'established' || one.phase === 'fin'),
  );
  // Of a capture of one direction the acknowledgments of FINs are missing.
  const last = Math.max(ended?.index ?? -1, c.a.fin, c.b.fin);
  return last >= 0 && s.timeNs[i] - s.timeNs[from + last] >= againNs;
}
