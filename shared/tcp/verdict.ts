import { endpointText } from '../format/endpoint.ts';
import { sizeText, spanText } from '../format/quantity.ts';
import { type HandshakeKey, handshakeEn } from '../i18n/en/handshake.ts';
import type { ByLanguage, Check, HandshakeTimes, StreamSummary } from '../model/stream.ts';
import type { ClosingFacts } from './closing.ts';
import type { Connection, Reset, SideFacts } from './connection.ts';
import { meaningOf } from './icmp.ts';
import type { Judgement } from './judgement.ts';
import { looksOf } from './looks.ts';
import type { OpeningFacts } from './opening.ts';
import { clause, joinTexts, label, phrase, whoTexts } from './phrase.ts';
import { isGuess } from './roles.ts';
import type { StreamContext } from './segments.ts';
import { TcpFlag } from './segments.ts';
import { seqAdd } from './sequence.ts';

function isKey(key: string): key is HandshakeKey {
  return Object.hasOwn(handshakeEn, key);
}

/** The opening in two or three words. */
export function openLabel(c: Connection, opening: OpeningFacts): ByLanguage {
  const code = opening.codes[0];
  if (code === 'O1' && opening.missing === 'ack') return label('open.O1.noAck');
  if (code === 'O1' && opening.missing === 'syn-ack') return label('open.O1.noSynAck');
  if (code === 'O9' && opening.reset !== null) return label('open.O9.reset');
  if (code === 'O11' && !c.bothSyn) return label('open.O11.bare');
  if (code === 'O27' && opening.elsewhere?.kind === 'syn' && c.client.syns.length === 0) return label('open.O27.here');
  if (code === 'O20' && opening.doubt !== null)
    return label(
      opening.doubt === 'strange-ack'
        ? 'open.O20.strange'
        : opening.doubt === 'strange-reset'
          ? 'open.O20.reset'
          : 'open.O20.resets',
    );
  const key = `open.${code}`;
  return label(isKey(key) ? key : c.server.synAcks.length > 0 ? 'open.O1' : 'open.O20');
}

/** The file ends, or is damaged, where the connection was still open: a close may have followed. */
export function isCut({ context, closing, connection }: Judgement): boolean {
  const { damage } = context;
  if (damage?.kind !== 'cut' || closing.codes.length === 0 || (closing.proved && closing.codes[0] !== 'C12'))
    return false;
  const { segments } = connection;
  return segments.count > 0 && segments.rows[segments.count - 1] <= damage.row && context.next === undefined;
}

/** What stands in the place of a closing where there was nothing to close. */
function noCloseLabel({ codes, doubt }: OpeningFacts): HandshakeKey {
  if (codes[0] === 'O24') return 'close.elsewhere';
  if (codes[0] === 'O25') return 'close.probe';
  return doubt !== null || codes[0] === 'O19' || codes[0] === 'O20' || codes[0] === 'O11' || codes[0] === 'O27'
    ? 'close.unknown'
    : 'close.none';
}

/** The closing in a few words, naming who began. */
export function closeLabel(j: Judgement): ByLanguage {
  const { closing } = j;
  const code = closing.codes[0];
  if (code === undefined) return label(noCloseLabel(j.opening));
  if (code === 'C12' && isCut(j)) return label('close.cut');
  if (code === 'C16') {
    const names = new Set(closing.injected.map((one) => one.reset.fromA));
    const [fromA] = names;
    return label(
      names.size !== 1 ? 'close.C16' : fromA === j.connection.client.isA ? 'close.C16.client' : 'close.C16.server',
    );
  }
  if (code === 'C5' && isUnnamed(closing)) return label('close.C5.unnamed');
  const side = code === 'C5' || code === 'C15' ? closing.resetBy : closing.initiator;
  const key = `close.${code}${side === null ? '' : `.${side}`}`;
  return label(isKey(key) ? key : 'close.C12');
}

/** A reset with a number that its receiver obeys, of which nobody can tell who sent it. */
function isUnnamed({ reset, resetBy }: ClosingFacts): boolean {
  return reset !== null && resetBy === null && reset.fit !== 'inexact';
}

/**
 * Time from the SYN that was answered to its SYN+ACK and to the client's answer; null where one of them was not
 * captured or time ran backwards.
 */
