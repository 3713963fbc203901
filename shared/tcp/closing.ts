import type { CloseCode, Side } from '../model/stream.ts';
import type { Connection, Reset, SideFacts } from './connection.ts';
import type { OpeningFacts } from './opening.ts';
import { clearsOdd, isOlder } from './resets.ts';
import { type NextStream, TcpFlag } from './segments.ts';
import { seqDiff } from './sequence.ts';
import { isInjectionDoubted, type Spoken } from './spoken.ts';

/** How the connection closed, before it is put into words. Indices are of the stream's segments. */
export interface ClosingFacts {
  readonly codes: readonly CloseCode[];
  readonly steps: readonly number[];
  readonly indices: readonly number[];
  readonly proved: boolean;
  readonly initiator: Side | 'both' | null;
  /** Who sent the reset that counts; `null` none, or one whose number does not fit. */
  readonly resetBy: Side | null;
  /** The reset that ended it, null none. */
  readonly reset: Reset | null;
  /** The side that sent the first FIN, null none. */
  readonly first: SideFacts | null;
  readonly second: SideFacts | null;
  /** Resets that the side they name did not send, and that ended it nevertheless, as far as can be seen. */
  readonly injected: readonly Spoken[];
}

/** Packets of one host and of another, captured within this time, may stand in the other order in the file. */
const oneMomentNs = 1_000_000;

/** RFC 9293 asks for 4 minutes of TIME-WAIT; many systems wait one. */
export const shortestTimeWaitNs = 60e9;

const nothing: ClosingFacts = {
  codes: [],
  steps: [],
  indices: [],
  proved: true,
  initiator: null,
  resetBy: null,
  reset: null,
  first: null,
  second: null,
  injected: [],
};

/**
 * The closing variant, by the criteria C1 to C16 (docs/connection-model.md). A connection that never opened has none.
 * @param rewritten numbers of the two sides were captured at places with different ones
 */
export function classifyClosing(
  c: Connection,
  opening: OpeningFacts,
  next?: NextStream,
  spoken: readonly Spoken[] = [],
  rewritten = false,
): ClosingFacts {
  if (
    (opening.codes[0] === 'O24' && opening.held !== null) ||
    opening.codes[0] === 'O25' ||
    opening.doubt === 'strange-reset'
  )
    return nothing;
  if (opening.doubt === 'strange-ack' && c.client.fin < 0 && c.server.fin < 0) return nothing;
  const told = ofSegments(c, opening, next);
  const found = rewritten && told.codes.includes('C4') ? notTogether(told) : told;
  // Whoever is on the way can send a reset in another's name with the right number: only the capturing host's own is
  // proved.
  const own = spoken.some((one) => one.reset === found.reset && one.own);
  // Nor does a reset tell whether its sender no longer knew the connection, or aborted it (RFC 9293, section 3.10.5).
  const closing =
    found.reset === null || found.codes.some((code) => orderly.has(code))
      ? found
      : { ...found, proved: found.proved && own && found.codes[0] !== 'C15' };
  const unclear = spoken.some(
    (one) => one.reset === found.reset && one.unclear && !one.own && !isInjectionDoubted(one) && !one.reset.injected,
  );
  // Nobody looked at one of so many.
  const unseen =
    found.reset !== null &&
    found.reset.fit !== 'inexact' &&
    (behindAnother(c, found.reset) ||
      spoken.some((one) => one.reset.injected && one.reset.fromA === found.reset?.fromA)) &&
    !spoken.some((one) => one.reset === found.reset);
  if ((unclear || unseen) && !found.codes.some((code) => orderly.has(code))) return unnamed(found);
  // Where nothing else was captured, nothing tells who sent them.
  if (opening.doubt === 'only-resets') return unnamed(closing);
  const injected = spoken.filter((one) => one.reset.injected && one.receiver !== 'went-on');
  const doubted =
    closing.reset === null ? undefined : spoken.find((one) => one.reset === closing.reset && isInjectionDoubted(one));
  if (injected.length === 0 && doubted === undefined) return closing;
  if (closing.codes.some((code) => orderly.has(code))) return closing;
  const resets = [...injected, ...(doubted === undefined ? [] : [doubted])];
  const rest =
    closing.reset !== null && !closing.reset.injected
      ? closing
      : { ...closing, codes: closing.codes.filter((code) => code !== 'C12') };
  const indices = [...new Set([...resets.map((one) => one.reset.index), ...rest.indices])].sort((x, y) => x - y);
  // A reset of the side that believed it only answers what came after; and what the doubted one would be is not said.
  const codes: CloseCode[] = [
    'C16',
    ...rest.codes.filter((code) => !(code === 'C15' || (doubted !== undefined && (code === 'C6' || code === 'C8')))),
  ];
  const steps = [...new Set([resets[0].reset.index, ...rest.steps])].sort((x, y) => x - y);
  return {
    ...rest,
    codes,
    steps,
    indices,
    proved: resets.every((one) => one.certain),
    initiator: rest.first !== null && rest.first.fin < resets[0].reset.index ? rest.initiator : null,
    resetBy: null,
    injected: resets,
  };
}

