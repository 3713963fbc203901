/** Questions and their answers: found in datagrams while they are indexed, and in streams by their state. */
import { describe, expect, it } from 'vitest';
import { Hindsight } from '../../../shared/dissect/hindsight.ts';
import { answered, answeredFirst, asked, askedNext, noQuestions } from '../../../shared/dissect/questions.ts';
import { ExchangeKind, Transactions } from '../../../shared/dissect/transactions.ts';
import { PacketTable } from '../../../shared/table/packet-table.ts';
import { joinBytes, packet, u16 } from '../../support/capture-builder.ts';
import { type Opened, openFrames } from '../../support/dissect.ts';

type Sent = readonly [side: 'q' | 'r', id: number, ms: number];
const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const dnsMessage = (id: number, isResponse: boolean) =>
  joinBytes([
    u16(id),
    Uint8Array.of(isResponse ? 0x81 : 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4),
    ascii('name'),
    Uint8Array.of(0, 0, 1, 0, 1),
  ]);

/**
 * Queries of the client and responses of the server, with times in milliseconds; over TCP with the length before each.
 */
function dns(sent: readonly Sent[], transport: 'udp' | 'tcp' = 'udp'): Opened {
  const seq = { q: 1, r: 1 };
  return openFrames(
    sent.map(([side, id, ms]) => {
      const message = dnsMessage(id, side === 'r');
      const built = side === 'q' ? packet().eth().ip() : packet().eth().ip({ src: '10.0.0.2', dst: '10.0.0.1' });
      const [sport, dport] = side === 'q' ? [5000, 53] : [53, 5000];
      let bytes: Uint8Array;
      if (transport === 'udp') bytes = built.udp({ sport, dport, payload: message }).bytes();
      else {
        const payload = joinBytes([u16(message.length), message]);
        bytes = built
          .tcp({ sport, dport, seq: seq[side], ack: seq[side === 'q' ? 'r' : 'q'], flags: 'PA', payload })
          .bytes();
        seq[side] += payload.length;
      }
      return { bytes, sec: 1000 + Math.floor(ms / 1000), nsec: (ms % 1000) * 1e6 };
    }),
  );
}
const told = (opened: Opened, ...fields: readonly string[]): string[] =>
  Array.from({ length: opened.store.table.length }, (_, i) =>
    fields
      .map((field) =>
        opened
          .packet(i + 1)
          .values(field)
          .join(),
      )
      .join(' '),
  );

describe('queries and responses of DNS', () => {
  it('belong together by number and conversation: the first response counts, and what comes again says so', () => {
    const opened = dns([
      ['q', 1, 0],
      ['r', 1, 3],
      ['q', 2, 10],
      ['q', 2, 20],
      ['r', 2, 30],
      ['r', 2, 40],
      ['r', 3, 50],
      ['q', 1, 60],
      ['r', 1, 62],
    ]);
    expect(told(opened, 'dns.response_to', 'dns.time')).toEqual([
      ' ',
      '1 0.003000000',
      ' ',
      ' ',
      '3 0.020000000',
      ' ',
      ' ',
      ' ',
      '8 0.002000000',
    ]);
    expect(told(opened, 'dns.retransmit_request_in', 'dns.retransmit_response_in', 'dns.unsolicited')).toEqual([
      '  ',
      '  ',
      '  ',
      '3  ',
      '  ',
      ' 5 ',
      '  1',
      '  ',
      '  ',
    ]);
    expect(told(opened, 'dns.retransmission')).toEqual(['', '', '', '1', '', '1', '', '', '']);
    // As they came nobody knows what comes later.
    expect(told(opened, 'dns.response_in').join('')).toBe('');
    opened.store.hindsight = new Hindsight();
    expect(told(opened, 'dns.response_in')).toEqual(['2', '', '5', '', '', '', '', '9', '']);
  });

  it.each([
    [4999, '1', ''],
    [5000, '', '2'],
  ])('asked again after %d ms without an answer are repeated, or new', (gap, repeats, answers) => {
    const opened = dns([
      ['q', 1, 0],
      ['q', 1, gap],
      ['r', 1, gap + 1],
    ]);
    expect(opened.packet(2).value('dns.retransmit_request_in')).toBe(repeats);
    expect(opened.packet(3).value('dns.response_to')).toBe(answers === '' ? '1' : answers);
  });

  it('belong together over TCP, too', () => {
    const opened = dns(
      [
        ['q', 1, 0],
        ['q', 2, 1],
        ['r', 2, 2],
        ['r', 1, 5],
        ['r', 1, 6],
        ['r', 9, 7],
      ],
      'tcp',
    );
    expect(told(opened, 'dns.response_to', 'dns.time')).toEqual([' ', ' ', '2 0.001000000', '1 0.005000000', ' ', ' ']);
    expect(told(opened, 'dns.retransmit_response_in', 'dns.unsolicited')).toEqual([' ', ' ', ' ', ' ', '4 ', ' 1']);
    opened.store.hindsight = new Hindsight();
    expect(told(opened, 'dns.response_in')).toEqual(['4', '3', '', '', '', '']);
  });

  it('are told anew where the user takes a stream for something else', () => {
    const opened = dns(
      [
        ['q', 1, 0],
        ['r', 1, 3],
      ],
      'tcp',
    );
    const { store } = opened;
    store.hindsight = new Hindsight();
    expect(told(opened, 'dns.response_in')).toEqual(['2', '']);
    store.decode([{ table: 'tcp.port', key: 53, protocol: 'data' }]);
    expect(store.streamAnswers.answerTo(0, 0)).toBe(-1);
    store.decode([]);
    expect(told(opened, 'dns.response_in')).toEqual(['2', '']);
  });

  it('say where they lie', () => {
    const { packet: at } = dns([
      ['q', 1, 0],
      ['q', 1, 1],
    ]);
    expect(at(2).values('_ws.expert.message')).toEqual(['DNS query retransmission. Original request in frame 1']);
  });
});

