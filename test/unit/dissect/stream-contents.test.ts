import { describe, expect, it } from 'vitest';
import { joinBytes, packet, type TcpOptions, u16 } from '../../support/capture-builder.ts';
import { type Opened, openFrames } from '../../support/dissect.ts';
import { processorMs } from '../../support/processor-time.ts';

const request = 'GET /abcdef HTTP/1.1\r\nHost: example.com\r\n\r\n';
const start = 101;
type Piece = readonly [offset: number, payload: string | Uint8Array, extra?: TcpOptions];

const syn = packet().eth().ip().tcp({ sport: 1000, dport: 80, seq: 100, flags: 'S' }).bytes();
const synAck = packet()
  .eth()
  .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
  .tcp({ sport: 80, dport: 1000, seq: 500, ack: 101, flags: 'SA' })
  .bytes();

/**
 * Segments of the client, at these offsets of its stream; the first is frame 3. A second passes between them where
 * `slow`.
 */
function fromClient(
  pieces: readonly Piece[],
  options: { readonly slow?: boolean; readonly dport?: number } = {},
): Opened {
  const frames = [
    syn,
    synAck,
    ...pieces.map(([offset, payload, extra]) =>
      packet()
        .eth()
        .ip()
        .tcp({ sport: 1000, dport: options.dport ?? 80, seq: start + offset, ack: 501, flags: 'PA', payload, ...extra })
        .bytes(),
    ),
  ];
  return openFrames(
    frames.map((bytes, i) =>
      options.slow === true ? { bytes, sec: 1000 + i, nsec: 0 } : { bytes, sec: 1000, nsec: i * 1_000_000 },
    ),
  );
}

