import type { Closing, Opening, StreamSummary } from '../model/stream.ts';
import { type ClosingFacts, classifyClosing } from './closing.ts';
import { completenessOf } from './completeness.ts';
import type { Connection } from './connection.ts';
import { classifyOpening, type OpeningFacts } from './opening.ts';
import { analyseConnection } from './scan.ts';
import type { StreamContext, StreamSegments } from './segments.ts';
import { closeLabel, handshakeTimes, openLabel, toneOf } from './verdict.ts';
import { zeekState } from './zeek.ts';

/** 1-based frame numbers of segments given by index, at most 200. */
function framesOf(c: Connection, indices: readonly number[]): readonly number[] {
  return indices.slice(0, 200).map((index) => c.segments.rows[index] + 1);
}

export function openingOf(c: Connection, facts: OpeningFacts): Opening {
  return { codes: facts.codes, frames: framesOf(c, facts.indices), label: openLabel(c, facts), proved: facts.proved };
}

export function closingOf(c: Connection, facts: ClosingFacts): Closing {
  return { codes: facts.codes, frames: framesOf(c, facts.indices), label: closeLabel(facts), proved: facts.proved, initiator: facts.initiator };
}

/**
 * One row of the streams table. Made for every stream of a capture, so it reads no options from the file unless the SYN carries data: a
 * fast-open request without data is named by the ladder only.
 */
export function summarise(segments: StreamSegments, context: StreamContext): StreamSummary {
  const c = analyseConnection(segments, false);
  const opening = classifyOpening(c, context, (index) => (segments.length[index] > 0 ? segments.options(index) : null));
  const closing = classifyClosing(c, opening, context.next);
  const { client, server } = c;
  const last = segments.count - 1;
  return {
    stream: context.stream,
    client: c.clientIsA ? segments.a : segments.b,
    server: c.clientIsA ? segments.b : segments.a,
    open: openingOf(c, opening),
    close: closingOf(c, closing),
    handshakeNs: handshakeTimes(c, opening),
    packets: segments.count,
    packetsFromClient: client.packets,
    packetsFromServer: server.packets,
    bytesFromClient: client.bytes,
    bytesFromServer: server.bytes,
    durationNs: last >= 0 ? Math.max(0, segments.timeNs[last] - segments.timeNs[0]) : 0,
    firstRow: last >= 0 ? segments.rows[0] : -1,
    tone: toneOf(c, opening, closing),
    zeek: zeekState(c, opening, closing),
    completeness: completenessOf(segments),
  };
}