export function handshakeTimes(c: Connection, opening: OpeningFacts): HandshakeTimes | null {
  if (c.syn < 0 || c.synAck < 0 || c.handshakeAck < 0 || c.bothSyn || opening.missing !== 'none' || c.swapped)
    return null;
  // It came when the attempt was over.
  if (!opening.established && !opening.steps.includes(c.handshakeAck)) return null;
  const { timeNs } = c.segments;
  const synToSynAck = timeNs[c.synAck] - timeNs[c.syn];
  const synAckToAck = timeNs[c.handshakeAck] - timeNs[c.synAck];
  if (!(synToSynAck >= 0) || !(synAckToAck >= 0)) return null;
  return { total: synToSynAck + synAckToAck, synToSynAck, synAckToAck };
}

/** `the client` for the sender of a reset and so on; where the roles are a guess, the address and the doubt. */
export function whoOf(c: Connection, side: SideFacts): ByLanguage {
  const role = side === c.client ? 'client' : 'server';
  if (!isGuess(c)) return whoTexts[role];
  return clause(`who.guessed.${role}`, { end: endpointText(side.isA ? c.segments.a : c.segments.b) });
}

export function otherSide(c: Connection, side: SideFacts): SideFacts {
  return side === c.a ? c.b : c.a;
}

export function resetSender(c: Connection, reset: Reset): SideFacts {
  return reset.fromA ? c.a : c.b;
}

