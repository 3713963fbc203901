import type { DisplayedRows, RowSelection } from '../../shared/model/packet.ts';
import type { Slice } from './app-store.ts';

export interface DisplayedSlice {
  /** What the packet list shows; null while it shows all rows. */
  readonly displayed: DisplayedRows | null;
  readonly shownSelection: RowSelection | null;
  /** Shows only these rows in the packet list; null shows all. */
  readonly showOnly: (selection: RowSelection | null) => void;
}

export const createDisplayedSlice: Slice<DisplayedSlice> = (set, get, { request }) => ({
  displayed: null,
  shownSelection: null,
  showOnly(selection) {
    const id = get().capture?.captureId;
    if (id === undefined) return;
    set({ shownSelection: selection });
    void request('rows:show', id, selection).then((displayed) => {
      if (get().shownSelection === selection) set({ displayed: selection === null ? null : displayed });
    });
  },
});
