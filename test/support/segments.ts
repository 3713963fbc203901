import type { SegmentOptions, StreamSegments, WireFacts } from '../../shared/tcp/segments.ts';
import { TcpFlag } from '../../shared/tcp/segments.ts';

/** One segment as a test writes it. */
export interface TestSegment {
  readonly fromA: boolean;
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly length: number;
  readonly window: number;
  readonly timeNs: number;
  /** Of the packet around it; null where none of its words was given. */
  readonly wire: WireFacts | null;
  readonly options: SegmentOptions | null;
}

const noOptions: SegmentOptions = {
  mss: null,
  windowScale: null,
  sackPermitted: false,
  timestamp: null,
  timestampEcho: null,
  fastOpenCookie: null,
  multipath: false,
  multipathSubtype: null,
  multipathVersion: null,
};

const wireWords = ['id', 'ttl', 'link', 'out', 'v6'] as const;

function wireOf(given: ReadonlyMap<string, number>): WireFacts | null {
  if (!wireWords.some((word) => given.has(word))) return null;
  const v6 = given.has('v6');
  const out = given.get('out');
  return {
    version: v6 ? 6 : 4,
    id: v6 ? null : (given.get('id') ?? 0),
    hopLimit: given.get('ttl') ?? 64,
    link: given.get('link') ?? 0,
    outgoing: out === undefined ? null : out === 1,
  };
}

/**
 * Segments from text, one per `;`: the sender, its flags, then `seq=`, `ack=`, `len=`, `win=`; of the packet around it
 * `id=` (IP identification), `ttl=`, `link=`, `out=1` or `out=0`, `v6`; and, for a SYN, `mss=`, `ws=`, `sack`, `ts=`,
 * `echo=`, `tfo=COOKIE-BYTES`, `mp=SUBTYPE` (`mp=-1`: options read, none there). `+MS` before the sender lets that many
 * milliseconds pass; 10 where it is left out.
 *
 *     A SYN seq=100; +20 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301
 */
export function parseSegments(text: string): TestSegment[] {
  let timeNs = 0;
  return text
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one, index) => {
      const words = one.split(/\s+/);
      const wait = words[0].startsWith('+') || words[0].startsWith('-') ? Number(words.shift()) : 10;
      if (index > 0) timeNs += wait * 1e6;
      const [sender, names, ...rest] = words;
      if (sender !== 'A' && sender !== 'B') throw new Error(`not a sender: ${one}`);
      let flags = 0;
      for (const name of names === '-' ? [] : names.split(',')) {
        const bit = (TcpFlag as Readonly<Record<string, number>>)[name];
        if (bit === undefined) throw new Error(`not a flag: ${name}`);
        flags |= bit;
      }
      const given = new Map(
        rest.map((word): [string, number] => [word.split('=')[0], Number(word.split('=')[1] ?? 1)]),
      );
      const number = (name: string, otherwise: number) => given.get(name) ?? otherwise;
      const optional = (name: string) => given.get(name) ?? null;
      const known = (flags & TcpFlag.SYN) !== 0 || given.has('mp');
      const options = !known
        ? null
        : {
            ...noOptions,
            mss: optional('mss'),
            windowScale: optional('ws'),
            sackPermitted: given.has('sack'),
            timestamp: optional('ts'),
            timestampEcho: given.has('ts') ? number('echo', 0) : null,
            fastOpenCookie: optional('tfo'),
            multipath: (given.get('mp') ?? -1) >= 0,
            multipathSubtype: (given.get('mp') ?? -1) >= 0 ? optional('mp') : null,
            multipathVersion: given.get('mp') === 0 ? 1 : null,
          };
      return {
        fromA: sender === 'A',
        flags,
        seq: number('seq', 0) >>> 0,
        ack: number('ack', 0) >>> 0,
        length: number('len', 0),
        window: number('win', 8192),
        timeNs,
        wire: wireOf(given),
        options,
      };
    });
}

/**
 * A stream of the segments given, whose first sender is endpoint A as in a real capture. Frame numbers count from 1.
 */
export function streamOf(
  list: readonly TestSegment[],
  ports: readonly [a: number, b: number] = [50000, 80],
): StreamSegments {
  const flip = list.length > 0 && !list[0].fromA;
  const start = list.length > 0 ? list[0].timeNs : 0;
  const ends = [
    { address: '10.0.0.1', port: ports[0] },
    { address: '10.0.0.2', port: ports[1] },
  ];
  const stream = {
    count: list.length,
    rows: Uint32Array.from(list, (_, row) => row),
    timeNs: Float64Array.from(list, (one) => one.timeNs - start),
    fromA: Uint8Array.from(list, (one) => (one.fromA !== flip ? 1 : 0)),
    flags: Uint16Array.from(list, (one) => one.flags),
    seq: Uint32Array.from(list, (one) => one.seq),
    ack: Uint32Array.from(list, (one) => one.ack),
    length: Uint32Array.from(list, (one) => one.length),
    window: Uint16Array.from(list, (one) => one.window),
    a: flip ? ends[1] : ends[0],
    b: flip ? ends[0] : ends[1],
    options: (index: number) => list[index].options,
  };
  return { ...stream, wire: (index: number) => list[index].wire };
}

export function segments(text: string, ports?: readonly [a: number, b: number]): StreamSegments {
  return streamOf(parseSegments(text), ports);
}
