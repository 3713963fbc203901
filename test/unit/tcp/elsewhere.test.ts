import { describe, expect, it } from 'vitest';
import { Conversations } from '../../../shared/dissect/conversation.ts';
import { TcpCompleteness } from '../../../shared/dissect/tcp-completeness.ts';
import type { PacketRow } from '../../../shared/table/columns.ts';
import { PacketTable } from '../../../shared/table/packet-table.ts';
import { Elsewheres, type StreamsOfCapture } from '../../../shared/tcp/elsewhere.ts';
import { StreamReader } from '../../../shared/tcp/from-capture.ts';
import type { StreamContext } from '../../../shared/tcp/segments.ts';
import { type Frame, firstSecond, packet, pcap } from '../../support/capture-builder.ts';
import { openBytes } from '../../support/dissect.ts';

const C = '192.0.2.10';
const S = '198.51.100.20';
const inner = '10.0.0.5';

/** `seconds from:port to:port flags seq ack [data]`, one segment each. */
function frames(text: string): Frame[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [at, from, to, flags, seq, ack, data] = line.trim().split(/\s+/);
      const [src, sport] = from.split(/:(?=\d+$)/);
      const [dst, dport] = to.split(/:(?=\d+$)/);
      const segment = {
        sport: Number(sport),
        dport: Number(dport),
        flags,
        seq: Number(seq),
        ack: Number(ack),
        payload: data ?? '',
      };
      const bytes = (src.includes(':') ? packet().eth().ipv6({ src, dst }) : packet().eth().ip({ src, dst }))
        .tcp(segment)
        .bytes();
      return { bytes, sec: firstSecond + Math.floor(Number(at)), nsec: Math.round((Number(at) % 1) * 1e9) };
    });
}

function contexts(text: string): StreamContext[] {
  const { store } = openBytes(pcap(frames(text), { nano: true }));
  const reader = new StreamReader(store, store.registry, 1);
  const all: StreamContext[] = [];
  reader.each((stream, segments) => all.push(reader.context(stream, segments)));
  return all;
}
const others = (text: string) =>
  contexts(text).map((one) => one.elsewhere?.map((other) => `${other.kind} ${other.stream}`));

