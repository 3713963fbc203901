import { describe, expect, it } from 'vitest';
import type { Ladder, LadderSegment, Side } from '../../../shared/model/stream.ts';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import { segments } from '../../support/segments.ts';

const ladder = (text: string): Ladder => buildLadder(segments(text), { captureId: 1, stream: 0 });
const open =
  'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK,PSH seq=101 ack=301 len=50; B ACK,PSH seq=301 ack=151 len=100; A ACK seq=151 ack=401';
const drawn = (result: Ladder): LadderSegment[] => result.items.filter((item) => item.kind === 'segment');
const states = (result: Ladder) => drawn(result).map((one) => `${one.clientState} ${one.serverState}`);

describe('closing variants', () => {
  const cases: readonly (readonly [
    name: string,
    text: string,
    codes: readonly string[],
    initiator: Side | 'both' | null,
    proved: boolean,
    verdict: string,
  ])[] = [
    [
      'C1 client first',
      'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402',
      ['C1'],
      'client',
      true,
      'closed in 4 by the client.',
    ],
    [
      'C1 server first',
      'B FIN,ACK seq=401 ack=151; A ACK seq=151 ack=402; A FIN,ACK seq=151 ack=402; B ACK seq=402 ack=152',
      ['C1'],
      'server',
      true,
      'closed in 4 by the server.',
    ],
    [
      'C2 three segments',
      'A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402',
      ['C2'],
      'client',
      true,
      'closed in 3 by the client.',
    ],
    [
      'C3 half-close',
      'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B ACK seq=401 ack=152 len=1000; A ACK seq=152 ack=1401; B FIN,ACK seq=1401 ack=152; A ACK seq=152 ack=1402',
      ['C3', 'C1'],
      'client',
      true,
      'half-closed by the client: the server sent 1 kB more before closing too.',
    ],
    [
      'data that crossed the FIN is no half-close',
      'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=151 len=10; B ACK seq=411 ack=152; B FIN,ACK seq=411 ack=152; A ACK seq=152 ack=412',
      ['C1'],
      'client',
      true,
      'closed in 4 by the client.',
    ],
    [
      'C4 simultaneous',
      'A FIN,ACK seq=151 ack=401; +0 B FIN,ACK seq=401 ack=151; A ACK seq=152 ack=402; B ACK seq=402 ack=152',
      ['C4'],
      'both',
      true,
      'closed by both sides at the same time.',
    ],
    [
      'C4 without every acknowledgment',
      'A FIN,ACK seq=151 ack=401; +0 B FIN,ACK seq=401 ack=151; A ACK seq=152 ack=402',
      ['C4', 'C10'],
      'both',
      false,
      'both sides closed at the same time, but not every acknowledgment was captured.',
    ],
    ['C5 reset', 'B RST,ACK seq=401 ack=151', ['C5'], 'server', false, 'reset by the server.'],
    [
      'C5 reset outside the expected number',
      'B RST seq=900401 ack=151',
      ['C5'],
      null,
      false,
      'then a reset from the server that does not fit the expected number.',
    ],
    [
      'C6 FIN answered by reset',
      'A FIN,ACK seq=151 ack=401; B RST,ACK seq=401 ack=152',
      ['C6'],
      'client',
      false,
      'the client closed and the server answered with a reset.',
    ],
    [
      'C7 late reset',
      'A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402; A RST seq=152',
      ['C2', 'C7'],
      'client',
      true,
      'closed in 3 by the client, followed by a harmless late reset.',
    ],
    [
      'C8 FIN, then reset',
      'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152 len=10; A RST seq=152',
      ['C8'],
      'client',
      false,
      'the client closed and then reset the connection.',
    ],
    [
      'C9 FIN repeated',
      'A FIN,ACK seq=151 ack=401; +200 A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402',
      ['C2', 'C9'],
      'client',
      true,
      'closed in 3 by the client.',
    ],
    [
      'C10 FIN never acknowledged',
      'A FIN,ACK seq=151 ack=401',
      ['C10'],
      'client',
      false,
      'the client closed, but no acknowledgment of its FIN was captured.',
    ],
    [
      'C10 last ACK missing',
      'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B FIN,ACK seq=401 ack=152',
      ['C10'],
      'client',
      false,
      'both sides closed, but not every FIN was acknowledged in the capture.',
    ],
    [
      'C11 one side never closed',
      'B FIN,ACK seq=401 ack=151; A ACK seq=151 ack=402',
      ['C11'],
      'server',
      true,
      'closed by the server, and no FIN of the client was captured.',
    ],
    ['C12 no close', 'A ACK seq=151 ack=401 len=1', ['C12'], null, false, 'no close was captured.'],
    [
      'C13 FIN with data',
      'A FIN,ACK,PSH seq=151 ack=401 len=9; B ACK seq=401 ack=161; B FIN,ACK seq=401 ack=161; A ACK seq=161 ack=402',
      ['C1', 'C13'],
      'client',
      true,
      'closed in 4 by the client.',
    ],
    [
      'C14 reset in TIME-WAIT',
      'A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402; B RST seq=402',
      ['C2', 'C7', 'C14'],
      'client',
      true,
      'closed in 3 by the client, followed by a late reset that met TIME-WAIT.',
    ],
    [
      'C15 the other side forgot',
      'B ACK seq=401 ack=151 len=5; A RST seq=151',
      ['C15', 'C5'],
      'client',
      false,
      'reset by the client, which apparently no longer knew the connection.',
    ],
    [
      'C5 reset that a FIN under way crossed',
      'B RST,ACK seq=401 ack=151; A FIN,ACK seq=151 ack=401; B RST seq=401',
      ['C5'],
      'server',
      false,
      'reset by the server.',
    ],
    [
      'C8 after half-closed data',
      'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152 len=10; A ACK seq=152 ack=411; A RST,ACK seq=152 ack=411',
      ['C8', 'C3'],
      'client',
      false,
      'the client closed and then reset the connection.',
    ],
  ];
  for (const [name, text, codes, initiator, proved, verdict] of cases) {
    it(name, () => {
      const { close, verdict: said } = ladder(`${open}; ${text}`);
      expect({ codes: close.codes, initiator: close.initiator, proved: close.proved, verdict: said.en }).toEqual({
        codes,
        initiator,
        proved,
        verdict: `Opened in 3 segments, ${verdict}`,
      });
    });
  }

  it('says it in Chinese with full-width punctuation', () => {
    expect(ladder(`${open}; ${cases[0][1]}`).verdict.zh).toBe('三次握手建立，客户端发起四次挥手关闭。');
  });

  it('numbers the steps and folds the data', () => {
    const result = ladder(`${open}; ${cases[0][1]}`);
    expect(
      result.items.map((item) =>
        item.kind === 'band'
          ? `band ${item.segments} ${item.bytesFromClient} ${item.bytesFromServer}`
          : item.kind === 'implied'
            ? 'implied'
            : `${item.phase} ${item.stepNumber} ${item.step}`,
      ),
    ).toEqual([
      'opening 1 syn',
      'opening 2 syn-ack',
      'opening 3 ack',
      'band 3 50 100',
      'closing 1 fin',
      'closing 2 ack',
      'closing 3 fin-ack',
      'closing 4 ack',
    ]);
  });

  it('folds a half-close with much data between its closing segments', () => {
    const data = Array.from({ length: 20 }, (_, k) => `B ACK seq=${401 + k * 10} ack=152 len=10`).join(';');
    const result = ladder(
      `${open}; A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; ${data}; B FIN,ACK seq=601 ack=152; A ACK seq=152 ack=602`,
    );
    expect(result.items.filter((item) => item.kind === 'band').map((item) => item.segments)).toEqual([3, 20]);
  });

  it('draws the first resets of a flood and folds the rest', () => {
    const flood = Array.from({ length: 2000 }, () => '+5 B RST seq=401').join(';');
    const { items } = ladder(`${open}; ${flood}`);
    expect(items.length).toBeLessThan(30);
    expect(items.reduce((sum, item) => sum + (item.kind === 'band' ? item.segments : 1), 0)).toBe(2006);
  });

  it('gives the wait before each repeated FIN', () => {
    const again = drawn(ladder(`${open}; ${cases[12][1]}`)).find((one) => one.retransmission);
    expect(again).toMatchObject({ step: 'fin', sinceOriginalNs: 200e6, clientState: 'FIN-WAIT-1' });
  });
});