/** The other side's reset stands before it, and was passed over for its place: either may have been the first. */
function behindAnother(c: Connection, reset: Reset): boolean {
  return (
    reset.phase === 'closed' &&
    c.resets.some(
      (one) => one.index < reset.index && one.fromA !== reset.fromA && !one.ignored && one.fit !== 'inexact',
    )
  );
}

/** Whether the FINs crossed is not said. */
function notTogether(found: ClosingFacts): ClosingFacts {
  const codes = found.codes.filter((code) => code !== 'C4' && code !== 'C10');
  return { ...found, codes: ['C10', ...codes], proved: false, initiator: null };
}

/** Whose reset it was is not said. */
function unnamed(found: ClosingFacts): ClosingFacts {
  const codes = found.codes
    .filter((code) => code !== 'C15')
    .map((code): CloseCode => (code === 'C6' || code === 'C8' ? 'C10' : code));
  return { ...found, codes, proved: false, resetBy: null, initiator: found.first === null ? null : found.initiator };
}

/** Both sides closed. A half-close says nothing of how it ended. */
const orderly: ReadonlySet<CloseCode> = new Set<CloseCode>(['C1', 'C2', 'C4']);

function ofSegments(c: Connection, opening: OpeningFacts, next?: NextStream): ClosingFacts {
  const { client, server } = c;
  // What came before the opening was complete ended another attempt.
  const { established, steps, missing } = opening;
  // Where the SYN+ACK was not captured, a reset in front of the third segment may have come after it.
  // In some captures the SYN+ACK stands behind its acknowledgment.
  const answer = c.synAck >= 0 ? c.synAck : (server.synAcks.find((index) => steps.includes(index)) ?? -1);
  const third = c.handshakeAck >= 0 && steps.includes(c.handshakeAck) ? c.handshakeAck : answer;
  const whole =
    answer >= 0 && steps.includes(answer) && missing !== 'syn'
      ? Math.min(answer, third)
      : missing === 'syn-ack' || opening.codes.includes('O9')
        ? steps[0]
        : steps[steps.length - 1];
  const begun = !established || steps.length === 0 ? -1 : whole;
  const effective = c.resets.filter(
    (one) =>
      !one.ignored &&
      !isOlder(c, one) &&
      !(opening.established && clearsOdd(c, one)) &&
      one.index !== opening.contradicted &&
      one.index !== opening.reset?.index &&
      one.index > begun &&
      !(
        one.phase === 'syn' &&
        one.fit === 'exact' &&
        (client.ackKnown || server.ackKnown) &&
        !(opening.codes.includes('O20') && missing === 'syn-ack')
      ),
  );
  const hasFin = client.fin >= 0 || server.fin >= 0;
  if (!opening.established && !hasFin) {
    if (opening.codes.includes('O14') || opening.codes.includes('O23'))
      return resetOnly(c, opening.reset, effective, false);
    if (opening.codes.includes('O9') && opening.reset === null && effective.length > 0)
      return resetOnly(c, effective[0], effective, false);
    const aborted = opening.codes.includes('O19') || (opening.codes.includes('O20') && effective.length > 0);
    if (!aborted && opening.missing !== 'all') return nothing;
    if (opening.codes.includes('O19'))
      return effective.length > 0 ? resetOnly(c, effective[0], effective, false) : nothing;
  }
  if (opening.codes[0] === 'O13' && opening.reset !== null) return resetOnly(c, opening.reset, effective, true, true);
  if (!hasFin) {
    const reset =
      effective.find((one) => one.fit !== 'inexact') ??
      effective[0] ??
      (opening.missing === 'all' ? opening.reset : null);
    if (reset !== null && reset !== undefined) return resetOnly(c, reset, effective);
    return { ...nothing, codes: [c.anyFin ? 'C10' : 'C12'], proved: false };
  }
  const first =
    server.fin < 0 ||
    (client.fin >= 0 && (answers(c, server, client) || (client.fin < server.fin && !answers(c, client, server))))
      ? client
      : server;
  const second = first === client ? server : client;
  return second.fin >= 0 ? bothFins(c, first, second, effective, next) : oneFin(c, first, second, effective);
}

