/** Rows as bits: as many as one likes cost an eighth of a byte each, up to the highest. */
export class RowSet {
  private words = new Uint32Array(0);
  private count = 0;
  private sorted: Uint32Array | null = null;

  get size(): number {
    return this.count;
  }

  has(row: number): boolean {
    const word = row >>> 5;
    return word < this.words.length && (this.words[word] & (1 << (row & 31))) !== 0;
  }

  set(row: number, on: boolean): void {
    if (this.has(row) === on) return;
    const word = row >>> 5;
    if (word >= this.words.length) {
      const larger = new Uint32Array(Math.max(word + 1, this.words.length * 2, 64));
      larger.set(this.words);
      this.words = larger;
    }
    this.words[word] ^= 1 << (row & 31);
    this.count += on ? 1 : -1;
    this.sorted = null;
  }

  clear(): void {
    this.words = new Uint32Array(0);
    this.count = 0;
    this.sorted = null;
  }

  /** All rows, ascending. */
  rows(): Uint32Array {
    if (this.sorted !== null) return this.sorted;
    const rows = new Uint32Array(this.count);
    let at = 0;
    for (let word = 0; word < this.words.length; word++) {
      for (let bits = this.words[word]; bits !== 0; bits &= bits - 1)
        rows[at++] = word * 32 + (31 - Math.clz32(bits & -bits));
    }
    this.sorted = rows;
    return rows;
  }

  /** The nearest row at or before `row`, -1 none. */
  before(row: number): number {
    if (this.count === 0) return -1;
    const rows = this.rows();
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle] <= row) low = middle + 1;
      else high = middle;
    }
    return low === 0 ? -1 : rows[low - 1];
  }

  /** First and last row of each run of neighbours, one after the other. */
  ranges(): number[] {
    const ranges: number[] = [];
    for (const row of this.rows()) {
      if (ranges.length > 0 && ranges[ranges.length - 1] === row - 1) ranges[ranges.length - 1] = row;
      else ranges.push(row, row);
    }
    return ranges;
  }
}
