/**
 * Openings told from the fewest segments that show them (RFC 9293 section 3.5; RFC 7413): the codes of
 * docs/connection-model.md, the segments that count, and what follows from them.
 */
import { describe, expect, it } from 'vitest';
import { judged } from '../../support/told-connections.ts';

const syn = 'A SYN seq=100';
const answer = 'B SYN,ACK seq=300 ack=101';
const third = 'A ACK seq=101 ack=301';
const data = 'A PSH,ACK seq=101 ack=301 len=20';
const taken = 'B ACK seq=301 ack=121';
const half = `${syn}; ${answer}`;

type Line = readonly [name: string, text: string, expected: string];
/**
 * Codes, steps; `proved` where it is, `established` where both sides are; what is missing; which segment reset it, or
 * contradicts it; what is doubted.
 */
function shown(text: string): string {
  const { codes, steps, proved, established, missing, reset, contradicted, doubt } = judged(text)[0].opening;
  return [
    `${codes.join(' ')} | ${steps.join(' ')} |`,
    ...(proved ? ['proved'] : []),
    ...(established ? ['established'] : []),
    ...(missing === 'none' ? [] : [`without ${missing}`]),
    ...(reset === null ? [] : [`reset by ${reset.index}`]),
    ...(contradicted < 0 ? [] : [`contradicted by ${contradicted}`]),
    ...(doubt === null ? [] : [doubt]),
  ].join(' ');
}
const each = (lines: readonly Line[]) =>
  it.each(lines)('%s', (_name, text, expected) => {
    expect(shown(text)).toBe(expected);
  });

describe('a SYN', () => {
  each([
    ['without an answer', syn, 'O6 | 0 |'],
    ['sent again without an answer', `${syn}; +1000 ${syn}`, 'O6 O3 | 0 |'],
    ['with data', `${syn} len=5`, 'O18 O6 | 0 |'],
    ['with data and a cookie', `${syn} len=5 tfo=8`, 'O15 O6 | 0 |'],
    ['that asks for a cookie', `${syn} tfo=0`, 'O6 O15 | 0 |'],
    ['that asks for a cookie and brings data all the same', `${syn} len=5 tfo=0`, 'O18 O6 | 0 |'],
    ['that offers ECN', 'A SYN,ECE,CWR seq=100', 'O6 O17 | 0 |'],
    ['with one of ECN’s flags offers nothing', 'A SYN,ECE seq=100', 'O6 | 0 |'],
    ['taken back by its sender', `${syn}; A RST seq=101`, 'O6 | 0 1 | reset by 1'],
    ['taken back with its own number', `${syn}; A RST seq=100`, 'O6 | 0 1 | reset by 1'],
  ]);
});

