import { describe, expect, it } from 'vitest';
import type { Ladder } from '../../../shared/model/stream.ts';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import type { StreamContext } from '../../../shared/tcp/segments.ts';
import { summarise } from '../../../shared/tcp/summary.ts';
import { segments } from '../../support/segments.ts';

const context: StreamContext = { captureId: 1, stream: 0 };
const ladder = (text: string, more: Partial<StreamContext> = {}): Ladder =>
  buildLadder(segments(text), { ...context, ...more });
const open3 = 'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';
const talk = 'A ACK,PSH seq=101 ack=301 len=50; B ACK seq=301 ack=151';

describe('opening variants', () => {
  const cases: readonly (readonly [
    name: string,
    text: string,
    codes: readonly string[],
    proved: boolean,
    verdict: string,
  ])[] = [
    ['O1 normal', `${open3}; ${talk}`, ['O1'], true, 'Opened in 3 segments, no close was captured.'],
    [
      'O1 whose last step no later segment proves',
      open3,
      ['O1'],
      false,
      'Opened in 3 segments, no close was captured.',
    ],
    [
      'O2 data in the third segment',
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301 len=20; B ACK seq=301 ack=121',
      ['O2'],
      true,
      'Opened in 3 segments, the third already with data, no close was captured.',
    ],
    [
      'O3 SYN repeated',
      `A SYN seq=100; +1000 A SYN seq=100; +2000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; ${talk}`,
      ['O3', 'O1'],
      true,
      'Opened in 3 segments after the SYN was sent 3 times, no close was captured.',
    ],
    [
      'O4 SYN+ACK repeated',
      `A SYN seq=100; B SYN,ACK seq=300 ack=101; +1000 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; ${talk}`,
      ['O4', 'O1'],
      true,
      'Opened in 3 segments after the SYN+ACK was sent 2 times, no close was captured.',
    ],
    ['O5 refused', 'A SYN seq=100; B RST,ACK seq=0 ack=101', ['O5'], true, 'Refused: a reset answered the SYN.'],
    [
      'O5 reset that does not acknowledge the SYN',
      'A SYN seq=100; B RST,ACK seq=0 ack=999',
      ['O5'],
      false,
      'A reset answered the SYN without acknowledging it, so the client must ignore it.',
    ],
    [
      'O5 tried three times',
      'A SYN seq=100; B RST,ACK ack=101; +500 A SYN seq=100; B RST,ACK ack=101; +500 A SYN seq=100; B RST,ACK ack=101',
      ['O5', 'O3'],
      true,
      'Refused: 3 SYNs were answered with a reset each.',
    ],
    ['O6 no answer', 'A SYN seq=100', ['O6'], false, 'No answer: nothing that replies to the SYN was captured.'],
    [
      'O6 twelve tries',
      Array.from({ length: 12 }, () => '+1000 A SYN seq=100').join(';'),
      ['O6', 'O3'],
      false,
      'No answer: the SYN was sent 12 times within 11 s, and no reply was captured.',
    ],
    [
      'O8 wrong SYN+ACK reset',
      'A SYN seq=100; B SYN,ACK seq=300 ack=91; A RST seq=91',
      ['O8'],
      true,
      'The client reset a SYN+ACK that does not acknowledge its SYN.',
    ],
    [
      'O9 SYN not captured',
      'B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301',
      ['O9'],
      false,
      'Opened, though the SYN was not captured, no close was captured.',
    ],
    [
      'O9 stray SYN+ACK reset',
      'B SYN,ACK seq=300 ack=101; A RST seq=101',
      ['O9'],
      true,
      'A SYN+ACK that nobody had asked for was reset.',
    ],
    [
      'O10 simultaneous',
      'A SYN seq=100; +0 B SYN seq=300; A SYN,ACK seq=100 ack=301; B SYN,ACK seq=300 ack=101',
      ['O10'],
      false,
      'Opened by both sides at the same time, no close was captured.',
    ],
    [
      'O11 split handshake in 4',
      'A SYN seq=100; B SYN seq=300; A SYN,ACK seq=100 ack=301; B ACK seq=301 ack=101',
      ['O11'],
      false,
      'Opened by a split handshake in 4 segments, no close was captured.',
    ],
    [
      'O11 split handshake in 5',
      'A SYN seq=100; B ACK seq=300 ack=101; B SYN seq=300; A SYN,ACK seq=100 ack=301; B ACK seq=301 ack=101',
      ['O11'],
      true,
      'Opened by a split handshake in 5 segments, no close was captured.',
    ],
    [
      'O12 challenged',
      'A SYN seq=400; B ACK seq=300 ack=100; A RST seq=100',
      ['O12'],
      true,
      'The server still held an older connection open and challenged the SYN.',
    ],
    [
      'O12 challenged, then opened',
      `A SYN seq=400; B ACK seq=300 ack=100; A RST seq=100; +1000 A SYN seq=400; B SYN,ACK seq=700 ack=401; A ACK seq=401 ack=701; A ACK seq=401 ack=701 len=1; B ACK seq=701 ack=402`,
      ['O12', 'O3', 'O1'],
      true,
      'Opened after the server had dropped an older connection that it still held open, no close was captured.',
    ],
    [
      'O13 the other end forgot',
      'B ACK seq=300 ack=100 len=10; A RST seq=100',
      ['O13', 'O20'],
      false,
      '10.0.0.2:80 (taken for the server) went on talking, but the other end no longer knew the connection and reset it.',
    ],
    [
      'O14 abandoned',
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; A RST seq=101',
      ['O14'],
      false,
      'Abandoned: the client reset the connection instead of completing the handshake.',
    ],
    [
      'O15 fast open accepted',
      'A SYN seq=100 len=50 tfo=8; B SYN,ACK seq=300 ack=151; A ACK seq=151 ack=301; B ACK,PSH seq=301 ack=151 len=9; A ACK seq=151 ack=310',
      ['O15', 'O1'],
      false,
      'Opened with TCP Fast Open: the server took the data in the SYN, no close was captured.',
    ],
    [
      'O15 fast open ignored',
      'A SYN seq=100 len=50 tfo=8; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301 len=50; B ACK seq=301 ack=151',
      ['O15', 'O2'],
      true,
      'Opened in 3 segments after the server had not taken the fast-open data in the SYN, no close was captured.',
    ],
    [
      'O15 cookie asked for',
      `A SYN seq=100 tfo=0; B SYN,ACK seq=300 ack=101 tfo=8; A ACK seq=101 ack=301; ${talk}`,
      ['O1', 'O15'],
      true,
      'Opened in 3 segments, no close was captured.',
    ],
    [
      'O17 ECN',
      `A SYN,ECE,CWR seq=100; B SYN,ACK,ECE seq=300 ack=101; A ACK seq=101 ack=301; ${talk}`,
      ['O1', 'O17'],
      true,
      'Opened in 3 segments, no close was captured.',
    ],
    [
      'O18 data in the SYN',
      'A SYN seq=100 len=50; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=50; B ACK seq=301 ack=151',
      ['O18', 'O1'],
      true,
      'Opened in 3 segments, the SYN already with data, no close was captured.',
    ],
    [
      'O19 no final ACK',
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; +1000 B SYN,ACK seq=300 ack=101',
      ['O19', 'O4'],
      true,
      'Not completed: the server sent its SYN+ACK 2 times, and no final ACK was captured.',
    ],
    [
      'O20 in the middle',
      'A ACK seq=5000 ack=900 len=10; B ACK seq=900 ack=5010',
      ['O20'],
      false,
      'Neither the opening nor the closing was captured.',
    ],
    [
      'O21 swapped',
      `B SYN,ACK seq=300 ack=101; +0 A SYN seq=100; A ACK seq=101 ack=301; ${talk}`,
      ['O1', 'O21'],
      true,
      'Opened in 3 segments, no close was captured.',
    ],
    [
      'O22 captured twice',
      'A SYN seq=100; +0.1 A SYN seq=100; B SYN,ACK seq=300 ack=101; +0.1 B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301',
      ['O1', 'O22'],
      false,
      'Opened in 3 segments, no close was captured.',
    ],
    [
      'O23 aborted by the server',
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; B RST seq=301',
      ['O23'],
      false,
      'Aborted: the server reset the connection after its own SYN+ACK.',
    ],
    [
      'only the client was captured',
      'A SYN seq=100; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=5',
      ['O1'],
      false,
      'Opened, though the SYN+ACK was not captured, no close was captured.',
    ],
    [
      'the third segment was not captured',
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=141 ack=301 len=10; B ACK seq=301 ack=151',
      ['O1'],
      false,
      'Opened, though the third segment was not captured, no close was captured.',
    ],
  ];
  for (const [name, text, codes, proved, verdict] of cases) {
    it(name, () => {
      const result = ladder(text);
      expect({ codes: result.open.codes, proved: result.open.proved, verdict: result.verdict.en }).toEqual({
        codes,
        proved,
        verdict,
      });
      expect(summarise(segments(text), context).open.label).toEqual(result.open.label);
    });
  }

  it('O7: an ICMP error that quotes the SYN', () => {
    const error = {
      row: 1,
      from: '10.0.0.254',
      quotedFromA: true,
      rest: 0,
      version: 4,
      type: 3,
      code: 1,
      quotedSeq: 100,
      timeNs: 5,
    } as const;
    expect(ladder('A SYN seq=100', { icmpErrors: [error] }).open.codes).toEqual(['O7']);
    expect(ladder('A SYN seq=100', { icmpErrors: [{ ...error, quotedSeq: 99 }] }).open.codes).toEqual(['O6']);
  });

  it('O16: ports used before in this capture', () => {
    expect(ladder(`${open3}; ${talk}`, { portsReused: true }).open.codes).toEqual(['O1', 'O16']);
  });

  it('numbers that wrap around 2^32 fit', () => {
    const text =
      'A SYN seq=4294967295; B SYN,ACK seq=4294967295 ack=0; A ACK seq=0 ack=0; A ACK seq=0 ack=0 len=10; B ACK seq=0 ack=10';
    const result = ladder(text);
    expect([result.open.codes, result.open.proved, result.detail.en]).toEqual([
      ['O1'],
      true,
      'Every number checks out · handshake 20 ms · captured between the two',
    ]);
  });

  it('a reset that both sides pass over has no effect', () => {
    const text = `A SYN seq=100; B RST,ACK seq=0 ack=101; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; ${talk}`;
    const result = ladder(text);
    expect([result.open.codes, result.close.codes]).toEqual([['O1'], ['C12']]);
  });

  it('splits the handshake time and says where the capture was taken', () => {
    const result = ladder(`A SYN seq=100; +22.96 B SYN,ACK seq=300 ack=101; +0.45 A ACK seq=101 ack=301; ${talk}`);
    expect(result.handshakeNs).toEqual({ total: 23_410_000, synToSynAck: 22_960_000, synAckToAck: 450_000 });
    expect(result.detail).toEqual({
      en: 'Every number checks out · handshake 23.41 ms · captured near the client',
      zh: '所有序号均已验证 · 握手耗时 23.41 ms · 抓包位置靠近客户端',
    });
  });

  it('gives each check as an equation in the connection’s own numbers', () => {
    const result = ladder('A SYN seq=1234567; B SYN,ACK seq=2915013346 ack=1234568; A ACK seq=1234568 ack=2915013347');
    const [, synAck, ack] = result.items;
    if (synAck.kind !== 'segment' || ack.kind !== 'segment') throw new Error('not drawn');
    expect(synAck.checks.map((one) => one.equation)).toEqual(['Ack 1 = client ISN 0 + 1 (raw 1234568 = 1234567 + 1)']);
    expect(ack.checks.map((one) => one.equation)).toEqual([
      'Ack 1 = server ISN 0 + 1 (raw 2915013347 = 2915013346 + 1)',
      'Seq 1 = client ISN 0 + 1 (raw 1234568 = 1234567 + 1)',
    ]);
  });

  it('knows the client by the SYN, the SYN+ACK, the lower port, in this order', () => {
    expect(buildLadder(segments('B SYN,ACK seq=300 ack=101'), context)).toMatchObject({
      roleEvidence: 'sent-syn-ack',
      server: { address: '10.0.0.2' },
    });
    expect(buildLadder(segments('A ACK len=1', [80, 50000]), context)).toMatchObject({
      roleEvidence: 'lower-port',
      server: { port: 80 },
      client: { port: 50000 },
    });
    expect(buildLadder(segments('A ACK len=1', [179, 179]), context)).toMatchObject({
      roleEvidence: 'first-packet',
      client: { address: '10.0.0.1' },
    });
  });
});
