import { wider } from './wider.ts';

/**
 * Segments that are kept per direction until they are acknowledged: a capture of one direction only must not keep them
 * all.
 */
const maxKept = 10_000;

/** Compares as unsigned. */
const below = (a: number, b: number): boolean => (a ^ 0x8000_0000) < (b ^ 0x8000_0000);
const after = (a: number, b: number): boolean => ((a - b) | 0) > 0;

/**
 * Numbers per direction in `directions`, and per segment in `nodes`, each set in one cache line. Nodes are kept plus
 * one, 0 none.
 */
const directionBits = 3;
const nodeBits = 2;
const Direction = {
  newest: 0,
  count: 1,
  /** Lowest number of the list: no acknowledgment up to it changes anything. */
  lowest: 2,
  /** 1 where `first` and `last` hold: the lowest and the highest number relative to `spanBase`. */
  spanKnown: 3,
  spanBase: 4,
  first: 5,
  last: 6,
} as const;
const Node = { seq: 0, end: 1, row: 2, older: 3 } as const;

/**
 * Per direction the segments sent and not acknowledged yet, newest first: linked lists in shared typed arrays, so that
 * a segment makes no object. Numbers are raw, as signed 32-bit integers, and compared modulo 2^32. Index: stream * 2 +
 * direction.
 */
export class UnackedSegments {
  private directions = new Int32Array(512 << directionBits);
  private nodes = new Int32Array(1024 << nodeBits);
  private used = 0;
  /** First free node, plus one. */
  private free = 0;

  /** Makes room for a stream. */
  open(stream: number): void {
    if ((stream * 2 + 2) << directionBits > this.directions.length)
      this.directions = wider(new Int32Array(this.directions.length * 2), this.directions);
  }

  /** A segment was sent: numbers `seq` up to, not with, `end`. */
  add(index: number, seq: number, end: number, row: number): void {
    const { directions: d } = this;
    const own = index << directionBits;
    if (d[own + Direction.count] >= maxKept) return;
    const node = this.take();
    const n = this.nodes;
    const at = node << nodeBits;
    const newest = d[own + Direction.newest];
    n[at + Node.seq] = seq;
    n[at + Node.end] = end;
    n[at + Node.row] = row;
    n[at + Node.older] = newest;
    if (newest === 0 || after(d[own + Direction.lowest], seq)) d[own + Direction.lowest] = seq;
    d[own + Direction.newest] = node + 1;
    d[own + Direction.count]++;
    if (newest === 0) d[own + Direction.spanKnown] = 0;
    else if (d[own + Direction.spanKnown] === 1) this.stretch(own, seq, end);
  }

  /**
   * Forgets what `ack` acknowledges; answers the row of the segment that ends exactly there (the oldest such), -1 none.
   */
  acknowledge(index: number, ack: number): number {
    const { directions: d, nodes: n } = this;
    const own = index << directionBits;
    let node = d[own + Direction.newest];
    if (node === 0 || !after(ack, d[own + Direction.lowest])) return -1;
    let acked = -1;
    let newer = -1;
    let lowest = 0;
    let any = false;
    while (node !== 0) {
      const at = (node - 1) << nodeBits;
      const older = n[at + Node.older];
      if (after(n[at + Node.end], ack)) {
        // Acknowledged in part: the rest stays.
        if (after(ack, n[at + Node.seq])) n[at + Node.seq] = ack;
        if (!any || after(lowest, n[at + Node.seq])) lowest = n[at + Node.seq];
        any = true;
        newer = at;
      } else {
        if (n[at + Node.end] === ack) acked = n[at + Node.row];
        if (newer < 0) d[own + Direction.newest] = older;
        else n[newer + Node.older] = older;
        n[at + Node.older] = this.free;
        this.free = node;
        d[own + Direction.count]--;
      }
      node = older;
    }
    d[own + Direction.lowest] = lowest;
    d[own + Direction.spanKnown] = 0;
    return acked;
  }

  /** Row of the oldest kept segment; -1 where none is kept. */
  oldest(index: number): number {
    let row = -1;
    for (let node = this.directions[(index << directionBits) + Direction.newest]; node !== 0; ) {
      const at = (node - 1) << nodeBits;
      row = this.nodes[at + Node.row];
      node = this.nodes[at + Node.older];
    }
    return row;
  }

  /** Bytes from the lowest number kept to the highest, both relative to `base`. */
  span(index: number, base: number): number {
    const { directions: d, nodes: n } = this;
    const own = index << directionBits;
    if (d[own + Direction.spanKnown] === 0 || d[own + Direction.spanBase] !== base) {
      const newest = d[own + Direction.newest];
      if (newest === 0) return 0;
      const at = (newest - 1) << nodeBits;
      d[own + Direction.spanKnown] = 1;
      d[own + Direction.spanBase] = base;
      d[own + Direction.first] = n[at + Node.seq] - base;
      d[own + Direction.last] = n[at + Node.end] - base;
      for (let node = n[at + Node.older]; node !== 0; ) {
        const older = (node - 1) << nodeBits;
        this.stretch(own, n[older + Node.seq], n[older + Node.end]);
        node = n[older + Node.older];
      }
    }
    return (d[own + Direction.last] - d[own + Direction.first]) >>> 0;
  }

  private stretch(own: number, seq: number, end: number): void {
    const { directions: d } = this;
    const base = d[own + Direction.spanBase];
    const from = (seq - base) | 0;
    const to = (end - base) | 0;
    if (below(from, d[own + Direction.first])) d[own + Direction.first] = from;
    if (below(d[own + Direction.last], to)) d[own + Direction.last] = to;
  }

  private take(): number {
    if (this.free !== 0) {
      const node = this.free - 1;
      this.free = this.nodes[(node << nodeBits) + Node.older];
      return node;
    }
    if (this.used << nodeBits === this.nodes.length)
      this.nodes = wider(new Int32Array(this.nodes.length * 2), this.nodes);
    return this.used++;
  }
}