function openClause(c: Connection, opening: OpeningFacts, context: StreamContext): ByLanguage {
  const { client, server, segments } = c;
  const { timeNs } = segments;
  const waited = client.syns.length > 1 ? timeNs[client.syns[client.syns.length - 1]] - timeNs[client.syns[0]] : 0;
  if (opening.missing === 'ack') return phrase('say.O1.noAck');
  if (opening.missing === 'syn-ack') return phrase('say.O1.noSynAck');
  switch (opening.codes[0]) {
    case 'O1':
      return phrase('say.O1');
    case 'O2':
      return phrase('say.O2');
    case 'O3':
      if (restartedBy(c) >= 0) return phrase('say.O3.after');
      return phrase('say.O3', { count: sameSyns(c) });
    case 'O4':
      return phrase('say.O4', { count: server.synAcks.length });
    case 'O5': {
      if (opening.contradicted >= 0 && opening.reset !== null)
        return phrase('say.O5.two', {
          span: spanText(Math.max(0, timeNs[opening.contradicted] - timeNs[opening.reset.index])),
        });
      if (
        opening.reset !== null &&
        opening.reset.fit !== 'exact' &&
        (segments.flags[opening.reset.index] & TcpFlag.ACK) === 0
      )
        return phrase('say.O5.bare', {
          count: c.resets.filter((one) => one.fromA === server.isA && one.phase === 'syn').length,
        });
      if (!opening.proved) return phrase('say.O5.invalid');
      const refusals = c.resets.filter((one) => one.fromA === server.isA && one.phase === 'syn').length;
      return refusals > 1 && refusals === client.synCount
        ? phrase('say.O5.after', { count: refusals })
        : phrase('say.O5');
    }
    case 'O6':
      if (opening.reset !== null) return phrase('say.O6.reset');
      return client.synCount > 1
        ? phrase('say.O6.tries', { count: client.synCount, span: spanText(Math.max(0, waited)) })
        : phrase('say.O6');
    case 'O7':
      return phrase('say.O7');
    case 'O8':
      return phrase(opening.established ? 'say.O8.open' : opening.reset !== null ? 'say.O8' : 'say.O8.ignored');
    case 'O9':
      return phrase(opening.established ? 'say.O9.open' : opening.reset !== null ? 'say.O9.reset' : 'say.O9');
    case 'O10':
      return phrase(opening.established ? 'say.O10' : 'say.O10.partial');
    case 'O11':
      if (!c.bothSyn) return phrase('say.O11.bare');
      return opening.established ? phrase('say.O11', { count: opening.steps.length }) : phrase('say.O11.partial');
    case 'O12':
      if (opening.held?.closed === true)
        return phrase(opening.established ? 'say.O12.timeWait.open' : 'say.O12.timeWait', {
          stream: opening.held.stream,
        });
      if (opening.codes.includes('O5')) return phrase('say.O12.refused');
      return phrase(opening.established ? 'say.O12.open' : 'say.O12');
    case 'O13': {
      const sender = opening.reset === null ? server : resetSender(c, opening.reset);
      if (otherSide(c, sender).bytes === 0) return phrase('say.O13.never');
      return phrase('say.O13', { who: whoOf(c, otherSide(c, sender)) });
    }
    case 'O14':
      return phrase('say.O14');
    case 'O15':
    case 'O18': {
      const rest = opening.codes.find((code) => code !== 'O15' && code !== 'O18');
      if (!opening.established || (rest !== 'O1' && rest !== 'O2' && rest !== 'O3' && rest !== 'O4'))
        return unfinished(c, opening, context);
      if (opening.codes[0] === 'O18') return phrase('say.O18');
      const taken = c.synAck >= 0 && segments.ack[c.synAck] === seqAdd(segments.seq[c.syn], 1 + segments.length[c.syn]);
      return phrase(taken ? 'say.O15' : 'say.O15.ignored');
    }
    case 'O19':
      return unfinished(c, opening, context);
    case 'O23':
      return phrase('say.O23');
    case 'O24':
      return opening.held === null ? phrase('say.O24.before') : phrase('say.O24', { stream: opening.held.stream });
    case 'O25':
      return phrase(opening.reset === null ? 'say.O25' : 'say.O25.reset');
    case 'O26':
      return phrase(opening.established ? 'say.O26' : 'say.O26.asked');
    case 'O27': {
      const { elsewhere } = opening;
      if (elsewhere === null) return phrase('say.O20');
      // The server that was asked answered, but to another client end.
      const server = c.clientIsA ? segments.b : segments.a;
      const away =
        elsewhere.kind === 'syn-ack' &&
        elsewhere.from.address === server.address &&
        elsewhere.from.port === server.port;
      const at = endpointText(elsewhere.kind === 'syn-ack' && !away ? elsewhere.from : elsewhere.to);
      const came =
        elsewhere.kind === 'syn' &&
        client.syns.length === 0 &&
        elsewhere.to.address === server.address &&
        elsewhere.to.port === server.port;
      if (came) return phrase('say.O27.here.from', { address: endpointText(elsewhere.from), stream: elsewhere.stream });
      const key = away
        ? 'say.O27.to'
        : elsewhere.kind === 'syn-ack'
          ? 'say.O27'
          : client.syns.length > 0
            ? 'say.O27.went'
            : 'say.O27.here';
      return phrase(key, { address: at, stream: elsewhere.stream });
    }
    case 'O28': {
      const meaning = opening.icmp === null ? null : meaningOf(opening.icmp);
      return phrase(meaning === null || meaning === 'unreachable' ? 'say.O7' : `say.O28.${meaning}`);
    }
    default:
      if (c.bothSyn) return phrase('say.O11.partial');
      if (opening.doubt !== null)
        return phrase(
          opening.doubt === 'strange-ack'
            ? 'say.O20.strange'
            : opening.doubt === 'strange-reset'
              ? 'say.O20.reset'
              : 'say.O20.resets',
        );
      return phrase(c.client.syns.length > 0 ? 'say.O20.partial' : 'say.O20');
  }
}

/** What is said where a special SYN stands first but the handshake behind it failed. */
function unfinished(c: Connection, opening: OpeningFacts, context: StreamContext): ByLanguage {
  const rest = opening.codes.find((code) => code !== 'O15' && code !== 'O18' && code !== 'O17');
  if (rest === undefined) return phrase('say.O6');
  if (rest === 'O19' && opening.contradicted >= 0) return phrase('say.O19.two');
  if (rest === 'O19' && c.resets.some((one) => !one.ignored && one.fromA === c.client.isA))
    return phrase('say.O19.reset');
  if (rest === 'O19')
    return c.server.synAcks.length > 1
      ? phrase('say.O19.tries', { count: c.server.synAcks.length })
      : phrase('say.O19');
  return openClause(c, { ...opening, codes: [rest] }, context);
}

