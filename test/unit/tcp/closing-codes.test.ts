/**
 * Closings told from the fewest segments that show them (RFC 9293 sections 3.5 and 3.6): the codes of
 * docs/connection-model.md, the segments that count, who began, and whether that is proved.
 */
import { describe, expect, it } from 'vitest';
import { judged } from '../../support/told-connections.ts';

/** Six segments: what comes behind them is numbered from 6. */
const open =
  'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A PSH,ACK seq=101 ack=301 len=50; B PSH,ACK seq=301 ack=151 len=100; A ACK seq=151 ack=401';
const finA = 'A FIN,ACK seq=151 ack=401';
const ackB = 'B ACK seq=401 ack=152';
const finB = 'B FIN,ACK seq=401 ack=152';
const ackA = 'A ACK seq=152 ack=402';
/** Sent before the client's FIN came. */
const crossing = 'B FIN,ACK seq=401 ack=151';
const late = 'B PSH,ACK seq=401 ack=152 len=10';

const closingOf = (more: string) => judged(more === '' ? open : `${open}; ${more}`)[0].closing;
/** Codes, steps, who began. */
const shown = (more: string) => {
  const { codes, steps, initiator } = closingOf(more);
  return `${codes.join(' ')} | ${steps.join(' ')} | ${initiator}`;
};

type Line = readonly [name: string, more: string, expected: string];
const each = (lines: readonly Line[]) =>
  it.each(lines)('%s', (_name, more, expected) => {
    expect(shown(more)).toBe(expected);
  });

describe('two FINs', () => {
  each([
    [
      'each acknowledged by a segment of its own close in four',
      `${finA}; ${ackB}; ${finB}; ${ackA}`,
      'C1 | 6 7 8 9 | client',
    ],
    ['of which the second acknowledges the first close in three', `${finA}; ${finB}; ${ackA}`, 'C2 | 6 7 8 | client'],
    [
      'that the capture exchanged are told by what they acknowledge',
      `${finB}; ${finA}; ${ackA}`,
      'C2 | 6 7 8 | client',
    ],
    [
      'that crossed each other are of both sides',
      `${finA}; ${crossing}; ${ackA}; B ACK seq=402 ack=152`,
      'C4 | 6 7 8 9 | both',
    ],
    ['that crossed, one not acknowledged, leave it open', `${finA}; ${crossing}; ${ackA}`, 'C4 C10 | 6 7 8 | both'],
    ['that crossed, neither acknowledged, leave it open', `${finA}; ${crossing}`, 'C4 C10 | 6 7 | both'],
    ['of which the last is not acknowledged leave it open', `${finA}; ${ackB}; ${finB}`, 'C10 | 6 7 8 | client'],
    ['in three of which the last is not acknowledged leave it open', `${finA}; ${finB}`, 'C10 | 6 7 | client'],
    [
      'begun by the server are its closing',
      'B FIN,ACK seq=401 ack=151; A FIN,ACK seq=151 ack=402; B ACK seq=402 ack=152',
      'C2 | 6 7 8 | server',
    ],
    [
      'with data of the other side between them, which was taken, half-close',
      `${finA}; ${ackB}; ${late}; B FIN,ACK seq=411 ack=152; A ACK seq=152 ack=412`,
      'C3 C1 | 6 7 9 10 | client',
    ],
    [
      'with data between them and the last not acknowledged half-close, too',
      `${finA}; ${ackB}; ${late}; A ACK seq=152 ack=411; B FIN,ACK seq=411 ack=152`,
      'C3 C10 | 6 7 10 | client',
    ],
    ['of which one comes twice', `${finA}; ${finB}; +300 ${finB}; ${ackA}`, 'C2 C9 | 6 7 9 | client'],
    [
      'of which one brings data',
      `${finA}; B FIN,ACK seq=401 ack=152 len=5; A ACK seq=152 ack=407`,
      'C2 C13 | 6 7 8 | client',
    ],
  ]);

  it('are proved by their acknowledgments', () => {
    const proved = (more: string) => closingOf(more).proved;
    expect(proved(`${finA}; ${ackB}; ${finB}; ${ackA}`)).toBe(true);
    expect(proved(`${finA}; ${finB}; ${ackA}`)).toBe(true);
    expect(proved(`${finA}; ${finB}`)).toBe(false);
    expect(proved(`${finA}; ${crossing}; ${ackA}`)).toBe(false);
  });

  each([
    [
      'then a reset of the side that waits close all the same',
      `${finA}; ${finB}; ${ackA}; A RST seq=152`,
      'C2 C7 | 6 7 8 | client',
    ],
    [
      'then a reset of the other side meet TIME-WAIT',
      `${finA}; ${finB}; ${ackA}; B RST seq=402`,
      'C2 C7 C14 | 6 7 8 | client',
    ],
    [
      'that crossed, then a reset: both sides wait',
      `${finA}; ${crossing}; ${ackA}; B ACK seq=402 ack=152; B RST seq=402`,
      'C4 C7 | 6 7 8 9 | both',
    ],
    [
      'then a reset before the last acknowledgment leave it open',
      `${finA}; ${finB}; A RST seq=152`,
      'C10 | 6 7 8 | client',
    ],
    [
      'then a reset of the second side leave it open',
      `${finA}; ${finB}; B RST,ACK seq=402 ack=152`,
      'C10 | 6 7 8 | client',
    ],
  ]);
});

