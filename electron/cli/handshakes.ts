/** `-z handshakes`: how each TCP connection of a capture opened and closed. */
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { relTimeText } from '../../shared/format/time.ts';
import type { Closing, Endpoint, Opening } from '../../shared/model/stream.ts';
import { connectionChecks } from '../../shared/tcp/checks.ts';
import { classifyClosing } from '../../shared/tcp/closing.ts';
import { completenessOf } from '../../shared/tcp/completeness.ts';
import type { Connection } from '../../shared/tcp/connection.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import { classifyOpening } from '../../shared/tcp/opening.ts';
import { analyseConnection } from '../../shared/tcp/scan.ts';
import type { StreamContext, StreamSegments } from '../../shared/tcp/segments.ts';
import { closingOf, openingOf } from '../../shared/tcp/summary.ts';
import { handshakeTimes, verdictText } from '../../shared/tcp/verdict.ts';
import { zeekState } from '../../shared/tcp/zeek.ts';

/** One line per stream, its columns apart by tabs: number, client, server, opening, closing, seconds of the handshake. */
export function handshakeLines(store: CaptureStore, registry: Registry): string {
  const lines: string[] = [];
  eachHandshake(store, registry, (shake) => {
    const { total } = shake.handshakeNs ?? { total: null };
    const time = total === null ? '-' : relTimeText({ sec: Math.floor(total / 1e9), nsec: total % 1e9 });
    const columns = [shake.stream, endpointText(shake.client), endpointText(shake.server), how(shake.open), how(shake.close), time];
    lines.push(`${columns.join('\t')}\n`);
  });
  return lines.join('');
}

/** The same as an array of objects, with everything that the model says of the whole connection. */
export function handshakeJson(store: CaptureStore, registry: Registry): string {
  const objects: string[] = [];
  eachHandshake(store, registry, (shake) => objects.push(`  ${JSON.stringify(shake)}`));
  return objects.length === 0 ? '[]\n' : `[\n${objects.join(',\n')}\n]\n`;
}

type Handshake = ReturnType<typeof handshakeOf>;

function eachHandshake(store: CaptureStore, registry: Registry, visit: (shake: Handshake) => void): void {
  const reader = new StreamReader(store, registry, 0);
  reader.each((stream, segments) => visit(handshakeOf(segments, reader.context(stream, segments))));
}

function handshakeOf(segments: StreamSegments, context: StreamContext) {
  const c: Connection = analyseConnection(segments, false);
  const opening = classifyOpening(c, context, (index) => segments.options(index));
  const closing = classifyClosing(c, opening, context.next);
  return {
    stream: context.stream,
    client: c.clientIsA ? segments.a : segments.b,
    server: c.clientIsA ? segments.b : segments.a,
    open: openingOf(c, opening),
    close: closingOf(c, closing),
    completeness: completenessOf(segments),
    zeek: zeekState(c, opening, closing),
    handshakeNs: handshakeTimes(c, opening),
    checks: connectionChecks(c, opening, closing),
    verdict: verdictText(c, opening, closing),
    packets: segments.count,
    bytes: c.client.bytes + c.server.bytes,
  };
}

/** `C1 4 segments, client first`; without a code where nothing was there to close. */
function how({ codes, label }: Opening | Closing): string {
  return codes.length === 0 ? label.en : `${codes[0]} ${label.en}`;
}

function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
