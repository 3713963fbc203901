/**
 * What the ladder tells beyond codes and states: keep-alives, doubtful resets, what was not captured, ports used
 * before, and an answer for every step.
 */
import { describe, expect, it } from 'vitest';
import type { Ladder, LadderSegment } from '../../../shared/model/stream.ts';
import { buildLadder, ladderPage } from '../../../shared/tcp/ladder.ts';
import type { StreamContext } from '../../../shared/tcp/segments.ts';
import { segments } from '../../support/segments.ts';
import { variants } from '../../support/variants.ts';

const context: StreamContext = { captureId: 1, stream: 3 };
const ladder = (text: string, more: Partial<StreamContext> = {}): Ladder =>
  buildLadder(segments(text), { ...context, ...more });
const drawn = (result: Ladder): LadderSegment[] => result.items.filter((item) => item.kind === 'segment');
const open =
  'A SYN seq=100 ws=7; B SYN,ACK seq=300 ack=101 ws=7; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=50; B ACK seq=301 ack=151 len=100; A ACK seq=151 ack=401';
const closed = 'A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402';
const about = (result: Ladder, title: string) => result.explanations.find((one) => one.title.en === title);

describe('every numbered step', () => {
  for (const { name, text } of variants) {
    it(`has an answer of its own: ${name}`, () => {
      const result = ladder(text);
      const steps = drawn(result).filter((one) => one.stepNumber > 0 && one.phase !== 'data');
      expect(steps.length).toBeGreaterThan(0);
      const rows = new Set(result.explanations.map((one) => one.row));
      expect(steps.filter((one) => !rows.has(one.row)).map((one) => `${one.frame} ${one.step}`)).toEqual([]);
      for (const { rfc } of result.explanations) expect(rfc).toMatch(/^RFC \d+ §\d/);
    });
  }
});

describe('keep-alive probes', () => {
  it('that are answered', () => {
    const result = ladder(
      `${open}; +5000 A ACK seq=150 ack=401; B ACK seq=401 ack=151; +5000 A ACK seq=150 ack=401 len=1; B ACK seq=401 ack=151`,
    );
    expect(result.close.codes).toEqual(['C12']);
    expect(result.verdict.en).toBe(
      'Opened in 3 segments, no close was captured, and keep-alive probes were answered to the last.',
    );
    expect(result.detail.en).toContain('2 keep-alive probes');
    expect(result.detail.en).not.toContain('retransmission');
    expect(about(result, 'What is this segment without new data?')?.body.en).toContain(
      'Frame 10 was the last such answer.',
    );
  });
  it('that nobody answers, then a reset', () => {
    const result = ladder(
      `${open}; +5000 A ACK seq=150 ack=401; +1000 A ACK seq=150 ack=401; +1000 A RST,ACK seq=151 ack=401`,
    );
    expect(result.verdict.en).toBe(
      'Opened in 3 segments, reset by the client after 2 keep-alive probes without a captured answer.',
    );
    expect(drawn(result).map((one) => one.frame)).toEqual([1, 2, 3, 7, 8, 9]);
    expect(result.clocks).toMatchObject([{ from: 'client', rows: [6, 7], doubling: null }]);
  });
  it('are told from an acknowledgment that follows at once and from the probe of a closed window', () => {
    expect(ladder(`${open}; A ACK seq=150 ack=401`).detail.en).not.toContain('keep-alive');
    expect(ladder(`${open}; B ACK seq=401 ack=151 win=0; +5000 A ACK seq=150 ack=401`).detail.en).not.toContain(
      'keep-alive',
    );
  });
});

describe('a reset whose number does not fit', () => {
  const goOn = 'A ACK seq=151 ack=401 len=9; B ACK seq=401 ack=160';
  it('is answered by a challenge ACK and changes nothing', () => {
    const result = ladder(`${open}; B RST seq=901; A ACK seq=151 ack=401; ${goOn}`);
    expect(
      drawn(result)
        .map((one) => [one.frame, one.clientState, one.serverState])
        .slice(-2),
    ).toEqual([
      [7, 'ESTABLISHED', 'ESTABLISHED'],
      [8, 'ESTABLISHED', 'ESTABLISHED'],
    ]);
    expect(about(result, 'Must this reset be obeyed?')).toMatchObject({
      row: 6,
      body: { en: expect.stringContaining('it lies in the window') },
    });
    expect(about(result, 'What does this ACK answer?')).toMatchObject({ row: 7 });
  });
  it('is dropped outside the window', () => {
    expect(about(ladder(`${open}; B RST seq=9000401`), 'Must this reset be obeyed?')?.body.en).toContain(
      'lies outside the window, which begins at 401',
    );
    expect(about(ladder(`${open}; B RST seq=300`), 'Must this reset be obeyed?')?.body.en).toContain(
      'outside the window',
    );
  });
  it('may fit where segments are missing: that is unknown, not wrong', () => {
    const result = ladder(`${open}; B RST seq=501`);
    expect(result.close).toMatchObject({ codes: ['C5'], proved: false, initiator: null });
    expect(drawn(result).at(-1)?.checks).toEqual([]);
  });
});