describe('one FIN', () => {
  each([
    ['alone leaves it open', finA, 'C10 | 6 | client'],
    ['acknowledged closes one direction', `${finA}; ${ackB}`, 'C11 | 6 7 | client'],
    ['sent twice counts once', `${finA}; +300 ${finA}; ${ackB}`, 'C11 C9 | 6 8 | client'],
    [
      'with data closes one direction',
      'A FIN,ACK seq=151 ack=401 len=5; B ACK seq=401 ack=157',
      'C11 C13 | 6 7 | client',
    ],
    [
      'with data, and again without, is the same',
      'A FIN,ACK seq=151 ack=401 len=5; +300 A FIN,ACK seq=156 ack=401; B ACK seq=401 ack=157',
      'C11 C9 C13 | 6 8 | client',
    ],
    [
      'behind which the other side goes on half-closes where that is taken',
      `${finA}; ${ackB}; ${late}; A ACK seq=152 ack=411`,
      'C3 C11 | 6 7 | client',
    ],
    ['behind which the other side goes on does not where it is not', `${finA}; ${ackB}; ${late}`, 'C11 | 6 7 | client'],
    [
      'whose other side sent what was not captured leaves open who began',
      `${finA}; B ACK seq=450 ack=152`,
      'C10 | 6 7 | null',
    ],
    [
      'that acknowledges what was not captured leaves open who began',
      'A FIN,ACK seq=151 ack=500; B ACK seq=500 ack=152',
      'C10 | 6 7 | null',
    ],
    [
      'behind which its side goes on leaves open who began',
      `${finA}; ${ackB}; A PSH,ACK seq=500 ack=401 len=3`,
      'C10 | 6 7 | null',
    ],
    [
      'behind which more than it is acknowledged leaves open who began',
      `${finA}; B ACK seq=401 ack=500`,
      'C10 | 6 | null',
    ],
  ]);

  each([
    ['then a reset of the other side', `${finA}; B RST,ACK seq=401 ack=152`, 'C6 | 6 7 | client'],
    ['then a reset of the other side without ACK', `${finA}; B RST seq=401`, 'C6 | 6 7 | client'],
    [
      'acknowledged, then a reset of the other side',
      `${finA}; ${ackB}; B RST,ACK seq=401 ack=152`,
      'C6 | 6 7 8 | client',
    ],
    ['then a reset of its own side', `${finA}; A RST seq=152`, 'C8 | 6 7 | client'],
    [
      'acknowledged, then a reset of its own side',
      `${finA}; ${ackB}; A RST,ACK seq=152 ack=401`,
      'C8 | 6 7 8 | client',
    ],
    ['then a reset that crossed it: the reset was first', `${finA}; B RST,ACK seq=401 ack=151`, 'C5 | 7 6 | server'],
    ['behind a reset that had not seen it', `B RST,ACK seq=401 ack=151; ${finA}`, 'C5 | 6 7 | server'],
    ['behind a reset that acknowledges it was first', `B RST,ACK seq=401 ack=152; ${finA}`, 'C6 | 7 6 | client'],
    ['between two resets', `B RST,ACK seq=401 ack=151; ${finA}; B RST seq=401`, 'C5 | 6 7 | server'],
    ['then a reset behind bytes that were not captured', `${finA}; B RST,ACK seq=403 ack=152`, 'C10 | 6 7 | null'],
    ['then a reset of a number that cannot be', `${finA}; B RST,ACK seq=9000000 ack=152`, 'C10 | 6 | client'],
    [
      'data of the other side, then a reset that refuses it',
      `${finA}; ${ackB}; ${late}; A RST seq=152`,
      'C8 | 6 7 9 | client',
    ],
    [
      'data of the other side that was taken, then a reset of its own side',
      `${finA}; ${ackB}; ${late}; A ACK seq=152 ack=411; A RST,ACK seq=152 ack=411`,
      'C8 C3 | 6 7 10 | client',
    ],
    [
      'data of the other side that was taken, then its reset',
      `${finA}; ${ackB}; ${late}; A ACK seq=152 ack=411; B RST,ACK seq=411 ack=152`,
      'C6 C3 | 6 7 10 | client',
    ],
  ]);

  it('is proved by its acknowledgment, a reset by nothing: anybody on the way can send one', () => {
    const proved = (more: string) => closingOf(more).proved;
    expect([proved(`${finA}; ${ackB}`), proved(finA)]).toEqual([true, false]);
    expect(proved(`${finA}; B RST,ACK seq=401 ack=152`)).toBe(false);
    // But by the capturing host, of its own.
    expect(proved(`${finA}; B RST,ACK seq=401 ack=152 out=1`)).toBe(true);
    expect(proved(`${finA}; B RST,ACK seq=401 ack=152 out=0`)).toBe(false);
  });
});

