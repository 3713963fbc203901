/**
 * Segments that were sent again: the waits between the copies, and whether the sender backed off (RFC 6298, section
 * 5.5).
 */
import { spanText } from '../format/quantity.ts';
import type { ByLanguage, RetransmissionClock, StepKind } from '../model/stream.ts';
import { relative } from './checks.ts';
import { type Connection, SegmentMark, type SideFacts } from './connection.ts';
import { clause, joinTexts, phrase, whoTexts } from './phrase.ts';
import { TcpFlag } from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';

/** Gaps that a text names. */
const maxGaps = 8;
/** Copies that a clock lists. */
const maxCopies = 64;
/** Clocks of repeated data: the longest ones. */
const maxDataClocks = 4;
/** A timer stops doubling at its largest value, which is at least a minute (RFC 6298, section 2.4). */
const largestWaitNs = 60e9;

/** Every clock of the stream, in order of its first segment. `c` has its marks. */
export function retransmissionClocks(c: Connection): readonly RetransmissionClock[] {
  const { client, server, segments } = c;
  const clocks: RetransmissionClock[] = [];
  const { seq } = segments;
  for (const side of [client, server]) {
    for (const copies of byNumber(side.syns, (index) => seq[index])) clocks.push(synClock(c, side, copies));
    for (const copies of byNumber(side.synAcks, (index) => seq[index])) clocks.push(synAckClock(c, side, copies));
    for (const copies of byNumber(side.fins, (index) => seqAdd(seq[index], segments.length[index])))
      clocks.push(clock(c, side, 'fin', copies, clause('clock.fin')));
    clocks.push(...dataClocks(c, side));
    if (side.keepAlives.length > 1)
      clocks.push(clock(c, side, 'ack', side.keepAlives, clause('clock.probe'), 'clock.probes'));
  }
  return clocks.filter((one) => one.rows.length > 1).sort((x, y) => x.rows[0] - y.rows[0]);
}

function byNumber(indices: readonly number[], numberOf: (index: number) => number): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const index of indices) {
    const number = numberOf(index);
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [index]);
    else group.push(index);
  }
  return [...groups.values()].filter((group) => group.length > 1);
}

function synClock(c: Connection, side: SideFacts, copies: readonly number[]): RetransmissionClock {
  const refused = copies
    .slice(1)
    .every((index, k) =>
      c.resets.some(
        (one) => one.fromA !== side.isA && one.fit === 'exact' && one.index > copies[k] && one.index < index,
      ),
    );
  return clock(c, side, 'syn', copies, clause('clock.syn'), refused ? 'clock.refused' : null);
}

function synAckClock(c: Connection, side: SideFacts, copies: readonly number[]): RetransmissionClock {
  const { fromA, flags } = c.segments;
  // The segment just before each repetition is the other side's SYN, sent again.
  const answers = copies
    .slice(1)
    .every(
      (index) => fromA[index - 1] !== fromA[index] && (flags[index - 1] & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN,
    );
  return clock(c, side, 'syn-ack', copies, clause('clock.syn-ack'), answers ? 'clock.answers' : null);
}

type Pattern =
  | 'clock.once'
  | 'clock.doubling'
  | 'clock.late'
  | 'clock.even'
  | 'clock.refused'
  | 'clock.answers'
  | 'clock.probes';

function clock(
  c: Connection,
  side: SideFacts,
  step: StepKind,
  copies: readonly number[],
  what: ByLanguage,
  told: Pattern | null = null,
): RetransmissionClock {
  const { rows, timeNs } = c.segments;
  const listed = copies.slice(0, maxCopies);
  const gapsNs = listed.slice(1).map((index, k) => timeNs[index] - timeNs[listed[k]]);
  const backedOff = gapsNs.length < 2 ? null : gapsNs.every((gap, k) => k === 0 || doubles(gapsNs[k - 1], gap));
  const found =
    told ??
    (backedOff === null
      ? 'clock.once'
      : backedOff
        ? 'clock.doubling'
        : doublesLate(gapsNs)
          ? 'clock.late'
          : 'clock.even');
  const who = whoTexts[side === c.client ? 'client' : 'server'];
  return {
    step,
    from: side === c.client ? 'client' : 'server',
    rows: listed.map((index) => rows[index]),
    gapsNs,
    // A timer's pattern says nothing where no timer was at work.
    doubling: told === null ? backedOff : null,
    text: sentence(
      phrase(found, { who, what, count: copies.length, gaps: gapsText(gapsNs, copies.length > listed.length) }),
    ),
  };
}

function sentence(text: ByLanguage): ByLanguage {
  return joinTexts([text], 'clause.join', true);
}

/** `1.01 s, 2.02 s`; in Chinese with the enumeration comma. */
function gapsText(gapsNs: readonly number[], more: boolean): ByLanguage {
  const listed = gapsNs.slice(0, maxGaps).map(spanText);
  if (more || gapsNs.length > maxGaps) listed.push('…');
  return { en: listed.join(', '), zh: listed.join('、') };
}

function doubles(before: number, gap: number): boolean {
  const ratio = gap / before;
  return (ratio >= 1.5 && ratio <= 3) || (before >= largestWaitNs * 0.9 && ratio >= 0.8 && ratio <= 3);
}

/** Evenly first (some systems try the SYN a few times before they back off), then doubling to the end. */
function doublesLate(gapsNs: readonly number[]): boolean {
  let from = 1;
  while (from < gapsNs.length && gapsNs[from] / gapsNs[from - 1] > 0.8 && gapsNs[from] / gapsNs[from - 1] < 1.25)
    from++;
  return from > 1 && gapsNs.length - from >= 2 && gapsNs.every((gap, k) => k < from || doubles(gapsNs[k - 1], gap));
}

/**
 * Data sent at least three times, or a second time without being acknowledged afterwards. Two passes over the stream,
 * none where nothing was sent again.
 */
function dataClocks(c: Connection, side: SideFacts): readonly RetransmissionClock[] {
  const { marks, segments } = c;
  const { count, fromA, flags, seq, length } = segments;
  if (marks === null || side.retransmissions === 0) return [];
  const isData = (i: number) =>
    fromA[i] === (side.isA ? 1 : 0) && length[i] > 0 && (flags[i] & (TcpFlag.SYN | TcpFlag.FIN)) === 0;
  const copies = new Map<number, number[]>();
  for (let i = 0; i < count; i++)
    if ((marks[i] & SegmentMark.Retransmission) !== 0 && isData(i) && !copies.has(seq[i])) copies.set(seq[i], []);
  if (copies.size === 0) return [];
  for (let i = 0; i < count; i++) {
    if (!isData(i) || (marks[i] & SegmentMark.Duplicate) !== 0) continue;
    const list = copies.get(seq[i]);
    if (list !== undefined && list.length <= maxCopies) list.push(i);
  }
  const other = side === c.a ? c.b : c.a;
  const open = (index: number) => other.ackKnown && seqDiff(seq[index], other.acked) >= 0;
  return [...copies.values()]
    .filter((list) => list.length > 2 || (list.length === 2 && open(list[0])))
    .sort((x, y) => y.length - x.length || x[0] - y[0])
    .slice(0, maxDataClocks)
    .map((list) => clock(c, side, 'data', list, clause('clock.data', { seq: relative(side, seq[list[0]]) })));
}
