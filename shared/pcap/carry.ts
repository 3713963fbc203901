import type { RecordSink } from './records.ts';

/** Reads whole records out of a piece of the file. */
export interface Walker {
  /**
   * Hands every record that is whole in `bytes[from, end)` to the sink.
   * @param base offset in the file of `bytes[0]`
   * @returns where the first record begins that is not whole; `wanted` says how much of it is needed
   */
  walk(bytes: Uint8Array, from: number, end: number, base: number, sink: RecordSink): number;
  /**
   * After `walk` stopped before the end: bytes, from where it stopped, that it needs to go on. Always more than there
   * were.
   */
  readonly wanted: number;
}

const usualSize = 64 << 10;

/**
 * Joins the pieces of a stream: records are read where they lie in the chunk, and only one that straddles two chunks is
 * copied. What is kept grows with the bytes that are really there, whatever length a record claims.
 */
export class Carry {
  private kept = new Uint8Array(usualSize);
  private length = 0;
  /** Offset in the file of the first byte that is kept. */
  private offset = 0;

  feed(chunk: Uint8Array, walker: Walker, sink: RecordSink): void {
    let at = 0;
    while (this.length > 0) {
      const take = Math.min(Math.max(1, walker.wanted - this.length), chunk.length - at);
      this.append(chunk, at, at + take, walker.wanted);
      at += take;
      this.drop(walker.walk(this.kept, 0, this.length, this.offset, sink));
      if (at === chunk.length) return;
    }
    const used = walker.walk(chunk, at, chunk.length, this.offset - at, sink);
    this.offset += used - at;
    this.append(chunk, used, chunk.length, walker.wanted);
  }

  /** Walks what is left when the file has ended. */
  finish(walker: Walker, sink: RecordSink): void {
    if (this.length > 0) this.drop(walker.walk(this.kept, 0, this.length, this.offset, sink));
  }

  /** @param wanted bytes that the record which is not whole is said to have */
  private append(bytes: Uint8Array, from: number, to: number, wanted: number): void {
    const length = this.length + to - from;
    if (length > this.kept.length) {
      const doubled = Math.max(length, this.kept.length * 2);
      // Not twice as many bytes as a record of 100 MB needs.
      const larger = new Uint8Array(wanted > length ? Math.min(doubled, wanted) : doubled);
      larger.set(this.kept.subarray(0, this.length));
      this.kept = larger;
    }
    this.kept.set(bytes.subarray(from, to), this.length);
    this.length = length;
  }

  private drop(count: number): void {
    this.offset += count;
    this.length -= count;
    this.kept.copyWithin(0, count, count + this.length);
    // A rare huge record shall not hold its memory for good.
    if (this.length === 0 && this.kept.length > 64 * usualSize) this.kept = new Uint8Array(usualSize);
  }
}
