/**
 * What the segments of a stream show, tried against all of them. A pass over the segments (`scan.ts`) takes each for
 * what it says; what later segments, the packets around them, ICMP errors and neighbouring streams contradict is taken
 * back, and the pass is made again without it.
 */
import { classifyClosing } from './closing.ts';
import type { Connection, Roles } from './connection.ts';
import { CopyFinder } from './copies.ts';
import { findAck } from './find-ack.ts';
import type { Judgement } from './judgement.ts';
import { type Merged, mergedPoints, pathOrder } from './merged.ts';
import { classifyOpening, type OpeningFacts, thirdSeq } from './opening.ts';
import { causalOrder, reordered } from './order.ts';
import { clearsOdd } from './resets.ts';
import { rolesOf } from './roles.ts';
import { analyseConnection } from './scan.ts';
import { type NextStream, type SegmentOptions, type StreamContext, type StreamSegments, TcpFlag } from './segments.ts';
import { isSelfConnected, selfConnection } from './self-connection.ts';
import { farBytes, seqDiff } from './sequence.ts';
import { splitConnections } from './several.ts';
import { isInjectionDoubted, type Spoken, whoSpoke } from './spoken.ts';
import { changedNothing, goesOnAt, goesOnBehind, joined, othersNumbers } from './survived.ts';

type OptionsOf = (segments: StreamSegments) => (index: number) => SegmentOptions | null;

/** Resets of one connection whose sender is looked into, and as many that were found to be made up; a flood of them says nothing more. */
const maxSpoken = 8;
const maxRounds = 4;

/**
 * Every connection that a stream holds: one, or several where the same initial number was used again after a complete
 * close.
 */
export function judgeStream(
  segments: StreamSegments,
  context: StreamContext,
  optionsOf: OptionsOf,
  record = true,
): readonly Judgement[] {
  if (isSelfConnected(segments)) return [selfConnection(segments, context, record)];
  const first = analyseConnection(segments, record, context.relativeBase, { knownPort: context.knownPort });
  const view = clearView(segments, first);
  const parts = splitConnections(view.segments, view.finder);
  if (parts === null) {
    const known = view.segments === segments && view.merged === null ? first : null;
    return [judgeOne(view, context, optionsOf, record, known)];
  }
  const sent = servedPort(view.segments);
  const served = sent < 0 && first.roleEvidence === 'asks' ? (first.server.isA ? segments.a : segments.b).port : sent;
  const told = served < 0 ? context : { ...context, knownPort: (port: number) => port === served };
  return parts.map((part, n) => {
    const last = n === parts.length - 1;
    const { segments: own, finder } = part;
    const merged =
      view.merged === null || finder.merged === null || finder.merged.size === 0
        ? null
        : { ...view.merged, pairs: finder.merged };
    const inner = { segments: own, finder, merged, reordered: view.reordered };
    return judgeOne(inner, partContext(told, part.segments, n, last), optionsOf, record, null);
  });
}

/**
 * The port that a SYN of one of several connections was sent to, or that a SYN+ACK came from: it is the server's in the
 * others too; -1 where none was.
 */
function servedPort(s: StreamSegments): number {
  const { SYN, ACK } = TcpFlag;
  for (let i = 0; i < s.count; i++)
    if ((s.flags[i] & (SYN | ACK)) === SYN) return s.fromA[i] !== 0 ? s.b.port : s.a.port;
  for (let i = 0; i < s.count; i++)
    if ((s.flags[i] & (SYN | ACK)) === (SYN | ACK)) return s.fromA[i] !== 0 ? s.a.port : s.b.port;
  return -1;
}

/** The first connection of a stream: what its row in tables says. */
export function judgeFirst(
  segments: StreamSegments,
  context: StreamContext,
  optionsOf: OptionsOf,
  record = true,
): Judgement {
  return judgeStream(segments, context, optionsOf, record)[0];
}

interface View {
  readonly segments: StreamSegments;
  readonly finder: CopyFinder;
  readonly merged: Merged | null;
  readonly reordered: boolean;
}

