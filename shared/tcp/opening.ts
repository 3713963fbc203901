import type { OpenCode } from '../model/stream.ts';
import type { Connection, Reset, SideFacts } from './connection.ts';
import { findAck } from './find-ack.ts';
import { meaningOf } from './icmp.ts';
import { isOlder } from './resets.ts';
import {
  type Elsewhere,
  type IcmpError,
  type SegmentOptions,
  type StreamContext,
  type StreamSegments,
  TcpFlag,
} from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';
import { overtakenNs } from './timings.ts';

/** How the connection opened, before it is put into words. Indices are of the stream's segments. */
export interface OpeningFacts {
  readonly codes: readonly OpenCode[];
  /** The numbered steps, in order. */
  readonly steps: readonly number[];
  /** Everything that belongs to the opening. */
  readonly indices: readonly number[];
  readonly proved: boolean;
  /** Both sides reached ESTABLISHED, by what was captured. */
  readonly established: boolean;
  /** The reset that ended the attempt, null none. */
  readonly reset: Reset | null;
  /** A step that must have happened but was not captured. */
  readonly missing: 'none' | 'syn' | 'syn-ack' | 'ack' | 'all';
  /** Times the SYN was sent. */
  readonly tries: number;
  /** The ICMP error that answers the SYN, and the handshake's other half in another stream; null none. */
  readonly icmp: IcmpError | null;
  readonly elsewhere: Elsewhere | null;
  /**
   * A second answer to the same SYN that says the opposite of the first (a SYN+ACK behind a refusal, a refusal behind a
   * SYN+ACK), -1 none: two hosts spoke.
   */
  readonly contradicted: number;
  /** Why nothing more can be said where the opening has no name of its own. */
  readonly doubt: 'strange-ack' | 'strange-reset' | 'only-resets' | null;
  /**
   * The stream whose connection went on behind a SYN without effect, or whose TIME-WAIT challenged it; null none that
   * was captured.
   */
  readonly held: { readonly stream: number; readonly closed: boolean } | null;
}

const byIndex = (x: number, y: number) => x - y;

/**
 * The opening variant, by the criteria O1 to O28 (docs/connection-model.md). `options` reads the SYNs' options, or
 * answers null to leave them out.
 * @param doubted resets that the side they name may not have sent
 */
