import type { PacketCursor, PacketTable } from '../table/packet-table.ts';

/** Reads `length` bytes at `position` of the decompressed file into `target`; answers how many there were. */
export type ReadAt = (target: Uint8Array, length: number, position: number) => number;

/** A reading that jumps about takes little at a time, one that goes on takes more and more. */
const smallest = 8 << 10;
const largest = 512 << 10;

/**
 * Captured bytes of packets that are read more or less in file order: a window on the file that moves along, so that
 * most packets cost no call of the system.
 */
export class PacketBytes {
  private buffer = new Uint8Array(smallest);
  /** What of the file is in `buffer`. */
  private from = 0;
  private until = 0;
  private step = smallest;

  private readonly cursor: PacketCursor;

  constructor(
    table: PacketTable,
    private readonly readAt: ReadAt,
  ) {
    this.cursor = table.cursor();
  }

  /** A window on a buffer that the next call overwrites; shorter than it should be where the file was cut off since. */
  of(row: number): Uint8Array {
    const { fileOffset: offset, capLen: length } = this.cursor.move(row);
    if (offset < this.from || offset + length > this.until) this.move(offset, length);
    const start = offset - this.from;
    return this.buffer.subarray(start, Math.min(start + length, this.until - this.from));
  }

  private move(offset: number, length: number): void {
    const goesOn = offset >= this.from && offset <= this.until + smallest;
    this.step = goesOn ? Math.min(largest, this.step * 2) : smallest;
    const wanted = Math.max(this.step, length);
    if (this.buffer.length < wanted) this.buffer = new Uint8Array(wanted);
    this.from = offset;
    this.until = offset + Math.max(0, this.readAt(this.buffer, wanted, offset));
  }
}