describe('a handshake', () => {
  each([
    ['of three segments', `${half}; ${third}`, 'O1 | 0 1 2 | established'],
    ['of which the server has the last', `${half}; ${third}; ${data}; ${taken}`, 'O1 | 0 1 2 | proved established'],
    ['whose third segment may have been lost', `${half}; ${third}; ${data}`, 'O1 | 0 1 2 | established'],
    ['whose third segment has data', `${half}; ${data}`, 'O2 | 0 1 2 | established'],
    ['whose third segment has data that was taken', `${half}; ${data}; ${taken}`, 'O2 | 0 1 2 | proved established'],
    ['whose third segment closes', `${half}; A FIN,ACK seq=101 ack=301`, 'O1 | 0 1 2 | established'],
    ['whose third segment acknowledges more', `${half}; A ACK seq=101 ack=320`, 'O1 | 0 1 2 | established'],
    [
      'whose third segment was not captured, but a later one',
      `${half}; A PSH,ACK seq=121 ack=321 len=9`,
      'O1 | 0 1 | established without ack',
    ],
    [
      'whose third segment was not captured, but a later acknowledgment',
      `${half}; A ACK seq=111 ack=301`,
      'O1 | 0 1 | established without ack',
    ],
    ['whose server sends data', `${half}; B PSH,ACK seq=301 ack=101 len=30`, 'O1 | 0 1 | established without ack'],
    ['whose server acknowledges data', `${half}; B ACK seq=301 ack=121`, 'O1 | 0 1 | established without ack'],
    ['whose server closes', `${half}; B FIN,ACK seq=301 ack=101`, 'O1 | 0 1 | established without ack'],
    ['whose client asks whether it still is', `${half}; A ACK seq=100 ack=301`, 'O1 | 0 1 | established without ack'],
    ['of which the third segment is missing', half, 'O19 | 0 1 |'],
    ['whose SYN+ACK comes again', `${half}; +1000 ${answer}`, 'O19 O4 | 0 1 | proved'],
    [
      'whose SYN came twice',
      `${syn}; +1000 ${half}; ${third}; ${data}; ${taken}`,
      'O3 O1 | 1 2 3 | proved established',
    ],
    [
      'whose SYN+ACK came twice',
      `${half}; +1000 ${answer}; ${third}; ${data}; ${taken}`,
      'O4 O1 | 0 1 3 | proved established',
    ],
    [
      'whose SYN came again behind the SYN+ACK',
      `${half}; +1000 ${syn}; +1 ${answer}; ${third}`,
      'O4 O1 | 0 1 4 | established',
    ],
    [
      'of the later one of two SYNs',
      `${syn}; A SYN seq=200; B SYN,ACK seq=300 ack=201; A ACK seq=201 ack=301`,
      'O1 | 1 2 3 | established',
    ],
  ]);

  each([
    ['without its SYN+ACK', `${syn}; ${third}`, 'O1 | 0 1 | established without syn-ack'],
    ['without its SYN+ACK, with data', `${syn}; ${data}; ${taken}`, 'O1 | 0 1 | established without syn-ack'],
    [
      'without its SYN+ACK, acknowledged in order',
      `${syn}; B ACK seq=301 ack=101; ${third}`,
      'O1 | 0 2 | established without syn-ack',
    ],
    ['without its SYN', `${answer}; ${third}`, 'O9 | 0 1 | established without syn'],
    ['without its SYN, with data', `${answer}; ${data}; ${taken}`, 'O9 | 0 1 | established without syn'],
    ['of which there is only the SYN+ACK', answer, 'O9 | 0 | without syn'],
    ['of which there is only the SYN+ACK, twice', `${answer}; ${answer}`, 'O9 | 0 | without syn'],
    [
      'of which there is the SYN+ACK and data of the server',
      `${answer}; B PSH,ACK seq=301 ack=101 len=3`,
      'O9 | 0 | established without syn',
    ],
    [
      'of which there is the SYN+ACK and an acknowledgment of the server',
      `${answer}; B ACK seq=301 ack=120`,
      'O9 | 0 | established without syn',
    ],
    [
      'of which there is the SYN+ACK and a FIN of the server',
      `${answer}; B FIN,ACK seq=301 ack=101`,
      'O9 | 0 | established without syn',
    ],
    [
      'of which a SYN+ACK that nobody asked for is reset',
      `${answer}; A RST seq=101`,
      'O9 | 0 1 | proved without syn reset by 1',
    ],
    ['of which a SYN+ACK is reset with another number', `${answer}; A RST seq=105`, 'O9 | 0 | without syn'],
  ]);
});

describe('a reset in the handshake', () => {
  const soon = `${half}; A RST seq=101`;
  each([
    ['of the client takes it back', soon, 'O14 | 0 1 2 | reset by 2'],
    ['of the client with ACK may abort what it had opened', `${half}; A RST,ACK seq=101 ack=301`, 'O19 | 0 1 |'],
    ['of the server', `${half}; B RST seq=301`, 'O23 | 0 1 2 | reset by 2'],
    ['of the server with ACK', `${half}; B RST,ACK seq=301 ack=101`, 'O23 | 0 1 2 | reset by 2'],
    [
      'of the server that refuses what it took up is another host’s',
      `${half}; B RST,ACK seq=0 ack=101`,
      'O19 | 0 1 2 | contradicted by 2',
    ],
    ['that the third segment had overtaken', `${soon}; ${third}`, 'O1 | 0 1 3 | established'],
    ['that came long before the third segment', `${soon}; +150 ${third}`, 'O14 | 0 1 2 | reset by 2'],
    [
      'that came long before data which was taken',
      `${soon}; +150 ${data}; ${taken}`,
      'O2 | 0 1 3 | proved established',
    ],
    ['of the server that answers the third segment', `${half}; ${third}; B RST seq=301`, 'O23 | 0 1 2 3 | reset by 3'],
    [
      'of the server long behind the third segment ends what was open',
      `${half}; ${third}; +500 B RST seq=301`,
      'O1 | 0 1 2 | established',
    ],
    [
      'of the server with ACK behind the third segment ends what was open',
      `${half}; ${third}; B RST,ACK seq=301 ack=101`,
      'O1 | 0 1 2 | established',
    ],
    [
      'of the server behind data ends what was open',
      `${half}; ${third}; ${data}; B RST seq=301`,
      'O1 | 0 1 2 | established',
    ],
    [
      'of the server behind a third segment with data ends what was open',
      `${half}; ${data}; B RST seq=301`,
      'O2 | 0 1 2 | established',
    ],
    [
      'of the client, and then the server’s answer to its third segment',
      `${soon}; ${third}; B RST seq=301`,
      'O1 | 0 1 3 | established',
    ],
  ]);
});

