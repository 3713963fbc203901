import type { Closing, Opening, StreamSummary, ToldConnection } from '../model/stream.ts';
import { claimsOf } from './claims.ts';
import { completenessOf } from './completeness.ts';
import type { Connection } from './connection.ts';
import { judgeFirst } from './judge.ts';
import type { Judgement } from './judgement.ts';
import type { StreamContext, StreamSegments } from './segments.ts';
import { closeLabel, handshakeTimes, openLabel, toneOf } from './verdict.ts';
import { zeekState } from './zeek.ts';

/** 1-based frame numbers of segments given by index, at most 200. */
function framesOf(c: Connection, indices: readonly number[]): readonly number[] {
  return indices.slice(0, 200).map((index) => c.segments.rows[index] + 1);
}

export function openingOf({ connection: c, opening: facts }: Judgement): Opening {
  return { codes: facts.codes, frames: framesOf(c, facts.indices), label: openLabel(c, facts), proved: facts.proved };
}

export function closingOf(j: Judgement): Closing {
  const { connection: c, closing: facts } = j;
  return {
    codes: facts.codes,
    frames: framesOf(c, facts.indices),
    label: closeLabel(j),
    proved: facts.proved,
    initiator: facts.initiator,
  };
}

/** Connections behind the first one that opened: an unanswered SYN may be one that was long on its way. */
export function furtherConnections(parts: readonly Judgement[]): number {
  return parts.slice(1).filter((j) => j.opening.established).length;
}

/** The connections of a stream with all that is claimed about them. */
export function connectionsOf(parts: readonly Judgement[]): readonly ToldConnection[] {
  const sure = parts.every((j) => j.opening.established);
  return parts.map((j) => ({ open: openingOf(j), close: closingOf(j), claims: claimsOf(j, parts.length, sure) }));
}

/**
 * One row of the streams table. Made for every stream of a capture, so it reads no options from the file unless the SYN
 * carries data: a fast-open request without data is named by the ladder only.
 */
export function summarise(segments: StreamSegments, context: StreamContext): StreamSummary {
  const j = judgeFirst(
    segments,
    context,
    (view) => (index) => (view.length[index] > 0 ? view.options(index) : null),
    false,
  );
  const { connection: c, opening, closing } = j;
  const last = segments.count - 1;
  return {
    stream: context.stream,
    client: c.clientIsA ? segments.a : segments.b,
    server: c.clientIsA ? segments.b : segments.a,
    open: openingOf(j),
    close: closingOf(j),
    handshakeNs: handshakeTimes(c, opening),
    packets: segments.count,
    ...totals(segments, c.clientIsA),
    durationNs: last >= 0 ? Math.max(0, segments.timeNs[last] - segments.timeNs[0]) : 0,
    firstRow: last >= 0 ? segments.rows[0] : -1,
    tone: toneOf(c, opening, closing),
    zeek: zeekState(c, opening, closing),
    completeness: completenessOf(segments),
  };
}

/** Packets and payload bytes each way, of all connections of the stream. */
function totals({ count, fromA, length }: StreamSegments, clientIsA: boolean) {
  const packets = [0, 0];
  const bytes = [0, 0];
  for (let i = 0; i < count; i++) {
    packets[fromA[i]]++;
    bytes[fromA[i]] += length[i];
  }
  const client = clientIsA ? 1 : 0;
  return {
    packetsFromClient: packets[client],
    packetsFromServer: packets[1 - client],
    bytesFromClient: bytes[client],
    bytesFromServer: bytes[1 - client],
  };
}