describe('the figures of RFC 9293', () => {
  it('6: basic handshake', () => {
    const result = ladder(
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=10',
    );
    expect([result.initialClientState, result.initialServerState]).toEqual(['CLOSED', 'LISTEN']);
    expect(states(result).slice(0, 3)).toEqual([
      'SYN-SENT SYN-RECEIVED',
      'ESTABLISHED SYN-RECEIVED',
      'ESTABLISHED ESTABLISHED',
    ]);
  });
  it('7: simultaneous open', () => {
    const result = ladder('A SYN seq=100; B SYN seq=300; A SYN,ACK seq=100 ack=301; B SYN,ACK seq=300 ack=101');
    expect([result.initialClientState, result.initialServerState]).toEqual(['CLOSED', 'CLOSED']);
    expect(states(result)).toEqual([
      'SYN-SENT CLOSED',
      'SYN-RECEIVED SYN-SENT',
      'SYN-RECEIVED SYN-RECEIVED',
      'ESTABLISHED SYN-RECEIVED',
    ]);
    expect(drawn(result)[0].crossing).toBe(true);
  });
  it('8: recovery from an old duplicate SYN', () => {
    const result = ladder(
      'A SYN seq=100; A SYN seq=90; B SYN,ACK seq=300 ack=91; A RST seq=91; B SYN,ACK seq=400 ack=101; A ACK seq=101 ack=401',
    );
    expect(result.open.codes).toEqual(['O8', 'O1']);
    expect(states(result).slice(2)).toEqual([
      'SYN-SENT SYN-RECEIVED',
      'SYN-SENT LISTEN',
      'ESTABLISHED SYN-RECEIVED',
      'ESTABLISHED ESTABLISHED',
    ]);
  });
  it('9: half-open connection discovery', () => {
    const result = ladder('A SYN seq=400; B ACK seq=300 ack=100; A RST seq=100; A SYN seq=400');
    expect(states(result)).toEqual([
      'SYN-SENT ESTABLISHED',
      'SYN-SENT ESTABLISHED',
      'SYN-SENT CLOSED',
      'SYN-SENT CLOSED',
    ]);
  });
  it('10: the active side causes the discovery', () => {
    const result = ladder('B ACK seq=300 ack=100 len=10; A RST seq=100');
    expect(result.open.codes[0]).toBe('O13');
    expect(states(result).at(-1)).toBe('CLOSED CLOSED');
  });
  it('11: old duplicate SYN and two passive sockets', () => {
    const result = ladder('B SYN,ACK seq=700 ack=501; A RST seq=501');
    expect(states(result)).toEqual(['UNKNOWN SYN-RECEIVED', 'CLOSED LISTEN']);
  });
  it('12: normal close', () => {
    const result = ladder(
      'A ACK seq=90 ack=290 len=10; B ACK seq=290 ack=100 len=10; A ACK seq=100 ack=300; A FIN,ACK seq=100 ack=300; B ACK seq=300 ack=101; B FIN,ACK seq=300 ack=101; A ACK seq=101 ack=301',
    );
    expect(states(result).slice(-4)).toEqual([
      'FIN-WAIT-1 CLOSE-WAIT',
      'FIN-WAIT-2 CLOSE-WAIT',
      'TIME-WAIT LAST-ACK',
      'TIME-WAIT CLOSED',
    ]);
    expect(result.close.codes).toEqual(['C1']);
  });
  it('13: simultaneous close', () => {
    const result = ladder(
      'A ACK seq=90 ack=290 len=10; B ACK seq=290 ack=100 len=10; A ACK seq=100 ack=300; A FIN,ACK seq=100 ack=300; B FIN,ACK seq=300 ack=100; A ACK seq=101 ack=301; B ACK seq=301 ack=101',
    );
    expect(states(result).slice(-4)).toEqual([
      'FIN-WAIT-1 ESTABLISHED',
      'CLOSING FIN-WAIT-1',
      'CLOSING TIME-WAIT',
      'TIME-WAIT TIME-WAIT',
    ]);
    expect(result.close.codes).toEqual(['C4']);
  });
});

