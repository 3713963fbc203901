/**
 * One packet captured at two places, or one segment sent twice: at any gap, with and without identifications, over IPv4
 * and IPv6, with both in one file.
 */
import { describe, expect, it } from 'vitest';
import type { WireFacts } from '../../../../shared/tcp/segments.ts';
import { claimsNamed, exchanges } from '../../../support/kinds.ts';
import { parseSegments, type TestSegment } from '../../../support/segments.ts';
import { type Ends, framesOf, type Told, toldOf, v4, v6 } from '../../../support/whole-capture.ts';

const ns = 1e-6;
const exchange = parseSegments(
  'A SYN seq=100 id=1; +20 B SYN,ACK seq=300 ack=101 id=501; +1 A ACK seq=101 ack=301 id=2; +1 A PSH,ACK seq=101 ack=301 len=50 id=3; +20 B ACK seq=301 ack=151 id=502; +5 B PSH,ACK seq=301 ack=151 len=100 id=503; +1 A ACK seq=151 ack=401 id=4; +30 A FIN,ACK seq=151 ack=401 id=5; +20 B FIN,ACK seq=401 ack=152 id=504; +1 A ACK seq=152 ack=402 id=6',
);
const real = parseSegments(
  'A SYN seq=100 id=1; +1000 A SYN seq=100 id=7; +20 B SYN,ACK seq=300 ack=101 id=501; +1 A ACK seq=101 ack=301 id=2; +1 A PSH,ACK seq=101 ack=301 len=50 id=3; +250 A PSH,ACK seq=101 ack=301 len=50 id=8; +20 B ACK seq=301 ack=151 id=502; +5 B PSH,ACK seq=301 ack=151 len=100 id=503; +1 A ACK seq=151 ack=401 id=4; +30 A FIN,ACK seq=151 ack=401 id=5; +220 A FIN,ACK seq=151 ack=401 id=9; +20 B FIN,ACK seq=401 ack=152 id=504; +1 A ACK seq=152 ack=402 id=6',
);

type List = readonly TestSegment[];
function wired(list: List, change: (one: TestSegment, wire: WireFacts) => Partial<WireFacts>): TestSegment[] {
  return list.map((one) => {
    if (one.wire === null) throw new Error('no packet around it');
    return { ...one, wire: { ...one.wire, ...change(one, one.wire) } };
  });
}
const later = (list: List, by: (one: TestSegment) => number): TestSegment[] =>
  list.map((one) => ({ ...one, timeNs: one.timeNs + by(one) }));
function interleaved(x: List, y: List): TestSegment[] {
  const all = [...x, ...y].map((one, n) => ({ one, n }));
  return all.sort((a, b) => a.one.timeNs - b.one.timeNs || a.n - b.n).map(({ one }) => one);
}

const identifications: readonly (readonly [name: string, ends: Ends, change: (list: List) => List])[] = [
  ['identifications that count', v4, (list) => list],
  ['every identification 0', v4, (list) => wired(list, () => ({ id: 0 }))],
  ['one fixed identification', v4, (list) => wired(list, () => ({ id: 77 }))],
  ['IPv6', v6, (list) => list],
];
const gaps: readonly (readonly [string, number])[] = [
  ['0.1 µs', 100],
  ['1 µs', 1e3],
  ['40 µs', 4e4],
  ['0.9 ms', 9e5],
  ['1.1 ms', 1.1e6],
  ['2 ms', 2e6],
  ['20 ms', 20e6],
  ['140 ms', 140e6],
];
const second: readonly (readonly [name: string, change: (list: List) => List])[] = [
  ['routed', (list) => wired(list, (_, wire) => ({ hopLimit: wire.hopLimit - 1, link: 1 }))],
  ['on another link', (list) => wired(list, () => ({ link: 1 }))],
  ['mirrored', (list) => list],
];

/** Everything was sent once. */
function sentOnce(told: Told, packets: number, each = 2): void {
  expect(told.verdict.en).toBe('Opened in 3 segments, closed in 3 by the client.');
  expect(told.open.codes).toEqual(['O1', 'O22']);
  expect(told.close.codes).toEqual(['C2']);
  expect(told.text).not.toMatch(/\d+ retransmission|sent 2 times|numbers? do(es)? not fit/);
  expect(claimsNamed(told, 'sent-twice')).toEqual([]);
  expect(told.ladder.items.filter((item) => item.kind === 'segment' && item.retransmission)).toEqual([]);
  expect(told.ladder.clocks).toEqual([]);
  expect(packets).toBe(exchange.length * each);
}

