import { translator } from '../../shared/i18n/translate.ts';
import type { FilterProgress } from '../../shared/model/filter.ts';
import type { DisplayedRows, RowSelection } from '../../shared/model/packet.ts';
import { fileOrder } from '../../shared/model/packet.ts';
import { createLatest } from './latest.ts';
import type { Slice } from './slice.ts';
import type { DisplayedSlice } from './state.ts';

export const createDisplayedSlice: Slice<DisplayedSlice> = (set, get, { request, rows, idle, whenReset }) => {
  /** Other rows were shown for a moment, and pages of them may have come in. */
  let passedOver = false;
  /** Reports of a filter may overtake the answer that began it: the newest of each is kept for then. */
  let early: FilterProgress | null = null;
  /** While a filter is being applied, or rows are read to be sorted, the window is not idle. */
  let endScan: (() => void) | null = null;
  let endSort: (() => void) | null = null;
  const scanned = (scan: FilterProgress | null): void => {
    if (scan?.state === 'scanning') endScan ??= idle.begin();
    else {
      endScan?.();
      endScan = null;
    }
  };
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
      const all = selection === null || answer.filter === '';
      const newer = early !== null && early.serial === answer.scan?.serial ? early : null;
      early = null;
      const displayed = all ? null : newer === null ? answer : { ...answer, count: newer.matched, scan: newer };
      // The same rows, more of them: what is on screen stays.
      if (displayed !== null && before?.filter === displayed.filter && before.scan === null && !passedOver)
        rows.invalidate();
      else rows.clear();
      passedOver = false;
      // A report of progress may have overtaken the answer.
      const rowCount =
        displayed === null
          ? get().order.column === null
            ? Math.max(answer.count, progress?.packets ?? 0)
            : answer.count
          : displayed.count;
      scanned(displayed?.scan ?? null);
      set({ displayed, rowCount, rowsSerial: get().rowsSerial + 1 });
      if ((before?.filter ?? '') !== (displayed?.filter ?? '')) get().filterShown(displayed?.filter ?? '');
      get().placeSelection(before?.filter !== displayed?.filter);
    },
    () => undefined,
  );
  const shownAnew = (): void => {
    rows.clear();
    set({ rowsSerial: get().rowsSerial + 1 });
    get().placeSelection(true);
  };
  // All rows of the other capture, in file order.
  whenReset(() => {
    scanned(null);
    endSort?.();
    endSort = null;
    early = null;
    set({ displayed: null, selection: null, order: fileOrder, sorting: null });
    get().filterShown('');
  });
  return {
    displayed: null,
    selection: null,
    order: fileOrder,
    sorting: null,
    showOnly(selection) {
      set({ selection });
      latest.want(selection);
    },
    applyFilter(text) {
      get().showOnly(text.trim() === '' ? null : { filter: text, selectedRow: get().selectedRow });
    },
    cancelFilter() {
      const id = get().capture?.captureId;
      if (id !== undefined && get().displayed?.scan?.state === 'scanning') void request('filter:cancel', id);
    },
    filterProgressed(scan) {
      const { displayed, capture, order, rowsSerial } = get();
      if (capture?.captureId !== scan.captureId) return;
      if (displayed?.scan == null || displayed.scan.serial !== scan.serial) {
        early = scan;
        return;
      }
      scanned(scan);
      const grew = scan.matched !== displayed.count;
      const more = { displayed: { ...displayed, count: scan.matched, scan } };
      if (!grew) {
        set(more);
        return;
      }
      rows.invalidate();
      set({ ...more, rowCount: scan.matched, rowsSerial: rowsSerial + 1 });
      if (order.column !== null || get().selectedPosition < 0) get().placeSelection(false);
    },
    sortBy(column, descending) {
      const id = get().capture?.captureId;
      if (id === undefined) return;
      endSort?.();
      endSort = null;
      set({ order: { column, descending }, sorting: null });
      void request('rows:sort', id, column, descending).then((progress) => {
        if (progress !== null) get().rowsSorted(progress);
      });
    },
    rowsSorted(sorting) {
      const { order, capture } = get();
      if (
        sorting.captureId !== capture?.captureId ||
        sorting.column !== order.column ||
        sorting.descending !== order.descending
      )
        return;
      if (sorting.state === 'preparing') {
        endSort ??= idle.begin();
        set({ sorting });
        return;
      }
      endSort?.();
      endSort = null;
      set({ sorting: null, ...(sorting.state === 'refused' && { order: fileOrder }) });
      if (sorting.state === 'refused') get().notify('bad', translator(get().language)('columns.notSorted'));
      if (get().displayed === null) set({ rowCount: sorting.total });
      shownAnew();
    },
    rowsNamed(captureId) {
      if (captureId !== get().capture?.captureId) return;
      rows.invalidate();
      set({ rowsSerial: get().rowsSerial + 1 });
    },
    refreshDisplayed() {
      const { selection } = get();
      if (selection !== null && 'stream' in selection) latest.want(selection);
    },
  };
};