export function classifyOpening(
  c: Connection,
  context: StreamContext,
  options: (index: number) => SegmentOptions | null,
  doubted: ReadonlySet<number> = new Set(),
): OpeningFacts {
  const { client, server, segments } = c;
  const main: OpenCode[] = [];
  const extra: OpenCode[] = [];
  let steps: number[] = [];
  let proved = true;
  let established = false;
  let reset: Reset | null = null;
  let missing: OpeningFacts['missing'] = 'none';
  const tries = client.synCount;
  let icmp: IcmpError | null = null;
  let elsewhere: Elsewhere | null = null;
  let contradicted = -1;
  let doubt: OpeningFacts['doubt'] = null;
  // What answered the SYN without acknowledging it.
  const odd = c.challenge >= 0 ? c.challenge : c.strangeSynAck;
  const isEarly = (one: Reset) => !one.ignored && (one.phase === 'syn' || one.phase === 'handshake');
  const early = c.resets.find(isEarly) ?? null;
  const ownReset = early !== null && early.fromA === client.isA;

  if (context.portsReused === true && client.syns.length > 0) extra.push('O16');

  if (!c.bothSyn && client.synAcks.length > 0 && server.synAcks.length > 0 && client.syns.length > 0) {
    // A side that sends both a SYN and a SYN+ACK met the other's SYN, which was not captured.
    main.push('O10');
    steps = [client.syns[0], ...[client.synAcks[0], server.synAcks[0]].sort(byIndex)];
    established =
      acknowledges(c, server.synAcks[0], client.syns[0]) &&
      segments.ack[client.synAcks[0]] === seqAdd(segments.seq[server.synAcks[0]], 1);
    proved = false;
    missing = 'syn';
  } else if (c.bothSyn && client.synAcks.length > 0 && server.synAcks.length > 0) {
    main.push('O10');
    steps = [client.syns[0], server.syns[0], client.synAcks[0], server.synAcks[0]];
    established =
      acknowledges(c, client.synAcks[0], server.syns[0]) && acknowledges(c, server.synAcks[0], client.syns[0]);
    // Either SYN+ACK may have been lost: later segments of both sides show that it was not.
    proved = established && provedOpen(c) && speaksOn(c, client) && speaksOn(c, server);
  } else if (
    c.bothSyn &&
    (server.synAcks.length > 0 ||
      (!(c.bareAck >= 0 && acknowledges(c, c.bareAck, client.syns[0])) && !acknowledgesOnly(c)))
  ) {
    // Simultaneous or split: what would tell was not captured.
    main.push('O20');
    proved = false;
    established = client.ackKnown && server.ackKnown;
  } else if (c.bothSyn) {
    main.push('O11');
    steps = [client.syns[0], ...(c.bareAck >= 0 ? [c.bareAck] : []), server.syns[0]];
    if (client.synAcks.length > 0) steps.push(client.synAcks[0]);
    if (server.handshakeAck >= 0) steps.push(server.handshakeAck);
    established = client.synAcks.length > 0 && server.handshakeAck >= 0;
    // Without an acknowledgment before the server's SYN both may have opened at once, and one SYN+ACK was not captured.
    proved = established && c.bareAck >= 0 && c.bareAck < server.syns[0];
  } else if (client.syns.length > 0 && c.synAck >= 0) {
    // Of several SYN+ACKs with numbers of their own, the third segment must acknowledge the one that answers this SYN.
    const third =
      c.handshakeAck >= 0 && seqDiff(segments.ack[c.handshakeAck], segments.seq[c.synAck]) >= 1 ? c.handshakeAck : -1;
    // Where the client reset an older answer first, the pass has forgotten which of its SYNs was answered.
    steps = [c.syn >= 0 ? c.syn : client.syns[0], c.synAck];
    // One that stands before the SYN+ACK belongs to an earlier attempt.
    const broken =
      c.resets.find(
        (one) =>
          isEarly(one) &&
          one.fit !== 'inexact' &&
          !isOlder(c, one) &&
          one.index > c.synAck &&
          !(c.strangeSynAck >= 0 && segments.seq[one.index] === segments.ack[c.strangeSynAck]),
      ) ?? null;
    const refusal = third >= 0 ? refusedThird(c, third, doubted) : null;
    contradicted = refusedToo(c);
    if (refusal !== null) {
      reset = refusal;
      main.push('O23');
      steps.push(third, refusal.index);
      // A server that had opened and aborts at once without an acknowledgment sends the same.
      proved = false;
    } else if (third >= 0 && !(broken !== null && comesTooLate(c, broken, third, doubted))) {
      established = true;
      steps.push(third);
      const late = seqDiff(segments.seq[third], thirdSeq(c)) > 0;
      if (late) {
        // The acknowledgment itself was not captured; this later one shows that it was sent.
        missing = 'ack';
        steps.pop();
      }
      main.push(segments.length[third] > 0 && !late ? 'O2' : 'O1');
      proved = !late && provedOpen(c);
    } else if (contradicted >= 0 && (broken === null || (broken.fromA === client.isA && broken.answersStranger))) {
      // Two hosts answered; which of them the client believed was not captured.
      main.push('O19');
      steps.push(contradicted);
      proved = false;
    } else if (broken !== null && broken.fromA === client.isA && probes(c, broken.index)) {
      established = true;
      missing = 'ack';
      main.push('O1');
      proved = false;
    } else if (broken !== null && broken.fromA === client.isA && (segments.flags[broken.index] & TcpFlag.ACK) !== 0) {
      // With an acknowledgment it aborts what its sender holds open: the third segment may not have been captured.
      main.push('O19');
      proved = false;
    } else if (broken !== null) {
      reset = broken;
      main.push(broken.fromA === client.isA ? 'O14' : 'O23');
      steps.push(broken.index);
      proved = broken.fit === 'exact';
    } else if (actsEstablished(c, doubted) || probes(c, segments.count) || acknowledgedLater(c)) {
      established = true;
      missing = 'ack';
      main.push('O1');
      proved = false;
    } else {
      main.push('O19');
      proved = server.synAcks.length > 1;
    }
  } else if (client.syns.length > 0 && odd >= 0 && client.handshakeAck < odd && servedBehind(c, odd)) {
    // Later segments of the server acknowledge what only this connection sends.
    main.push('O1');
    established = true;
    missing = 'syn-ack';
    steps = [client.syns[0]];
    proved = false;
  } else if (client.syns.length > 0 && c.challenge >= 0 && client.handshakeAck < c.challenge) {
    main.push('O12');
    steps = [client.syns[0], c.challenge];
    // In the end the SYN may be refused all the same.
    const refusal = c.resets.find(
      (one) => isEarly(one) && one.fromA === server.isA && one.phase === 'syn' && one.fit === 'exact',
    );
    if (refusal !== undefined && answersSyn(segments, refusal) && !wentPast(c, refusal)) main.push('O5');
    reset = main.includes('O5') && refusal !== undefined ? refusal : early;
    if (early !== null) steps.push(early.index);
    if (reset !== null && reset !== early) steps.push(reset.index);
    proved = isChallengeProved(c);
  } else if (client.syns.length > 0 && c.strangeSynAck >= 0 && (segments.fromA[c.strangeSynAck] !== 0) === client.isA) {
    // It answers a SYN of the other side that was not captured.
    main.push('O20');
    proved = false;
    established = server.ackKnown;
  } else if (client.syns.length > 0 && c.strangeSynAck >= 0 && client.handshakeAck < 0 && !refusedFirst(c, early)) {
    main.push('O8');
    reset = early;
    steps = [client.syns[0], c.strangeSynAck];
    if (early !== null) steps.push(early.index);
    proved = early !== null && segments.seq[early.index] === segments.ack[c.strangeSynAck];
  } else if (
    client.syns.length > 0 &&
    early !== null &&
    !ownReset &&
    early.phase === 'syn' &&
    client.handshakeAck < 0 &&
    acknowledgesNumberOf(c, early)
  ) {
    // Whether the reset came before or behind the third segment, at the server, cannot be told.
    main.push('O20');
    missing = 'syn-ack';
    steps = [client.syns[0]];
    proved = false;
  } else if (
    client.syns.length > 0 &&
    early !== null &&
    !ownReset &&
    early.phase === 'syn' &&
    !wentPast(c, early) &&
    answersSyn(segments, early)
  ) {
    main.push('O5');
    reset = early;
    contradicted = server.synAcks.find((index) => answered(c, index) >= 0) ?? -1;
    const asked = client.syns.findLast((index) => index < early.index) ?? client.syns[0];
    steps = [asked, early.index];
    proved = early.fit === 'exact';
  } else if (
    client.syns.length > 0 &&
    c.bareAck >= 0 &&
    client.handshakeAck < 0 &&
    silentSince(c) &&
    (!bareAckOnly(c) || client.synCount > 1) &&
    segments.count > 0 &&
    (c.server.bytes > 0 || !bareAckOnly(c))
  ) {
    // A challenge of an older connection, or the rest of this one was not captured: one ACK cannot tell.
    main.push('O20');
    missing = 'all';
    doubt = 'strange-ack';
    steps = [];
    proved = false;
  } else if (client.syns.length > 0 && c.bareAck >= 0 && client.handshakeAck < 0 && !bareAckOnly(c)) {
    // It acknowledges more than the SYN, or brings data: the SYN+ACK was not captured.
    main.push('O1');
    established = true;
    missing = 'syn-ack';
    steps = [client.syns[0]];
    proved = false;
  } else if (client.syns.length > 0 && c.bareAck >= 0 && client.handshakeAck < 0) {
    main.push('O11');
    steps = [client.syns[0], c.bareAck];
    proved = false;
  } else if (client.syns.length > 0 && client.handshakeAck >= 0) {
    main.push('O1');
    established = true;
    // It may stand behind what acknowledges it: exchanged with it, or sent again.
    const late = server.synAcks.find(
      (index) =>
        segments.ack[client.handshakeAck] === seqAdd(segments.seq[index], 1) && answered(c, index) === client.syns[0],
    );
    missing = late === undefined ? 'syn-ack' : 'none';
    steps = [client.syns[0], client.handshakeAck, ...(late === undefined ? [] : [late])].sort(byIndex);
    proved = false;
  } else if (client.syns.length > 0 && server.packets > 0) {
    if (
      silentSince(c) &&
      c.resets.every((one) => one.fromA === server.isA) &&
      server.packets === c.resetCount + server.duplicates
    )
      doubt = 'strange-reset';
    main.push('O20');
    missing = 'all';
    proved = false;
  } else if (client.syns.length > 0) {
    icmp = answeringError(c, context);
    elsewhere = context.elsewhere?.find((one) => one.kind === 'syn-ack') ?? context.elsewhere?.[0] ?? null;
    steps = [client.syns[0]];
    if (ownReset) {
      reset = early;
      steps.push(early.index);
    }
    const meaning = icmp === null ? null : meaningOf(icmp);
    main.push(elsewhere !== null ? 'O27' : meaning === 'unreachable' ? 'O7' : meaning !== null ? 'O28' : 'O6');
    proved = elsewhere === null && icmp !== null;
  } else if (server.synAcks.length > 0 && context.elsewhere?.some((one) => one.kind === 'syn') === true) {
    main.push('O27');
    elsewhere = context.elsewhere.find((one) => one.kind === 'syn') ?? null;
    steps = [server.synAcks[0]];
    missing = 'none';
    proved = false;
    if (early !== null && ownReset) {
      reset = early;
      steps.push(early.index);
    } else if (client.handshakeAck >= 0) {
      established = true;
      steps.push(client.handshakeAck);
    } else established = actsWithoutSyn(c);
  } else if (server.synAcks.length > 0) {
    const refusedIt =
      c.resets.find(
        (one) =>
          one.fromA === client.isA &&
          one.index > server.synAcks[0] &&
          segments.seq[one.index] === segments.ack[server.synAcks[0]],
      ) ?? null;
    main.push('O9');
    steps = [server.synAcks[0]];
    missing = 'syn';
    const third = client.handshakeAck >= 0 ? client.handshakeAck : acknowledgment(c, server.synAcks[0]);
    if (third >= 0) {
      established = true;
      steps.push(third);
    } else if (actsWithoutSyn(c)) established = true;
    else if (refusedIt !== null) {
      reset = refusedIt;
      steps.push(refusedIt.index);
    }
    proved = reset !== null && segments.seq[reset.index] === segments.ack[server.synAcks[0]];
  } else if (isProbe(c)) {
    main.push('O25');
    missing = 'none';
    proved = true;
    steps = [firstOf(c), ...c.resets.slice(0, 1).map((one) => one.index)];
    reset = c.resets[0] ?? null;
  } else {
    missing = 'all';
    proved = false;
    const first = c.resets.find((one) => !one.ignored);
    const talker = first === undefined ? null : first.fromA ? c.a : c.b;
    if (
      first !== undefined &&
      talker !== null &&
      first.answersStranger &&
      segments.fromA.indexOf(talker.isA ? 1 : 0) === first.index
    ) {
      main.push('O13');
      reset = first;
      steps = [];
    }
    main.push('O20');
    // A lone segment without data says nothing of a connection.
    const onlyFins =
      segments.count <= client.fins.length + server.fins.length + client.duplicates + server.duplicates &&
      (client.packets === 0 || server.packets === 0);
    established =
      reset === null &&
      ((client.packets > 0 && server.packets > 0) ||
        client.bytes + server.bytes > 0 ||
        ((client.fin >= 0 || server.fin >= 0) && !onlyFins));
    if (segments.count > 0 && c.resetCount + c.duplicates >= segments.count) {
      doubt = 'only-resets';
      established = false;
    }
  }

  if (client.syns.length > 0) openingExtras(c, main, extra, options);
  const oddIsOther = odd >= 0 && (segments.fromA[odd] !== 0) !== client.isA;
  if (oddIsOther && client.syns.length > 0 && !main.includes('O8') && !main.includes('O12')) {
    // The client cleared an older attempt away before its own succeeded (RFC 9293, figures 8 and 9).
    const cleared = c.resets.find(
      (one) => one.fromA === client.isA && one.index > odd && segments.seq[one.index] === segments.ack[odd],
    );
    if (c.challenge >= 0) main.unshift('O12');
    else if (cleared !== undefined && main[0] === 'O5') main.push('O8');
    else if (cleared !== undefined) main.unshift('O8');
    reset ??= cleared ?? null;
  }
  // One of the two answers as a host that knows no such connection: it had given up before.
  if (main[0] === 'O10' && c.resets.some((one) => !one.ignored && one.answersStranger && isEarly(one)))
    established = false;
  if (c.swapped) extra.push('O21');
  if (c.duplicates > 0 && isMirrored(c)) extra.push('O22');
  const codes = [...main, ...extra];
  const indices = [
    ...new Set([
      ...steps,
      ...(missing === 'all' ? [] : [...client.syns, ...server.synAcks, ...(c.bothSyn ? server.syns : [])]),
      ...(c.challenge >= 0 ? [c.challenge] : []),
    ]),
  ].sort(byIndex);
  return {
    codes,
    steps,
    indices,
    proved,
    established,
    reset,
    missing,
    tries,
    icmp,
    elsewhere,
    contradicted,
    doubt,
    held: null,
  };
}

