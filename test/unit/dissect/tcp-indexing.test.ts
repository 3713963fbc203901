/** What the pass over a file notes of each segment of TCP, for the list, for streams and for what quotes them. */
import { describe, expect, it } from 'vitest';
import { type PacketColumn, RowMark } from '../../../shared/table/columns.ts';
import { type Frame, mss, nop, packet, timestamps } from '../../support/capture-builder.ts';
import { type Opened, openFrames } from '../../support/dissect.ts';
import { client, server } from '../../support/two-hosts.ts';

/** An ICMP error of a router that quotes so much of a segment. */
const quoting = (segment: Uint8Array, size = 1000, [type, code, rest] = [3, 1, 0]) =>
  packet()
    .eth()
    .ip({ src: '10.0.0.9', dst: '10.0.0.1' })
    .icmp(type, code, Uint8Array.of(0, 0, rest >> 8, rest & 255))
    .payload(segment.subarray(14, 34 + size))
    .bytes();

const columns = (opened: Opened, row: number, names: readonly PacketColumn[]): number[] =>
  names.map((name) => opened.store.table.get(name, row));
const marksOf = (opened: Opened, row: number): number => opened.store.table.get('marks', row);

describe('a segment', () => {
  const words = { seq: 0x81020304, ack: 0x85060708, flags: 'PAN', win: 0x8a0b, payload: 'abc' };
  const noted: readonly PacketColumn[] = [
    'srcPort',
    'dstPort',
    'transport',
    'stream',
    'prevInStream',
    'tcpFlags',
    'tcpSeq',
    'tcpAck',
    'payloadLen',
    'tcpWindow',
  ];

  it('is noted with its numbers', () => {
    const opened = openFrames([client(words), client({ ...words, options: [nop, nop, timestamps(1, 2)] })]);
    expect(columns(opened, 0, noted)).toEqual([1000, 9999, 6, 0, -1, 0x118, 0x81020304, 0x85060708, 3, 0x8a0b]);
    expect(columns(opened, 1, ['prevInStream', 'payloadLen'])).toEqual([0, 3]);
  });

  it('that is cut is noted where its numbers are there, with the length that it had', () => {
    const whole = client(words);
    const cut = (size: number) => openFrames([{ bytes: whole.subarray(0, 34 + size), wireLen: whole.length }]);
    expect(columns(cut(3), 0, ['srcPort', 'transport', 'stream'])).toEqual([0, 0, -1]);
    expect(columns(cut(4), 0, ['srcPort', 'dstPort', 'transport', 'stream'])).toEqual([1000, 9999, 0, -1]);
    expect(columns(cut(15), 0, ['transport', 'stream'])).toEqual([0, -1]);
    expect(columns(cut(16), 0, noted)).toEqual([1000, 9999, 6, 0, -1, 0x118, 0x81020304, 0x85060708, 3, 0x8a0b]);
    expect([16, 19, 20, 22, 23].map((size) => (marksOf(cut(size), 0) & RowMark.HeaderCut) !== 0)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    const options = client({ ...words, options: [mss(1460)] });
    const inOptions = (size: number) =>
      openFrames([{ bytes: options.subarray(0, 34 + size), wireLen: options.length }]);
    expect([20, 23, 24].map((size) => (marksOf(inOptions(size), 0) & RowMark.HeaderCut) !== 0)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is marked by its side, and as malformed where its header cannot be', () => {
    const opened = openFrames([client({ seq: 1 }), server({ seq: 1 }), client({ seq: 1 })]);
    expect([0, 1, 2].map((row) => (marksOf(opened, row) & RowMark.FromA) !== 0)).toEqual([true, false, true]);
    const malformed = (dataOffset: number) =>
      (marksOf(openFrames([client({ dataOffset, payload: 'abcdefgh' })]), 0) & RowMark.Malformed) !== 0;
    expect([0, 4, 5, 6].map(malformed)).toEqual([true, true, false, false]);
  });

  it('longer by its header than it is has no bytes', () => {
    const opened = openFrames([client({ dataOffset: 15 })]);
    expect(columns(opened, 0, ['payloadLen', 'stream'])).toEqual([0, 0]);
  });
});

describe('a stream', () => {
  const totals = ({ store }: Opened, stream = 0) => ({
    packets: [...store.tcpStreams.packets.subarray(stream * 2, stream * 2 + 2)],
    bytes: [...store.tcpStreams.bytes.subarray(stream * 2, stream * 2 + 2)],
    all: store.tcp.packets[stream],
    last: store.tcp.lastRow[stream],
  });

  it('counts packets and bytes of each side', () => {
    const opened = openFrames([
      server({ seq: 1, payload: 'abc' }),
      client({ seq: 1, payload: 'de' }),
      server({ seq: 4, payload: 'f' }),
      server({ seq: 4, payload: 'f' }),
      client({ seq: 3 }),
    ]);
    expect(totals(opened)).toEqual({ packets: [3, 2], bytes: [5, 2], all: 5, last: 4 });
  });

  it('counts nothing of what an ICMP error quotes', () => {
    const opened = openFrames([client({ seq: 1, payload: 'abc' }), quoting(client({ seq: 1, payload: 'abc' }))]);
    expect(totals(opened)).toEqual({ packets: [1, 0], bytes: [3, 0], all: 1, last: 0 });
    expect(columns(opened, 1, ['stream', 'transport'])[1]).toBe(0);
  });

  it('begins at a SYN of another number, of either side, and at no other segment', () => {
    const streams = (...frames: readonly Frame[]) => {
      const opened = openFrames(frames);
      return frames.map((_, row) => opened.store.table.get('stream', row));
    };
    const [syn, again] = [100, 200].map((seq) => client({ seq, flags: 'S' }));
    expect(streams(syn, syn, again, again)).toEqual([0, 0, 1, 1]);
    expect(streams(syn, client({ seq: 200, flags: 'SA' }), client({ seq: 300 }))).toEqual([0, 0, 0]);
    // The first number of the server was known from what the client acknowledged.
    expect(streams(client({ seq: 5, ack: 501 }), server({ seq: 500, flags: 'S' }))).toEqual([0, 0]);
    expect(streams(client({ seq: 5, ack: 501 }), server({ seq: 501, flags: 'S' }))).toEqual([0, 1]);
    expect(streams(client({ seq: 5, ack: 501, flags: 'P' }), server({ seq: 900, flags: 'S' }))).toEqual([0, 0]);
  });

  it('counts from one number before the first where no SYN was captured, and anew from a SYN+ACK', () => {
    const seqs = (...frames: readonly Frame[]) => {
      const opened = openFrames(frames);
      return frames.map((_, row) => opened.packet(row + 1).value('tcp.seq'));
    };
    expect(seqs(client({ seq: 0 }), client({ seq: 9 }))).toEqual(['1', '10']);
    expect(seqs(client({ seq: 5, ack: 0 }), server({ seq: 7 }))).toEqual(['1', '8']);
    expect(seqs(server({ seq: 7 }), server({ seq: 40, flags: 'SA' }), server({ seq: 50 }))).toEqual(['1', '0', '10']);
    expect(seqs(server({ seq: 40, flags: 'SA' }), server({ seq: 40, flags: 'SA' }), server({ seq: 50 }))).toEqual([
      '0',
      '0',
      '10',
    ]);
  });

  it('whose header is longer than the segment has no numbers of it', () => {
    const opened = openFrames([client({ seq: 100, dataOffset: 6 }), client({ seq: 500 }), client({ seq: 501 })]);
    expect(opened.packet(3).value('tcp.seq')).toBe('2');
  });
});

describe('an ICMP error', () => {
  const errors = (...frames: readonly Frame[]) => {
    const { store } = openFrames(frames);
    return store.icmpErrors.of(0).map(({ row, fromA, version, type, code, rest, seq }) => ({
      row,
      fromA,
      version,
      type,
      code,
      rest,
      seq,
    }));
  };
  const syn = client({ seq: 0x81020304, flags: 'S' });
  const error = { row: 1, fromA: true, version: 4, type: 3, code: 1, rest: 0, seq: 0x81020304 };

  it('is kept for the stream whose segment it quotes, by eight bytes of it', () => {
    expect(errors(syn, quoting(syn))).toEqual([error]);
    expect(errors(syn, quoting(syn, 8))).toEqual([error]);
    expect(errors(syn, quoting(syn, 7))).toEqual([]);
    expect(errors(syn, quoting(syn, 8, [3, 4, 1280]))).toEqual([{ ...error, code: 4, rest: 1280 }]);
    const answer = server({ seq: 7, flags: 'SA' });
    expect(errors(syn, quoting(answer))).toEqual([{ ...error, fromA: false, seq: 7 }]);
  });

  it('is kept before every segment of its stream, once', () => {
    expect(errors(quoting(syn), syn)).toEqual([{ ...error, row: 0 }]);
    expect(errors(quoting(syn, 8), syn)).toEqual([]);
    expect(errors(quoting(syn), quoting(syn), syn)).toHaveLength(2);
  });
});
