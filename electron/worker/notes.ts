import { type AnnotationRecord, recordOf, restore } from '../../shared/dissect/annotation-record.ts';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { RowSet } from '../../shared/dissect/row-set.ts';
import type { AnnotationChange, AnnotationCounts, NoteKind } from '../../shared/model/annotations.ts';
import type { DisplayedRows } from './displayed-rows.ts';
import type { NotesFile } from './notes-file.ts';

/** What the user notes about the packets of one open capture. Kept in a file at each change. */
export class Notes {
  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
    private readonly displayed: DisplayedRows,
    /** Null: nothing is kept. */
    private readonly file: NotesFile | null,
    /** What was noted before, where the file has nothing. */
    carried: AnnotationRecord | null,
  ) {
    const kept = file?.read() ?? null;
    restore(store.annotations, kept ?? carried);
    if (kept === null && carried !== null) file?.write(carried);
  }

  counts(): AnnotationCounts {
    const { annotations } = this.store;
    const { marked, ignored, references, commented } = annotations;
    return {
      captureId: this.captureId,
      marked: marked.size,
      ignored: ignored.size,
      references: references.size,
      commented,
      unsaved: annotations.unsaved().length,
    };
  }

  change(change: AnnotationChange): AnnotationCounts {
    const { annotations, table } = this.store;
    if (change.kind === 'comments') {
      if (change.row < table.length) annotations.setComments(change.row, change.texts);
    } else {
      const rows = this.rowsOf(change.kind);
      const put = (row: number, on: boolean): void => {
        if (row >= table.length) return;
        if (change.kind === 'reference') annotations.setReference(row, on);
        else rows.set(row, on);
      };
      if (change.rows === 'all') rows.clear();
      else if (change.rows === 'displayed')
        for (let position = 0; position < this.displayed.count; position++)
          put(this.displayed.rowAt(position), change.on);
      else for (const row of change.rows) put(row, change.on ?? !rows.has(row));
    }
    this.file?.write(recordOf(annotations));
    return this.counts();
  }

  comments(row: number): readonly string[] {
    return this.store.annotations.comments(row);
  }

  /**
   * The next displayed row of a kind in the direction given, from the other end where there is none; -1 where none is
   * displayed.
   */
  next(kind: Exclude<NoteKind, 'ignore'>, row: number, forward: boolean): number {
    const rows = this.rowsOf(kind)
      .rows()
      .filter((each) => this.isDisplayed(each));
    if (rows.length === 0) return -1;
    if (forward) return rows.find((each) => each > row) ?? rows[0];
    return rows.findLast((each) => each < row) ?? rows[rows.length - 1];
  }

  /**
   * The nearest displayed row of the same conversation before or after a row, -1 none. Where the row has no transport
   * conversation: the same pair of addresses.
   */
  inConversation(row: number, forward: boolean): number {
    const { table } = this.store;
    if (row >= table.length) return -1;
    const stream = table.get('stream', row);
    const transport = table.get('transport', row);
    const [a, b] = [table.get('src', row), table.get('dst', row)];
    const fits = (other: number): boolean => {
      if (stream >= 0) return table.get('stream', other) === stream && table.get('transport', other) === transport;
      const [c, d] = [table.get('src', other), table.get('dst', other)];
      return table.get('stream', other) < 0 && a !== 0 && ((a === c && b === d) || (a === d && b === c));
    };
    const { displayed } = this;
    const from = displayed.positionOf(row);
    if (forward) {
      for (let position = from + 1; position < displayed.count; position++)
        if (fits(displayed.rowAt(position))) return displayed.rowAt(position);
    } else {
      const before = displayed.rowAt(from) === row ? from - 1 : from;
      for (let position = before; position >= 0; position--)
        if (fits(displayed.rowAt(position))) return displayed.rowAt(position);
    }
    return -1;
  }

  private rowsOf(kind: NoteKind): RowSet {
    const { marked, ignored, references } = this.store.annotations;
    return kind === 'mark' ? marked : kind === 'ignore' ? ignored : references;
  }

  private isDisplayed(row: number): boolean {
    const position = this.displayed.positionOf(row);
    return position >= 0 && position < this.displayed.count && this.displayed.rowAt(position) === row;
  }
}