describe('proved and inferred states', () => {
  it('a state counts as proved once a later segment shows that its cause arrived', () => {
    const text = 'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';
    const proofs = (more: string) => drawn(ladder(text + more)).map((one) => [one.clientProved, one.serverProved]);
    expect(proofs('')).toEqual([
      [true, true],
      [true, true],
      [true, false],
    ]);
    expect(proofs('; B ACK seq=301 ack=101 len=5')[2]).toEqual([true, true]);
  });
  it('an unanswered SYN proves nothing about the server', () => {
    expect(drawn(ladder('A SYN seq=100'))[0]).toMatchObject({
      clientState: 'SYN-SENT',
      clientProved: true,
      serverState: 'UNKNOWN',
      serverProved: false,
    });
  });
  it('the last ACK of a close is never proved to have arrived', () => {
    const last = drawn(
      ladder(`${open}; A FIN,ACK seq=151 ack=401; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402`),
    ).at(-1);
    expect(last).toMatchObject({
      clientState: 'TIME-WAIT',
      clientProved: true,
      serverState: 'CLOSED',
      serverProved: false,
    });
  });
  it('a stream that starts in the middle is only assumed to be established', () => {
    const result = ladder('A ACK seq=5000 ack=900 len=10; B ACK seq=900 ack=5010');
    expect([result.initialClientState, result.initialServerState]).toEqual(['UNKNOWN', 'UNKNOWN']);
    expect(drawn(result)[0]).toMatchObject({
      clientState: 'ESTABLISHED',
      clientProved: false,
      seqRelative: 1,
      ackRelative: 1,
    });
  });
});