/** The SYN that a SYN+ACK acknowledges, -1 none of those captured. */
function answered(c: Connection, synAck: number): number {
  const { seq, ack, length } = c.segments;
  return (
    c.client.syns.find(
      (syn) => ack[synAck] === seqAdd(seq[syn], 1) || ack[synAck] === seqAdd(seq[syn], 1 + length[syn]),
    ) ?? -1
  );
}

/**
 * A refusal of the SYN (the SYN acknowledged, with a number that the server would not use) behind the SYN+ACK that took
 * it up; -1 none.
 */
function refusedToo(c: Connection): number {
  const { segments, server } = c;
  const { seq, ack, flags } = segments;
  const both = TcpFlag.RST | TcpFlag.ACK;
  const expected = seqAdd(seq[c.synAck], 1);
  const found = c.resets.find(
    (one) =>
      one.index > c.synAck &&
      one.fromA === server.isA &&
      one.phase === 'handshake' &&
      (flags[one.index] & both) === both &&
      seq[one.index] !== expected &&
      ack[one.index] === ack[c.synAck],
  );
  return found?.index ?? -1;
}

/** Later segments use the connection that this refusal would have prevented: the client took a SYN+ACK up. */
function wentPast(c: Connection, refusal: Reset): boolean {
  const { client, segments } = c;
  if (refusal.fit !== 'exact' && client.ackKnown) return true;
  const talks = client.firstData >= 0 && (segments.flags[client.firstData] & TcpFlag.SYN) === 0;
  return (
    client.handshakeAck >= 0 ||
    talks ||
    client.fin >= 0 ||
    acknowledgesNumberOf(c, refusal) ||
    servedBehind(c, refusal.index)
  );
}

