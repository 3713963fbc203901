/** Segments as `parseSegments` reads them, made into a capture file and read as the product reads one. */
import { handshakeJson } from '../../electron/cli/handshakes.ts';
import { ladderOf } from '../../electron/cli/ladder-output.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { ByLanguage, Claim, Closing, Ladder, Opening, ToldConnection } from '../../shared/model/stream.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import { TcpFlag } from '../../shared/tcp/segments.ts';
import { summarise } from '../../shared/tcp/summary.ts';
import {
  type Frame,
  firstSecond,
  mss,
  type Payload,
  packet,
  pcap,
  sackPermitted,
  timestamps,
  u32,
  windowScale,
} from './capture-builder.ts';
import { openBytes } from './dissect.ts';
import { parseSegments, type TestSegment } from './segments.ts';

const registry = createRegistry(protocols);

export interface End {
  readonly address: string;
  readonly port: number;
}

/** A of the text, then B. */
export type Ends = readonly [a: End, b: End];

export const v4: Ends = [
  { address: '192.0.2.10', port: 50_000 },
  { address: '198.51.100.20', port: 80 },
];
export const v6: Ends = [
  { address: '2001:db8::10', port: 50_000 },
  { address: '2001:db8:1::20', port: 80 },
];
/** The capture's first address is the higher one. */
export const turned: Ends = [
  { address: '203.0.113.250', port: 50_000 },
  { address: '10.0.0.2', port: 80 },
];

const letters = [
  ['F', TcpFlag.FIN],
  ['S', TcpFlag.SYN],
  ['R', TcpFlag.RST],
  ['P', TcpFlag.PSH],
  ['A', TcpFlag.ACK],
  ['U', TcpFlag.URG],
  ['E', TcpFlag.ECE],
  ['C', TcpFlag.CWR],
  ['N', TcpFlag.AE],
] as const;

function optionsOf(one: TestSegment): (readonly number[])[] {
  const { options } = one;
  if (options === null) return [];
  return [
    ...(options.mss === null ? [] : [mss(options.mss)]),
    ...(options.windowScale === null ? [] : [windowScale(options.windowScale)]),
    ...(options.sackPermitted ? [sackPermitted] : []),
    ...(options.timestamp === null ? [] : [timestamps(options.timestamp, options.timestampEcho ?? 0)]),
    ...(options.fastOpenCookie === null
      ? []
      : [[34, 2 + options.fastOpenCookie, ...new Array<number>(options.fastOpenCookie).fill(7)]]),
  ];
}

/** Bytes of each segment that says nothing else. */
const filling = (length: number): Uint8Array => new Uint8Array(length).fill(0x78);

/** One stream of a capture, and when it begins. */
export interface Streamed {
  readonly ends: Ends;
  readonly list: readonly TestSegment[];
  /** Milliseconds after the beginning of the capture. */
  readonly at?: number;
  /** What the segments of this index carry in place of their filling. */
  readonly data?: ReadonlyMap<number, Payload>;
}

/** Links by number: MAC addresses of the two ends of each. */
function macs(link: number, fromA: boolean): { readonly src: string; readonly dst: string } {
  const [a, b] = [
    `02:00:00:00:${link.toString(16).padStart(2, '0')}:01`,
    `02:00:00:00:${link.toString(16).padStart(2, '0')}:02`,
  ];
  return fromA ? { src: a, dst: b } : { src: b, dst: a };
}

function frameOf(
  one: TestSegment,
  [a, b]: Ends,
  atMs: number,
  data: Payload | undefined,
): Frame & { readonly sec: number; readonly nsec: number } {
  const [from, to] = one.fromA ? [a, b] : [b, a];
  const { wire } = one;
  const ethernet = packet().eth(macs(wire?.link ?? 0, one.fromA));
  const ip = from.address.includes(':')
    ? ethernet.ipv6({ src: from.address, dst: to.address, hopLimit: wire?.hopLimit ?? 64 })
    : ethernet.ip({ src: from.address, dst: to.address, ttl: wire?.hopLimit ?? 64, id: wire?.id ?? 0 });
  const bytes = ip
    .tcp({
      sport: from.port,
      dport: to.port,
      seq: one.seq,
      ack: one.ack,
      flags: letters.map(([letter, bit]) => ((one.flags & bit) !== 0 ? letter : '')).join(''),
      win: one.window,
      options: optionsOf(one),
      payload: data ?? filling(one.length),
    })
    .bytes();
  const ns = Math.round(atMs * 1e6 + one.timeNs);
  return { bytes, sec: firstSecond + 10 + Math.floor(ns / 1e9), nsec: ((ns % 1e9) + 1e9) % 1e9 };
}

/** The packets of several streams, each in its own order, in the order of their times where they follow each other. */
export function framesOf(...streams: readonly Streamed[]): Frame[] {
  return streams.flatMap(({ ends, list, at = 0, data }) =>
    list.map((one, index) => frameOf(one, ends, at, data?.get(index))),
  );
}