describe.each(identifications)('%s', (_ids, ends, change) => {
  describe.each(second)('%s', (_how, elsewhere) => {
    it.each(gaps)('%s apart: sent once', (_gap, gap) => {
      const list = change(exchange);
      const frames = framesOf({
        ends,
        list: interleaved(
          list,
          later(elsewhere(list), () => gap),
        ),
      });
      sentOnce(toldOf(frames)[0], frames.length);
    });

    it.each(gaps)('%s apart, with real retransmissions: each of those is one', (_gap, gap) => {
      const list = change(real);
      const [told] = toldOf(
        framesOf({
          ends,
          list: interleaved(
            list,
            later(elsewhere(list), () => gap),
          ),
        }),
      );
      expect(told.verdict.en).toBe('Opened in 3 segments after the SYN was sent 2 times, closed in 3 by the client.');
      expect(told.close.codes).toContain('C9');
      expect(told.ladder.detail.en).toMatch(/3 retransmissions/);
      expect(claimsNamed(told, 'sent-twice').map(({ supports }) => supports.length)).toEqual([2, 2]);
    });
  });
});

describe('both ends in one file', () => {
  /** What the server's side saw: its clock is ahead by so much, the path takes 10 ms. */
  const serverSide = (list: List, clock: number, hops: boolean) =>
    later(
      wired(list, (one) => (hops ? { hopLimit: one.fromA ? 62 : 64, link: 7 } : {})),
      (one) => (one.fromA ? 10e6 : -10e6) + clock,
    );
  const clientSide = (list: List, hops: boolean) =>
    wired(list, (one) => (hops ? { hopLimit: one.fromA ? 64 : 62 } : {}));
  const clocks = [-2000, -1000, -50, -5, 0, 3, 70, 1000, 2000];

  describe.each(identifications)('%s', (name, ends, change) => {
    it.each(clocks)('clocks apart by %i ms: one connection, sent once', (ms) => {
      for (const hops of [true, false]) {
        if (!hops && name !== 'identifications that count') continue;
        const list = change(exchange);
        const [near, far] = [clientSide(list, hops), serverSide(list, ms / ns, hops)];
        for (const both of [interleaved(near, far), [...near, ...far], [...far, ...near]]) {
          const frames = framesOf({ ends, list: both });
          const told = toldOf(frames);
          expect(told).toHaveLength(1);
          sentOnceOrSwapped(told[0], frames.length);
        }
      }
    });
  });

  function sentOnceOrSwapped(told: Told, packets: number): void {
    expect(told.open.codes.filter((code) => code !== 'O21')).toEqual(['O1', 'O22']);
    sentOnce({ ...told, open: { ...told.open, codes: told.open.codes.filter((code) => code !== 'O21') } }, packets);
    expect(claimsNamed(told, 'merged')).toHaveLength(1);
  }
});

describe('captured twice by a mirror port on two VLANs', () => {
  it.each(gaps.slice(0, 6))('%s apart', (_name, gap) => {
    const frames = framesOf({
      ends: v4,
      list: interleaved(
        exchange,
        later(
          wired(exchange, () => ({ link: 5 })),
          () => gap,
        ),
      ),
    });
    const tagged = frames.map((frame) => {
      if (frame instanceof Uint8Array || frame.bytes[4] !== 5) return frame;
      const bytes = new Uint8Array(frame.bytes.length + 4);
      bytes.set(frame.bytes.subarray(0, 12));
      // The MAC addresses of the first link again, and the tag of VLAN 5.
      bytes[4] = 0;
      bytes[10] = 0;
      bytes.set([0x81, 0x00, 0x00, 0x05], 12);
      bytes.set(frame.bytes.subarray(12), 16);
      return { ...frame, bytes };
    });
    sentOnce(toldOf(tagged)[0], tagged.length);
  });
});

const open = 'A SYN seq=100 id=1; +20 B SYN,ACK seq=300 ack=101 id=501; +1 A ACK seq=101 ack=301 id=2';
const burst = (ids: boolean) =>
  [101, 1101, 2101, 3101]
    .map((seq, n) => `${n === 0 ? '+1 ' : '+0 '}A PSH,ACK seq=${seq} ack=301 len=1000 id=${ids ? 3 + n : 0}`)
    .join('; ');
const duplicateAcks = (ids: boolean) =>
  ['+0.2', '+0.1', '+0.1'].map((wait, n) => `${wait} B ACK seq=301 ack=101 id=${ids ? 502 + n : 0}`).join('; ');