/** A refusal with the right acknowledgment came before the SYN+ACK that answers another SYN. */
function refusedFirst(c: Connection, early: Reset | null): boolean {
  return (
    early !== null &&
    early.fromA === c.server.isA &&
    early.phase === 'syn' &&
    early.fit === 'exact' &&
    early.index < c.strangeSynAck &&
    answersSyn(c.segments, early)
  );
}

/**
 * A pure acknowledgment of just the SYN+ACK, with the number that it acknowledges, wherever it stands in the capture;
 * -1 none.
 */
function acknowledgment({ segments }: Connection, synAck: number): number {
  const { fromA, seq, ack } = segments;
  const number = seqAdd(seq[synAck], 1);
  return findAck(segments, 1 - fromA[synAck], 0, (i) => ack[i] === number && seq[i] === ack[synAck]);
}

/**
 * The client acknowledges just the number of a reset: it had a SYN+ACK from that side, wherever the two stand in the
 * capture.
 */
function acknowledgesNumberOf({ client, segments }: Connection, reset: Reset): boolean {
  const number = segments.seq[reset.index];
  return number !== 0 && findAck(segments, client.isA ? 1 : 0, 0, (i) => segments.ack[i] === number) >= 0;
}

/**
 * The client reset what the challenge acknowledged. A number just ahead of the SYN could be one of this connection, of
 * which the rest was not captured, unless its sender asks again.
 */
