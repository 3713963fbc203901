/**
 * The order in which segments were sent, where the order of the file cannot be it: both directions merged with clocks
 * apart, or written backwards.
 */
import { type StreamSegments, TcpFlag } from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';
import { overtakenNs, silenceNs } from './timings.ts';

const { SYN, FIN, RST, ACK } = TcpFlag;
/** Steps of looking ahead, per segment, before the search for an order is given up. */
const stepsPerSegment = 8;
const leastSteps = 20_000;

/** First number after a segment. */
function endOf(s: StreamSegments, i: number): number {
  return seqAdd(s.seq[i], s.length[i] + ((s.flags[i] & SYN) !== 0 ? 1 : 0) + ((s.flags[i] & FIN) !== 0 ? 1 : 0));
}

/**
 * Indices in an order in which nothing is acknowledged before it is sent (RFC 9293, section 3.4), as near to the order
 * of the file as possible; null where the file's order has no such fault, or no better one is found. Each direction
 * keeps its own order, but for a SYN that stands behind what followed it.
 */
export function causalOrder(s: StreamSegments): Uint32Array | null {
  const lists = [direction(s, 1), direction(s, 0)] as const;
  const moved = lists.some(({ moved }) => moved);
  const budget = { steps: Math.max(leastSteps, s.count * stepsPerSegment) };
  const order = new Uint32Array(s.count);
  const at = [0, 0];
  const top = [new Top(), new Top()];
  let turned = false;
  for (let n = 0; n < s.count; n++) {
    const heads = [lists[0].indices[at[0]], lists[1].indices[at[1]]];
    let side = heads[0] === undefined ? 1 : heads[1] === undefined ? 0 : heads[0] < heads[1] ? 0 : 1;
    if (
      heads[0] !== undefined &&
      heads[1] !== undefined &&
      waits(s, heads[side], lists[1 - side].indices, at[1 - side], top[1 - side], budget)
    ) {
      if (!waits(s, heads[1 - side], lists[side].indices, at[side], top[side], budget)) {
        side = 1 - side;
        turned = true;
      }
    }
    if (budget.steps < 0) return null;
    const index = lists[side].indices[at[side]++];
    if ((s.flags[index] & RST) === 0) top[side].raise(endOf(s, index));
    order[n] = index;
  }
  return (turned || moved) && aheadOf(s, order) < aheadOf(s, null) ? order : null;
}

/** Segments that acknowledge what was not sent before them, in an order. */
function aheadOf(s: StreamSegments, order: Uint32Array | null): number {
  const top = [new Top(), new Top()];
  let ahead = 0;
  const reset = [-1, -1];
  for (let n = 0; n < s.count; n++) {
    const i = order === null ? n : order[n];
    const other = top[1 - s.fromA[i]];
    if ((s.flags[i] & ACK) !== 0 && (!other.known || seqDiff(s.ack[i], other.number) > 0)) ahead++;
    // A SYN+ACK behind the reset of just what it opens. A refusal has number 0, whatever came before.
    if ((s.flags[i] & (SYN | ACK)) === (SYN | ACK) && endOf(s, i) === reset[s.fromA[i]]) ahead++;
    if ((s.flags[i] & RST) !== 0 && s.seq[i] !== 0) reset[s.fromA[i]] = s.seq[i];
    if ((s.flags[i] & RST) === 0) top[s.fromA[i]].raise(endOf(s, i));
  }
  return ahead;
}

/** Highest number sent so far by one side. */
class Top {
  known = false;
  number = 0;
  raise(end: number): void {
    if (this.known && seqDiff(end, this.number) <= 0) return;
    this.known = true;
    this.number = end;
  }
}

/** Whether segment `i` acknowledges something that the other side's list holds only further on. */
function waits(
  s: StreamSegments,
  i: number,
  other: readonly number[],
  from: number,
  top: Top,
  budget: { steps: number },
): boolean {
  if ((s.flags[i] & ACK) === 0) return false;
  const ack = s.ack[i];
  if ((top.known && seqDiff(ack, top.number) <= 0) || disowned(s, i)) return false;
  for (let n = from; n < other.length; n++) {
    if (--budget.steps < 0) return false;
    const k = other[n];
    const end = endOf(s, k);
    if (end === s.seq[k] || seqDiff(ack, s.seq[k]) <= 0 || seqDiff(ack, end) > 0) continue;
    // A segment that itself acknowledges what this one brings was sent after it, whatever it covers: it repeats what
    // was not captured.
    if ((s.flags[k] & ACK) !== 0 && endOf(s, i) !== s.seq[i] && seqDiff(s.ack[k], endOf(s, i)) >= 0) return false;
    return true;
  }
  return false;
}

/**
 * The other side resets just what segment `i` acknowledges, soon behind it: it knew no such number (RFC 9293, section
 * 3.5.2), whatever it sends later.
 */
function disowned(s: StreamSegments, i: number): boolean {
  for (let k = i + 1; k < Math.min(s.count, i + 8); k++)
    if (s.fromA[k] !== s.fromA[i] && (s.flags[k] & (RST | ACK)) === RST && s.seq[k] === s.ack[i]) return true;
  return false;
}

