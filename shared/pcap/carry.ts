/**
 * Joins the pieces of a stream: whole records are read where they lie in the chunk, and only one that straddles two chunks is copied.
 */
export class Carry {
  private kept = new Uint8Array(4096);
  private length = 0;
  /** Room to join in, used again for each chunk. */
  private room = new Uint8Array(0);
  /** Offset in the file of the first byte that `join` returned last. */
  offset = 0;

  /** What was kept followed by `chunk`; just `chunk` where nothing was kept. */
  join(chunk: Uint8Array): Uint8Array {
    if (this.length === 0) return chunk;
    const total = this.length + chunk.length;
    if (this.room.length < total) this.room = new Uint8Array(total + (total >> 3));
    this.room.set(this.kept.subarray(0, this.length));
    this.room.set(chunk, this.length);
    return this.room.subarray(0, total);
  }

  /** Keeps `bytes[used, end)` for the next time. */
  keep(bytes: Uint8Array, used: number): void {
    const rest = bytes.length - used;
    if (rest > this.kept.length) this.kept = new Uint8Array(rest * 2);
    this.kept.set(bytes.subarray(used));
    this.length = rest;
    this.offset += used;
  }

  get pending(): number {
    return this.length;
  }
}