/** The FIN of `late` acknowledges that of `early`: it was sent after it, whatever their order in the capture. */
function answers(c: Connection, late: SideFacts, early: SideFacts): boolean {
  const { flags, ack } = c.segments;
  return (flags[late.fin] & TcpFlag.ACK) !== 0 && ack[late.fin] === early.finEnd;
}

function sideName(c: Connection, side: SideFacts): Side {
  return side === c.client ? 'client' : 'server';
}

function senderOf(c: Connection, reset: Reset): SideFacts {
  return reset.fromA ? c.a : c.b;
}

/** A SYN of the other side that meets a TIME-WAIT (RFC 9293, section 3.6.1, MAY-2). */
function reopens(c: Connection, holder: SideFacts, last: number, next: NextStream): boolean {
  const waited = next.timeNs - c.segments.timeNs[last];
  const reaches = c.simultaneousClose || next.fromA !== holder.isA;
  return (
    reaches && (next.flags & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN && waited >= 0 && waited < shortestTimeWaitNs
  );
}

function resetOnly(
  c: Connection,
  reset: Reset | null,
  effective: readonly Reset[],
  opened = true,
  stranger = false,
): ClosingFacts {
  if (reset === null) return nothing;
  const forgot =
    opened &&
    reset.answersStranger &&
    (stranger || (reset.phase === 'established' && !senderOf(c, reset).unseen && asks(c, reset)));
  const codes: CloseCode[] = forgot ? ['C15', 'C5'] : ['C5'];
  const indices = [reset.index, ...effective.filter((one) => one.index > reset.index).map((one) => one.index)];
  const sender = senderOf(c, reset);
  const other = sender === c.a ? c.b : c.a;
  // A reset whose number is wrong or cannot be checked may have closed nothing; and what was not captured may have been
  // a FIN. So may another reset of the other side before it, by a number that was not captured to be right. Nor is a
  // reset without ACK, behind one of the other side that was passed over: so answers a host that had obeyed that one.
  const bare = isBare(c, reset);
  const answers = c.resets.some(
    (one) =>
      one.index < reset.index &&
      one.fromA !== reset.fromA &&
      (one.ignored ? bare : one.fit === 'unknown' || one.expected < 0 || (one.fit === 'exact' ? bare : ahead(c, one))),
  );
  // Of two at one moment the capture may have exchanged the places.
  const crossed =
    bare &&
    c.resets.some(
      (one) =>
        one.index > reset.index &&
        one.fromA !== reset.fromA &&
        one.fit === 'exact' &&
        c.segments.timeNs[one.index] - c.segments.timeNs[reset.index] < oneMomentNs,
    );
  const sure =
    !answers &&
    !crossed &&
    reset.fit === 'exact' &&
    !unseenBefore(c, other, reset) &&
    (heard(other) || !opened) &&
    !(sender.unseen && sender.fin < 0 && opened);
  return {
    ...nothing,
    codes,
    steps: [reset.index],
    indices,
    proved: reset.fit === 'exact',
    initiator: sure ? sideName(c, sender) : null,
    resetBy: reset.fit === 'inexact' ? null : sideName(c, sender),
    reset,
  };
}

/**
 * It has no acknowledgment: so answers a host that knows no such connection, or no longer (RFC 9293, section 3.5.2).
 */
function isBare(c: Connection, reset: Reset): boolean {
  return (c.segments.flags[reset.index] & TcpFlag.ACK) === 0;
}

/** Its number lies beyond what its receiver expects, by what was captured, and within a window's reach. */
function ahead(c: Connection, reset: Reset): boolean {
  const beyond = seqDiff(c.segments.seq[reset.index], reset.expected);
  return reset.expected >= 0 && beyond > 0 && beyond < 1 << 16;
}

/**
 * The segment before a reset brings something that must be answered: data, a FIN, a keep-alive probe. One that answers
 * a pure acknowledgment may as well be an abort.
 */
function asks(c: Connection, reset: Reset): boolean {
  const { length, flags, seq } = c.segments;
  const at = reset.index - 1;
  const asker = reset.fromA ? c.b : c.a;
  return length[at] > 0 || (flags[at] & TcpFlag.FIN) !== 0 || (asker.nextKnown && seqDiff(seq[at], asker.next) === -1);
}

function bothFins(
  c: Connection,
  first: SideFacts,
  second: SideFacts,
  resets: readonly Reset[],
  next?: NextStream,
): ClosingFacts {
  const codes: CloseCode[] = [];
  const acked = first.finAckedAt >= 0 && second.finAckedAt >= 0;
  const merged = first.finAckedAt === second.fin;
  const steps = [first.fin, second.fin];
  if (first.finAckedAt >= 0 && !merged) steps.push(first.finAckedAt);
  if (second.finAckedAt >= 0) steps.push(second.finAckedAt);
  steps.sort((x, y) => x - y);
  const lastFin = Math.max(first.fin, second.fin);
  const last = Math.max(lastFin, first.finAckedAt, second.finAckedAt);
  const reset = resets.find((one) => one.index > first.fin) ?? null;
  if (acked) {
    if (second.halfCloseFirst >= 0 && tookData(c, first, second)) codes.push('C3');
    codes.push(c.simultaneousClose ? 'C4' : merged ? 'C2' : 'C1');
    if (reset !== null && reset.index > last) {
      codes.push('C7');
      const holder = c.simultaneousClose ? null : first;
      if (holder !== null && senderOf(c, reset) !== holder) codes.push('C14');
    } else if (next !== undefined && reopens(c, first, last, next)) codes.push('C14');
  } else {
    if (c.simultaneousClose) codes.push('C4');
    if (second.halfCloseFirst >= 0 && tookData(c, first, second)) codes.push('C3');
    // A reset behind both FINs may be a late one: the acknowledgment in between was perhaps not captured.
    codes.push('C10');
  }
  addRepeatedAndData(c, codes, first, second);
  if (reset !== null && !acked) steps.push(reset.index);
  return {
    codes,
    steps,
    indices: withExtras(steps, first, second, resets),
    proved: acked,
    reset,
    resetBy: reset === null ? null : sideName(c, senderOf(c, reset)),
    initiator: c.simultaneousClose ? 'both' : sideName(c, first),
    first,
    second,
    injected: [],
  };
}

function oneFin(c: Connection, first: SideFacts, second: SideFacts, resets: readonly Reset[]): ClosingFacts {
  const codes: CloseCode[] = [];
  // The other side sent something that was not captured: its FIN may have come first, or after.
  // So it did where what follows is another connection's, which may have begun anywhere.
  const ended = resets.find((one) => one.index > first.fin && one.fit === 'exact');
  const unseen = second.unseen || !heard(second) || goesPast(c, first, ended?.index ?? c.segments.count);
  const steps = [first.fin];
  if (first.finAckedAt >= 0) steps.push(first.finAckedAt);
  // A valid reset that stands before the FIN ended the connection: the FIN was under way then, and another reset only
  // answered it.
  const crossed = (one: Reset) =>
    one.fromA !== first.isA &&
    (c.segments.flags[one.index] & TcpFlag.ACK) !== 0 &&
    seqDiff(c.segments.ack[one.index], first.finEnd) < 0;
  const after = (one: Reset) => (one.index > first.fin && !crossed(one)) || acknowledgesFin(c, one, first);
  const earlier = resets.find((one) => !after(one) && one.fit !== 'inexact' && one.phase !== 'closed');
  const reset = earlier ?? resets.find((one) => after(one) && one.fit !== 'inexact') ?? null;
  // Without ACK it answers as one that had obeyed a reset of the other side before.
  const obeyed =
    reset !== null &&
    isBare(c, reset) &&
    c.resets.some(
      (one) =>
        one.index < reset.index &&
        one.fromA !== reset.fromA &&
        one.fit === 'exact' &&
        one.phase !== 'syn' &&
        one.phase !== 'handshake',
    );
  // A reset with the exact number ended it, whatever was not captured of its sender before.
  const unclear = obeyed || (unseen && !(earlier !== undefined && earlier.fit === 'exact' && !first.unseen));
  if (unclear) {
    codes.push('C10');
    if (reset !== null) steps.push(reset.index);
    steps.sort((x, y) => x - y);
  } else if (reset !== null && after(reset)) {
    codes.push(senderOf(c, reset) === first ? 'C8' : 'C6');
    steps.push(reset.index);
    if (second.halfCloseFirst >= 0 && second.halfCloseFirst < reset.index && tookData(c, first, second))
      codes.push('C3');
  } else if (reset !== null) {
    codes.push('C5');
    steps.unshift(reset.index);
  } else if (first.finAckedAt >= 0) {
    if (second.halfCloseFirst >= 0 && tookData(c, first, second)) codes.push('C3');
    codes.push('C11');
  } else codes.push('C10');
  addRepeatedAndData(c, codes, first, second);
  return {
    codes,
    steps,
    indices: withExtras(steps, first, second, resets),
    proved: !unclear && (reset !== null ? reset.fit === 'exact' : first.finAckedAt >= 0),
    reset,
    resetBy: reset === null ? null : sideName(c, senderOf(c, reset)),
    initiator: unclear ? null : reset !== null && !after(reset) ? sideName(c, senderOf(c, reset)) : sideName(c, first),
    first,
    second,
    injected: [],
  };
}

/**
 * Between the FIN and `end` its sender uses numbers beyond it, or the other side acknowledges some: another connection
 * of the same ports.
 */
function goesPast(c: Connection, closed: SideFacts, end: number): boolean {
  const { fromA, flags, seq, ack } = c.segments;
  for (let i = closed.fin + 1; i < end; i++) {
    if ((flags[i] & TcpFlag.RST) !== 0) continue;
    const number = (fromA[i] !== 0) === closed.isA ? seq[i] : (flags[i] & TcpFlag.ACK) !== 0 ? ack[i] : closed.finEnd;
    if (seqDiff(number, closed.finEnd) > 0) return true;
  }
  return false;
}

/** The reset acknowledges the FIN: it was sent after it, whatever their order in the capture. */
function acknowledgesFin(c: Connection, reset: Reset, side: SideFacts): boolean {
  const { flags, ack } = c.segments;
  return (
    (flags[reset.index] & TcpFlag.ACK) !== 0 && reset.fromA !== side.isA && seqDiff(ack[reset.index], side.finEnd) >= 0
  );
}

/** Captured segments of this side use sequence numbers: what it sent before them is known not to end its direction. */
function heard(side: SideFacts): boolean {
  return side.firstData >= 0 || side.syns.length > 0 || side.synAcks.length > 0;
}

/** The reset acknowledges, or `side` used, more than was captured of it. */
function unseenBefore(c: Connection, side: SideFacts, reset: Reset): boolean {
  const { flags, ack } = c.segments;
  const acknowledges =
    (flags[reset.index] & TcpFlag.ACK) !== 0 && side.nextKnown && seqDiff(ack[reset.index], side.next) > 0;
  return side.fin < 0 && (side.unseen || acknowledges) && reset.phase !== 'syn' && reset.phase !== 'handshake';
}

/**
 * The closed side went on acknowledging: it still read. One that answers the first data with a reset had closed both
 * ways.
 */
function tookData(c: Connection, closed: SideFacts, sender: SideFacts): boolean {
  return closed.ackKnown && seqDiff(closed.acked, c.segments.seq[sender.halfCloseFirst]) > 0;
}

function addRepeatedAndData(c: Connection, codes: CloseCode[], first: SideFacts, second: SideFacts): void {
  const { length, seq } = c.segments;
  const repeated = (side: SideFacts) =>
    side.fins.some((index) => index !== side.fin && seq[index] + length[index] === seq[side.fin] + length[side.fin]);
  if (repeated(first) || repeated(second)) codes.push('C9');
  const carries = (side: SideFacts) =>
    side.fin >= 0 && length[side.fin] > 0 && (c.segments.flags[side.fin] & TcpFlag.SYN) === 0;
  if (carries(first) || carries(second)) codes.push('C13');
}

function withExtras(
  steps: readonly number[],
  first: SideFacts,
  second: SideFacts,
  resets: readonly Reset[],
): readonly number[] {
  return [...new Set([...steps, ...first.fins, ...second.fins, ...resets.map((one) => one.index)])].sort(
    (x, y) => x - y,
  );
}