describe('what was not captured', () => {
  const implied = (text: string) =>
    ladder(text).items.map((item) =>
      item.kind === 'implied' ? `${item.from} ${item.flags.join(',')}` : item.kind === 'band' ? 'band' : item.frame,
    );
  it('stands in its place where later segments prove it', () => {
    expect(implied('B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301')).toEqual(['client SYN', 1, 2]);
    expect(implied('A SYN seq=100; A ACK seq=101 ack=301; A ACK seq=101 ack=301 len=5')).toEqual([
      1,
      'server SYN,ACK',
      2,
      3,
    ]);
    expect(
      implied('A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=141 ack=301 len=10; B ACK seq=301 ack=151'),
    ).toEqual([1, 2, 'client ACK', 3, 4]);
    expect(implied('A SYN seq=100; B SYN,ACK seq=300 ack=101; B ACK seq=301 ack=101 len=9')).toEqual([
      1,
      2,
      'client ACK',
      3,
    ]);
  });
  it('says how it is known', () => {
    const item = ladder('A SYN seq=100; A ACK seq=101 ack=301').items[1];
    expect(item).toMatchObject({
      kind: 'implied',
      seqRaw: null,
      ackRaw: 101,
      ackRelative: 1,
      provedByRow: 1,
      reason: { en: expect.stringContaining('Frame 2 acknowledges 301') },
    });
  });
  it('is not made up where nothing proves it', () => {
    for (const text of [
      'A SYN seq=100',
      'B SYN,ACK seq=300 ack=101',
      'B SYN,ACK seq=300 ack=101; A RST seq=101',
      `${open}; ${closed}`,
    ]) {
      expect(ladder(text).items.filter((item) => item.kind === 'implied')).toEqual([]);
    }
  });
});

describe('the same ports in an earlier stream', () => {
  const next = (isn: number, ts = '') =>
    `A SYN seq=${isn} ${ts}; B SYN,ACK seq=900 ack=${isn + 1}; A ACK seq=${isn + 1} ack=901`;
  const following = (old: string, text: string, sincePreviousNs = 1e9) =>
    ladder(text, { portsReused: true, previous: { stream: 1, segments: () => segments(old) }, sincePreviousNs });
  const bodies = (result: Ladder) => result.explanations.map((one) => one.body.en);
  const serverFirst = `${open}; B FIN,ACK seq=401 ack=151; A FIN,ACK seq=151 ack=402; B ACK seq=402 ack=152`;
  it('is named', () => {
    const result = following(`${open}; ${closed}`, next(5000));
    expect(result.previousStream).toBe(1);
    expect(result.open.codes).toContain('O16');
    expect(result.detail.en).toContain('stream 1 used the same ports before');
  });
  const cases: readonly (readonly [name: string, old: string, text: string, since: number, expected: string])[] = [
    ['a higher number reopens from TIME-WAIT', serverFirst, next(5000), 1e9, 'The new SYN starts at 5000, above 151'],
    ['a lower one does not', serverFirst, next(50), 1e9, 'which is not above 151'],
    ['the client ends its own TIME-WAIT', `${open}; ${closed}`, next(5000), 1e9, 'So it was itself in TIME-WAIT'],
    [
      'long after, the ports are free',
      serverFirst,
      next(5000),
      90e9,
      'was closed by both sides 1 min 30 s before this SYN',
    ],
    ['a reset leaves no TIME-WAIT', `${open}; B RST,ACK seq=401 ack=151`, next(5000), 1e9, 'ended with a reset'],
    ['a failed attempt', 'A SYN seq=100', next(5000), 1e9, 'did not open in the capture'],
    ['an unfinished close', open, next(5000), 1e9, 'its complete close was not captured'],
  ];
  for (const [name, old, text, since, expected] of cases)
    it(name, () => expect(bodies(following(old, text, since)).some((body) => body.includes(expected))).toBe(true));

  it('and in a later one: its SYN ends the TIME-WAIT', () => {
    const reopened = { stream: 4, row: 20, fromA: true, flags: 0x002, seq: 5000, timeNs: 1e9 };
    expect(ladder(serverFirst, { next: reopened }).close.codes).toEqual(['C2', 'C14']);
    expect(ladder(serverFirst, { next: { ...reopened, timeNs: 100e9 } }).close.codes).toEqual(['C2']);
    expect(ladder(serverFirst, { next: { ...reopened, fromA: false } }).close.codes).toEqual(['C2']);
    expect(ladder(serverFirst, { next: { ...reopened, flags: 0x010 } }).close.codes).toEqual(['C2']);
  });
});

describe('pages of a folded band', () => {
  const data = Array.from({ length: 300 }, (_, k) => `A ACK seq=${151 + k * 10} ack=401 len=10`).join(';');
  const whole = `${open}; ${data}; A ACK seq=3141 ack=401 len=10; B ACK seq=401 ack=3151`;
  const stream = segments(whole);
  const band = buildLadder(stream, context).items.find((item) => item.kind === 'band');
  it('hold all its segments, once and in order', () => {
    if (band === undefined) throw new Error('no band');
    const rows: number[] = [];
    for (let first = 0; ; first += 100) {
      const page = ladderPage(stream, context, band.firstRow, band.lastRow, first, 100);
      expect(page.total).toBe(band.segments);
      if (page.segments.length === 0) break;
      rows.push(...page.segments.map((one) => one.row));
    }
    expect(rows).toEqual(Array.from({ length: band.segments }, (_, k) => band.firstRow + k));
  });
  it('know what a retransmission repeats, though that is on another page', () => {
    if (band === undefined) throw new Error('no band');
    const [again] = ladderPage(stream, context, band.firstRow, band.lastRow, band.segments - 2, 1).segments;
    expect(again).toMatchObject({
      retransmission: true,
      sinceOriginalNs: 10e6,
      clientState: 'ESTABLISHED',
      phase: 'data',
    });
  });
  it('are empty beyond its end', () => {
    expect(ladderPage(stream, context, 5, 9, 5, 10)).toMatchObject({ total: 5, segments: [] });
    expect(ladderPage(stream, context, 9, 5, 0, 10)).toMatchObject({ total: 0, segments: [] });
  });
});
