/** Capture files of TCP connections for tests of the window, from a few words each. */
import { mss, packet, pcap, sackPermitted, windowScale } from './capture-builder.ts';

export interface Sent {
  readonly from: 'client' | 'server';
  /** As the packet builder has them: `S`, `SA`, `A`, `PA`, `FA`, `R`. */
  readonly flags: string;
  readonly seq: number;
  readonly ack?: number;
  readonly payload?: string;
  /** Which connection, where a file holds several; 0 where it is left out. */
  readonly stream?: number;
  /** Milliseconds after the segment before. */
  readonly after?: number;
}

const client = { address: '192.0.2.10', port: 50_123, mac: '02:00:00:00:00:01' } as const;
const server = { address: '198.51.100.7', port: 443, mac: '02:00:00:00:00:02' } as const;

/** A pcap file of one connection, or of several that take turns. */
export function connectionFile(segments: readonly Sent[]): Uint8Array {
  let ms = 0;
  return pcap(
    segments.map(({ from, flags, seq, ack, payload, after, stream = 0 }) => {
      ms += after ?? 10;
      const [source, target] = from === 'client' ? [client, server] : [server, client];
      const bytes = packet()
        .eth({ src: source.mac, dst: target.mac })
        .ip({ src: source.address, dst: target.address })
        .tcp({
          sport: source.port + (source === client ? stream : 0),
          dport: target.port + (target === client ? stream : 0),
          seq,
          ack: ack ?? 0,
          flags,
          win: 64_240,
          ...(flags.includes('S') && { options: [mss(1460), sackPermitted, windowScale(7)] }),
          ...(payload !== undefined && { payload }),
        })
        .bytes();
      return { bytes, sec: 1_700_000_000 + Math.floor(ms / 1000), nsec: (ms % 1000) * 1_000_000 };
    }),
  );
}

/** RFC 9293, figures 7 and 13: both open at once, both close at once. */
export const simultaneous: readonly Sent[] = [
  { from: 'client', flags: 'S', seq: 100 },
  { from: 'server', flags: 'S', seq: 300, after: 2 },
  { from: 'client', flags: 'SA', seq: 100, ack: 301, after: 20 },
  { from: 'server', flags: 'SA', seq: 300, ack: 101, after: 2 },
  { from: 'client', flags: 'FA', seq: 101, ack: 301, after: 40 },
  { from: 'server', flags: 'FA', seq: 301, ack: 101, after: 2 },
  { from: 'client', flags: 'A', seq: 102, ack: 302, after: 20 },
  { from: 'server', flags: 'A', seq: 302, ack: 102, after: 2 },
];

/** The capture begins with the answer to a SYN that it does not hold; the server breaks the connection off. */
export const synNotCaptured: readonly Sent[] = [
  { from: 'server', flags: 'SA', seq: 7000, ack: 1001 },
  { from: 'client', flags: 'A', seq: 1001, ack: 7001, after: 1 },
  { from: 'client', flags: 'PA', seq: 1001, ack: 7001, payload: 'GET / HTTP/1.1\r\n\r\n', after: 2 },
  { from: 'server', flags: 'A', seq: 7001, ack: 1019, after: 20 },
  { from: 'server', flags: 'RA', seq: 7001, ack: 1019, after: 900 },
];

/** Nobody listens. */
export const refused: readonly Sent[] = [
  { from: 'client', flags: 'S', seq: 500, stream: 1 },
  { from: 'server', flags: 'RA', seq: 0, ack: 501, stream: 1 },
];

/** A three-way handshake, `count` segments of data and their acknowledgments, a four-segment close. */
export function longConnection(count: number): readonly Sent[] {
  const data: Sent[] = [];
  for (let i = 0; i < count; i += 2) {
    data.push({ from: 'client', flags: 'PA', seq: 101 + (i / 2) * 8, ack: 301, payload: '8 bytes.', after: 1 });
    data.push({ from: 'server', flags: 'A', seq: 301, ack: 109 + (i / 2) * 8, after: 1 });
  }
  const end = 101 + (count / 2) * 8;
  return [
    { from: 'client', flags: 'S', seq: 100 },
    { from: 'server', flags: 'SA', seq: 300, ack: 101, after: 20 },
    { from: 'client', flags: 'A', seq: 101, ack: 301, after: 1 },
    ...data,
    { from: 'client', flags: 'FA', seq: end, ack: 301 },
    { from: 'server', flags: 'A', seq: 301, ack: end + 1, after: 20 },
    { from: 'server', flags: 'FA', seq: 301, ack: end + 1, after: 5 },
    { from: 'client', flags: 'A', seq: end + 1, ack: 302, after: 1 },
  ];
}

/**
 * Something in between resets in the server's name; the server goes on, and the client, who believed it, knows the
 * connection no more.
 */
export const injectedReset: readonly Sent[] = [
  { from: 'client', flags: 'S', seq: 100 },
  { from: 'server', flags: 'SA', seq: 300, ack: 101, after: 20 },
  { from: 'client', flags: 'A', seq: 101, ack: 301, after: 1 },
  { from: 'client', flags: 'PA', seq: 101, ack: 301, payload: 'GET / HTTP/1.1\r\n\r\n', after: 2 },
  { from: 'server', flags: 'R', seq: 301, after: 4 },
  { from: 'server', flags: 'A', seq: 301, ack: 119, after: 16 },
  { from: 'server', flags: 'PA', seq: 301, ack: 119, payload: 'HTTP/1.1 200 OK\r\n\r\n', after: 3 },
  { from: 'client', flags: 'R', seq: 119, after: 1 },
];

/** The same initial numbers again, seconds after the first connection was closed, as small devices have them. */
export const sameNumbersAgain: readonly Sent[] = ['reading 17', 'reading 9'].flatMap((payload, n): Sent[] => {
  const end = 101 + payload.length;
  return [
    { from: 'client', flags: 'S', seq: 100, after: n === 0 ? 0 : 5000 },
    { from: 'server', flags: 'SA', seq: 300, ack: 101, after: 20 },
    { from: 'client', flags: 'A', seq: 101, ack: 301, after: 1 },
    { from: 'client', flags: 'PA', seq: 101, ack: 301, payload, after: 2 },
    { from: 'server', flags: 'A', seq: 301, ack: end, after: 20 },
    { from: 'client', flags: 'FA', seq: end, ack: 301, after: 5 },
    { from: 'server', flags: 'FA', seq: 301, ack: end + 1, after: 20 },
    { from: 'client', flags: 'A', seq: end + 1, ack: 302, after: 1 },
  ];
});