/** The client's own reset between two copies of its SYN: the second was not sent for want of an answer; -1 none. */
export function restartedBy(c: Connection): number {
  const { seq } = c.segments;
  const [first, ...again] = c.client.syns;
  const last = again.findLast((index) => seq[index] === seq[first]);
  if (last === undefined || c.challenge >= 0 || c.strangeSynAck >= 0) return -1;
  return c.resets.find((one) => one.fromA === c.client.isA && one.index > first && one.index < last)?.index ?? -1;
}

/** Times the SYN that was answered in the end had been sent. */
export function sameSyns(c: Connection): number {
  const { seq } = c.segments;
  const { syns } = c.client;
  const wanted = c.syn >= 0 ? seq[c.syn] : seq[syns[0]];
  return syns.filter((index) => seq[index] === wanted).length;
}

function closeClauses(j: Judgement): readonly ByLanguage[] {
  const { connection: c, opening, closing } = j;
  const code = closing.codes[0];
  if (code === undefined) return [];
  const inThree =
    opening.established &&
    (opening.codes[0] === 'O1' || opening.codes[0] === 'O3' || opening.codes[0] === 'O4') &&
    opening.missing === 'none';
  // A FIN may still have crossed the reset that ended the connection.
  const byReset = closing.first === null || code === 'C5';
  const first = byReset && closing.reset !== null ? resetSender(c, closing.reset) : (closing.first ?? c.client);
  const params = { who: whoOf(c, first), other: whoOf(c, otherSide(c, first)) };
  const clauses: ByLanguage[] = [];
  switch (code) {
    case 'C1':
    case 'C2':
      clauses.push(clause(inThree ? `say.${code}.short` : `say.${code}`, params));
      break;
    case 'C3':
      clauses.push(
        clause(closing.codes.includes('C11') ? 'say.C3.left' : 'say.C3', {
          ...params,
          size: sizeText(otherSide(c, first).halfCloseBytes),
        }),
      );
      break;
    case 'C4':
      if (!closing.proved && closing.reset !== null)
        clauses.push(clause('say.C4.reset', { who: whoOf(c, resetSender(c, closing.reset)) }));
      else clauses.push(clause(closing.proved ? 'say.C4' : 'say.C4.partial'));
      break;
    case 'C16':
      if (closing.first !== null) clauses.push(clause('say.C16.fin', { who: whoOf(c, closing.first) }));
      clauses.push(injectedClause(c, closing));
      break;
    case 'C5':
      if (opening.codes[0] === 'O26') {
        clauses.push(clause('say.C5.self'));
        break;
      }
      if (opening.codes.includes('O14') || opening.codes.includes('O23')) return [];
      if (isUnnamed(closing)) {
        clauses.push(clause('say.C5.unnamed', params));
        break;
      }
      if (closing.reset?.fit === 'exact' && first.keepAliveUnanswered > 0) {
        clauses.push(clause('say.C5.keepAlive', { ...params, count: first.keepAliveUnanswered }));
        break;
      }
      if (closing.reset !== null && closing.reset.challenge >= 0) {
        clauses.push(clause('say.C5.challenged', params));
        break;
      }
      clauses.push(
        clause(
          closing.reset?.fit === 'exact'
            ? 'say.C5'
            : closing.reset?.fit === 'unknown'
              ? 'say.C5.unknown'
              : 'say.C5.inexact',
          params,
        ),
      );
      break;
    case 'C10':
      if (closing.initiator === null) clauses.push(clause('say.C10.unclear'));
      else if (closing.second === null || closing.second.fin < 0)
        clauses.push(clause(isAnswered(j) ? 'say.C10.then' : 'say.C10', params));
      else if (closing.reset === null) clauses.push(clause('say.C10.both'));
      else clauses.push(clause('say.C10.reset', { who: whoOf(c, resetSender(c, closing.reset)) }));
      break;
    case 'C12':
      if (opening.doubt === 'only-resets') return [];
      clauses.push(isCut(j) ? clause('say.C12.cut') : (keepAliveClause(c) ?? clause('say.C12')));
      break;
    case 'C15':
      if (opening.codes[0] === 'O13') return [];
      clauses.push(clause('say.C15', params));
      break;
    default:
      clauses.push(clause(`say.${code}` as HandshakeKey, params));
  }
  if (closing.codes.includes('C7'))
    clauses.push(clause(closing.codes.includes('C14') ? 'say.assassinated' : 'say.late'));
  else if (closing.codes.includes('C14')) clauses.push(clause('say.reopened'));
  if (code !== 'C12' && isCut(j)) clauses.push(clause('say.cut.also'));
  if (j.continuedIn !== null) clauses.push(clause('say.continued', { stream: j.continuedIn }));
  return clauses;
}

