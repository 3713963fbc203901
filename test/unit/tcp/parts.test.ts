import { describe, expect, it } from 'vitest';
import { completenessOf } from '../../../shared/tcp/completeness.ts';
import { exportLadder } from '../../../shared/tcp/export/export.ts';
import { buildLadder } from '../../../shared/tcp/ladder.ts';
import { parseSegmentOptions } from '../../../shared/tcp/segment-options.ts';
import { summarise } from '../../../shared/tcp/summary.ts';
import { segments } from '../../support/segments.ts';

const context = { captureId: 1, stream: 0 };
const open =
  'A SYN seq=100 mss=1460 ws=7 sack; B SYN,ACK seq=300 ack=101 mss=1400 ws=8 sack win=500; A ACK seq=101 ack=301 win=502';

describe('options of a segment', () => {
  it('reads what a SYN offers', () => {
    const bytes = Uint8Array.of(2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 7, 1, 3, 3, 7, 34, 2, 0);
    expect(parseSegmentOptions(bytes, 0, bytes.length)).toEqual({
      mss: 1460,
      windowScale: 7,
      sackPermitted: true,
      timestamp: 9,
      timestampEcho: 7,
      fastOpenCookie: 0,
      multipath: false,
      multipathSubtype: null,
      multipathVersion: null,
    });
  });
  it('ends at an option whose length does not fit', () => {
    for (const tail of [[3], [3, 0], [3, 1, 7], [3, 9, 7]]) {
      const bytes = Uint8Array.of(4, 2, ...tail);
      expect(parseSegmentOptions(bytes, 0, bytes.length)).toMatchObject({ sackPermitted: true, windowScale: null });
    }
  });
  it('scales windows only where both SYNs offered it, and never that of a SYN', () => {
    const windows = (text: string) =>
      buildLadder(segments(text), context).items.map((item) => (item.kind === 'segment' ? item.window : 0));
    expect(windows(open)).toEqual([8192, 500, 502 * 128]);
    expect(windows(open.replace(' ws=8', ''))).toEqual([8192, 500, 502]);
  });
});

describe('what the ladder draws', () => {
  it('does not take the first acknowledgment of data after a repeated SYN for a repeated one', () => {
    const text =
      'A SYN seq=100; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=50; B ACK seq=301 ack=151; B ACK seq=301 ack=151 len=9';
    const { items } = buildLadder(segments(text), context);
    expect(
      items.map((item) =>
        item.kind === 'segment' ? item.frame : item.kind === 'band' ? `${item.segments} between` : 'implied',
      ),
    ).toEqual([1, 2, 3, 4, '3 between']);
  });
});

describe('completeness', () => {
  const cases: readonly (readonly [text: string, value: number])[] = [
    ['A SYN seq=1', 1],
    ['A SYN seq=1; B RST,ACK ack=2', 1 + 4 + 32],
    [open, 7],
    [`${open}; A ACK seq=101 ack=301 len=1; B FIN,ACK seq=301 ack=102`, 31],
    ['A ACK len=5', 0],
    ['A ACK len=5; B ACK', 4],
  ];
  for (const [text, value] of cases)
    it(`${value} for ${text}`, () => expect(completenessOf(segments(text))).toBe(value));
});

describe('Zeek states', () => {
  const cases: readonly (readonly [state: string, text: string])[] = [
    ['S0', 'A SYN seq=100'],
    ['S1', open],
    ['REJ', 'A SYN seq=100; B RST,ACK ack=101'],
    ['SF', `${open}; A FIN,ACK seq=101 ack=301; B FIN,ACK seq=301 ack=102; A ACK seq=102 ack=302`],
    [
      'SF',
      `${open}; A RST seq=900; B ACK seq=301 ack=101; A FIN,ACK seq=101 ack=301; B FIN,ACK seq=301 ack=102; A ACK seq=102 ack=302`,
    ],
    ['S2', `${open}; A FIN,ACK seq=101 ack=301; B ACK seq=301 ack=102`],
    ['S3', `${open}; B FIN,ACK seq=301 ack=101; A ACK seq=101 ack=302`],
    ['RSTO', `${open}; A RST,ACK seq=101 ack=301`],
    ['RSTR', `${open}; B RST,ACK seq=301 ack=101`],
    ['RSTOS0', 'A SYN seq=100; A RST seq=101'],
    ['RSTOS0', 'A SYN seq=400; B ACK seq=300 ack=100; A RST seq=100'],
    ['S1', 'A SYN seq=100; B SYN,ACK seq=300 ack=101; +1000 B SYN,ACK seq=300 ack=101'],
    ['OTH', 'B SYN,ACK seq=300 ack=101; A RST seq=101'],
    ['RSTRH', 'B SYN,ACK seq=300 ack=101; B RST seq=301'],
    ['SH', 'A SYN seq=100; A FIN seq=101'],
    ['SHR', 'B SYN,ACK seq=300 ack=101; B FIN,ACK seq=301 ack=101'],
    ['OTH', 'A ACK seq=5 ack=6 len=7'],
  ];
  for (const [state, text] of cases)
    it(`${state} for ${text}`, () => expect(summarise(segments(text), context).zeek).toBe(state));
});

describe('the figure text', () => {
  it('draws the opening in the notation of RFC 9293', () => {
    const lines = exportLadder(buildLadder(segments(open), context), 'rfc', 'en', false).split('\n');
    expect(lines.slice(2).map((line) => line.replace(/ +/g, ' ').trim())).toEqual([
      '1. CLOSED LISTEN',
      '2. SYN-SENT --> <SEQ=0><CTL=SYN> --> SYN-RECEIVED',
      '3. ESTABLISHED <-- <SEQ=0><ACK=1><CTL=SYN,ACK> <-- SYN-RECEIVED',
      '4. ESTABLISHED --> <SEQ=1><ACK=1><CTL=ACK> --> ESTABLISHED',
      '',
    ]);
  });
});

describe('a long stream', () => {
  it('of 100,000 segments becomes a short ladder, and few of its packets are read for that', () => {
    const one = segments(`${open}; B ACK seq=301 ack=101 len=1000; A ACK seq=101 ack=1301`);
    const count = 100_000;
    const read: number[] = [];
    const pick = (index: number) => (index < 5 ? index : 3 + (index % 2));
    const long = {
      ...one,
      count,
      rows: Uint32Array.from({ length: count }, (_, i) => i),
      timeNs: Float64Array.from({ length: count }, (_, i) => i * 1000),
      fromA: Uint8Array.from({ length: count }, (_, i) => one.fromA[pick(i)]),
      flags: Uint16Array.from({ length: count }, (_, i) => one.flags[pick(i)]),
      seq: Uint32Array.from({ length: count }, (_, i) =>
        i >= 3 && one.fromA[pick(i)] === 0 ? 301 + i * 500 : one.seq[pick(i)],
      ),
      ack: Uint32Array.from({ length: count }, (_, i) => one.ack[pick(i)]),
      length: Uint32Array.from({ length: count }, (_, i) => one.length[pick(i)]),
      window: Uint16Array.from({ length: count }, () => 100),
      options: (index: number) => {
        read.push(index);
        return null;
      },
      wire: (index: number) => {
        read.push(index);
        return null;
      },
    };
    const ladder = buildLadder(long, context);
    expect(ladder.items.length).toBeLessThan(10);
    expect(read.length).toBeLessThan(40);
    expect(new Set(read).size).toBeLessThan(10);
  });
});
