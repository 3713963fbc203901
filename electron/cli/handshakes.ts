/** `-z handshakes`: how each TCP connection of a capture opened and closed. */

import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { endpointText } from '../../shared/format/endpoint.ts';
import { relTimeText } from '../../shared/format/time.ts';
import type { Closing, Endpoint, Opening } from '../../shared/model/stream.ts';
import { connectionChecks } from '../../shared/tcp/checks.ts';
import { completenessOf } from '../../shared/tcp/completeness.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import { judgeFirst, judgeStream } from '../../shared/tcp/judge.ts';
import type { Judgement } from '../../shared/tcp/judgement.ts';
import type { StreamContext, StreamSegments } from '../../shared/tcp/segments.ts';
import { closingOf, connectionsOf, furtherConnections, openingOf } from '../../shared/tcp/summary.ts';
import { handshakeTimes, verdictText } from '../../shared/tcp/verdict.ts';
import { zeekState } from '../../shared/tcp/zeek.ts';

/**
 * One line per stream, its columns apart by tabs: number, client, server, opening, closing, seconds of the handshake.
 */
export function handshakeLines(store: CaptureStore, registry: Registry, write: (text: string) => void): void {
  eachStream(store, registry, (segments, context) => {
    const j = judgeFirst(segments, context, optionsOf, false);
    const { client, server } = endpointsOf(j, segments);
    const { total } = handshakeTimes(j.connection, j.opening) ?? { total: null };
    const time = total === null ? '-' : relTimeText({ sec: Math.floor(total / 1e9), nsec: total % 1e9 });
    const columns = [
      context.stream,
      endpointText(client),
      endpointText(server),
      how(openingOf(j)),
      how(closingOf(j)),
      time,
    ];
    write(`${columns.join('\t')}\n`);
  });
}

/** The same as an array of objects, with everything that the model says of the whole connection. */
export function writeHandshakeJson(store: CaptureStore, registry: Registry, write: (text: string) => void): void {
  let begun = false;
  eachStream(store, registry, (segments, context) => {
    write(`${begun ? ',' : '['}\n  ${JSON.stringify(handshakeOf(segments, context))}`);
    begun = true;
  });
  write(begun ? '\n]\n' : '[]\n');
}

export function handshakeJson(store: CaptureStore, registry: Registry): string {
  const pieces: string[] = [];
  writeHandshakeJson(store, registry, (text) => pieces.push(text));
  return pieces.join('');
}

function eachStream(
  store: CaptureStore,
  registry: Registry,
  visit: (segments: StreamSegments, context: StreamContext) => void,
): void {
  const reader = new StreamReader(store, registry, 0);
  reader.each((stream, segments) => visit(segments, reader.context(stream, segments)));
}

const optionsOf = (view: StreamSegments) => (index: number) => view.options(index);

function endpointsOf(
  { connection }: Judgement,
  { a, b }: StreamSegments,
): { readonly client: Endpoint; readonly server: Endpoint } {
  return connection.clientIsA ? { client: a, server: b } : { client: b, server: a };
}

function handshakeOf(segments: StreamSegments, context: StreamContext) {
  const parts = judgeStream(segments, context, optionsOf, false);
  const [j] = parts;
  const { connection: c, opening, closing } = j;
  let bytes = 0;
  for (let i = 0; i < segments.count; i++) bytes += segments.length[i];
  return {
    stream: context.stream,
    ...endpointsOf(j, segments),
    open: openingOf(j),
    close: closingOf(j),
    completeness: completenessOf(segments),
    zeek: zeekState(c, opening, closing),
    handshakeNs: handshakeTimes(c, opening),
    checks: parts.flatMap((part) => connectionChecks(part.connection, part.opening, part.closing)),
    verdict: verdictText(j, furtherConnections(parts)),
    connections: connectionsOf(parts),
    packets: segments.count,
    bytes,
  };
}

/** `C1 4 segments, client first`; without a code where nothing was there to close. */
function how({ codes, label }: Opening | Closing): string {
  return codes.length === 0 ? label.en : `${codes[0]} ${label.en}`;
}