export function isChallengeProved({ segments, challenge, client, resets }: Connection): boolean {
  const { seq, ack } = segments;
  const cleared = resets.find((one) => one.fromA === client.isA && seq[one.index] === ack[challenge]);
  if (cleared === undefined) return false;
  const beyond = seqDiff(ack[challenge], seqAdd(seq[client.syns[0]], 1));
  const asksAgain = client.syns.some((index) => index > cleared.index && seq[index] === seq[client.syns[0]]);
  return beyond < 0 || beyond > 1 << 24 || asksAgain;
}

/**
 * The server acknowledges, behind an odd answer, more than this SYN, or the SYN and brings data: the rest of the
 * handshake was not captured.
 */
function servedBehind(c: Connection, odd: number): boolean {
  const { server, client, segments } = c;
  const { seq, ack, length } = segments;
  const syn = client.syns[0];
  const serves = (i: number) => {
    const beyond = seqDiff(ack[i], seqAdd(seq[syn], 1));
    return beyond >= 0 && beyond < 1 << 26 && ack[i] !== ack[odd] && (beyond > length[syn] || length[i] > 0);
  };
  return findAck(segments, server.isA ? 1 : 0, odd + 1, serves) >= 0;
}

/** Nothing of the client but its SYNs was captured. */
function silentSince(c: Connection): boolean {
  const resets = c.resets.filter((one) => one.fromA === c.client.isA).length;
  return c.client.packets === c.client.synCount + c.client.duplicates + resets;
}

