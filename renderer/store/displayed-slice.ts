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
  const latest = createLatest(
    async (selection: RowSelection | null): Promise<DisplayedRows | null> => {
      const id = get().capture?.captureId;
      return id === undefined ? null : request('rows:show', id, selection);
    },
    (selection, answer, isLatest) => {
      if (!isLatest || answer === null || answer.captureId !== get().capture?.captureId) return;
      const before = get().displayed;
      const displayed = selection === null ? null : answer;
      // The same rows, more of them: what is on screen stays.
      if (displayed !== null && before?.filter === displayed.filter) rows.invalidate();
      else rows.clear();
      set({ displayed, rowCount: answer.count, rowsSerial: get().rowsSerial + 1 });
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
