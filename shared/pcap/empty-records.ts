import type { RecordSink } from './records.ts';

/**
 * Records without a byte that are kept of a file. A row takes five times as much memory as such a record in the file,
 * and thousands of times as much as packed zeros, which read as nothing but such records.
 */
export const mostEmptyRecords = 1_000_000;

/** Counts the records of a file that hold no byte of a packet. */
export class EmptyRecords {
  private count = 0;

  /** True: this one is only counted, as `empty-records`. */
  leavesOut(capLen: number, offset: number, sink: RecordSink): boolean {
    if (capLen > 0 || ++this.count <= mostEmptyRecords) return false;
    sink.health('empty-records', offset);
    return true;
  }
}
