/** Rows kept: the DNS responses of a capture, no more than this many. */
const maxRows = 1 << 20;

/** The rows that hold DNS responses, in order. Filled by the indexing pass; decoded only when somebody asks for a name. */
export class DnsAnswers {
  private rows = new Uint32Array(256);
  private count = 0;

  /** HOT, for port 53 and 5353 only: the bytes of a DNS message. */
  message(row: number, b: Uint8Array, at: number, end: number): void {
    // A response (RFC 1035 section 4.1.1) with answers.
    if (end - at < 12 || (b[at + 2] & 0x80) === 0 || (b[at + 6] | b[at + 7]) === 0 || this.count >= maxRows) return;
    if (this.count === this.rows.length) {
      const rows = new Uint32Array(this.count * 2);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[this.count++] = row;
  }

  get length(): number {
    return this.count;
  }

  at(index: number): number {
    return this.rows[index];
  }
}
