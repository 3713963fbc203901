/**
 * Rows that hold DNS responses over UDP (ports 53 and 5353, QR bit set), in file order: four bytes each, nothing for
 * any other packet. They are decoded only when somebody asks for a name. Filled by the indexing pass.
 */
export class DnsAnswers {
  private rows = new Uint32Array(64);
  private filled = 0;

  get count(): number {
    return this.filled;
  }

  add(row: number): void {
    if (this.filled === this.rows.length) {
      const larger = new Uint32Array(this.filled * 2);
      larger.set(this.rows);
      this.rows = larger;
    }
    this.rows[this.filled++] = row;
  }

  /** The row of a response, counted from 0. */
  at(index: number): number {
    return this.rows[index];
  }

  /** The last `most` of those rows that lie before `row`, newest first. */
  *before(row: number, most: number): Generator<number> {
    let low = 0;
    let high = this.filled;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.rows[middle] < row) low = middle + 1;
      else high = middle;
    }
    for (let i = low - 1; i >= 0 && i >= low - most; i--) yield this.rows[i];
  }
}