/** The server acts as only an ESTABLISHED side does, though nothing of the client's opening was captured. */
function actsWithoutSyn(c: Connection): boolean {
  const { server, segments } = c;
  const talks = server.firstData >= 0 && (segments.flags[server.firstData] & TcpFlag.SYN) === 0;
  const acknowledges =
    server.synAcks.length > 0 && server.ackKnown && seqDiff(server.acked, segments.ack[server.synAcks[0]]) > 0;
  return (
    talks ||
    server.fin >= 0 ||
    acknowledges ||
    c.resets.some(
      (one) => !one.ignored && one.fromA === server.isA && one.phase === 'established' && one.index > server.synAcks[0],
    )
  );
}

/** The ICMP error that quotes a SYN of the client. */
function answeringError(c: Connection, context: StreamContext): IcmpError | null {
  const { client, segments } = c;
  const quotes = (one: IcmpError) =>
    one.quotedFromA === client.isA && client.syns.some((syn) => segments.seq[syn] === one.quotedSeq);
  const errors = context.icmpErrors?.filter(quotes) ?? [];
  return errors.find((one) => meaningOf(one) === 'unreachable') ?? errors[0] ?? null;
}

/** The first segment that is no reset. */
function firstOf({ segments }: Connection): number {
  return segments.flags.findIndex((flags) => (flags & TcpFlag.RST) === 0);
}

/**
 * Segments without ACK, SYN and RST, which no connection sends (RFC 9293, section 3.10.7.4, fifth), answered by resets
 * or not at all.
 */
function isProbe(c: Connection): boolean {
  const { segments } = c;
  const { count, flags, fromA } = segments;
  if (count === 0 || count > 64) return false;
  const bare = TcpFlag.ACK | TcpFlag.SYN | TcpFlag.RST;
  let sender = -1;
  for (let i = 0; i < count; i++) {
    if ((flags[i] & TcpFlag.RST) !== 0) continue;
    if ((flags[i] & bare) !== 0 || (sender >= 0 && fromA[i] !== sender)) return false;
    sender = fromA[i];
  }
  return sender >= 0 && c.resets.every((one) => one.fromA !== (sender === 1));
}

/** Whether the SYN+ACK or ACK `answer` acknowledges the SYN `syn`. */
function acknowledges(c: Connection, answer: number, syn: number): boolean {
  return c.segments.ack[answer] === seqAdd(c.segments.seq[syn], 1);
}

/**
 * A SYN is refused with Seq 0 and an Ack (RFC 9293, section 3.5.2); a reset that must be ignored in SYN-SENT was meant
 * to refuse it.
 */
function answersSyn(segments: StreamSegments, reset: Reset): boolean {
  return reset.fit !== 'unknown' || segments.seq[reset.index] === 0;
}

/** The server's first acknowledgment covers the client's SYN and nothing else. */
function acknowledgesOnly(c: Connection): boolean {
  const { handshakeAck } = c.server;
  return (
    handshakeAck >= 0 &&
    c.segments.length[handshakeAck] === 0 &&
    c.segments.ack[handshakeAck] === seqAdd(c.client.isn, 1)
  );
}