describe('a handshake in two streams', () => {
  it('is answered from another address: each half names the other', () => {
    const [syn, answer] = contexts(`
      1    ${C}:1234   ${S}:80     S  100 0
      1.25 ${inner}:80 ${C}:1234   SA 300 101
      1.3  ${C}:1234   ${inner}:80 R  101 0`);
    const client = { address: C, port: 1234 };
    expect(syn.elsewhere).toEqual([
      {
        stream: 1,
        row: 1,
        kind: 'syn-ack',
        from: { address: inner, port: 80 },
        to: client,
        seq: 300,
        ack: 101,
        timeNs: 0.25e9,
      },
    ]);
    expect(answer.elsewhere).toEqual([
      { stream: 0, row: 0, kind: 'syn', from: client, to: { address: S, port: 80 }, seq: 100, ack: 0, timeNs: -0.25e9 },
    ]);
  });

  it.each([
    ['from another port', `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${S}:8080 ${C}:1234 SA 300 101`],
    ['to another client', `1 ${inner}:1234 ${S}:80 S 100 0\n1.1 ${S}:80 ${C}:61234 SA 300 101`],
    ['to another port of the client', `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${S}:80 ${C}:61234 SA 300 101`],
    ['over the end of the numbers', `1 ${C}:1234 ${S}:80 S 4294967295 0\n1.1 ${inner}:80 ${C}:1234 SA 300 0`],
    ['with its data', `1 ${C}:1234 ${S}:80 S 4294967290 0 abcdefgh\n1.1 ${inner}:80 ${C}:1234 SA 300 3`],
    ['without its data', `1 ${C}:1234 ${S}:80 S 100 0 abcdefgh\n1.1 ${inner}:80 ${C}:1234 SA 300 101`],
    ['over IPv6', '1 2001:db8::1:1234 2001:db8::2:80 S 100 0\n1.1 2001:db8::5:80 2001:db8::1:1234 SA 300 101'],
    ['59 seconds later', `1 ${C}:1234 ${S}:80 S 100 0\n60 ${inner}:80 ${C}:1234 SA 300 101`],
  ])('%s', (_name, text) => {
    expect(others(text)).toEqual([['syn-ack 1'], ['syn 0']]);
  });

  it('may stand the other way round by less than a second', () => {
    expect(others(`1 ${inner}:80 ${C}:1234 SA 300 101\n1.9 ${C}:1234 ${S}:80 S 100 0`)).toEqual([
      ['syn 1'],
      ['syn-ack 0'],
    ]);
  });

  it.each([
    ['the number is another one', `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${inner}:80 ${C}:1234 SA 300 102`],
    ['no end is the same', `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${inner}:80 ${C}:1235 SA 300 101`],
    ['it is more than a minute later', `1 ${C}:1234 ${S}:80 S 100 0\n61.1 ${inner}:80 ${C}:1234 SA 300 101`],
    ['it is more than a minute earlier', `1 ${inner}:80 ${C}:1234 SA 300 101\n62.1 ${C}:1234 ${S}:80 S 100 0`],
    ['it is no SYN+ACK', `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${inner}:80 ${C}:1234 A 300 101`],
    ['it has a reset', `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${inner}:80 ${C}:1234 SAR 300 101`],
    [
      'the SYN has its answer',
      `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${inner}:80 ${C}:1234 SA 300 101\n1.2 ${S}:80 ${C}:1234 SA 300 101`,
    ],
    [
      'the other stream has its own SYN',
      `1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${C}:1234 ${inner}:80 S 200 0\n1.2 ${inner}:80 ${C}:1234 SA 300 201`,
    ],
  ])('is none where %s', (_name, text) => {
    expect(
      others(text)
        .flat()
        .filter((one) => one !== undefined),
    ).toEqual([]);
  });

  it('is the same SYN rewritten on the way, where both sides of the device were captured', () => {
    expect(
      others(`1 ${C}:1234 ${S}:80 S 100 0\n1.1 ${C}:1234 ${inner}:80 S 100 0\n1.2 ${inner}:80 ${C}:1234 SA 300 101`),
    ).toEqual([['syn 1'], undefined]);
  });

  it('names at most eight streams, in capture order', () => {
    const answers = Array.from({ length: 12 }, (_, i) => `1.${10 + i} 10.0.0.${20 + i}:80 ${C}:1234 SA 300 101`);
    const [syn] = contexts(`1 ${C}:1234 ${S}:80 S 100 0\n${answers.join('\n')}`);
    expect(syn.elsewhere).toHaveLength(8);
    const rows = syn.elsewhere?.map((one) => one.row) ?? [];
    expect(rows).toEqual([...rows].sort((a, b) => a - b));
  });

  it('is not looked for where an ICMP error was the first to speak of the stream', () => {
    const quoted = packet().ip({ src: C, dst: S }).tcp({ sport: 1234, dport: 80, flags: 'S', seq: 100 }).bytes();
    const error = packet().eth().ip({ src: '192.0.2.254', dst: C }).icmp(11, 0).payload(quoted).bytes();
    const { store } = openBytes(pcap([error, ...frames(`1700000001 ${C}:1234 ${S}:80 S 100 0`)]));
    expect(Elsewheres.of(store).of(0)).toEqual([]);
  });
});

/** A capture without a file, whose table counts how many rows are looked at. */
class Made implements StreamsOfCapture {
  readonly rows = new PacketTable();
  readonly tcp = new Conversations();
  readonly tcpStreams = { completeness: new TcpCompleteness() };
  reads = 0;
  private readonly row: PacketRow = {
    sec: 0,
    nsec: 0,
    fileOffset: 0,
    capLen: 60,
    wireLen: 60,
    iface: 0,
    protocol: 0,
    src: 0,
    dst: 0,
    srcPort: 0,
    dstPort: 0,
    transport: 6,
    chain: 0,
    stream: 0,
    prevInStream: -1,
    tcpFlags: 0,
    tcpSeq: 0,
    tcpAck: 0,
    payloadLen: 0,
    tcpWindow: 0,
    marks: 0,
  };
  readonly table: StreamsOfCapture['table'];

