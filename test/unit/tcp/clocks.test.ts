import { describe, expect, it } from 'vitest';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import { segments } from '../../support/segments.ts';

const context = { captureId: 1, stream: 0 };
const clocks = (text: string) => buildLadder(segments(text), context).clocks;
const open =
  'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=50; B ACK seq=301 ack=151 len=100; A ACK seq=151 ack=401';
const waits = (text: string) =>
  clocks(text).map((one) => [one.step, one.from, one.rows.length, one.doubling, one.text.en]);

describe('retransmission clocks', () => {
  it('a SYN whose waits double', () => {
    const [one] = clocks('A SYN seq=100; +1010 A SYN seq=100; +2020 A SYN seq=100; +4100 A SYN seq=100');
    expect(one).toEqual({
      step: 'syn',
      from: 'client',
      rows: [0, 1, 2, 3],
      gapsNs: [1010e6, 2020e6, 4100e6],
      doubling: true,
      text: {
        en: 'The client sent the SYN 4 times, after waits of 1.01 s, 2.02 s, 4.1 s: each about twice the one before, as RFC 6298 asks (the sender backs off).',
        zh: '客户端共发送 4 次 SYN，等待时间依次为 1.01 s、2.02 s、4.1 s：每次约为前一次的两倍，符合 RFC 6298 的要求（发送方退避）。',
      },
    });
  });
  it('a single repetition says nothing about backing off', () => {
    expect(waits('A SYN seq=100; +1000 A SYN seq=100')).toEqual([
      ['syn', 'client', 2, null, 'The client sent the SYN again after 1 s.'],
    ]);
  });
  it('waits that stay the same do not', () => {
    expect(waits('A SYN seq=100; +1000 A SYN seq=100; +1000 A SYN seq=100')[0].slice(0, 4)).toEqual([
      'syn',
      'client',
      3,
      false,
    ]);
  });
  it('evenly first, then doubling, is told as such', () => {
    const text =
      'A SYN seq=100; +1000 A SYN seq=100; +1000 A SYN seq=100; +1000 A SYN seq=100; +2000 A SYN seq=100; +4000 A SYN seq=100';
    expect(waits(text)[0]).toEqual([
      'syn',
      'client',
      6,
      false,
      'The client sent the SYN 6 times, after waits of 1 s, 1 s, 1 s, 2 s, 4 s: first evenly, then about twice as long each time (the sender backs off late).',
    ]);
  });
  it('the largest wait may repeat', () => {
    expect(clocks('A SYN seq=1; +32000 A SYN seq=1; +64000 A SYN seq=1; +64000 A SYN seq=1')[0].doubling).toBe(true);
  });
  it('attempts that are refused one by one are no retransmissions', () => {
    const text =
      'A SYN seq=100; B RST,ACK ack=101; +500 A SYN seq=100; B RST,ACK ack=101; +500 A SYN seq=100; B RST,ACK ack=101';
    expect(clocks(text)[0]).toMatchObject({
      doubling: null,
      text: { en: expect.stringContaining('each one was refused before the next') },
    });
  });
  it('a SYN+ACK that answers a repeated SYN is no timer’s work', () => {
    const text =
      'A SYN seq=100; B SYN,ACK seq=300 ack=101; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301';
    expect(clocks(text).map((one) => [one.step, one.doubling])).toEqual([
      ['syn', null],
      ['syn-ack', null],
    ]);
    expect(clocks(text)[1].text.en).toContain('each repetition answers a SYN');
  });
  it('a FIN and the data that nobody acknowledged', () => {
    expect(
      waits(
        `${open}; A FIN,ACK seq=151 ack=401; +200 A FIN,ACK seq=151 ack=401; +400 A FIN,ACK seq=151 ack=401`,
      )[0].slice(0, 4),
    ).toEqual(['fin', 'client', 3, true]);
    expect(
      waits(
        `${open}; A ACK seq=151 ack=401 len=9; +200 A ACK seq=151 ack=401 len=9; +400 A ACK seq=151 ack=401 len=9; +800 A ACK seq=151 ack=401 len=9`,
      ),
    ).toEqual([
      [
        'data',
        'client',
        4,
        true,
        'The client sent the data from Seq 51 on 4 times, after waits of 200 ms, 400 ms, 800 ms: each about twice the one before, as RFC 6298 asks (the sender backs off).',
      ],
    ]);
  });
  it('data that was acknowledged after its only repetition has none', () => {
    expect(
      clocks(`${open}; A ACK seq=151 ack=401 len=9; +200 A ACK seq=151 ack=401 len=9; B ACK seq=401 ack=160`),
    ).toEqual([]);
  });
  it('a packet captured twice has none', () => {
    expect(
      clocks(
        'A SYN seq=100 id=7; +0.1 A SYN seq=100 id=7; B SYN,ACK seq=300 ack=101 id=1; +0.1 B SYN,ACK seq=300 ack=101 id=1',
      ),
    ).toEqual([]);
  });
});

describe('copies within a millisecond', () => {
  const codes = (text: string) => buildLadder(segments(text), context).open.codes;
  it('with equal identifications are one packet captured twice', () => {
    expect(codes('A SYN seq=100 id=7; +0.1 A SYN seq=100 id=7')).toEqual(['O6', 'O22']);
  });
  it('with different ones were sent twice', () => {
    expect(codes('A SYN seq=100 id=7; +0.1 A SYN seq=100 id=8')).toEqual(['O6', 'O3']);
  });
  it('without any are told by their time', () => {
    expect(codes('A SYN seq=100; +0.1 A SYN seq=100')).toEqual(['O6', 'O22']);
    expect(codes('A SYN seq=100; +1.1 A SYN seq=100')).toEqual(['O6', 'O3']);
  });
  it('are found behind other packets of a burst', () => {
    const burst = (wait: string) =>
      `${wait} A ACK seq=151 ack=401 len=10 id=1; +0.01 A ACK seq=161 ack=401 len=10 id=2; +0.01 A ACK seq=171 ack=401 len=10 id=3`;
    const { clocks: found, detail } = buildLadder(
      segments(`${open.replaceAll(';', ' id=0;')} id=0; ${burst('+10')}; ${burst('+0.01')}`),
      context,
    );
    expect(found).toEqual([]);
    expect(detail.en).not.toContain('retransmission');
  });
});
