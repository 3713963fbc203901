import { wider } from './wider.ts';

/** Segments that are kept per direction until they are acknowledged: a capture of one direction only must not keep them all. */
const maxKept = 10_000;

const after = (a: number, b: number): boolean => ((a - b) | 0) > 0;

/**
 * Per direction the segments sent and not acknowledged yet, newest first: linked lists in shared typed arrays, so that a segment makes no object.
 * Numbers are raw and compared modulo 2^32. Index: stream * 2 + direction.
 */
export class UnackedSegments {
  private heads = new Int32Array(512).fill(-1);
  private counts = new Uint16Array(512);
  /** Lowest number of the list: no acknowledgment up to it changes anything. */
  private lowest = new Uint32Array(512);
  /** Lowest and highest number relative to `spanBase`, where `spanKnown`. */
  private spanKnown = new Uint8Array(512);
  private spanBase = new Uint32Array(512);
  private first = new Uint32Array(512);
  private last = new Uint32Array(512);
  private capacity = 1024;
  private used = 0;
  private free = -1;
  private seq = new Uint32Array(this.capacity);
  private end = new Uint32Array(this.capacity);
  private row = new Int32Array(this.capacity);
  private older = new Int32Array(this.capacity);

  /** Makes room for a stream. */
  open(stream: number): void {
    const wanted = stream * 2 + 2;
    if (wanted <= this.heads.length) return;
    let size = this.heads.length;
    while (size < wanted) size *= 2;
    this.heads = wider(new Int32Array(size).fill(-1), this.heads);
    this.counts = wider(new Uint16Array(size), this.counts);
    this.lowest = wider(new Uint32Array(size), this.lowest);
    this.spanKnown = wider(new Uint8Array(size), this.spanKnown);
    this.spanBase = wider(new Uint32Array(size), this.spanBase);
    this.first = wider(new Uint32Array(size), this.first);
    this.last = wider(new Uint32Array(size), this.last);
  }

  /** A segment was sent: numbers `seq` up to, not with, `end`. */
  add(index: number, seq: number, end: number, row: number): void {
    if (this.counts[index] >= maxKept) return;
    const node = this.take();
    const head = this.heads[index];
    this.seq[node] = seq;
    this.end[node] = end;
    this.row[node] = row;
    this.older[node] = head;
    if (head < 0 || after(this.lowest[index], seq)) this.lowest[index] = seq;
    this.heads[index] = node;
    this.counts[index]++;
    if (this.spanKnown[index] === 1) this.stretch(index, seq, end);
  }

  /** Forgets what `ack` acknowledges; answers the row of the segment that ends exactly there (the oldest such), -1 none. */
  acknowledge(index: number, ack: number): number {
    let node = this.heads[index];
    if (node < 0 || !after(ack, this.lowest[index])) return -1;
    let acked = -1;
    let newer = -1;
    let lowest = 0;
    let any = false;
    while (node >= 0) {
      const older = this.older[node];
      if (after(this.end[node], ack)) {
        // Acknowledged in part: the rest stays.
        if (after(ack, this.seq[node])) this.seq[node] = ack;
        if (!any || after(lowest, this.seq[node])) lowest = this.seq[node];
        any = true;
        newer = node;
      } else {
        if (this.end[node] === ack) acked = this.row[node];
        if (newer < 0) this.heads[index] = older;
        else this.older[newer] = older;
        this.older[node] = this.free;
        this.free = node;
        this.counts[index]--;
      }
      node = older;
    }
    this.lowest[index] = lowest;
    this.spanKnown[index] = 0;
    return acked;
  }

  /** Row of the oldest kept segment; -1 where none is kept. */
  oldest(index: number): number {
    let row = -1;
    for (let node = this.heads[index]; node >= 0; node = this.older[node]) row = this.row[node];
    return row;
  }

  /** Bytes from the lowest number kept to the highest, both relative to `base`. */
  span(index: number, base: number): number {
    if (this.spanKnown[index] === 0 || this.spanBase[index] !== base) {
      const head = this.heads[index];
      if (head < 0) return 0;
      this.spanKnown[index] = 1;
      this.spanBase[index] = base;
      this.first[index] = this.seq[head] - base;
      this.last[index] = this.end[head] - base;
      for (let node = this.heads[index]; node >= 0; node = this.older[node]) this.stretch(index, this.seq[node], this.end[node]);
    }
    return (this.last[index] - this.first[index]) >>> 0;
  }

  private stretch(index: number, seq: number, end: number): void {
    const base = this.spanBase[index];
    const from = (seq - base) >>> 0;
    const to = (end - base) >>> 0;
    if (from < this.first[index]) this.first[index] = from;
    if (to > this.last[index]) this.last[index] = to;
  }

  private take(): number {
    if (this.free >= 0) {
      const node = this.free;
      this.free = this.older[node];
      return node;
    }
    if (this.used === this.capacity) {
      this.capacity *= 2;
      const { capacity } = this;
      this.seq = wider(new Uint32Array(capacity), this.seq);
      this.end = wider(new Uint32Array(capacity), this.end);
      this.row = wider(new Int32Array(capacity), this.row);
      this.older = wider(new Int32Array(capacity), this.older);
    }
    return this.used++;
  }
}
