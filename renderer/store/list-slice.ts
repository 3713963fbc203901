import { translator } from '../../shared/i18n/translate.ts';
import type { RowPage } from '../../shared/model/packet.ts';
import { createLatest } from './latest.ts';
import type { Slice } from './slice.ts';
import type { ListSlice } from './state.ts';

/** A row of the packet list as far as it is here. */
export interface RowCells {
  readonly page: RowPage;
  readonly index: number;
}

const nothingSelected = {
  rowCount: 0,
  selectedRow: -1,
  selectedPosition: -1,
  selectedStream: -1,
  scrollRequest: null,
} as const;

/** The stream of rows whose page is not here is known a moment later. */
const unknownStream = -2;

export const createListSlice: Slice<ListSlice> = (set, get, { rows, idle, followRow, request, whenReset }) => {
  whenReset(() => {
    rows.clear();
    set(nothingSelected);
  });
  /** The page that holds a position, and the place in it. */
  const at = (position: number): RowCells | null => {
    const page = position < 0 ? undefined : rows.peek(position);
    const index = page === undefined ? -1 : position - page.first;
    return page === undefined || index >= page.rows.length ? null : { page, index };
  };
  const reveal = (position: number): Partial<ListSlice> => ({
    scrollRequest: { row: position, serial: (get().scrollRequest?.serial ?? 0) + 1 },
  });
  const streamKnown = (row: number, stream: number): void => {
    if (get().selectedRow !== row) return;
    set({ selectedStream: stream });
    followRow(row, stream);
  };
  /** The row is selected; its place is known or not. */
  const select = (row: number, position: number, show: boolean): void => {
    const here = at(position);
    const shown = show && position >= 0 ? reveal(position) : {};
    if (row === get().selectedRow) {
      set({ selectedPosition: position, ...shown });
      return;
    }
    const stream = here === null ? unknownStream : here.page.streams[here.index];
    set({ selectedRow: row, selectedPosition: position, selectedStream: stream, ...shown });
    get().loadDetail(row);
    if (here !== null) followRow(row, stream);
  };
  const loadStream = createLatest(
    (position: number) => idle.track(rows.load(position)),
    (position, page) => {
      const index = page === undefined ? -1 : position - page.first;
      const here = page !== undefined && index < page.rows.length;
      if (get().selectedPosition === position) streamKnown(get().selectedRow, here ? page.streams[index] : -1);
    },
    () => undefined,
  );
  /**
   * A position far from what was looked at: the mark is there at once, which packet stands there is known when its page
   * is.
   */
  let awaited = -1;
  const selectWhenHere = createLatest(
    (position: number) => idle.track(rows.load(position)),
    (position, page, isLatest) => {
      if (!isLatest) return;
      awaited = -1;
      const index = page === undefined ? -1 : position - page.first;
      if (page !== undefined && index < page.rows.length) select(page.rows[index], position, false);
      else get().placeSelection(false);
    },
    () => {
      awaited = -1;
    },
  );
  const awaitNothing = (): void => {
    awaited = -1;
    selectWhenHere.clear();
    jump.clear();
  };
  const find = async (row: number): Promise<{ readonly position: number; readonly stream: number } | null> => {
    const id = get().capture?.captureId;
    if (id === undefined) return null;
    const position = await request('rows:position', id, row);
    const page = position < 0 ? undefined : await idle.track(rows.load(position));
    return page?.rows[position - page.first] === row
      ? { position, stream: page.streams[position - page.first] }
      : { position: -1, stream: unknownStream };
  };
  /**
   * Whether the row is to be brought into view once its place is known; a later search for the place does not take that
   * back.
   */
  let showPlace = false;
  const place = createLatest(
    find,
    (row, found, isLatest) => {
      if (!isLatest) return;
      const show = showPlace;
      showPlace = false;
      // Meanwhile the user may have moved on.
      if (found === null || get().selectedRow !== row || awaited >= 0) return;
      settle(row, found, show);
    },
    () => undefined,
  );
  const findPlace = (row: number, show: boolean): void => {
    showPlace ||= show;
    place.want(row);
  };
  const settle = (row: number, found: { readonly position: number; readonly stream: number }, show: boolean): void => {
    select(row, found.position, show);
    if (found.stream !== unknownStream && get().selectedStream === unknownStream) streamKnown(row, found.stream);
  };
  const jump = createLatest(
    find,
    (row, found, isLatest) => {
      if (!isLatest || found === null) return;
      if (found.position >= 0) return settle(row, found, true);
      get().showOnly(null);
      get().notify('good', translator(get().language)('packets.shownAgain', { number: row + 1 }));
      select(row, -1, false);
    },
    () => undefined,
  );
  return {
    ...nothingSelected,
    rowsVersion: 0,
    rowsSerial: 0,
    selectRow(row, options) {
      const { displayed, rowCount, order } = get();
      if (row < 0) return;
      if (displayed !== null || order.column !== null) {
        awaitNothing();
        // Its details are wanted at once, wherever it stands.
        select(row, row === get().selectedRow ? get().selectedPosition : -1, false);
        findPlace(row, options?.reveal === true);
        return;
      }
      if (row < rowCount) get().selectPosition(row, options);
    },
    selectPosition(position, options) {
      if (position < 0 || position >= get().rowCount) return;
      awaitNothing();
      const show = options?.reveal === true;
      const here = at(position);
      if (here !== null) select(here.page.rows[here.index], position, show);
      else if (get().displayed !== null || get().order.column !== null) {
        awaited = position;
        set({ selectedPosition: position, ...(show && reveal(position)) });
        selectWhenHere.want(position);
      } else {
        select(position, position, show);
        if (get().selectedStream === unknownStream) loadStream.want(position);
      }
    },
    revealEnd() {
      const { rowCount } = get();
      if (rowCount > 0) set(reveal(rowCount - 1));
    },
    moveSelection(by) {
      const { rowCount, selectedPosition, selectPosition } = get();
      if (rowCount === 0) return;
      selectPosition(selectedPosition < 0 ? 0 : Math.min(rowCount - 1, Math.max(0, selectedPosition + by)), {
        reveal: true,
      });
    },
    goToRow(row) {
      set({ tab: 'packets' });
      if (get().displayed === null && get().order.column === null) get().selectRow(row, { reveal: true });
      else {
        awaitNothing();
        jump.want(row);
      }
    },
    lookAgain() {
      const { selectedRow } = get();
      set({ selectedStream: unknownStream });
      get().loadDetail(selectedRow);
      get().placeSelection(true);
      get().refreshLadder();
    },
    placeSelection(show) {
      const { selectedRow, displayed, order } = get();
      // Other rows stand there now: the position that was waited for means nothing any more.
      if (show) {
        awaited = -1;
        selectWhenHere.clear();
      }
      if (selectedRow < 0) {
        get().selectPosition(0);
        return;
      }
      if (displayed === null && order.column === null) {
        select(selectedRow, selectedRow, show);
        if (get().selectedStream === unknownStream) loadStream.want(selectedRow);
      } else findPlace(selectedRow, show);
    },
  };
};