function bareAckOnly(c: Connection): boolean {
  return c.segments.length[c.bareAck] === 0 && acknowledges(c, c.bareAck, c.client.syns[0]) && !c.server.unseen;
}

/** Number that the client's answer to the SYN+ACK must carry: data in the SYN counts where the server took it. */
export function thirdSeq(c: Connection): number {
  const { seq, ack, flags } = c.segments;
  const asker = c.segments.fromA[c.synAck] !== 0 ? c.b : c.a;
  return c.synAck >= 0 && (flags[c.synAck] & TcpFlag.ACK) !== 0 ? ack[c.synAck] : seqAdd(seq[asker.syns[0]], 1);
}

/**
 * The client had long before answered the SYN+ACK as one that knows nothing of the attempt, and the server shows
 * nothing that only an open side sends.
 */
function comesTooLate(c: Connection, broken: Reset, third: number, doubted: ReadonlySet<number>): boolean {
  return (
    broken.fromA === c.client.isA &&
    broken.answersStranger &&
    broken.index < third &&
    c.segments.timeNs[third] - c.segments.timeNs[broken.index] > overtakenNs &&
    !actsEstablished(c, doubted)
  );
}

/** An answer to the third segment does not take longer than this and some times the way there and back. */
const slowestNs = 200_000_000;

/**
 * The server's reset that answers the third segment as if it knew of no connection: it had not taken the connection up.
 */
function refusedThird(c: Connection, third: number, doubted: ReadonlySet<number>): Reset | null {
  const { client, segments, server } = c;
  if (
    actsEstablished(c, doubted) ||
    c.bothSyn ||
    segments.length[third] > 0 ||
    client.fin >= 0 ||
    client.next !== thirdSeq(c) ||
    client.keepAliveCount > 0
  )
    return null;
  // It was reset before: the server's own reset only answers one who was not told.
  if (
    c.resets.some(
      (one) => one.fromA === client.isA && one.index > c.synAck && one.index < third && one.fit !== 'inexact',
    )
  )
    return null;
  const reset = c.resets.find((one) => !one.ignored && one.index > third);
  if (
    reset === undefined ||
    c.segments.timeNs[reset.index] - c.segments.timeNs[third] >
      slowestNs + 4 * Math.abs(c.segments.timeNs[c.synAck] - c.segments.timeNs[c.syn])
  )
    return null;
  return reset.fromA === server.isA && reset.answersStranger && segments.seq[reset.index] === segments.ack[third]
    ? reset
    : null;
}

/** Later segments show that each side received what made it ESTABLISHED. */
function provedOpen(c: Connection): boolean {
  // A SYN+ACK that answers another SYN shows nothing of this connection.
  return c.a.openSpan?.proved === true && c.b.openSpan?.proved === true && c.strangeSynAck <= c.synAck;
}

/** Behind its SYN+ACK it sent something without SYN: it had the other side's. */
function speaksOn({ segments }: Connection, side: SideFacts): boolean {
  return findAck(segments, side.isA ? 1 : 0, side.synAcks[0] + 1, () => true) >= 0;
}

/** Its number lies behind that of the SYN+ACK: an older connection's does not. */
function follows({ seq }: StreamSegments, index: number, synAck: number): boolean {
  const beyond = seqDiff(seq[index], seq[synAck]);
  return beyond > 0 && beyond < 1 << 30;
}

/**
 * The client asks with its last number whether the connection is still there (RFC 9293, section 3.8.4), as only a side
 * does that has the SYN+ACK.
 */
function probes({ client, segments, synAck }: Connection, before: number): boolean {
  const { flags, seq, ack, length } = segments;
  const number = seqAdd(seq[synAck], 1);
  const isProbe = (i: number) =>
    (flags[i] & TcpFlag.FIN) === 0 &&
    length[i] <= 1 &&
    ack[i] === number &&
    client.syns.some((syn) => seq[syn] === seq[i]);
  return findAck(segments, client.isA ? 1 : 0, synAck + 1, isProbe, before) >= 0;
}

