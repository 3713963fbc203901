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
  record.marked.length === 0 && record.ignored.length === 0 && record.references.length === 0 && record.comments.length === 0;

/** Takes over what a record says; whatever in it cannot be is passed over. */
export function restore(annotations: Annotations, record: unknown): void {
  if (typeof record !== 'object' || record === null) return;
  const part = (key: string): readonly unknown[] => {
    const value = (record as Readonly<Record<string, unknown>>)[key];
    return Array.isArray(value) ? value : [];
  };
  eachRow(part('marked'), (row) => annotations.marked.set(row, true));
  eachRow(part('ignored'), (row) => annotations.ignored.set(row, true));
  eachRow(part('references'), (row) => annotations.setReference(row, true));
  for (const entry of part('comments')) {
    if (!Array.isArray(entry) || !isRow(entry[0]) || !Array.isArray(entry[1])) continue;
    annotations.setComments(
      entry[0],
      entry[1].filter((text): text is string => typeof text === 'string'),
    );
  }
}

function eachRow(runs: readonly unknown[], take: (row: number) => void): void {
  for (let i = 0; i + 1 < runs.length && i < 2 * maxRuns; i += 2) {
    const [first, last] = [runs[i], runs[i + 1]];
    if (!isRow(first) || !isRow(last)) continue;
    for (let row = first; row <= last; row++) take(row);
  }
}

const isRow = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < maxRow;
