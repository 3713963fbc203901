import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportLadder } from '../../../shared/tcp/export/export.ts';
import { buildLadder, ladderPage } from '../../../shared/tcp/ladder.ts';
import { type StreamSegments, TcpFlag } from '../../../shared/tcp/segments.ts';
import { summarise } from '../../../shared/tcp/summary.ts';
import { parseSegments, streamOf, type TestSegment } from '../../support/segments.ts';

// The same sequences in every run, so that a failure is a change of ours; PROPERTY_SEED tries others.
fc.configureGlobal({ seed: Number(process.env['PROPERTY_SEED'] ?? 9293) });

const whole = [
  'A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; A ACK,PSH seq=101 ack=301 len=50; B ACK,PSH seq=301 ack=151 len=100; A ACK seq=151 ack=401; A FIN,ACK seq=151 ack=401; B ACK seq=401 ack=152; B FIN,ACK seq=401 ack=152; A ACK seq=152 ack=402',
  'A SYN seq=100; +1000 A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301 len=9; B FIN,ACK seq=301 ack=110; A FIN,ACK seq=110 ack=302; B ACK seq=302 ack=111; A RST seq=111',
  'A SYN seq=4294967290; B SYN,ACK seq=4294967200 ack=4294967291; A ACK seq=4294967291 ack=4294967201 len=100; B ACK seq=4294967201 ack=95 len=200; A FIN,ACK seq=95 ack=105; B FIN,ACK seq=105 ack=95; A ACK seq=96 ack=106; B ACK seq=106 ack=96',
  'A SYN seq=100; B RST,ACK seq=0 ack=101; A SYN seq=100; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301; B RST seq=301',
  'A SYN seq=100; B SYN seq=300; A SYN,ACK seq=100 ack=301; B SYN,ACK seq=300 ack=101; A ACK seq=101 ack=301 len=5; B ACK seq=301 ack=106',
].map(parseSegments);

/** A whole connection with segments left out, repeated, swapped and cut off at both ends. */
const damaged = fc
  .record({
    which: fc.nat(whole.length - 1),
    keep: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
    swaps: fc.array(fc.nat(11), { maxLength: 3 }),
    repeats: fc.array(fc.nat(11), { maxLength: 3 }),
  })
  .map(({ which, keep, swaps, repeats }) => {
    let list: TestSegment[] = whole[which].filter((_, k) => keep[k]);
    for (const at of repeats) if (at < list.length) list = [...list.slice(0, at + 1), list[at], ...list.slice(at + 1)];
    for (const at of swaps)
      if (at + 1 < list.length) list = [...list.slice(0, at), list[at + 1], list[at], ...list.slice(at + 2)];
    return list;
  });

const anySegment: fc.Arbitrary<TestSegment> = fc.record({
  fromA: fc.boolean(),
  flags: fc.nat(0x1ff),
  seq: fc.oneof(fc.nat(5), fc.nat({ max: 0xffffffff })),
  ack: fc.oneof(fc.nat(5), fc.nat({ max: 0xffffffff })),
  length: fc.oneof(fc.constant(0), fc.nat(3000)),
  window: fc.nat(0xffff),
  timeNs: fc.integer({ min: -1e9, max: 1e12 }),
  wire: fc.constant(null),
  options: fc.constant(null),
});

const context = { captureId: 1, stream: 0 };
const ladderOf = (stream: StreamSegments) => buildLadder(stream, context);
const { SYN, ACK, FIN, RST } = TcpFlag;

/**
 * What a claim of a complete opening rests on: SYN, the SYN+ACK that acknowledges it, an acknowledgment of that one.
 */
function opensInSight(list: readonly TestSegment[]): boolean {
  return list.some(
    (syn) =>
      (syn.flags & (SYN | ACK | RST)) === SYN &&
      list.some(
        (answer) =>
          answer.fromA !== syn.fromA &&
          (answer.flags & (SYN | ACK | RST)) === (SYN | ACK) &&
          ((answer.ack - syn.seq) >>> 0 === 1 || (answer.ack - syn.seq) >>> 0 === syn.length + 1) &&
          list.some(
            (third) =>
              third.fromA === syn.fromA &&
              (third.flags & (ACK | SYN | RST)) === ACK &&
              ((third.ack - answer.seq) | 0) >= 1,
          ),
      ),
  );
}