describe('a refusal', () => {
  const refusal = 'B RST,ACK seq=0 ack=101';
  each([
    ['acknowledges the SYN', `${syn}; ${refusal}`, 'O5 | 0 1 | proved reset by 1'],
    ['with a number acknowledges it, too', `${syn}; B RST,ACK seq=77 ack=101`, 'O5 | 0 1 | proved reset by 1'],
    ['without ACK must be ignored', `${syn}; B RST seq=0`, 'O5 | 0 1 | reset by 1'],
    ['that acknowledges something else must be ignored', `${syn}; B RST,ACK seq=0 ack=999`, 'O5 | 0 1 | reset by 1'],
    ['with a number and without ACK is none', `${syn}; B RST seq=77`, 'O20 |  | without all strange-reset'],
    ['of each SYN', `${syn}; ${refusal}; ${syn}; ${refusal}`, 'O5 O3 | 0 1 | proved reset by 1'],
    ['that a SYN+ACK contradicts', `${syn}; ${refusal}; ${answer}`, 'O5 | 0 1 | proved reset by 1 contradicted by 2'],
    [
      'behind which the client goes on with another host’s SYN+ACK',
      `${syn}; ${refusal}; ${answer}; ${third}`,
      'O1 | 0 2 3 | established',
    ],
    [
      'whose number the client acknowledges is none',
      `${syn}; B RST,ACK seq=301 ack=101; ${third}`,
      'O20 | 0 | without syn-ack',
    ],
  ]);
});

describe('an answer that does not acknowledge the SYN', () => {
  const strange = `${syn}; B SYN,ACK seq=300 ack=91`;
  const older = `${syn}; B ACK seq=300 ack=50`;
  const newer = `${syn}; B ACK seq=300 ack=500`;
  each([
    ['may be a SYN+ACK', strange, 'O8 | 0 1 |'],
    ['may be a SYN+ACK that is reset', `${strange}; A RST seq=91`, 'O8 | 0 1 2 | proved reset by 2'],
    ['may be a SYN+ACK that a reset of another number does not refuse', `${strange}; A RST seq=92`, 'O8 | 0 1 |'],
    [
      'may be a SYN+ACK that is cleared away before the right one',
      `${strange}; A RST seq=91; B SYN,ACK seq=900 ack=101; A ACK seq=101 ack=901; A PSH,ACK seq=101 ack=901 len=20; B ACK seq=901 ack=121`,
      'O8 O1 | 0 3 4 | proved established reset by 2',
    ],
    ['may be an ACK', older, 'O12 | 0 1 |'],
    ['may be an ACK that is reset', `${older}; A RST seq=50`, 'O12 | 0 1 2 | proved reset by 2'],
    [
      'may be an ACK just ahead of the SYN, which could be of this connection',
      `${newer}; A RST seq=500`,
      'O12 | 0 1 2 | reset by 2',
    ],
    [
      'may be an ACK just ahead, unless its sender asks again',
      `${newer}; A RST seq=500; +1000 ${syn}`,
      'O12 O3 | 0 1 2 | proved reset by 2',
    ],
    [
      'may be an ACK that is cleared away before it opens',
      `${older}; A RST seq=50; +1000 ${half}; ${third}`,
      'O12 O3 O1 | 3 4 5 | established reset by 2',
    ],
  ]);

  each([
    ['may acknowledge the SYN and send no SYN', `${syn}; B ACK seq=300 ack=101`, 'O11 | 0 1 |'],
    ['may acknowledge the SYN that came again', `${syn}; +1000 ${syn}; B ACK seq=300 ack=101`, 'O11 O3 | 0 2 |'],
    ['may acknowledge the SYN with data', `${syn}; B ACK seq=301 ack=101 len=10`, 'O20 |  | without all strange-ack'],
    ['may acknowledge more than the SYN', `${syn}; B ACK seq=301 ack=121`, 'O20 |  | without all strange-ack'],
  ]);
});