function direction(s: StreamSegments, fromA: number): { readonly indices: readonly number[]; readonly moved: boolean } {
  const indices: number[] = [];
  let syn = -1;
  for (let i = 0; i < s.count; i++) {
    if (s.fromA[i] !== fromA) continue;
    if (syn < 0 && (s.flags[i] & SYN) !== 0) syn = indices.length;
    indices.push(i);
  }
  const late = resetsLast(s, indices);
  if (syn <= 0) return { indices, moved: late };
  const isn = s.seq[indices[syn]];
  // So long behind them it begins another connection with the same number.
  if (Math.abs(s.timeNs[indices[syn]] - s.timeNs[indices[syn - 1]]) > silenceNs) return { indices, moved: late };
  const behind = indices.slice(0, syn);
  // Resets overtake by less: so long before it they are an earlier attempt's, or another's.
  if (
    behind.every((i) => (s.flags[i] & RST) !== 0) &&
    s.timeNs[indices[syn]] - s.timeNs[indices[syn - 1]] > overtakenNs &&
    !acknowledgedBefore(s, indices[syn])
  )
    return { indices, moved: late };
  // A reset in between ended an attempt: what stands before it belongs to that one.
  for (let i = 0; i < indices[syn]; i++)
    if ((s.flags[i] & RST) !== 0 && s.fromA[i] !== fromA && !resetsWhat(s, i, indices[syn]))
      return { indices, moved: late };
  // What stands before it uses the numbers right after it: it was sent later.
  if (!behind.every((i) => seqDiff(s.seq[i], isn) > 0 && seqDiff(s.seq[i], isn) < 1 << 24))
    return { indices, moved: late };
  return { indices: [indices[syn], ...behind, ...indices.slice(syn + 1)], moved: true };
}

/** The other side's acknowledgment of just this SYN+ACK stands before it. */
function acknowledgedBefore(s: StreamSegments, i: number): boolean {
  for (let k = 0; k < i; k++)
    if (s.fromA[k] !== s.fromA[i] && (s.flags[k] & (RST | ACK)) === ACK && s.ack[k] === endOf(s, i)) return true;
  return false;
}

/** The reset bears the very numbers that the SYN, or the SYN+ACK, begins. */
function resetsWhat(s: StreamSegments, reset: number, syn: number): boolean {
  const near = (number: number, from: number) => seqDiff(number, from) >= 0 && seqDiff(number, from) < 1 << 24;
  if ((s.flags[reset] & ACK) !== 0) return near(s.ack[reset], seqAdd(s.seq[syn], 1));
  return (s.flags[syn] & ACK) !== 0 && near(s.seq[reset], s.ack[syn]);
}

/**
 * Data that stand behind a reset of their own side but end before its number were sent before it. Puts them there;
 * answers whether there were any.
 */
function resetsLast(s: StreamSegments, indices: number[]): boolean {
  let moved = false;
  let top: number | null = null;
  for (let n = 0; n < indices.length; n++) {
    const i = indices[n];
    if ((s.flags[i] & RST) === 0) {
      const end = endOf(s, i);
      if (top === null || seqDiff(end, top) > 0) top = end;
      continue;
    }
    const answers = answersBefore(s, i);
    let to = n;
    for (let k = n + 1; k < Math.min(indices.length, n + 9); k++) {
      const j = indices[k];
      const fresh = s.length[j] > 0 && top !== null && seqDiff(endOf(s, j), top) > 0;
      const beyond = seqDiff(endOf(s, j), s.seq[i]);
      if ((s.flags[j] & (RST | SYN)) === 0 && fresh && (answers ? beyond === 0 : beyond <= 0)) to = k;
    }
    if (to === n) continue;
    indices.splice(n, 1);
    indices.splice(to, 0, i);
    moved = true;
    n--;
  }
  return moved;
}

/**
 * A reset without ACK behind a segment of the other side that acknowledges just its number: it answers that one,
 * wherever its own side was.
 */
function answersBefore(s: StreamSegments, i: number): boolean {
  if ((s.flags[i] & ACK) !== 0) return false;
  for (let k = i - 1; k >= Math.max(0, i - 8); k--)
    if (s.fromA[k] !== s.fromA[i] && (s.flags[k] & ACK) !== 0 && s.length[k] === 0 && s.ack[k] === s.seq[i])
      return true;
  return false;
}

/** The same segments in another order. Rows then no longer rise. */
export function reordered(s: StreamSegments, order: ArrayLike<number>): StreamSegments {
  const { rows, timeNs, fromA, flags, seq, ack, length, window } = s;
  const count = order.length;
  const pick = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(from: T, to: T): T => {
    for (let n = 0; n < count; n++) to[n] = from[order[n]];
    return to;
  };
  return {
    ...s,
    count,
    rows: pick(rows, new Uint32Array(count)),
    timeNs: pick(timeNs, new Float64Array(count)),
    fromA: pick(fromA, new Uint8Array(count)),
    flags: pick(flags, new Uint16Array(count)),
    seq: pick(seq, new Uint32Array(count)),
    ack: pick(ack, new Uint32Array(count)),
    length: pick(length, new Uint32Array(count)),
    window: pick(window, new Uint16Array(count)),
    options: (index) => s.options(order[index]),
    ...(s.wire !== undefined && { wire: (index: number) => s.wire?.(order[index]) ?? null }),
    ...(s.payload !== undefined && { payload: (index: number, max: number) => s.payload?.(order[index], max) ?? null }),
  };
}