/** Resets of one moment with several numbers: who knows the connection needs but one. */
function isGuessed({ resets, segments: { seq, timeNs } }: Connection, reset: Reset): boolean {
  return resets.some(
    (one) =>
      one.fromA === reset.fromA &&
      seq[one.index] !== seq[reset.index] &&
      Math.abs(timeNs[one.index] - timeNs[reset.index]) < overtakenNs,
  );
}

/** The client acknowledges the SYN+ACK further on, with a number that it had come to since. */
function acknowledgedLater(c: Connection): boolean {
  const { seq, ack } = c.segments;
  const number = seqAdd(seq[c.synAck], 1);
  const first = thirdSeq(c);
  const holds = (i: number) => ack[i] === number && seqDiff(seq[i], first) >= 0;
  return findAck(c.segments, c.client.isA ? 1 : 0, c.synAck + 1, holds) >= 0;
}

/** The server went on as only an ESTABLISHED side does, so the client's ACK reached it although it was not captured. */
function actsEstablished(c: Connection, doubted: ReadonlySet<number>): boolean {
  const { server, segments } = c;
  const talks =
    server.firstData >= 0 &&
    (segments.flags[server.firstData] & TcpFlag.SYN) === 0 &&
    follows(segments, server.firstData, c.synAck);
  // One number past the handshake is what a guess lies at too; just the first number says nothing.
  const usesMore = ({ index }: Reset) =>
    seqDiff(segments.seq[index], thirdSeq(c)) > 1 ||
    ((segments.flags[index] & TcpFlag.ACK) !== 0 &&
      seqDiff(segments.ack[index], seqAdd(segments.seq[c.synAck], 1)) > 0);
  const past = c.resets.some(
    (one) =>
      !one.ignored &&
      !doubted.has(one.index) &&
      !isGuessed(c, one) &&
      one.phase === 'established' &&
      one.index > c.synAck &&
      c.client.handshakeAck < 0 &&
      (one.fromA !== c.client.isA || usesMore(one)),
  );
  // A challenge in front of the SYN+ACK speaks of an older connection.
  // So does one with other numbers than the SYN+ACK's.
  const acknowledges =
    server.ackKnown &&
    server.ackIndex > c.synAck &&
    seqDiff(server.acked, thirdSeq(c)) > 0 &&
    follows(segments, server.ackIndex, c.synAck);
  const closes = server.fin >= 0 && follows(segments, server.fin, c.synAck);
  return talks || closes || acknowledges || past;
}

function openingExtras(
  c: Connection,
  main: OpenCode[],
  extra: OpenCode[],
  options: (index: number) => SegmentOptions | null,
): void {
  const { client, segments } = c;
  const { flags, length, seq } = segments;
  const syn = c.syn >= 0 ? c.syn : client.syns[0];
  const repeated = client.syns.some(
    (index) => index !== client.syns[0] && seq[index] === seq[client.syns[0]] && (c.synAck < 0 || index < c.synAck),
  );
  const withData = client.syns.find((index) => length[index] > 0);
  const synOptions = options(syn);
  const cookie = synOptions?.fastOpenCookie ?? null;
  if (repeated) main[0] === 'O1' || main[0] === 'O2' ? main.unshift('O3') : main.push('O3');
  if (repeatedSynAck(c)) main[0] === 'O1' || main[0] === 'O2' ? main.unshift('O4') : main.push('O4');
  // Without the options nobody can tell the two apart.
  if (withData !== undefined && synOptions !== null)
    cookie !== null && cookie > 0 ? main.unshift('O15') : main.unshift('O18');
  else if (cookie !== null) extra.push('O15');
  const { ECE, CWR } = TcpFlag;
  if ((flags[syn] & (ECE | CWR)) === (ECE | CWR)) extra.push('O17');
}

function repeatedSynAck(c: Connection): boolean {
  const { seq, ack } = c.segments;
  const { synAcks } = c.server;
  return synAcks.some(
    (index) => index !== synAcks[0] && seq[index] === seq[synAcks[0]] && ack[index] === ack[synAcks[0]],
  );
}

/** Packets captured twice: not one chance pair, but a SYN or FIN or a good part of the stream. */
function isMirrored(c: Connection): boolean {
  const total = c.a.packets + c.b.packets;
  return c.controlDuplicates > 0 || c.duplicates * 5 >= total || c.duplicates >= 10;
}