describe('two SYNs that crossed', () => {
  const both = `${syn}; +0 B SYN seq=300`;
  const [answerA, answerB] = ['A SYN,ACK seq=100 ack=301', 'B SYN,ACK seq=300 ack=101'];
  each([
    ['and nothing else', both, 'O20 |  |'],
    ['and are answered by both', `${both}; ${answerA}; ${answerB}`, 'O10 | 0 1 2 3 | established'],
    [
      'and are answered by both, which both go on',
      `${both}; ${answerA}; ${answerB}; ${data}; B PSH,ACK seq=301 ack=121 len=30; A ACK seq=121 ack=331`,
      'O10 | 0 1 2 3 | proved established',
    ],
    ['and are answered by one', `${both}; ${answerB}`, 'O20 |  |'],
    ['of which one was not captured', `${syn}; ${answerA}; ${answerB}`, 'O10 | 0 1 2 | established without syn'],
  ]);

  each([
    ['or were sent one by one, the second answered', `${syn}; B SYN seq=300; ${answerA}`, 'O20 |  |'],
    [
      'or were sent one by one, each acknowledged',
      `${syn}; B SYN seq=300; ${answerA}; B ACK seq=301 ack=101`,
      'O11 | 0 1 2 3 | established',
    ],
    [
      'or were sent one by one, the first acknowledged before the second',
      `${syn}; B ACK seq=300 ack=101; B SYN seq=300; ${answerA}; B ACK seq=301 ack=101`,
      'O11 | 0 1 2 3 4 | proved established',
    ],
    [
      'or were sent one by one, the second not answered',
      `${syn}; B ACK seq=300 ack=101; B SYN seq=300`,
      'O11 | 0 1 2 |',
    ],
  ]);
});

describe('segments that no connection sends', () => {
  each([
    ['are a FIN alone', 'A FIN seq=100', 'O25 | 0 | proved'],
    ['are one without flags', 'A - seq=100', 'O25 | 0 | proved'],
    ['are answered by a reset', 'A FIN seq=100; B RST,ACK seq=0 ack=101', 'O25 | 0 1 | proved reset by 1'],
    ['have many flags', 'A PSH,URG,FIN seq=100; B RST,ACK seq=0 ack=101', 'O25 | 0 1 | proved reset by 1'],
    ['are not answered by anything else', 'A FIN seq=100; B ACK seq=5 ack=6', 'O20 |  | established without all'],
    ['are not reset by their own side', 'A FIN seq=100; A RST seq=101', 'O20 |  | established without all'],
  ]);
});

describe('a connection whose opening was not captured', () => {
  each([
    ['is open by its data', data, 'O20 |  | established without all'],
    ['is open by what both send', `${third}; B ACK seq=301 ack=101`, 'O20 |  | established without all'],
    ['may not be by one bare acknowledgment', third, 'O20 |  | without all'],
    ['may not be by one FIN', 'A FIN,ACK seq=5 ack=9', 'O20 |  | without all'],
    [
      'is by a FIN that is acknowledged',
      'A FIN,ACK seq=5 ack=9; B ACK seq=9 ack=6',
      'O20 |  | established without all',
    ],
    ['is not by a reset', 'A RST seq=5', 'O20 |  | without all only-resets'],
    [
      'is not where what was sent first is answered by one that knows of none',
      'A ACK seq=5 ack=9; B RST seq=9',
      'O13 O20 |  | without all reset by 1',
    ],
  ]);
});
