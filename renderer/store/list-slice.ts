import type { RowPage } from '../../shared/model/packet.ts';
import type { Slice } from './app-store.ts';
import { createLatest } from './latest.ts';

/** A row of the packet list as far as it is here. */
export interface RowCells {
  readonly page: RowPage;
  readonly index: number;
}

export interface ListSlice {
  /** Displayed rows. No filter exists yet, so this is the number of packets and a row's position is its index in the file. */
  readonly rowCount: number;
  /** Grows when pages came in; at most once a frame. */
  readonly rowsVersion: number;
  /** 0-based position of the selected row, -1 for none. */
  readonly selectedRow: number;
  /** TCP stream of the selected row: -1 none, -2 not known yet. */
  readonly selectedStream: number;
  /** Asks the list to bring a row into view. */
  readonly scrollRequest: { readonly row: number; readonly serial: number } | null;
  readonly selectRow: (row: number, options?: { readonly reveal?: boolean }) => void;
  readonly moveSelection: (by: number) => void;
  readonly goToRow: (row: number) => void;
}

/** The stream of rows whose page is not here is known a moment later. */
const unknownStream = -2;

export const createListSlice: Slice<ListSlice> = (set, get, { rows, idle, followRow }) => {
  const latest = createLatest(
    (row: number) => idle.track(rows.load(row)),
    (row, page) => {
      if (get().selectedRow === row) settle(row, page === undefined ? -1 : page.streams[row - page.first]);
    },
    () => undefined,
  );
  const settle = (row: number, stream: number): void => {
    set({ selectedStream: stream });
    followRow(row, stream);
  };
  return {
    rowCount: 0,
    rowsVersion: 0,
    selectedRow: -1,
    selectedStream: -1,
    scrollRequest: null,
    selectRow(row, options) {
      const { rowCount, selectedRow, scrollRequest } = get();
      if (row < 0 || row >= rowCount) return;
      const reveal = options?.reveal === true ? { scrollRequest: { row, serial: (scrollRequest?.serial ?? 0) + 1 } } : {};
      if (row === selectedRow) {
        set(reveal);
        return;
      }
      const page = rows.peek(row);
      const known = page !== undefined && row - page.first < page.rows.length;
      set({ selectedRow: row, selectedStream: known ? page.streams[row - page.first] : unknownStream, ...reveal });
      get().loadDetail(row);
      if (known) followRow(row, page.streams[row - page.first]);
      else latest.want(row);
    },
    moveSelection(by) {
      const { rowCount, selectedRow, selectRow } = get();
      if (rowCount === 0) return;
      selectRow(selectedRow < 0 ? 0 : Math.min(rowCount - 1, Math.max(0, selectedRow + by)), { reveal: true });
    },
    goToRow(row) {
      set({ tab: 'packets' });
      get().selectRow(row, { reveal: true });
    },
  };
};