exchanges('sent twice', [
  ...[true, false].map((ids) => ({
    name: `a fast retransmission at once${ids ? '' : ', every identification 0'}`,
    text: `${open}; ${burst(ids)}; ${duplicateAcks(ids)}; +0.05 A PSH,ACK seq=101 ack=301 len=1000 id=${ids ? 7 : 0}; B ACK seq=301 ack=4101 id=${ids ? 505 : 0}`,
    open: 'O1',
    explains: /1 retransmission/,
    never: /captured twice/,
    noClaims: ['captured-twice', 'merged'],
  })),
  {
    name: 'a tail-loss probe after 2 ms',
    text: `${open}; A PSH,ACK seq=101 ack=301 len=100 id=3; +2 A PSH,ACK seq=101 ack=301 len=100 id=4; B ACK seq=301 ack=201 id=502`,
    explains: /1 retransmission/,
    noClaims: ['captured-twice'],
  },
  {
    name: 'a tail-loss probe after half a millisecond: the identifications tell',
    text: `${open}; A PSH,ACK seq=101 ack=301 len=100 id=3; +0.5 A PSH,ACK seq=101 ack=301 len=100 id=4; B ACK seq=301 ack=201 id=502`,
    explains: /1 retransmission/,
    noClaims: ['captured-twice'],
    only4: true,
  },
  {
    name: 'a SYN again, by a stack whose identifications are all one number',
    text: 'A SYN seq=100 id=5; +1000 A SYN seq=100 id=5; +2000 A SYN seq=100 id=5',
    open: 'O6 O3',
    says: /the SYN was sent 3 times within 3 s/,
    noClaims: ['captured-twice'],
  },
  {
    name: 'a SYN again, every identification 0',
    text: 'A SYN seq=100 id=0; +1000 A SYN seq=100 id=0',
    open: 'O6 O3',
    noClaims: ['captured-twice'],
  },
  {
    name: 'a SYN again within half a millisecond, with another identification',
    text: 'A SYN seq=100 id=9; +0.5 A SYN seq=100 id=10',
    open: 'O6 O3',
    claims: [['sent-twice', { proved: true }]],
    only4: true,
  },
  {
    name: 'resets of a host that answers two segments, one fixed identification',
    text: `${open}; A FIN,ACK seq=101 ack=301 id=3; B PSH,ACK seq=301 ack=102 len=10 id=77; +0.1 B PSH,ACK seq=311 ack=102 len=10 id=77; A RST seq=102 id=77; +0.05 A RST seq=102 id=77`,
    open: 'O1',
    close: 'C8',
    noClaims: ['captured-twice'],
  },
  {
    name: 'duplicate acknowledgments, every identification 0: only acknowledgments',
    text: `${open}; B PSH,ACK seq=301 ack=101 len=100 id=0; A ACK seq=101 ack=401 id=0; +0.3 A ACK seq=101 ack=401 id=0; +0.3 A ACK seq=101 ack=401 id=0`,
    open: 'O1',
    close: 'C12',
    never: /retransmission/,
  },
  {
    name: 'a probe that is answered at once',
    text: `${open}; +5000 A ACK seq=100 ack=301 id=3; B ACK seq=301 ack=101 id=502; +5000 A ACK seq=100 ack=301 id=4; B ACK seq=301 ack=101 id=503`,
    explains: /2 keep-alive probes/,
    noClaims: ['captured-twice'],
  },
]);

exchanges('captured twice', [
  {
    name: 'a lone SYN, routed, IPv4',
    text: 'A SYN seq=100 id=9 ttl=64; +2 A SYN seq=100 id=9 ttl=63',
    open: 'O6 O22',
    frames: [1],
    never: /sent 2 times/,
    claims: [['captured-twice', { supports: [1, 2] }]],
  },
  {
    name: 'a lone SYN, routed, 140 ms',
    text: 'A SYN seq=100 id=9 ttl=64; +140 A SYN seq=100 id=9 ttl=63',
    open: 'O6 O22',
    noClaims: ['sent-twice'],
  },
  {
    name: 'a reset that a mirror doubles with everything else',
    text: `${open}; +0.01 A ACK seq=101 ack=301 id=2; A RST,ACK seq=101 ack=301 id=9; +0.01 A RST,ACK seq=101 ack=301 id=9`,
    close: 'C5',
    closeFrames: [5],
    claims: [['captured-twice', { supports: [5, 6] }]],
    only4: true,
  },
  {
    name: 'copies of a FIN that was sent twice',
    text: `${open}; A FIN,ACK seq=101 ack=301 id=3 ttl=64; +1.5 A FIN,ACK seq=101 ack=301 id=3 ttl=63; +200 A FIN,ACK seq=101 ack=301 id=4 ttl=64; +1.5 A FIN,ACK seq=101 ack=301 id=4 ttl=63; B FIN,ACK seq=301 ack=102 id=502; A ACK seq=102 ack=302 id=5`,
    close: 'C2 C9',
    explains: /FIN sent 2 times/,
    claims: [
      ['captured-twice', { supports: [4, 5] }],
      ['captured-twice', { supports: [6, 7] }],
      ['sent-twice', { by: 'client', supports: [4, 6] }],
    ],
  },
]);