describe('requests and responses of HTTP', () => {
  const request = (path: string) => ascii(`GET /${path} HTTP/1.1\r\nHost: h\r\n\r\n`);
  const ok = ascii('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  function http(sent: readonly (readonly ['c' | 's', Uint8Array])[]): Opened {
    const seq = { c: 1, s: 1 };
    return openFrames(
      sent.map(([side, payload], i) => {
        const built = side === 'c' ? packet().eth().ip() : packet().eth().ip({ src: '10.0.0.2', dst: '10.0.0.1' });
        const [sport, dport] = side === 'c' ? [1000, 80] : [80, 1000];
        const bytes = built
          .tcp({ sport, dport, seq: seq[side], ack: seq[side === 'c' ? 's' : 'c'], flags: 'PA', payload })
          .bytes();
        seq[side] += payload.length;
        return { bytes, sec: 1000, nsec: i * 1e6 };
      }),
    );
  }

  it('belong together: a response to the request before it', () => {
    const opened = http([
      ['c', request('a')],
      ['s', ok],
      ['c', request('b').subarray(0, 9)],
      ['c', request('b').subarray(9)],
      ['s', ok],
      ['s', ok],
    ]);
    expect(told(opened, 'http.request_in', 'http.time', 'http.response_for.uri')).toEqual([
      '  ',
      '1 0.001000000 http://h/a',
      '  ',
      '  ',
      '4 0.001000000 http://h/b',
      '  http://h/b',
    ]);
    expect(told(opened, 'http.response_in').join('')).toBe('');
    opened.store.hindsight = new Hindsight();
    expect(told(opened, 'http.response_in')).toEqual(['2', '', '', '5', '', '']);
  });

  it('find an answer that comes while the capture grows', () => {
    const opened = http([
      ['c', request('a')],
      ['s', ok],
    ]);
    const { store } = opened;
    // Nothing else has read the stream; its end is moved back, and on again.
    const last = store.tcp.lastRow[0];
    store.tcp.lastRow[0] = 0;
    expect(store.streamAnswers.answerTo(0, 0)).toBe(-1);
    store.tcp.lastRow[0] = last;
    expect(store.streamAnswers.answerTo(0, 0)).toBe(1);
  });
});

describe('Transactions', () => {
  const make = () => new Transactions(new PacketTable());

  it('tell questions apart by all three numbers', () => {
    const t = make();
    for (const [i, [a, b, c]] of [
      [1, 2, 3],
      [2, 1, 3],
      [1, 2, 4],
      [-1, 2, 3],
    ].entries())
      t.ask(a, b, c, i);
    t.answer(2, 1, 3, 10);
    t.answer(-1, 2, 3, 11);
    t.answer(9, 9, 9, 12);
    expect([t.of(10), t.of(11), t.of(12), t.of(0)]).toEqual([
      { kind: ExchangeKind.Answer, row: 1 },
      { kind: ExchangeKind.Answer, row: 3 },
      { kind: ExchangeKind.Unasked, row: -1 },
      null,
    ]);
    expect([t.answerTo(1), t.answerTo(3), t.answerTo(0)]).toEqual([10, 11, -1]);
  });

  it('put a question in the place of one with the same name, where nobody has patience', () => {
    const t = make();
    t.ask(1, 1, 1, 0);
    t.ask(1, 1, 1, 1);
    t.answer(1, 1, 1, 2);
    t.answer(1, 1, 1, 3);
    expect(t.of(2)?.row).toBe(1);
    expect(t.of(3)).toEqual({ kind: ExchangeKind.RepeatedAnswer, row: 2 });
    expect([t.answerTo(0), t.answerTo(1)]).toEqual([-1, 2]);
  });

  it('of any number are kept in bounds, the newest staying', () => {
    const t = make();
    const many = 300_000;
    for (let i = 0; i < many; i++) t.ask(i, 7, 7, i);
    for (let i = 0; i < 1000; i++) t.answer(many - 1 - i, 7, 7, many + i);
    t.answer(0, 7, 7, many + 1000);
    expect(Array.from({ length: 1000 }, (_, i) => t.of(many + i)?.row)).toEqual(
      Array.from({ length: 1000 }, (_, i) => many - 1 - i),
    );
    expect(t.of(many + 1000)?.kind).toBe(ExchangeKind.Unasked);
  });
});

describe('questions of a stream', () => {
  it('are answered by number once, and asked again while they wait', () => {
    const one = asked(noQuestions, 7, 1);
    expect(asked(one, 7, 2)).toBe(one);
    const done = answered(one, 7, 3);
    expect(done).toEqual([{ id: 7, row: 1, answer: 3 }]);
    expect(answered(done, 7, 4)).toBe(done);
    expect(answered(done, 8, 4)).toBe(done);
    expect(asked(done, 7, 5)).toEqual([{ id: 7, row: 5, answer: -1 }]);
  });

  it('are answered in order, too', () => {
    const two = askedNext(askedNext(noQuestions, 1), 2);
    expect(two[0].row).toBe(1);
    expect(answeredFirst(two)[0].row).toBe(2);
    expect(answeredFirst(noQuestions)).toBe(noQuestions);
  });

  it('are no more than a hundred or so', () => {
    let open = noQuestions;
    for (let i = 0; i < 1000; i++) open = asked(open, i, i);
    expect(open.length).toBeLessThan(200);
    expect(open.at(-1)?.id).toBe(999);
    for (let i = 0; i < 1000; i++) open = askedNext(open, i);
    expect(open.length).toBeLessThan(200);
  });
});