/** The segments with copies known, in an order that does not contradict itself. */
function clearView(segments: StreamSegments, first: Connection): View {
  const finder = new CopyFinder(segments);
  const { a, b } = first;
  const repeats = a.retransmissions + b.retransmissions + first.duplicates;
  const merged =
    a.synCount > 1 || b.synCount > 1 || a.synAcks.length > 1 || b.synAcks.length > 1 || repeats > 1
      ? mergedPoints(segments, finder)
      : null;
  finder.merged = merged?.pairs ?? null;
  const odd = first.ahead > 0 || first.swapped || first.disordered || merged !== null;
  const order = odd ? orderWithCopies(segments, finder, merged) : null;
  if (order === null) return { segments, finder, merged, reordered: false };
  const view = reordered(segments, order);
  const viewFinder = new CopyFinder(view);
  let pairs: Map<number, number> | null = null;
  if (merged !== null) {
    const place = new Uint32Array(segments.count);
    for (let n = 0; n < order.length; n++) place[order[n]] = n;
    pairs = new Map([...merged.pairs].map(([copy, original]): [number, number] => [place[copy], place[original]]));
    viewFinder.merged = pairs;
  }
  return {
    segments: view,
    finder: viewFinder,
    merged: merged === null || pairs === null ? null : { ...merged, pairs },
    reordered: true,
  };
}

/**
 * The order of what was sent, each copy right behind the packet it is a copy of; null where the file's order is as
 * good.
 */
function orderWithCopies(
  segments: StreamSegments,
  finder: CopyFinder,
  merged: Merged | null,
): ArrayLike<number> | null {
  if (merged === null) return causalOrder(segments);
  const kept: number[] = [];
  const copies = new Map<number, number[]>();
  for (let i = 0; i < segments.count; i++) {
    const original = merged.pairs.get(i);
    if (original === undefined) kept.push(i);
    else copies.set(original, [...(copies.get(original) ?? []), i]);
  }
  const sent = pathOrder(segments, finder, merged.pairs) ?? kept;
  const order = causalOrder(reordered(segments, sent));
  if (order === null && sent.every((index, n) => index === kept[n])) return null;
  return Array.from(order ?? sent.keys()).flatMap((n) => [sent[n], ...(copies.get(sent[n]) ?? [])]);
}

function judgeOne(
  view: View,
  context: StreamContext,
  optionsOf: OptionsOf,
  record: boolean,
  known: Connection | null,
): Judgement {
  const { finder } = view;
  const injected: number[] = [];
  let spoken: Spoken[] = [];
  let connection = known !== null ? settleThird(known) : analyse(view, context, record, injected);
  const foreign = foreignResets(connection);
  if (foreign.length > 0) connection = analyse(view, context, record, injected, foreign);
  for (let round = 0; round < maxRounds; round++) {
    spoken = spokenOf(connection, finder);
    const found = spoken.filter(
      (one) => one.goesOn.length > 0 && one.certain && !one.own && !injected.includes(one.reset.index),
    );
    if (found.length === 0) break;
    injected.push(...found.map((one) => one.reset.index));
    connection = analyse(view, context, record, injected, foreign);
  }
  const { segments } = view;
  const options = optionsOf(segments);
  const survived = withoutEffect(connection, context);
  const mayBeOthers = (one: Spoken) => isInjectionDoubted(one) || (one.unclear && !one.own);
  const doubted = new Set(spoken.filter(mayBeOthers).flatMap((one) => [one.reset.index, ...one.burst]));
  const opening =
    survived ??
    closedBefore(ownResets(connection, classifyOpening(connection, context, options, doubted), spoken), context);
  if (survived !== null) {
    // The SYN is no part of what the other segments belong to.
    connection = analyse(
      view,
      context,
      record,
      injected,
      [...connection.client.syns, ...foreign],
      earlierRoles(survived, context, segments),
    );
    spoken = spokenOf(connection, finder);
  }
  const closing = classifyClosing(connection, opening, context.next, spoken, view.merged?.rewritten === true);
  const base = {
    connection,
    opening,
    closing,
    spoken,
    merged: view.merged,
    finder,
    reordered: view.reordered,
    continuedIn: null,
    context,
  };
  const rest = continuation(base, context);
  if (rest === null) return base;
  const whole = {
    segments: rest.segments,
    finder: new CopyFinder(rest.segments),
    merged: null,
    reordered: view.reordered,
  };
  const { next: _next, ...inner } = context;
  return {
    ...judgeOne(whole, rest.next === undefined ? inner : { ...inner, next: rest.next }, optionsOf, record, null),
    continuedIn: rest.stream,
  };
}

