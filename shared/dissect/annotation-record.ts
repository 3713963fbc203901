import * as v from 'valibot';
import { count } from '../model/schema.ts';
import type { Annotations } from './annotations.ts';
import type { RowSet } from './row-set.ts';

/** Notes about a capture as they are kept in a file: each list holds first and last row of each run. */
export interface AnnotationRecord {
  readonly marked: readonly number[];
  readonly ignored: readonly number[];
  readonly references: readonly number[];
  readonly comments: readonly (readonly [row: number, texts: readonly string[]])[];
}

/** Runs of rows of one kind that are kept and read; beyond them the last ones are lost. */
const maxRuns = 200_000;
/** Rows that a record may speak of: a damaged or hostile one does not fill the memory. */
const maxRow = 100_000_000;

export function recordOf(annotations: Annotations): AnnotationRecord {
  const runs = (rows: RowSet): readonly number[] => rows.ranges().slice(0, 2 * maxRuns);
  return {
    marked: runs(annotations.marked),
    ignored: runs(annotations.ignored),
    references: runs(annotations.references),
    comments: [...annotations.changedComments()],
  };
}

export const isEmpty = (record: AnnotationRecord): boolean =>
  record.marked.length === 0 &&
  record.ignored.length === 0 &&
  record.references.length === 0 &&
  record.comments.length === 0;

const rowNumber = count(maxRow - 1);
const anyList = v.fallback(v.array(v.unknown()), []);
const record = v.object({ marked: anyList, ignored: anyList, references: anyList, comments: anyList });
/** What is no text among the comments of a packet is passed over. */
const commented = v.tuple([rowNumber, v.array(v.fallback(v.nullable(v.string()), null))]);

/** Takes over what a record says; whatever in it cannot be is passed over. */
export function restore(annotations: Annotations, kept: unknown): void {
  const read = v.safeParse(record, kept);
  if (!read.success) return;
  const { marked, ignored, references, comments } = read.output;
  eachRow(marked, (row) => annotations.marked.set(row, true));
  eachRow(ignored, (row) => annotations.ignored.set(row, true));
  eachRow(references, (row) => annotations.setReference(row, true));
  for (const entry of comments) {
    const { success, output } = v.safeParse(commented, entry);
    if (success) {
      const [row, texts] = output;
      annotations.setComments(
        row,
        texts.filter((text) => text !== null),
      );
    }
  }
}

function eachRow(runs: readonly unknown[], take: (row: number) => void): void {
  for (let i = 0; i + 1 < runs.length && i < 2 * maxRuns; i += 2) {
    const [first, last] = [runs[i], runs[i + 1]];
    if (!v.is(rowNumber, first) || !v.is(rowNumber, last)) continue;
    for (let row = first; row <= last; row++) take(row);
  }
}