describe('a reset alone', () => {
  each([
    ['of the server', 'B RST,ACK seq=401 ack=151', 'C5 | 6 | server'],
    ['of the server without ACK', 'B RST seq=401', 'C5 | 6 | server'],
    ['of the client', 'A RST,ACK seq=151 ack=401', 'C5 | 6 | client'],
    ['behind bytes that were not captured leaves open who began', 'B RST,ACK seq=402 ack=151', 'C5 | 6 | null'],
    ['of a number that cannot be leaves it open', 'B RST seq=5000000', 'C5 | 6 | null'],
    ['that acknowledges what was not captured leaves it open', 'B RST,ACK seq=401 ack=160', 'C5 | 6 | null'],
    [
      'that answers data with its acknowledgment is of a host that forgot',
      'A PSH,ACK seq=151 ack=401 len=5; B RST seq=401',
      'C15 C5 | 7 | server',
    ],
    ['that answers a probe is, too', 'A ACK seq=150 ack=401; B RST seq=401', 'C15 C5 | 7 | server'],
    ['that answers a probe of one byte is, too', 'A ACK seq=150 ack=401 len=1; B RST seq=401', 'C15 C5 | 7 | server'],
    ['behind a bare acknowledgment may be an abort', 'A ACK seq=151 ack=401; B RST seq=401', 'C5 | 7 | server'],
    [
      'behind a bare acknowledgment of older bytes may be an abort',
      'A ACK seq=149 ack=401; B RST seq=401',
      'C5 | 7 | server',
    ],
    [
      'with ACK behind data is an abort',
      'A PSH,ACK seq=151 ack=401 len=5; B RST,ACK seq=401 ack=156',
      'C5 | 7 | server',
    ],
    ['then one of the other side without ACK', 'B RST seq=401; A RST seq=151', 'C5 | 6 | server'],
    ['then one of the other side', 'B RST,ACK seq=401 ack=151; A RST,ACK seq=151 ack=401', 'C5 | 6 | server'],
    ['then several of the other side', 'A RST seq=151; B RST seq=401; B RST seq=401', 'C5 | 6 | client'],
    ['that may fit, then one that does, leaves open who began', 'B RST seq=403; A RST seq=151', 'C5 | 6 | null'],
  ]);

  it('is of the side whose number fits, or may fit', () => {
    const by = (more: string) => closingOf(more).resetBy;
    expect(by('B RST seq=401')).toBe('server');
    expect(by('A RST seq=151')).toBe('client');
    expect(by('B RST seq=403')).toBe('server');
    expect(by('B RST seq=5000000')).toBeNull();
    expect(by(`${finA}; B RST,ACK seq=401 ack=152`)).toBe('server');
    expect(by(`${finA}; ${finB}; ${ackA}; A RST seq=152`)).toBe('client');
    expect(by(finA)).toBeNull();
  });

  it('is shown with those that follow it', () => {
    expect(closingOf('A RST seq=151; B RST seq=401; B RST seq=401').indices).toEqual([6, 7, 8]);
    expect(closingOf(`${finA}; +300 ${finA}; ${finB}; ${ackA}; B RST seq=402`).indices).toEqual([6, 7, 8, 9, 10]);
  });

  it('of the capturing host is proved, but not that it forgot', () => {
    expect(closingOf('B RST,ACK seq=401 ack=151 out=1').proved).toBe(true);
    expect(closingOf('B RST,ACK seq=401 ack=151').proved).toBe(false);
    expect(closingOf('B RST,ACK seq=402 ack=151 out=1').proved).toBe(false);
    const forgot = closingOf('A PSH,ACK seq=151 ack=401 len=5; B RST seq=401 out=1');
    expect([forgot.codes, forgot.proved]).toEqual([['C15', 'C5'], false]);
  });
});