/**
 * An opening that a reset ended is proved only where it is known who sent the reset, and bears its sender's name only
 * where nothing speaks against that.
 */
function ownResets(c: Connection, opening: OpeningFacts, spoken: readonly Spoken[]): OpeningFacts {
  const { reset, codes } = opening;
  const code = codes.find((one) => one === 'O13' || one === 'O14' || one === 'O23');
  if (reset === null || code === undefined) return opening;
  const doubted = spoken.some((one) => one.reset === reset && (isInjectionDoubted(one) || (one.unclear && !one.own)));
  if (doubted && code !== 'O13') {
    const steps = opening.steps.filter((index) => index !== reset.index);
    // The third segment was captured: the client had opened.
    const third = c.handshakeAck >= 0 ? c.handshakeAck : thirdBehind(c);
    const opened = third >= 0;
    if (opened && !steps.includes(third)) steps.push(third);
    return {
      ...opening,
      established: opened,
      codes: codes.map((one) => (one !== code ? one : opened ? 'O1' : 'O19')),
      steps,
      indices: opening.indices.filter((index) => index !== reset.index),
      reset: null,
      proved: false,
    };
  }
  return { ...opening, proved: opening.proved && spoken.some((one) => one.reset === reset && one.own) };
}

/** The client's first segment that acknowledges just the SYN+ACK, wherever it stands; -1 none. */
function thirdBehind({ segments, synAck }: Connection): number {
  if (synAck < 0) return -1;
  const number = (segments.seq[synAck] + 1) >>> 0;
  return findAck(segments, 1 - segments.fromA[synAck], synAck + 1, (i) => segments.ack[i] === number);
}

/** Streams of the same addresses and ports that are looked back, or forward, through. */
const mostStreams = 8;

/**
 * The opening of a stream whose SYN changed nothing: the connection of an earlier stream went on; null where none did.
 */
function withoutEffect(c: Connection, context: StreamContext): OpeningFacts | null {
  const { segments, client } = c;
  if (client.syns.length === 0 || c.synAck >= 0) return null;
  if (client.packets === client.synCount) return passedOver(c, context);
  let later = -1;
  let held: OpeningFacts['held'] = null;
  let { previous } = context;
  for (let n = 0; previous !== undefined && n < mostStreams && later < 0; n++) {
    const before = previous.segments();
    later = before === null ? -1 : goesOnAt(before, segments);
    if (later >= 0) held = { stream: previous.stream, closed: false };
    previous = previous.previous?.();
  }
  if (later < 0 && c.challenge >= 0) later = goesOnBehind(segments, c.challenge);
  if (later < 0) later = othersNumbers(segments, client.syns[0]);
  if (later < 0) return null;
  const challenge = challengeOf(c, later);
  const steps = [client.syns[0], ...(challenge >= 0 ? [challenge] : []), later].sort((x, y) => x - y);
  const codes: OpeningFacts['codes'] = [
    'O24',
    ...(challenge >= 0 ? (['O12'] as const) : []),
    ...(context.portsReused === true ? (['O16'] as const) : []),
  ];
  // Where no other stream tells of the connection, this one does.
  const none = {
    established: held === null,
    reset: null,
    missing: held === null ? 'all' : 'none',
    icmp: null,
    elsewhere: null,
    contradicted: -1,
    doubt: null,
  } as const;
  return { ...none, codes, steps, indices: steps, proved: true, tries: client.synCount, held };
}