  constructor() {
    const made = this;
    this.table = {
      get length() {
        return made.rows.length;
      },
      get(column, row) {
        made.reads++;
        return made.rows.get(column, row);
      },
      nsBetween(from, to) {
        made.reads++;
        return made.rows.nsBetween(from, to);
      },
    };
  }

  segment(
    sec: number,
    src: number,
    srcPort: number,
    dst: number,
    dstPort: number,
    tcpFlags: number,
    tcpSeq: number,
    tcpAck: number,
  ): void {
    const row = this.rows.length;
    let stream = this.tcp.find(src, srcPort, dst, dstPort, row);
    if (stream < 0) {
      stream = this.tcp.create(src, srcPort, dst, dstPort, row);
      this.tcpStreams.completeness.open(stream);
    }
    this.tcpStreams.completeness.segment(stream, row, tcpFlags, 0, false);
    const prevInStream = this.tcp.lastRow[stream];
    this.tcp.lastRow[stream] = row;
    this.tcp.packets[stream]++;
    const { row: to } = this;
    to.sec = sec;
    to.src = src;
    to.dst = dst;
    to.srcPort = srcPort;
    to.dstPort = dstPort;
    to.stream = stream;
    to.prevInStream = prevInStream;
    to.tcpFlags = tcpFlags;
    to.tcpSeq = tcpSeq;
    to.tcpAck = tcpAck;
    this.rows.append(to);
  }
}

describe('many streams', () => {
  const streams = 200_000;

  it('are looked at once each, however many ask', () => {
    const made = new Made();
    for (let i = 0; i < streams / 2; i++) {
      made.segment(i, 1, i & 0xffff, 2 + (i >>> 16), 80, 0x02, i * 7919, 0);
      made.segment(i, 1000 + i, 80, 1, i & 0xffff, 0x12, 5, i * 7919 + 1);
      // More packets of a stream are none of its business.
      for (let k = 0; k < 3; k++) made.segment(i, 1000 + i, 80, 1, i & 0xffff, 0x10, 6, i * 7919 + 1);
    }
    expect(made.tcp.length).toBe(streams);
    const index = Elsewheres.of(made);
    expect(index.of(0)).toEqual([{ stream: 1, row: 1 }]);
    const built = made.reads;
    expect(built).toBeLessThan(streams * 12);
    for (let s = 1; s < streams; s++) index.of(s);
    expect(made.reads - built).toBeLessThan(streams * 50);
    expect(index.of(streams - 1)).toEqual([{ stream: streams - 2, row: made.tcp.firstRow[streams - 2] }]);
    // Those that came since, and no others, are looked at when the capture grew.
    const before = made.reads;
    made.segment(streams, 1, 7, 900_000, 80, 0x02, 42, 0);
    made.segment(streams, 900_001, 80, 1, 7, 0x12, 5, 43);
    expect(index.of(streams)).toEqual([{ stream: streams + 1, row: made.rows.length - 1 }]);
    expect(made.reads - before).toBeLessThan(100);
  });

  it('of one number from one port, as a scan sends them, cost each of them a bounded look', () => {
    const made = new Made();
    for (let i = 0; i < streams / 2; i++) made.segment(i / 1000, 1, 4444, 10 + i, 80, 0x02, 100, 0);
    for (let i = 0; i < streams / 2; i++) made.segment(200 + i / 1000, 500_000 + i, 80, 1, 4444, 0x12, 5, 101);
    const index = new Elsewheres(made);
    index.of(0);
    const built = made.reads;
    for (let s = 0; s < streams; s += 100) index.of(s);
    expect(made.reads - built).toBeLessThan((streams / 100) * 256 * 24);
  });
});
