/**
 * A SYN with a number of its own that reached an open connection and changed nothing (RFC 5961, section 4): what
 * follows it belongs to the connection before.
 */
import { reordered } from './order.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';
import { seqDiff } from './sequence.ts';

const { SYN, FIN, RST, ACK } = TcpFlag;
/** How far a connection may have moved on, in bytes, between its last captured segment and the next. */
const near = 1 << 24;
/** Nobody sends more: 10 Gbit/s. */
const bytesPerNs = 1.25;

/**
 * Index in `following` of the first segment by which the sender of its SYN goes on with the connection that `before`
 * holds; -1 where it does not.
 */
export function goesOnAt(before: StreamSegments, following: StreamSegments): number {
  const { count, fromA, flags, seq, ack, length } = following;
  if (count < 2 || before.count === 0 || (flags[0] & (SYN | ACK | RST)) !== SYN) return -1;
  const same = before.a.address === following.a.address && before.a.port === following.a.port;
  const asker = lastNumber(before, same ? fromA[0] : 1 - fromA[0]);
  const other = lastNumber(before, same ? 1 - fromA[0] : fromA[0]);
  if (asker === null || other === null) return -1;
  const first = (seq[0] + 1) >>> 0;
  for (let i = 1; i < count; i++) {
    // A SYN+ACK that takes this SYN up, or segments of its sender with its numbers, make it a connection of its own.
    if ((flags[i] & (SYN | ACK)) === (SYN | ACK) && fromA[i] !== fromA[0] && ack[i] === first) return -1;
    if (
      fromA[i] === fromA[0] &&
      (flags[i] & (SYN | RST | ACK)) === ACK &&
      (seq[i] === first || seq[i] === (first + length[0]) >>> 0)
    )
      return -1;
  }
  for (let i = 1; i < count; i++) {
    if (fromA[i] !== fromA[0] || (flags[i] & (SYN | RST)) !== 0 || (flags[i] & ACK) === 0 || seq[i] === first) continue;
    if (Math.abs(seqDiff(seq[i], asker)) < near && Math.abs(seqDiff(ack[i], other)) < near) return i;
  }
  return -1;
}

/**
 * The same where the older connection was not captured: the sender of the SYN goes on with the numbers that the
 * challenge speaks of.
 */
export function goesOnBehind(s: StreamSegments, challenge: number): number {
  const { count, fromA, flags, seq, ack } = s;
  for (let i = challenge + 1; i < count; i++) {
    if (fromA[i] === fromA[challenge] || (flags[i] & (SYN | RST | ACK)) !== ACK) continue;
    const here = seqDiff(seq[i], ack[challenge]);
    if (here >= -near && here < near && Math.abs(seqDiff(ack[i], seq[challenge])) < near) return i;
  }
  return -1;
}

/**
 * The sender of the SYN goes on, but with numbers that are nowhere near the SYN's: not with the connection that it
 * asked for. -1 where it does not, or uses both.
 */
export function othersNumbers({ count, fromA, flags, seq, ack, timeNs }: StreamSegments, syn: number): number {
  let found = -1;
  const first = (seq[syn] + 1) >>> 0;
  for (let i = 0; i < count; i++) {
    if (fromA[i] !== fromA[syn]) {
      if ((flags[i] & (SYN | ACK)) === (SYN | ACK) || ((flags[i] & ACK) !== 0 && ack[i] === first)) return -1;
      continue;
    }
    if ((flags[i] & (SYN | RST | ACK)) !== ACK) continue;
    const beyond = seqDiff(seq[i], seq[syn]);
    const goesOn = found >= 0 && Math.abs(seqDiff(seq[i], seq[found])) < near;
    if (!goesOn && beyond > 0 && beyond < Math.min(near * 16, near + Math.abs(timeNs[i] - timeNs[syn]) * bytesPerNs))
      return -1;
    if (i > syn && found < 0) found = i;
  }
  return found;
}

/** Nothing but SYNs without ACK of one side, and acknowledgments of the other that take none of them up. */
export function changedNothing({ count, fromA, flags, seq, ack, length }: StreamSegments): boolean {
  for (let i = 0; i < count; i++) {
    if (
      fromA[i] === fromA[0]
        ? (flags[i] & (SYN | ACK)) !== SYN
        : (flags[i] & (SYN | FIN | RST | ACK)) !== ACK || length[i] > 0 || ack[i] === (seq[0] + 1) >>> 0
    )
      return false;
  }
  return count > 0;
}

/**
 * First number after the last segment of one side that is no SYN without ACK and no reset; null where there is none.
 */
function lastNumber(s: StreamSegments, fromA: number): number | null {
  for (let i = s.count - 1; i >= 0; i--) {
    if (s.fromA[i] !== fromA || (s.flags[i] & RST) !== 0 || (s.flags[i] & (SYN | ACK)) === SYN) continue;
    return (s.seq[i] + s.length[i] + ((s.flags[i] & (SYN | FIN)) !== 0 ? 1 : 0)) >>> 0;
  }
  return null;
}

/**
 * Both streams as one, without the SYNs of the second, times since the first segment of the first.
 * @param sinceFirst nanoseconds between their first segments
 */
export function joined(first: StreamSegments, second: StreamSegments, sinceFirst: number): StreamSegments {
  const kept: number[] = [];
  for (let i = 0; i < second.count; i++) if ((second.flags[i] & (SYN | ACK)) !== SYN) kept.push(i);
  const rest = reordered(second, kept);
  const flip = first.a.address !== second.a.address || first.a.port !== second.a.port;
  const n = first.count;
  const count = n + rest.count;
  const merge = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(to: T, x: T, y: T): T => {
    to.set(x.subarray(0, n));
    to.set(y.subarray(0, rest.count), n);
    return to;
  };
  const timeNs = merge(new Float64Array(count), first.timeNs, rest.timeNs);
  for (let i = n; i < count; i++) timeNs[i] += sinceFirst;
  const fromA = merge(new Uint8Array(count), first.fromA, rest.fromA);
  if (flip) for (let i = n; i < count; i++) fromA[i] = 1 - fromA[i];
  const at = <T>(index: number, x: (index: number) => T, y: (index: number) => T): T =>
    index < n ? x(index) : y(index - n);
  return {
    ...first,
    count,
    rows: merge(new Uint32Array(count), first.rows, rest.rows),
    timeNs,
    fromA,
    flags: merge(new Uint16Array(count), first.flags, rest.flags),
    seq: merge(new Uint32Array(count), first.seq, rest.seq),
    ack: merge(new Uint32Array(count), first.ack, rest.ack),
    length: merge(new Uint32Array(count), first.length, rest.length),
    window: merge(new Uint16Array(count), first.window, rest.window),
    options: (index) => at(index, first.options, rest.options),
    ...(first.wire !== undefined && {
      wire: (index: number) =>
        at(
          index,
          (k) => first.wire?.(k) ?? null,
          (k) => rest.wire?.(k) ?? null,
        ),
    }),
    ...(first.payload !== undefined && {
      payload: (index: number, max: number) =>
        at(
          index,
          (k) => first.payload?.(k, max) ?? null,
          (k) => rest.payload?.(k, max) ?? null,
        ),
    }),
  };
}
