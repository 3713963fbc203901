import type { DisplayedRows, RowSelection } from '../../shared/model/packet.ts';
import type { Slice } from './app-store.ts';
import { createLatest } from './latest.ts';

export interface DisplayedSlice {
  /** What the packet list shows; null while it shows all rows. */
  readonly displayed: DisplayedRows | null;
  /** What was asked for last; null all rows. */
  readonly selection: RowSelection | null;
  /** Shows only these rows in the packet list; null shows all. The selected packet stays selected. */
  readonly showOnly: (selection: RowSelection | null) => void;
  /** The capture has grown: what is shown may have, too. */
  readonly refreshDisplayed: () => void;
}

export const createDisplayedSlice: Slice<DisplayedSlice> = (set, get, { request, rows }) => {
  /** Other rows were shown for a moment, and pages of them may have come in. */
  let passedOver = false;
  const latest = createLatest(
    async (selection: RowSelection | null): Promise<DisplayedRows | null> => {
      const id = get().capture?.captureId;
      return id === undefined ? null : request('rows:show', id, selection);
    },
    (selection, answer, isLatest) => {
      if (answer === null || answer.captureId !== get().capture?.captureId) return;
      if (!isLatest) {
        passedOver = true;
        return;
      }
      const { displayed: before, progress } = get();
      const displayed = selection === null ? null : answer;
      // The same rows, more of them: what is on screen stays.
      if (displayed !== null && before?.filter === displayed.filter && !passedOver) rows.invalidate();
      else rows.clear();
      passedOver = false;
      // A report of progress may have overtaken the answer.
      const rowCount = selection === null ? Math.max(answer.count, progress?.packets ?? 0) : answer.count;
      set({ displayed, rowCount, rowsSerial: get().rowsSerial + 1 });
      get().placeSelection(before?.filter !== displayed?.filter);
    },
    () => undefined,
  );
  return {
    displayed: null,
    selection: null,
    showOnly(selection) {
      set({ selection });
      latest.want(selection);
    },
    refreshDisplayed() {
      if (get().selection !== null) latest.want(get().selection);
    },
  };
};
