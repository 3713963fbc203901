import { readFilter } from '../../shared/filter/filter.ts';
import { soughtOf } from '../../shared/filter/find-text.ts';
import { translator } from '../../shared/i18n/translate.ts';
import type { FindQuery } from '../../shared/model/find.ts';
import { type Hit, hitsIn, looksInside } from './find-hits.ts';
import type { Slice } from './slice.ts';
import type { FindSlice } from './state.ts';
import { nodeKeys } from './tree-paths.ts';

const countDelayMs = 250;
const sameHit = (a: Hit, b: Hit): boolean => String(a.path) === String(b.path) && a.bytes?.start === b.bytes?.start;

export const createFindSlice: Slice<FindSlice> = (set, get, { request, idle, backend, whenReset }) => {
  let timer: number | null = null;
  let serial = 0;
  /** Grows with each search for a packet: answers to earlier ones mean nothing any more. */
  let search = 0;
  let awaited: { readonly row: number; readonly query: FindQuery; readonly backwards: boolean } | null = null;
  let endCount: (() => void) | null = null;
  const stopCount = (): void => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
    endCount?.();
    endCount = null;
    serial++;
  };
  const refusalOf = (query: FindQuery): FindSlice['findRefusal'] => {
    if (query.text === '') return null;
    if (query.kind === 'filter')
      return readFilter(query.text, get().catalogue).problems.find((problem) => problem.severity === 'error') ?? null;
    const made = soughtOf(query);
    return 'problem' in made ? made : null;
  };
  const changed = (): void => {
    const { findQuery, capture } = get();
    const findRefusal = refusalOf(findQuery);
    stopCount();
    awaited = null;
    set({ findRefusal, findCount: null, findFailed: false });
    if (capture === null) return;
    if (findQuery.text === '' || findRefusal !== null) {
      void request('find:count', capture.captureId, null, serial);
      return;
    }
    const mine = serial;
    endCount = idle.begin();
    timer = window.setTimeout(() => {
      timer = null;
      void backend.request('find:count', capture.captureId, findQuery, mine);
    }, countDelayMs);
  };
  /** Shows an occurrence: its line, opened from above, and its bytes. */
  const point = (hit: Hit): void => {
    get().setExpanded(nodeKeys(get().detail?.tree ?? [], hit.path.slice(0, -1)), true);
    get().selectNode(hit.path);
    set({ foundHit: hit });
  };
  /** Further occurrences in the same packet come before the next packet. */
  const inPacket = (query: FindQuery, backwards: boolean): boolean => {
    const { detail, selectedRow, selectedPath, foundHit } = get();
    if (detail === null || detail.row !== selectedRow || selectedPath === null) return false;
    const hits = hitsIn(detail, query);
    const exact =
      foundHit !== null && foundHit.path === selectedPath ? hits.findIndex((hit) => sameHit(hit, foundHit)) : -1;
    const here = exact >= 0 ? exact : hits.findIndex((hit) => String(hit.path) === String(selectedPath));
    const next = here < 0 ? undefined : hits[here + (backwards ? -1 : 1)];
    if (next === undefined) return false;
    point(next);
    return true;
  };
  /** The packet was found; its first or last occurrence is shown as soon as its details are here. */
  const pointWhenHere = (): void => {
    const { detail } = get();
    if (awaited === null || detail === null || detail.row !== awaited.row) return;
    const hits = hitsIn(detail, awaited.query);
    const hit = awaited.backwards ? hits.at(-1) : hits[0];
    awaited = null;
    if (hit !== undefined) point(hit);
  };
  whenReset(() => {
    stopCount();
    search++;
    awaited = null;
    set({ findCount: null, finding: false, findFailed: false, foundHit: null });
  });
  return {
    findOpen: false,
    findQuery: { kind: 'string', place: 'list', text: '', caseSensitive: false },
    findRefusal: null,
    findCount: null,
    finding: false,
    foundHit: null,
    findFailed: false,
    findFocus: 0,
    openFind() {
      set({ findOpen: true, findFocus: get().findFocus + 1 });
      if (get().findCount === null) changed();
    },
    closeFind() {
      stopCount();
      const id = get().capture?.captureId;
      if (id !== undefined) void request('find:count', id, null, serial);
      get().cancelFind();
      set({ findOpen: false, findCount: null, findFailed: false });
      get().focusPane('list');
    },
    changeFind(patch) {
      const findQuery = { ...get().findQuery, ...patch };
      set({ findQuery: findQuery.kind === 'hex' ? { ...findQuery, place: 'bytes' } : findQuery });
      changed();
    },
    findNext(backwards) {
      const { findQuery: query, capture, selectedRow, findRefusal } = get();
      if (capture === null) return;
      if (query.text === '' || findRefusal !== null) {
        get().openFind();
        return;
      }
      if (inPacket(query, backwards)) return;
      set({ finding: true, findFailed: false });
      awaited = null;
      const mine = ++search;
      void request('find:next', capture.captureId, query, selectedRow, backwards).then((hit) => {
        if (mine !== search) return;
        set({ finding: false, findFailed: hit !== null && !hit.cancelled && hit.row < 0 });
        if (hit === null || hit.row < 0) return;
        if (hit.wrapped)
          get().notify('good', translator(get().language)(backwards ? 'find.wrapped.end' : 'find.wrapped.start'));
        get().goToRow(hit.row);
        if (looksInside(query)) awaited = { row: hit.row, query, backwards };
        pointWhenHere();
      });
    },
    cancelFind() {
      const { capture, finding } = get();
      if (capture === null || !finding) return;
      search++;
      // Looking for nothing takes the search's place.
      void request('find:next', capture.captureId, { ...get().findQuery, text: '' }, -1, false);
      set({ finding: false });
    },
    findCounted(count) {
      if (count.captureId !== get().capture?.captureId || count.serial !== serial) return;
      set({ findCount: count });
      if (!count.done) return;
      endCount?.();
      endCount = null;
    },
    recountHits() {
      if (get().findOpen) changed();
    },
    findDetailHere: pointWhenHere,
  };
};