/** Something that the other side sent acknowledges the only FIN, or a reset followed. */
export function isAnswered({ connection: c, closing }: Judgement): boolean {
  const { first } = closing;
  if (first === null) return false;
  if (closing.reset !== null || first.finAckedAt >= 0) return true;
  const { count, fromA, flags, ack } = c.segments;
  for (let i = 0; i < count; i++)
    if ((fromA[i] !== 0) !== first.isA && (flags[i] & TcpFlag.ACK) !== 0 && ack[i] === first.finEnd) return true;
  return false;
}

/** Resets that the side they name did not send. */
function injectedClause(c: Connection, { injected }: ClosingFacts): ByLanguage {
  const doubted = injected.every((one) => !one.reset.injected);
  if (doubted) return clause('say.C5.doubt', { who: whoOf(c, resetSender(c, injected[0].reset)) });
  if (injected.some((one) => one.reset.fromA) && injected.some((one) => !one.reset.fromA))
    return clause('say.C16.both');
  const [first] = injected;
  const named = resetSender(c, first.reset);
  return clause(injected.some((one) => one.receiver === 'gone') ? 'say.C16.gone' : 'say.C16', {
    who: whoOf(c, named),
    other: whoOf(c, otherSide(c, named)),
  });
}

/** What the keep-alive probes of a connection without a close say; null where there were none. */
function keepAliveClause(c: Connection): ByLanguage | null {
  const silent = c.client.keepAliveUnanswered > 0 ? c.client : c.server;
  if (silent.keepAliveUnanswered > 0) return clause('say.C12.silent', { count: silent.keepAliveUnanswered });
  return c.client.keepAliveCount + c.server.keepAliveCount > 0 ? clause('say.C12.alive') : null;
}

/** One sentence: how it opened, how it closed; `more` further connections of the same stream follow. */
export function verdictText(j: Judgement, more = 0): ByLanguage {
  const { connection: c, opening, closing, context } = j;
  const middle =
    opening.codes[0] === 'O20' &&
    opening.doubt === null &&
    c.client.syns.length === 0 &&
    closing.codes[0] === 'C12' &&
    keepAliveClause(c) === null;
  if (middle && !isCut(j) && more === 0) return phrase('say.middle');
  if (opening.doubt === 'only-resets') return joinTexts([openClause(c, opening, context)], 'sentence.join', true);
  const clauses = [openClause(c, opening, context), ...closeClauses(j)];
  // A FIN of a connection of which too little was captured to call it closed.
  if (
    opening.doubt === 'strange-ack' &&
    closing.codes.length === 0 &&
    c.segments.flags.some((flags) => (flags & TcpFlag.FIN) !== 0)
  )
    clauses.push(clause('say.C16.fin', { who: whoTexts.server }));
  if (more > 0) clauses.push(clause('say.again', { count: more }));
  return joinTexts(clauses, 'sentence.join', true);
}