describe('messages in TCP streams', () => {
  it('are put together from their segments', () => {
    const { packet: at } = fromClient([
      [0, request.slice(0, 10)],
      [10, request.slice(10)],
    ]);
    expect(at(3).info).toBe('1000 → 80 [PSH, ACK] Seq=1 Ack=1 Win=64240 Len=10 [TCP segment of a reassembled PDU]');
    expect(at(3).layers).toBe('eth:ethertype:ip:tcp');
    expect(at(4).info).toBe('GET /abcdef HTTP/1.1 ');
    expect(at(4).values('tcp.segment')).toEqual(['3', '4']);
    expect(at(4).value('tcp.reassembled.length')).toBe('43');
    expect(at(4).dissection.sources[1].name).toBe('Reassembled TCP (43 bytes)');
  });

  it('are the same whichever packet is looked at first, and however often', () => {
    const pieces: Piece[] = [...request].map((letter, i) => [i, letter]);
    const forward = fromClient(pieces);
    const inOrder = pieces.map((_, i) => forward.packet(i + 3).info);
    const backward = fromClient(pieces);
    for (let i = pieces.length - 1; i >= 0; i--) expect(backward.packet(i + 3).info).toBe(inOrder[i]);
    expect(backward.packet(20).info).toBe(inOrder[17]);
    expect(inOrder.at(-1)).toBe('GET /abcdef HTTP/1.1 ');
  });

  it('share a segment', () => {
    const { packet: at } = fromClient([
      [0, request + request + request.slice(0, 10)],
      [96, request.slice(10)],
    ]);
    expect(at(3).info).toBe('GET /abcdef HTTP/1.1 GET /abcdef HTTP/1.1 ');
    expect(at(3).values('http.request.uri')).toEqual(['/abcdef', '/abcdef']);
    expect(at(3).value('tcp.segment_data')).toHaveLength(20);
    expect(at(4).info).toBe('GET /abcdef HTTP/1.1 ');
  });

  it('are not decoded twice when they are sent again', () => {
    const { packet: at } = fromClient(
      [
        [0, request],
        [0, request],
        [43, request],
      ],
      { slow: true },
    );
    expect(at(4).protocol).toBe('TCP');
    expect(at(4).value('http.request.uri')).toBe('');
    expect(at(4).value('tcp.segment_data')).toHaveLength(86);
    expect(at(5).info).toBe('GET /abcdef HTTP/1.1 ');
  });

  it('wait for a hole in a message of known length only', () => {
    const body = (length: number) => `POST / HTTP/1.1\r\nContent-Length: ${length}\r\n\r\n`;
    const head = body(30).length;
    const known = fromClient([
      [0, `${body(30)}0123456789`],
      [head + 20, 'ABCDEFGHIJ'],
      [head + 10, 'abcdefghij'],
      [head + 30, request],
    ]);
    expect(known.packet(4).info).toContain('[TCP segment of a reassembled PDU]');
    // Named in the order of their bytes.
    expect(known.packet(5).values('tcp.segment')).toEqual(['3', '5', '4']);
    expect(known.packet(6).info).toBe('GET /abcdef HTTP/1.1 ');
    const lost = fromClient([
      [0, request.slice(0, 10)],
      [43, request],
    ]);
    expect(lost.packet(4).info).toBe('[TCP Previous segment not captured] GET /abcdef HTTP/1.1 ');
  });

  it.each([
    ['bytes behind its hole', 10, 'abcdefghijXYZ'],
    ['bytes before it', 8, 'XYabcdefghij'],
    ['bytes on both sides', 8, 'XYabcdefghijZ'],
  ])('take of a late segment that also brings %s only what they miss: the first copy counts', (_, at, payload) => {
    const head = 'POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\n';
    const { packet: frame } = fromClient([
      [0, `${head}0123456789`],
      [head.length + 20, 'ABCDEFGHIJ'],
      [head.length + at, payload],
      [head.length + 30, request],
    ]);
    // As tshark has it: put together, and not decoded in the segment that came late.
    expect(frame(5).values('tcp.segment')).toEqual(['3', '5', '4']);
    expect(Buffer.from(frame(5).value('tcp.reassembled.data'), 'hex').toString('latin1')).toBe(
      `${head}0123456789abcdefghijABCDEFGHIJ`,
    );
    expect(frame(5).layers.endsWith(':tcp')).toBe(true);
    expect(frame(6).info).toBe('GET /abcdef HTTP/1.1 ');
  });

  it('fill two holes with one late segment', () => {
    const head = 'POST / HTTP/1.1\r\nContent-Length: 30\r\n\r\n';
    const { packet: frame } = fromClient([
      [0, `${head}01234`],
      [head.length + 10, 'abcde'],
      [head.length + 20, 'ABCDEFGHIJ'],
      [head.length + 3, '??56789?????fghij???'],
    ]);
    expect(Buffer.from(frame(6).value('tcp.reassembled.data'), 'hex').toString('latin1')).toBe(
      `${head}0123456789abcdefghijABCDEFGHIJ`,
    );
  });

  const ok = (length: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
  /**
   * Segments of the server, frame 3 the first, and a number: four acknowledgments of the client that ask for the bytes
   * from there.
   */
  const fromServer = (pieces: readonly (Piece | number)[]) =>
    openFrames(
      [
        syn,
        synAck,
        ...pieces.flatMap((piece) => {
          const [offset, payload] = typeof piece === 'number' ? [piece, ''] : piece;
          const client = packet()
            .eth()
            .ip()
            .tcp({ sport: 1000, dport: 80, seq: start, ack: 501 + offset })
            .bytes();
          const server = packet()
            .eth()
            .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
            .tcp({ sport: 80, dport: 1000, seq: 501 + offset, ack: start, flags: 'PA', payload })
            .bytes();
          return typeof piece === 'number' ? [client, client, client, client] : [server];
        }),
      ].map((bytes, i) => ({ bytes, sec: 1000, nsec: i * 1000 })),
    );

  it('that are sent again because acknowledgments ask for it fill their hole, or are there once more', () => {
    const size = ok(30).length;
    const last = fromServer([[0, ok(30)], [size + 10, 'ABCDEFGHIJ0123456789'], size, [size, 'abcdefghij']]);
    expect(last.packet(9).info).toBe('[TCP Fast Retransmission] HTTP/1.1 200 OK ');
    expect(last.packet(9).values('tcp.segment')).toEqual(['3', '9', '4']);
    const middle = fromServer([
      [0, ok(30)],
      [size + 10, 'ABCDEFGHIJ'],
      size,
      [size, 'abcdefghij'],
      [size + 20, '0123456789'],
    ]);
    expect(middle.packet(9).layers.endsWith(':tcp')).toBe(true);
    expect(middle.packet(10).values('tcp.segment')).toEqual(['3', '9', '4', '10']);
    const longer = fromServer([
      [0, ok(20)],
      [ok(20).length, 'abcdefghij'],
      ok(20).length,
      [ok(20).length, 'abcdefghij0123456789'],
    ]);
    expect(longer.packet(9).info).toBe('[TCP Fast Retransmission] HTTP/1.1 200 OK ');
    const small = fromServer([
      [0, ok(0)],
      [ok(0).length, ok(5)],
      0,
      [0, ok(0)],
      [ok(0).length + ok(5).length, 'abcde'],
    ]);
    expect(small.packet(9).info).toBe('[TCP Fast Retransmission] HTTP/1.1 200 OK ');
    expect(small.packet(10).values('tcp.segment')).toEqual(['4', '10']);
    const part = fromServer([[0, ok(10)], [ok(10).length, 'abcde'], 0, [0, ok(10)], [ok(10).length + 5, 'fghij']]);
    expect(part.packet(9).layers.endsWith(':tcp')).toBe(true);
    expect(part.packet(9).value('tcp.segment_data')).toHaveLength(ok(10).length * 2);
    expect(part.packet(10).values('tcp.segment')).toEqual(['3', '4', '10']);
    const over = fromServer([[0, ok(10)], [ok(10).length, 'abcdefghij'], ok(10).length, [ok(10).length, 'abcdefghij']]);
    expect(over.packet(9).layers.endsWith(':tcp')).toBe(true);
  });

  it('are there once more where the sender began again with the same number', () => {
    const client = (seq: number, flags: string, payload = '') =>
      packet()
        .eth()
        .ip()
        .tcp({ sport: 1000, dport: 80, seq, flags, ...(flags.includes('A') && { ack: 501 }), payload })
        .bytes();
    const { packet: at } = openFrames([
      client(100, 'S'),
      client(900, 'R'),
      client(100, 'S'),
      synAck,
      client(101, 'A'),
      client(101, 'PA', request),
      client(144, 'PA', request),
    ]);
    expect(at(6).info).toBe('GET /abcdef HTTP/1.1 ');
    expect(at(7).info).toBe('GET /abcdef HTTP/1.1 ');
  });

  it('end with the stream where their length is not given', () => {
    const server = (seq: number, payload: string, flags = 'PA') =>
      packet()
        .eth()
        .ip({ src: '10.0.0.2', dst: '10.0.0.1' })
        .tcp({ sport: 80, dport: 1000, seq, ack: 101, flags, payload })
        .bytes();
    const { packet: at } = openFrames([
      syn,
      synAck,
      server(501, 'HTTP/1.1 200 OK\r\n\r\nabc'),
      server(523, 'def'),
      server(526, '', 'FA'),
    ]);
    expect(at(3).info).toBe('HTTP/1.1 200 OK  [TCP segment of a reassembled PDU]');
    expect(at(5).info).toBe('HTTP/1.1 200 OK ');
    expect(at(5).values('tcp.segment')).toEqual(['3', '4', '5']);
    expect(at(5).value('data.data')).toBe('616263646566');
  });

  it('leave a reset and a keep-alive alone', () => {
    const { packet: at } = fromClient([
      [0, request],
      [42, '\0'],
      [43, 'oops', { flags: 'RA' }],
    ]);
    expect(at(4).layers).toBe('eth:ethertype:ip:tcp:data');
    expect(at(5).layers).toBe('eth:ethertype:ip:tcp');
    expect(at(5).value('tcp.payload')).toBe('');
  });

  it('are found on any port by their bytes, and the stream stays theirs', () => {
    const { packet: at } = fromClient(
      [
        [0, 'hello'],
        [5, request],
        [48, 'what is this?\r\n'],
      ],
      { dport: 9999 },
    );
    expect(at(3).layers).toBe('eth:ethertype:ip:tcp:data');
    expect(at(4).protocol).toBe('HTTP');
    expect(at(5).info).toBe('Continuation');
  });

  it('stay with TCP where a port was right and the bytes are not', () => {
    const { packet: at } = fromClient([[0, '\0\x01\x02']]);
    expect(at(3).layers).toBe('eth:ethertype:ip:tcp');
  });

  it('are taken as they are where the snap length cut a segment', () => {
    const whole = packet()
      .eth()
      .ip()
      .tcp({ sport: 1000, dport: 80, seq: start, ack: 501, flags: 'PA', payload: request })
      .bytes();
    const { packet: at } = openFrames([
      syn,
      synAck,
      { bytes: whole.subarray(0, whole.length - 20), wireLen: whole.length },
    ]);
    expect(at(3).info).toContain('GET /abcdef HTTP/1.1 ');
    expect(at(3).dissection.diagnostics.map((d) => d.kind)).toEqual(['cut-short']);
  });

  it('of any number of pieces are found again from any row, in time', () => {
    const chunks = 12_000;
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const pieces: Piece[] = [[0, head]];
    for (let i = 0; i < chunks; i++)
      pieces.push([head.length + i * 8, `3\r\n${String(i).padStart(5, '0').slice(2)}\r\n`]);
    pieces.push([head.length + chunks * 8, '0\r\n\r\n'], [head.length + chunks * 8 + 5, request]);
    const opened = fromClient(pieces);
    const last = pieces.length + 2;
    const before = processorMs();
    expect(opened.packet(last - 1).value('tcp.segment.count')).toBe(String(chunks + 2));
    expect(opened.packet(last).info).toBe('GET /abcdef HTTP/1.1 ');
    for (const frame of [9000, 4500, 9001, 3])
      expect(opened.packet(frame).info).toBe('HTTP/1.1 200 OK  [TCP segment of a reassembled PDU]');
    expect(opened.packet(last - 1).values('tcp.segment')).toHaveLength(chunks + 2);
    expect(processorMs() - before).toBeLessThan(5000);
  });

  it('with a length that is a lie hold no more than what was sent', () => {
    const huge = `POST / HTTP/1.1\r\nContent-Length: 9007199254740991\r\n\r\n`;
    const { packet: at, store } = fromClient([
      [0, huge],
      [huge.length, 'x'.repeat(1000)],
    ]);
    expect(at(4).info).toContain('[TCP segment of a reassembled PDU]');
    expect(store.contents.at(0, 3, new Uint8Array(0)).parts).toEqual([]);
  });

  it('over TCP begin with their length in DNS', () => {
    const message = Uint8Array.of(0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1);
    const bytes = joinBytes([u16(message.length), message]);
    const { packet: at } = fromClient(
      [
        [0, bytes.subarray(0, 7)],
        [7, joinBytes([bytes.subarray(7), bytes])],
      ],
      { dport: 53 },
    );
    expect(at(4).protocol).toBe('DNS');
    expect(at(4).values('dns.qry.name')).toEqual(['a', 'a']);
    expect(at(4).values('dns.length')).toEqual(['19', '19']);
  });
});
