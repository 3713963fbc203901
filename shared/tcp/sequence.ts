/** Sequence numbers count modulo 2^32 (RFC 9293, section 3.4). */

/** `a - b` as a signed distance: negative where `a` comes before `b`. */
export function seqDiff(a: number, b: number): number {
  return (a - b) | 0;
}

/** `seq + count`, wrapped. */
export function seqAdd(seq: number, count: number): number {
  return (seq + count) >>> 0;
}

/** No two numbers of one side of a connection lie so far apart that stand near each other in a capture. */
export const farBytes = 1 << 28;

/** Numbers do not go back so far either: what is repeated or overtaken lies within a window. */
export const farBack = 1 << 22;

/** Bytes that one side may send in a nanosecond (10 Gbit/s). */
export const bytesPerNs = 1.25;

/** Bytes that one side can have sent within `ns` nanoseconds that no segment of it was captured. */
export function mostSent(ns: number): number {
  return Math.min(farBytes, (1 << 24) + Math.abs(ns) * bytesPerNs);
}