/** Second line: how sure, how fast, seen from where. */
export function detailText(j: Judgement, times: HandshakeTimes | null, checks: readonly Check[]): ByLanguage {
  const { connection: c, opening, closing, context } = j;
  const previousStream = context.previous?.stream ?? null;
  const parts: ByLanguage[] = [];
  const failed = checks.filter((check) => !check.holds).length;
  if (failed > 0) parts.push(phrase('detail.failed', { count: failed }));
  else if (checks.length > 0) parts.push(phrase('detail.checks'));
  if (times !== null) {
    parts.push(clause('detail.handshake', { span: spanText(times.total) }));
    const place = capturePlace(times);
    if (place !== null) parts.push(clause(placeTexts[place]));
  }
  if (opening.established && !opening.proved && opening.missing === 'none' && opening.codes[0] !== 'O20')
    parts.push(clause('detail.unproved'));
  if (c.roleEvidence === 'asks')
    parts.push(
      clause('detail.asks', {
        frame: (c.roles.row ?? c.segments.rows[c.roles.index]) + 1,
        protocol: c.roles.protocol ?? '',
      }),
    );
  if (c.roleEvidence === 'known-port')
    parts.push(clause('detail.guessedKnown', { port: (c.clientIsA ? c.segments.b : c.segments.a).port }));
  if (c.roleEvidence === 'lower-port') parts.push(clause('detail.guessed'));
  if (c.roleEvidence === 'first-packet') parts.push(clause('detail.firstPacket'));
  if (j.merged !== null) parts.push(clause('detail.merged', { count: j.merged.pairs.size }));
  if (j.reordered) parts.push(clause('detail.reordered'));
  if (c.swapped) parts.push(clause('detail.swapped'));
  const retransmissions = c.a.retransmissions + c.b.retransmissions;
  if (retransmissions > 0 && opening.codes[0] !== 'O24')
    parts.push(clause('detail.retransmissions', { count: retransmissions }));
  if (opening.codes.includes('O22') && j.merged === null)
    parts.push(clause('detail.duplicates', { count: c.duplicates }));
  const probes = c.a.keepAliveCount + c.b.keepAliveCount;
  if (probes > 0) parts.push(clause('detail.keepAlives', { count: probes }));
  const injected = c.resets.filter((one) => one.injected).length;
  if (injected > 0) parts.push(clause('detail.injected', { count: injected }));
  const ignored = c.resets.filter(
    (one) =>
      (one.ignored && !one.injected) || (one.fit === 'inexact' && one !== closing.reset && one !== opening.reset),
  ).length;
  if (ignored > 0) parts.push(clause('detail.resetsIgnored', { count: ignored }));
  for (const { what, side, params } of looksOf(j)) {
    if (what === 'syn-flood') parts.push(clause('detail.flood', params));
    else if (what === 'path-mtu') parts.push(clause('detail.pathMtu'));
    else if (side !== null) parts.push(clause('detail.windowClosed', { who: whoOf(c, side) }));
  }
  if (previousStream !== null) parts.push(clause('detail.portsReused', { stream: previousStream }));
  if (context.damage?.kind === 'damaged') parts.push(clause('detail.damaged'));
  const fins = Math.max(c.a.fins.length, c.b.fins.length);
  if (closing.codes.includes('C9') && fins > 1) parts.push(clause('detail.finRepeated', { count: fins }));
  return joinTexts(
    parts.map((part, k) => (k === 0 ? { en: part.en.charAt(0).toUpperCase() + part.en.slice(1), zh: part.zh } : part)),
    'detail.join',
  );
}

/**
 * Where the capture was probably taken: the answer of the near side follows at once. Null where the whole handshake is
 * too quick to tell (one machine, one switch).
 */
export function capturePlace(times: HandshakeTimes): 'client' | 'server' | 'between' | null {
  if (times.total < 500_000) return null;
  const clientShare = times.synAckToAck / times.total;
  if (clientShare < 0.15) return 'client';
  if (clientShare > 0.85) return 'server';
  return 'between';
}

const placeTexts = { client: 'detail.nearClient', server: 'detail.nearServer', between: 'detail.between' } as const;

/** How worried a reader should be. */
export function toneOf(c: Connection, opening: OpeningFacts, closing: ClosingFacts): StreamSummary['tone'] {
  const [open] = opening.codes;
  const [close] = closing.codes;
  if (open === 'O24' || open === 'O25') return 'neutral';
  if (!opening.established && opening.missing !== 'all') return 'bad';
  if (open === 'O13' || close === 'C5' || close === 'C15' || close === 'C16') return 'bad';
  if (
    close === 'C6' ||
    close === 'C8' ||
    closing.codes.includes('C10') ||
    closing.codes.includes('C11') ||
    (close === 'C4' && !closing.proved)
  )
    return 'warn';
  if (open === 'O3' || open === 'O4' || open === 'O8' || open === 'O11' || open === 'O12' || open === 'O15')
    return open === 'O15' ? 'good' : 'warn';
  if (close === 'C12' || opening.missing !== 'none' || isGuess(c)) return 'neutral';
  return 'good';
}