/** Who was client and server in the stream whose connection went on. */
function earlierRoles({ held }: OpeningFacts, context: StreamContext, segments: StreamSegments): Roles | undefined {
  let { previous } = context;
  for (let n = 0; previous !== undefined && n < mostStreams; n++) {
    const before = previous.stream === held?.stream ? previous.segments() : null;
    if (before !== null)
      return rolesOf(analyseConnection(before, false, undefined, { knownPort: context.knownPort }), segments);
    previous = previous.previous?.();
  }
  return undefined;
}

/**
 * A SYN alone in its stream, between two streams of which the later goes on with the connection of the earlier; null
 * where they do not.
 */
function passedOver(c: Connection, context: StreamContext): OpeningFacts | null {
  const { previous } = context;
  let { next } = context;
  if (previous === undefined || next === undefined || !changedNothing(c.segments)) return null;
  const before = previous.segments();
  for (let n = 0; before !== null && next?.segments !== undefined && n < mostStreams; n++) {
    const following = next.segments();
    if (following === null) return null;
    if (goesOnAt(before, following) >= 0) {
      const challenge = challengeOf(c, c.segments.count);
      const steps = [c.client.syns[0], ...(challenge >= 0 ? [challenge] : [])];
      const codes: OpeningFacts['codes'] = ['O24', ...(challenge >= 0 ? (['O12'] as const) : []), 'O16'];
      const none = {
        established: false,
        reset: null,
        missing: 'none',
        icmp: null,
        elsewhere: null,
        contradicted: -1,
        doubt: null,
      } as const;
      return {
        ...none,
        codes,
        steps,
        indices: steps,
        proved: true,
        tries: c.client.synCount,
        held: { stream: previous.stream, closed: false },
      };
    }
    if (!changedNothing(following)) return null;
    next = next.next?.();
  }
  return null;
}

/**
 * The pure acknowledgment by which the other side objects to the SYN, before its sender goes on at `later`; -1 not
 * captured.
 */
function challengeOf({ segments, client }: Connection, later: number): number {
  const { fromA, flags, length, seq, ack } = segments;
  const [syn] = client.syns;
  const { SYN, FIN, RST, ACK } = TcpFlag;
  for (let i = syn + 1; i < later; i++) {
    if (fromA[i] === fromA[syn] || length[i] > 0 || (flags[i] & (SYN | FIN | RST | ACK)) !== ACK) continue;
    if (ack[i] !== (seq[syn] + 1) >>> 0) return i;
  }
  return -1;
}

/** Whose TIME-WAIT challenged the SYN: the earlier stream was closed by both sides. */
function closedBefore(opening: OpeningFacts, context: StreamContext): OpeningFacts {
  if (!opening.codes.includes('O12') || opening.held !== null || context.previous === undefined) return opening;
  const before = context.previous.segments();
  if (before === null) return opening;
  const old = analyseConnection(before, false);
  const closed = old.a.finAckedAt >= 0 && old.b.finAckedAt >= 0;
  return { ...opening, held: { stream: context.previous.stream, closed } };
}

function analyse(
  view: View,
  context: StreamContext,
  record: boolean,
  injected: readonly number[],
  aside: readonly number[] = [],
  earlier?: Roles,
): Connection {
  const c = settleThird(
    analyseConnection(
      view.segments,
      record,
      context.relativeBase,
      { injected, aside, knownPort: context.knownPort, earlier },
      view.finder,
    ),
  );
  if (!view.reordered || c.syn < 0 || c.synAck < 0) return c;
  const { rows } = view.segments;
  const swapped = rows[c.synAck] < rows[c.syn];
  return swapped ? { ...c, swapped } : c;
}

/**
 * The client's first segment after the SYN+ACK, where it stands behind a later one, or behind a reset that was taken
 * for the end.
 */