/** What the product says of one stream. */
export interface Told {
  readonly stream: number;
  readonly open: Opening;
  readonly close: Closing;
  readonly connections: readonly ToldConnection[];
  readonly verdict: ByLanguage;
  readonly client: string;
  readonly ladder: Ladder;
  /** Claims of its first connection. */
  readonly claims: readonly Claim[];
  /** Everything that is said, in one text. */
  readonly text: string;
}

/**
 * Reads a capture and says of each stream what the headless reader and the ladder say; both, and the row of the table,
 * must agree.
 */
export function toldOf(frames: readonly Frame[], file: Uint8Array = pcap(frames, { nano: true })): Told[] {
  const { store } = openBytes(file);
  const shakes: (Pick<Told, 'stream' | 'open' | 'close' | 'connections' | 'verdict'> & { readonly client: End })[] =
    JSON.parse(handshakeJson(store, registry));
  const reader = new StreamReader(store, registry, 0);
  return shakes.map((shake) => {
    const ladder = ladderOf(store, registry, shake.stream);
    const segments = reader.segments(shake.stream);
    if (ladder === null || segments === null) throw new Error(`no stream ${shake.stream}`);
    const row = summarise(segments, reader.context(shake.stream, segments));
    const labels = [shake, ladder, row].map(({ open, close }) => `${open.label.en} / ${close.label.en}`);
    if (new Set(labels).size !== 1) throw new Error(`told differently: ${labels.join(' | ')}`);
    if (shake.verdict.en !== ladder.verdict.en)
      throw new Error(`told differently: ${shake.verdict.en} | ${ladder.verdict.en}`);
    const said = [
      shake.verdict,
      ladder.detail,
      ...ladder.explanations.flatMap(({ title, body }) => [title, body]),
      ...shake.connections.flatMap(({ claims }) =>
        claims.flatMap(({ text, otherReading }) => (otherReading === null ? [text] : [text, otherReading])),
      ),
    ];
    for (const { en, zh } of said)
      if (/[{}]|undefined|NaN/.test(en + zh) || (en === '') !== (zh === ''))
        throw new Error(`a text with a hole: ${en} ${zh}`);
    const [{ claims }] = shake.connections;
    const text = [shake.verdict, ladder.detail, ...ladder.explanations.flatMap(({ title, body }) => [title, body])]
      .map(({ en }) => en)
      .join('\n');
    return { ...shake, client: shake.client.address, ladder, claims, text };
  });
}

/** A text's stream through the whole product. */
export function toldCapture(text: string, ends: Ends = v4): Told {
  return toldOf(framesOf({ ends, list: parseSegments(text) }))[0];
}

/**
 * The same numbers counted from elsewhere: those of A, and what B acknowledges of them, moved by `a`; the other way
 * round by `b`. Numbers 0 of a refusal stay.
 */
export function renumbered(list: readonly TestSegment[], a: number, b: number): TestSegment[] {
  return list.map((one) => {
    const [own, other] = one.fromA ? [a, b] : [b, a];
    const echoes = list.some(
      (other) => other.fromA !== one.fromA && (other.flags & TcpFlag.ACK) !== 0 && other.ack === 0,
    );
    const refusal = (one.flags & TcpFlag.RST) !== 0 && one.seq === 0 && !echoes;
    const acks = (one.flags & TcpFlag.ACK) !== 0;
    return { ...one, seq: refusal ? 0 : (one.seq + own) >>> 0, ack: acks ? (one.ack + other) >>> 0 : one.ack };
  });
}

/** The names of A and B exchanged: B opens. */
export const mirrored = (list: readonly TestSegment[]): TestSegment[] =>
  list.map((one) => ({ ...one, fromA: !one.fromA }));

/** An ICMP error that quotes a segment, as its first 8 bytes. */
export function icmpFrame(
  one: TestSegment,
  [a, b]: Ends,
  type: number,
  code: number,
  options: { readonly at: number; readonly from?: string; readonly rest?: number },
): Frame {
  const [from, to] = one.fromA ? [a, b] : [b, a];
  const six = from.address.includes(':');
  const header = { sport: from.port, dport: to.port, seq: one.seq, flags: 'S' };
  const quoted = (
    six
      ? packet().ipv6({ src: from.address, dst: to.address, hopLimit: 1 })
      : packet().ip({ src: from.address, dst: to.address, ttl: 1 })
  )
    .tcp(header)
    .bytes();
  const outer = six
    ? packet()
        .eth()
        .ipv6({ src: options.from ?? '2001:db8:ff::1', dst: from.address })
    : packet()
        .eth()
        .ip({ src: options.from ?? '203.0.113.1', dst: from.address, protocol: 1 });
  const bytes = outer
    .icmp(type, code, u32(options.rest ?? 0))
    .payload(six ? quoted : quoted.subarray(0, 28))
    .bytes();
  const ns = Math.round(options.at * 1e6);
  return { bytes, sec: firstSecond + 10 + Math.floor(ns / 1e9), nsec: ns % 1e9 };
}
