/** Segments that the capture does not hold, though those it holds prove that they were sent. */
import type { LadderImplied } from '../model/stream.ts';
import { relative } from './checks.ts';
import type { Connection, SideFacts } from './connection.ts';
import { type OpeningFacts, thirdSeq } from './opening.ts';
import { phrase } from './phrase.ts';
import { TcpFlag } from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';

/** How far behind its place a segment may stand in the capture. */
const misplaced = 64;

export interface Implied {
  /** Index of the segment that it is drawn before. */
  readonly before: number;
  readonly item: LadderImplied;
}

/**
 * In order of their places. Only the opening leaves such proofs: an acknowledged number alone may have been data as
 * well as a FIN.
 */
export function impliedSegments(c: Connection, opening: OpeningFacts): readonly Implied[] {
  if (c.bothSyn || c.client.synAcks.length > 0) return [];
  const found = [missingSyn(c, opening), missingSynAck(c, opening), missingThird(c, opening)];
  return found.filter((one) => one !== null).sort((x, y) => x.before - y.before);
}

/** The client took the SYN+ACK up: so it had sent a SYN. */
function missingSyn(c: Connection, opening: OpeningFacts): Implied | null {
  const { client, server, segments } = c;
  if (opening.codes[0] !== 'O9' || opening.reset !== null || client.handshakeAck < 0) return null;
  const [synAck] = server.synAcks;
  const ack = segments.ack[synAck];
  if (segments.ack[client.handshakeAck] !== seqAdd(segments.seq[synAck], 1)) return null;
  const reason = phrase('implied.syn', {
    synAck: segments.rows[synAck] + 1,
    number: ack,
    third: segments.rows[client.handshakeAck] + 1,
  });
  return {
    before: Math.min(synAck, client.handshakeAck),
    item: {
      kind: 'implied',
      step: 'syn',
      from: 'client',
      flags: ['SYN'],
      // With data in the SYN (fast open) its number is lower.
      seqRaw: null,
      seqRelative: null,
      ackRaw: null,
      ackRelative: null,
      provedByRow: segments.rows[client.handshakeAck],
      reason,
      clientState: 'SYN-SENT',
      serverState: 'SYN-RECEIVED',
    },
  };
}

/** The client acknowledges numbers that only the server's SYN can have told it. */
function missingSynAck(c: Connection, opening: OpeningFacts): Implied | null {
  const { client, segments } = c;
  const third = client.handshakeAck;
  // It may stand in the wrong place.
  if (
    opening.missing !== 'syn-ack' ||
    c.server.synAcks.length > 0 ||
    c.server.syns.length > 0 ||
    third < 0 ||
    client.syns.length === 0
  )
    return null;
  const syn = client.syns[0];
  const number = segments.length[syn] === 0 ? seqAdd(segments.seq[syn], 1) : null;
  return {
    before: third,
    item: {
      kind: 'implied',
      step: 'syn-ack',
      from: 'server',
      flags: ['SYN', 'ACK'],
      // The first captured acknowledgment may cover data too: the server's own number is not proved by it.
      seqRaw: null,
      seqRelative: null,
      ackRaw: number,
      ackRelative: number === null ? null : relative(client, number),
      provedByRow: segments.rows[third],
      reason: phrase('implied.synAck', { third: segments.rows[third] + 1, number: segments.ack[third] }),
      clientState: 'ESTABLISHED',
      serverState: 'SYN-RECEIVED',
    },
  };
}

/** The server acts as only an ESTABLISHED side does, or the client's numbers moved on. */
function missingThird(c: Connection, opening: OpeningFacts): Implied | null {
  const { client, server, segments } = c;
  if (opening.missing !== 'ack' || c.synAck < 0 || c.syn < 0) return null;
  const proof = firstProof(c, client, server);
  const seq = thirdSeq(c);
  if (proof < 0 || standsBefore(c, client, seq, proof)) return null;
  const ack = seqAdd(segments.seq[c.synAck], 1);
  return {
    before: proof,
    item: {
      kind: 'implied',
      step: 'ack',
      from: 'client',
      flags: ['ACK'],
      seqRaw: seq,
      seqRelative: relative(client, seq),
      ackRaw: ack,
      ackRelative: relative(server, ack),
      provedByRow: segments.rows[proof],
      reason: phrase('implied.third', { frame: segments.rows[proof] + 1 }),
      clientState: 'ESTABLISHED',
      serverState: 'ESTABLISHED',
    },
  };
}

/** The capture may hold it in the wrong place. */
function standsBefore(c: Connection, client: SideFacts, number: number, proof: number): boolean {
  const { fromA, flags, seq } = c.segments;
  const end = Math.min(c.segments.count, proof + misplaced);
  for (let i = 0; i < end; i++)
    if ((fromA[i] !== 0) === client.isA && (flags[i] & (TcpFlag.SYN | TcpFlag.RST)) === 0 && seq[i] === number)
      return true;
  return false;
}

function firstProof(c: Connection, client: SideFacts, server: SideFacts): number {
  const { seq, ack, length, flags } = c.segments;
  const third = client.handshakeAck;
  const candidates = [
    third >= 0 && seqDiff(seq[third], thirdSeq(c)) > 0 && seqDiff(ack[third], seqAdd(seq[c.synAck], 1)) >= 0
      ? third
      : -1,
  ];
  if (server.firstData >= 0 && length[c.synAck] === 0 && (flags[server.firstData] & TcpFlag.SYN) === 0)
    candidates.push(server.firstData);
  candidates.push(server.fin);
  const known = candidates.filter((index) => index > c.synAck);
  return known.length > 0 ? Math.min(...known) : -1;
}