function settleThird(c: Connection): Connection {
  if (c.synAck < 0 || c.syn < 0 || c.bothSyn) return c;
  const { fromA, flags, seq, ack } = c.segments;
  const number = thirdSeq(c);
  if (c.handshakeAck >= 0 && seqDiff(seq[c.handshakeAck], number) <= 0) return c;
  if (c.handshakeAck < 0 && c.resetCount === 0) return c;
  const next = (seq[c.synAck] + 1) >>> 0;
  const isThird = (i: number) =>
    (flags[i] & TcpFlag.FIN) === 0 &&
    seq[i] === number &&
    (ack[i] === next || (c.handshakeAck >= 0 && seqDiff(ack[i], next) >= 0));
  const third = findAck(c.segments, fromA[c.syn], 0, isThird);
  return third < 0 ? c : { ...c, handshakeAck: third };
}

/** Resets that acknowledge what this connection never used, before it or after: they ended another one of its ports. */
function foreignResets(c: Connection): readonly number[] {
  const { flags, ack } = c.segments;
  const numbersKnown = c.synAck >= 0 && c.syn >= 0 && c.handshakeAck >= 0;
  if (!numbersKnown) return [];
  return c.resets.flatMap(({ index, fromA }) => {
    const receiver = fromA ? c.b : c.a;
    const far = (number: number) => Math.abs(seqDiff(ack[index], number)) > farBytes;
    return (flags[index] & TcpFlag.ACK) !== 0 && far(receiver.isn) && far(receiver.next) ? [index] : [];
  });
}

/** Who sent the resets that could have ended the connection. */
function spokenOf(c: Connection, finder: CopyFinder): Spoken[] {
  const matters = c.resets.filter(
    // A client that waits for its SYN+ACK resets what acknowledges anything else, and goes on (RFC 9293, section
    // 3.10.7.3).
    (one) =>
      (one.phase !== 'syn' || one.fit === 'unknown' || (one.fromA === c.client.isA && !one.answersStranger)) &&
      one.phase !== 'closed' &&
      (one.fit !== 'inexact' || one.injected) &&
      !clearsOdd(c, one),
  );
  const injected = matters.filter((one) => one.injected);
  const others = matters.filter((one) => !one.injected);
  return [...injected.slice(0, maxSpoken), ...others.slice(0, maxSpoken)].map((one) => whoSpoke(c, finder, one));
}

/** The rest of a connection that a SYN without effect led into a later stream; null where there is none. */
function continuation(
  judged: Judgement,
  context: StreamContext,
): { readonly segments: StreamSegments; readonly stream: number; readonly next: NextStream | undefined } | null {
  const { closing, opening, connection } = judged;
  if (!opening.established || (closing.proved && closing.codes[0] !== 'C12')) return null;
  let { next } = context;
  let segments = connection.segments;
  for (let n = 0; next?.segments !== undefined && n < mostStreams; n++) {
    const following = next.segments();
    if (following === null) return null;
    if (goesOnAt(connection.segments, following) >= 0)
      return { segments: joined(segments, following, next.timeNs), stream: next.stream, next: next.next?.() };
    // Another SYN that nobody took up stands in between.
    if (!changedNothing(following)) return null;
    segments = joined(segments, following, next.timeNs);
    next = next.next?.();
  }
  return null;
}

/** What the capture knows beyond the segments, for one of several connections of a stream. */
function partContext(context: StreamContext, segments: StreamSegments, n: number, last: boolean): StreamContext {
  const { next, previous: _previous, sincePreviousNs: _since, portsReused, icmpErrors, ...rest } = context;
  const own = icmpErrors?.filter(
    ({ row }) => segments.count > 0 && row >= segments.rows[0] && (last || row <= segments.rows[segments.count - 1]),
  );
  return {
    ...rest,
    ...(n === 0 && portsReused !== undefined && { portsReused }),
    ...(n === 0 && _previous !== undefined && { previous: _previous }),
    ...(n === 0 && _since !== undefined && { sincePreviousNs: _since }),
    ...(last && next !== undefined && { next }),
    ...(own !== undefined && own.length > 0 && { icmpErrors: own }),
  };
}
