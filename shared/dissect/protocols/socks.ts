/** SOCKS (RFC 1928 and version 4): only the connections behind a proxy. Not decoded. */
import { listener } from '../listener.ts';
import type { Step } from '../step.ts';

/** Well-known port of proxies. */
const socksPort = 1080;
/**
 * Requests are this long at most: version, command, address type, name of 255 bytes, port; SOCKS 4 has a user name of
 * unbounded length, read this far.
 */
const maxRequest = 512;

interface Proxied {
  /** Port asked for by stream; -1 once counted, or where the stream is no SOCKS. */
  readonly asked: Map<number, number>;
  readonly answered: Set<number>;
}

/**
 * Behind a proxy lies a second connection, between the client's port and the port that it asked for. `tcp.stream`
 * counts it from the first bytes that are handed through, so its number has to be taken, though no packet of its own is
 * in the capture.
 */
export const socksConnections = listener<Proxied>({
  table: 'tcp.port',
  ports: [socksPort],
  start: () => ({ asked: new Map(), answered: new Set() }),
  hear(s, { asked, answered }, from, toPort) {
    const { stream, bytes: b, end: to } = s;
    const port = asked.get(stream);
    if (port === -1) return;
    if (port !== undefined && answered.has(stream)) {
      asked.set(stream, -1);
      answered.delete(stream);
      open(s, port);
      return;
    }
    if (toPort) {
      const found = requestedPort(b, from, Math.min(to, from + maxRequest));
      if (found >= 0) asked.set(stream, found);
      else if (b[from] !== 4 && b[from] !== 5 && b[from] !== 1) asked.set(stream, -1);
    } else if (port !== undefined && to - from >= 2) {
      if ((b[from] === 0 && b[from + 1] === 90) || (b[from] === 5 && b[from + 1] === 0)) answered.add(stream);
      else asked.set(stream, -1);
    }
  },
});

/** Takes the number of the connection behind the proxy, where it has none yet. */
function open({ stream, row, state }: Step, port: number): void {
  const { tcp: conversations, tcpStreams } = state;
  const clientIsA = conversations.portB[stream] === socksPort;
  const client = clientIsA ? conversations.addrA[stream] : conversations.addrB[stream];
  const proxy = clientIsA ? conversations.addrB[stream] : conversations.addrA[stream];
  const clientPort = clientIsA ? conversations.portA[stream] : conversations.portB[stream];
  if (conversations.find(client, clientPort, proxy, port, row) < 0)
    tcpStreams.open(conversations.create(client, clientPort, proxy, port, row));
}

/** Port in a CONNECT request of SOCKS 4 or 5, -1 where these bytes are none. */
function requestedPort(b: Uint8Array, from: number, to: number): number {
  const size = to - from;
  if (size >= 9 && b[from] === 4 && b[from + 1] === 1) return (b[from + 2] << 8) | b[from + 3];
  if (size < 7 || b[from] !== 5 || b[from + 1] !== 1 || b[from + 2] !== 0) return -1;
  const type = b[from + 3];
  const address = type === 1 ? 4 : type === 4 ? 16 : type === 3 ? 1 + b[from + 4] : -1;
  return address < 0 || size < 6 + address ? -1 : (b[from + 4 + address] << 8) | b[from + 5 + address];
}
