/** Ranges that one acknowledgment can name (RFC 2018 section 3). */
const maxRanges = 4;

/**
 * Per direction the ranges of its numbers that the other side's latest segment acknowledged selectively. Few directions
 * ever have any, so they are kept in a map; a direction's array is used again. Index: stream * 2 + direction.
 */
export class SackRanges {
  /** Count, then left and right edge of each range, raw. */
  private readonly ranges = new Map<number, Uint32Array>();

  /** HOT: the segment with these options (`b[from, to)`) is from the other side. */
  read(index: number, b: Uint8Array, from: number, to: number): void {
    let known: Uint32Array | undefined;
    for (let p = from; p + 1 < to; ) {
      const kind = b[p];
      if (kind === 0) break;
      if (kind === 1) {
        p++;
        continue;
      }
      const length = b[p + 1];
      if (length < 2 || p + length > to) break;
      if (kind === 5) {
        known = this.ranges.get(index);
        if (known === undefined) {
          known = new Uint32Array(1 + maxRanges * 2);
          this.ranges.set(index, known);
        }
        known[0] = Math.min(maxRanges, Math.floor((length - 2) / 8));
        for (let i = 0; i < known[0] * 2; i++) known[1 + i] = word(b, p + 2 + i * 4);
      }
      p += length;
    }
    if (known === undefined) this.clear(index);
  }

  /** HOT: the other side's latest segment named no ranges. */
  clear(index: number): void {
    if (this.ranges.size === 0) return;
    const known = this.ranges.get(index);
    if (known !== undefined) known[0] = 0;
  }

  /** Bytes in the ranges. */
  bytes(index: number): number {
    if (this.ranges.size === 0) return 0;
    const known = this.ranges.get(index);
    if (known === undefined) return 0;
    let sum = 0;
    for (let i = 0; i < known[0]; i++) {
      const left = known[1 + i * 2];
      const length = (known[2 + i * 2] - left) | 0;
      if (length > 0) sum += length;
    }
    return sum;
  }
}

function word(b: Uint8Array, at: number): number {
  return ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
}