describe('a reset that is not its side’s', () => {
  const goesOn = 'B PSH,ACK seq=401 ack=151 len=30; B PSH,ACK seq=431 ack=151 len=30';

  it('is said to be injected, and that it ended the connection, where nothing of the receiver follows', () => {
    const closing = closingOf(`B RST seq=401; ${goesOn}`);
    expect([closing.codes, closing.resetBy, closing.initiator]).toEqual([['C16'], null, null]);
    expect(closing.injected.map((one) => one.reset.index)).toEqual([6]);
    expect(closing.proved).toBe(true);
  });

  it('is no closing where its receiver goes on', () => {
    const closing = closingOf(`B RST seq=401; ${goesOn}; +150 A ACK seq=151 ack=461`);
    expect(closing.codes).toEqual(['C12']);
    expect(closing.injected).toEqual([]);
  });

  it('is doubted where others in the same name guess at later numbers', () => {
    const closing = closingOf('B RST seq=401; +1 B RST seq=1861');
    expect([closing.codes, closing.proved, closing.resetBy]).toEqual([['C16', 'C5'], false, null]);
    expect(closing.injected.map((one) => one.reset.index)).toEqual([6]);
  });

  it('leaves a closing in order as it is', () => {
    expect(shown(`${finA}; ${finB}; ${ackA}; B RST seq=402; +150 B ACK seq=402 ack=152`)).toMatch(/^C2 /);
  });

  it('whose sender cannot be told is of nobody', () => {
    const ttl = (text: string, hops: number) => `${text} ttl=${hops}`;
    const text = [
      ttl('A SYN seq=100', 64),
      ttl('B SYN,ACK seq=300 ack=101', 50),
      ttl('A ACK seq=101 ack=301', 64),
      ttl('B ACK seq=301 ack=101', 50),
      ttl('A FIN,ACK seq=101 ack=301', 64),
      ttl('B RST,ACK seq=301 ack=102', 51),
    ].join('; ');
    const { closing } = judged(text)[0];
    expect([closing.codes, closing.resetBy, closing.proved, closing.initiator]).toEqual([
      ['C10'],
      null,
      false,
      'client',
    ]);
    const alone = judged(text.replace('A FIN,ACK', 'A ACK').replace('ack=102', 'ack=101'))[0].closing;
    expect([alone.codes, alone.resetBy, alone.proved, alone.initiator]).toEqual([['C5'], null, false, null]);
  });
});

describe('a connection that did not open', () => {
  const of = (text: string) => {
    const { codes, steps } = judged(text)[0].closing;
    return `${codes.join(' ')} | ${steps.join(' ')}`;
  };
  const handshake = 'A SYN seq=100; B SYN,ACK seq=300 ack=101';

  it.each([
    ['has no closing without an answer', 'A SYN seq=100', ' | '],
    ['has none where it was refused', 'A SYN seq=100; B RST,ACK seq=0 ack=101', ' | '],
    ['has none without its third segment', handshake, ' | '],
    ['ends with the reset that takes it back', `${handshake}; A RST seq=101`, 'C5 | 2'],
    ['ends with the reset of the server', `${handshake}; B RST seq=301`, 'C5 | 2'],
    ['ends with the reset that may be an abort', `${handshake}; A RST,ACK seq=101 ack=301`, 'C5 | 2'],
    ['is closed by a FIN all the same', `${handshake}; A FIN,ACK seq=101 ack=301`, 'C10 | 2'],
  ])('%s', (_name, text, expected) => {
    expect(of(text)).toBe(expected);
  });

  it('as far as was captured is closed by what was', () => {
    expect(of('A PSH,ACK seq=101 ack=301 len=5; B RST seq=301')).toBe('C15 C5 | 1');
    expect(of('A PSH,ACK seq=101 ack=301 len=5; B ACK seq=301 ack=106')).toBe('C12 | ');
    expect(of('B SYN,ACK seq=300 ack=101; A RST seq=101')).toBe(' | ');
  });
});