/** Both FINs and an exact acknowledgment of each. */
function closesInSight(list: readonly TestSegment[]): boolean {
  const acked = (fromA: boolean) =>
    list.some(
      (fin) =>
        fin.fromA === fromA &&
        (fin.flags & (FIN | RST)) === FIN &&
        list.some(
          (one) =>
            one.fromA !== fromA && (one.flags & (ACK | RST)) === ACK && one.ack === (fin.seq + fin.length + 1) >>> 0,
        ),
    );
  return acked(true) && acked(false);
}

function claimsHold(list: readonly TestSegment[]): void {
  const ladder = ladderOf(streamOf(list));
  const said = ladder.verdict.en;
  if (said.startsWith('Opened in 3')) expect(opensInSight(list)).toBe(true);
  if (/closed in [34]|closed by both sides at the same time\.|closed by both sides at the same time, f/.test(said))
    expect(closesInSight(list)).toBe(true);
  if (ladder.close.codes.some((code) => code === 'C1' || code === 'C2')) expect(closesInSight(list)).toBe(true);
}

describe('damaged captures', () => {
  it('never lead to a claim that the segments do not prove', () => {
    fc.assert(fc.property(damaged, claimsHold), { numRuns: 2000 });
  });

  it('nor does a third segment that acknowledges another SYN+ACK than the one that answers the SYN', () => {
    claimsHold(parseSegments('A SYN,ACK seq=0 ack=0; B ACK seq=0 ack=1; B SYN seq=2; A SYN,ACK seq=1 ack=3'));
  });

  it('nor does any other sequence of segments', () => {
    fc.assert(fc.property(fc.array(anySegment, { maxLength: 14 }), claimsHold), { numRuns: 2000 });
  });

  it('every segment is drawn or folded exactly once, in order where the order of the file can be that of sending', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.array(anySegment, { maxLength: 60 })), (list) => {
        const stream = streamOf(list);
        const ladder = ladderOf(stream);
        const rows = ladder.items.flatMap((item) => {
          if (item.kind === 'implied') return [];
          if (item.kind === 'segment') return [item.row];
          return ladderPage(stream, context, item.firstRow, item.lastRow, 0, list.length).segments.map(
            ({ row }) => row,
          );
        });
        const inOrder = !ladder.detail.en.includes('put in the order');
        expect(inOrder ? rows : [...rows].sort((x, y) => x - y)).toEqual(list.map((_, row) => row));
      }),
      { numRuns: 500 },
    );
  });

  it('every text is filled in, in both languages', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.array(anySegment, { maxLength: 14 })), (list) => {
        const ladder = ladderOf(streamOf(list));
        const texts = [
          ladder.verdict,
          ladder.detail,
          ladder.open.label,
          ladder.close.label,
          ...ladder.explanations.flatMap((one) => [one.title, one.body]),
        ];
        for (const text of texts)
          expect(`${text.en} ${text.zh} ${exportLadder(ladder, 'rfc', 'en', false)}`).not.toMatch(
            /\{\w+\}|undefined|NaN/,
          );
        expect(ladder.verdict.en).toMatch(/^[A-Z].*[.]$/);
        expect(ladder.verdict.zh).toMatch(/。$/);
        expect(ladder.verdict.zh.replace(/[\d.]+:\d+/g, '')).not.toMatch(/[,;:?!]/);
      }),
      { numRuns: 1000 },
    );
  });

  it('the streams table says what the ladder says', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.array(anySegment, { maxLength: 14 })), (list) => {
        const ladder = ladderOf(streamOf(list));
        const summary = summarise(streamOf(list), context);
        expect([summary.open, summary.close, summary.handshakeNs, summary.tone]).toEqual([
          ladder.open,
          ladder.close,
          ladder.handshakeNs,
          ladder.tone,
        ]);
      }),
      { numRuns: 500 },
    );
  });
});
