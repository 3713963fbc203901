/**
 * What a connection looks like, without a proof: a path that drops large packets, a window that stays closed, one of a
 * flood of SYNs.
 */
import type { SideFacts } from './connection.ts';
import type { Judgement } from './judgement.ts';
import type { PhraseParams } from './phrase.ts';
import { TcpFlag } from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';

export interface Look {
  readonly what: 'path-mtu' | 'window-closed' | 'syn-flood';
  readonly side: SideFacts | null;
  readonly params: PhraseParams;
  /** The segments that look like it. */
  readonly indices: readonly number[];
}

/**
 * Copies of one large segment, and the size from which a segment is large: below it no path on the Internet may drop it
 * (RFC 8200: 1280 bytes with the headers).
 */
const leastCopies = 3;
const largeBytes = 1000;
/** Segments of one stream that are looked at from its end. */
const lookedAt = 4096;

export function looksOf(j: Judgement): readonly Look[] {
  const looks: Look[] = [];
  if (j.opening.established) {
    for (const side of [j.connection.client, j.connection.server]) {
      const look = pathMtu(j, side) ?? windowClosed(j, side);
      if (look !== null) looks.push(look);
    }
  }
  const { flood } = j.context;
  if (
    flood !== undefined &&
    !j.opening.established &&
    j.opening.codes.some((code) => code === 'O6' || code === 'O14' || code === 'O19')
  )
    looks.push({
      what: 'syn-flood',
      side: null,
      params: { count: flood.attempts, sources: flood.sources },
      indices: j.connection.client.syns.slice(0, 1),
    });
  return looks;
}

/**
 * A large segment sent again and again and never acknowledged, though smaller ones of the same side were, and the other
 * side still speaks or nothing contradicts it.
 */
function pathMtu({ connection: c, finder }: Judgement, side: SideFacts): Look | null {
  const { segments } = c;
  const { count, fromA, flags, seq, length, ack } = segments;
  const mine = side.isA ? 1 : 0;
  const from = Math.max(0, count - lookedAt);
  const copies = new Map<number, number[]>();
  // The highest acknowledgment of the other side: hostile captures have thousands of such segments, so it is looked for
  // once.
  let top: number | null = null;
  for (let i = from; i < count; i++)
    if (
      fromA[i] !== mine &&
      (flags[i] & (TcpFlag.ACK | TcpFlag.RST)) === TcpFlag.ACK &&
      (top === null || seqDiff(ack[i], top) > 0)
    )
      top = ack[i];
  if (top === null) return null;
  // Segments up to this size passed.
  let passedBytes = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let i = from; i < count; i++) {
    if (fromA[i] !== mine) continue;
    if (length[i] > passedBytes && seqDiff(top, seqAdd(seq[i], length[i])) >= 0) passedBytes = length[i];
    if (length[i] < largeBytes || (flags[i] & (TcpFlag.SYN | TcpFlag.RST)) !== 0 || finder.original(i) >= 0) continue;
    const list = copies.get(seq[i]);
    if (list === undefined) copies.set(seq[i], [i]);
    else list.push(i);
  }
  for (const indices of copies.values()) {
    if (indices.length < leastCopies) continue;
    const [first] = indices;
    if (seqDiff(top, seq[first]) > 0) continue;
    smallest = Math.min(smallest, length[first]);
    // Something smaller of this side passed behind it: the other side says so by acknowledging again what it had.
    const passed = ackedAgain(segments, 1 - mine, first);
    // Each such acknowledgment answers a segment that passed: more of them than small segments, and large ones passed
    // too.
    if (passed === 0 || passed > smallBehind(segments, mine, first, smallest) || passedBytes >= smallest) continue;
    return {
      what: 'path-mtu',
      side,
      params: { size: length[first], frame: segments.rows[first] + 1 },
      indices: indices.slice(0, 8),
    };
  }
  return null;

  function ackedAgain(s: typeof segments, other: number, behind: number): number {
    let times = 0;
    for (let i = behind + 1; i < s.count; i++)
      if (
        s.fromA[i] === other &&
        (s.flags[i] & (TcpFlag.ACK | TcpFlag.RST | TcpFlag.FIN)) === TcpFlag.ACK &&
        length[i] === 0 &&
        ack[i] === seq[behind] &&
        finder.original(i) < 0
      )
        times++;
    return times;
  }

  function smallBehind(s: typeof segments, which: number, behind: number, size: number): number {
    let times = 0;
    for (let i = behind + 1; i < s.count; i++)
      if (s.fromA[i] === which && length[i] < size && (length[i] > 0 || (s.flags[i] & TcpFlag.FIN) !== 0)) times++;
    return times;
  }
}

/** The side's last word on its window is 0, while the other still wants to send. */
function windowClosed({ connection: c }: Judgement, side: SideFacts): Look | null {
  const { count, fromA, flags, window, length } = c.segments;
  const mine = side.isA ? 1 : 0;
  let closedAt = -1;
  let asked = 0;
  for (let i = Math.max(0, count - lookedAt); i < count; i++) {
    if ((flags[i] & (TcpFlag.SYN | TcpFlag.RST)) !== 0) continue;
    if (fromA[i] !== mine) {
      if (closedAt >= 0 && (flags[i] & TcpFlag.ACK) !== 0 && length[i] <= 1) asked++;
    } else if (window[i] === 0) {
      if (closedAt < 0) closedAt = i;
    } else {
      closedAt = -1;
      asked = 0;
    }
  }
  if (closedAt < 0 || asked === 0 || side.fin >= 0) return null;
  return { what: 'window-closed', side, params: { frame: c.segments.rows[closedAt] + 1 }, indices: [closedAt] };
}
