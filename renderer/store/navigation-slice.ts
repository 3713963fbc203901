import { countText } from '../../shared/format/quantity.ts';
import { translator } from '../../shared/i18n/translate.ts';
import { createLatest } from './latest.ts';
import type { Slice } from './slice.ts';
import type { NavigationSlice } from './state.ts';

const maxVisited = 500;

export const createNavigationSlice: Slice<NavigationSlice> = (set, get, { request, rows, idle, whenReset }) => {
  let visited: { readonly row: number; readonly step: boolean }[] = [];
  let at = -1;
  /** Row that is being gone back or forward to: reaching it is no new visit. */
  let travelling = -1;
  const tell = (): void => {
    const [canGoBack, canGoForward] = [at > 0, at < visited.length - 1];
    if (canGoBack !== get().canGoBack || canGoForward !== get().canGoForward) set({ canGoBack, canGoForward });
  };
  whenReset(() => {
    visited = [];
    at = -1;
    travelling = -1;
    tell();
  });
  const travel = (by: -1 | 1): void => {
    const to = visited[at + by];
    if (to === undefined) return;
    at += by;
    travelling = to.row;
    set({ tab: 'packets' });
    get().selectRow(to.row, { reveal: true });
    tell();
  };
  const conversation = createLatest(
    async (forward: boolean): Promise<number> => {
      const { capture, selectedRow } = get();
      return capture === null
        ? -1
        : request('rows:in-conversation', capture.captureId, Math.max(0, selectedRow), forward);
    },
    (forward, row) => {
      if (row >= 0) get().goToRow(row);
      else get().notify('good', translator(get().language)(forward ? 'goto.noMore.forward' : 'goto.noMore.back'));
    },
    () => undefined,
  );
  return {
    canGoBack: false,
    canGoForward: false,
    goBack: () => travel(-1),
    goForward: () => travel(1),
    goInConversation: (forward) => conversation.want(forward),
    async goToNearest(row) {
      const { capture, displayed, selectRow } = get();
      if (capture === null) return;
      set({ tab: 'packets' });
      if (displayed === null) {
        selectRow(row, { reveal: true });
        return;
      }
      const before = await request('rows:position', capture.captureId, row);
      const rowAt = async (position: number): Promise<number> => {
        if (position < 0 || position >= get().rowCount) return -1;
        const page = await idle.track(rows.load(position));
        return page?.rows[position - page.first] ?? -1;
      };
      const [low, high] = [await rowAt(before), get().order.column === null ? await rowAt(before + 1) : -1];
      if (capture.captureId !== get().capture?.captureId) return;
      const found = low === row || high < 0 || (low >= 0 && row - low <= high - row) ? low : high;
      const t = translator(get().language);
      if (found < 0) {
        get().notify('good', t('goto.hidden', { number: countText(row + 1) }));
        return;
      }
      get().selectRow(found, { reveal: true });
      if (found !== row)
        get().notify('good', t('goto.nearest', { number: countText(row + 1), shown: countText(found + 1) }));
    },
    rowVisited(row, step) {
      if (row < 0) return;
      if (travelling >= 0) {
        const arrived = travelling === row;
        travelling = -1;
        if (arrived) return;
      }
      // Walking through the list is one way, not a hundred visits.
      const here = visited[at];
      if (here?.row === row) return;
      const kept = step && here?.step === true ? at : at + 1;
      visited = [...visited.slice(Math.max(0, kept - maxVisited), kept), { row, step }];
      at = visited.length - 1;
      tell();
    },
  };
};
