import type { DisplayedRows, RowSelection } from '../../shared/model/packet.ts';
import type { Slice } from './app-store.ts';
import { createLatest } from './latest.ts';

export interface DisplayedSlice {
  /** What the packet list shows; null while it shows all rows. */
  readonly displayed: DisplayedRows | null;
  /** Shows only these rows in the packet list; null shows all. */
  readonly showOnly: (selection: RowSelection | null) => void;
}

export const createDisplayedSlice: Slice<DisplayedSlice> = (set, get, { request }) => {
  const latest = createLatest(
    async (selection: RowSelection | null): Promise<DisplayedRows | null> => {
      const id = get().capture?.captureId;
      return id === undefined ? null : request('rows:show', id, selection);
    },
    (selection, displayed, isLatest) => {
      if (isLatest) set({ displayed: selection === null ? null : displayed });
    },
    () => undefined,
  );
  return { displayed: null, showOnly: latest.want };
};
