import { combined } from '../../shared/filter/combine.ts';
import { readFilter } from '../../shared/filter/filter.ts';
import { filterOfNode } from '../../shared/filter/of-node.ts';
import { inWords } from '../../shared/filter/words.ts';
import type { Slice } from './slice.ts';
import type { FilterBarSlice } from './state.ts';

/** What a dragged tree line carries: a filter. */
export const filterDragType = 'application/x-handshark-filter';

const maxRecent = 50;
const maxSaved = 500;
const maxTrail = 200;
/** Milliseconds without a key before matches are counted. */
const countDelayMs = 200;

export const createFilterBarSlice: Slice<FilterBarSlice> = (set, get, { request, idle, whenReset }) => {
  whenReset(() => set({ filterTrail: [''], filterTrailAt: 0 }));
  let timer: number | null = null;
  let endCounting: (() => void) | null = null;
  let counting = -1;
  const stopCounting = (): void => {
    if (timer !== null) window.clearTimeout(timer);
    timer = null;
    endCounting?.();
    endCounting = null;
  };
  const read = (draft: string): void => {
    const { problems, filter } = readFilter(draft, get().catalogue);
    set({
      draft,
      problems,
      draftWords: filter === null || filter.tree === null ? null : inWords(filter.tree, draft),
      draftCount: null,
    });
    stopCounting();
    const { capture, displayed, selectedRow } = get();
    if (capture === null || filter === null || filter.tree === null || draft === (displayed?.filter ?? '')) return;
    endCounting = idle.begin();
    timer = window.setTimeout(() => {
      timer = null;
      void request('filter:count', capture.captureId, draft, selectedRow).then((progress) => {
        if (get().draft !== draft) return;
        if (progress === null) return stopCounting();
        counting = progress.serial;
        get().filterCounted(progress);
      });
    }, countDelayMs);
  };
  const remember = (text: string): void => {
    const { settings, filterTrail, filterTrailAt } = get();
    if (text !== '')
      get().updateSettings({
        recentFilters: [text, ...settings.recentFilters.filter((known) => known !== text)].slice(0, maxRecent),
      });
    if (filterTrail[filterTrailAt] === text) return;
    const trail = [...filterTrail.slice(0, filterTrailAt + 1), text].slice(-maxTrail);
    set({ filterTrail: trail, filterTrailAt: trail.length - 1 });
  };
  const goTo = (at: number): void => {
    const text = get().filterTrail[at];
    if (text === undefined) return;
    set({ filterTrailAt: at });
    read(text);
    get().applyFilter(text);
  };
  return {
    catalogue: new Map(),
    draft: '',
    problems: [],
    draftWords: null,
    draftCount: null,
    filterTrail: [''],
    filterTrailAt: 0,
    filterFocus: 0,
    loadCatalogue() {
      if (get().catalogue.size > 0) return;
      void request('catalogue:get').then((fields) => {
        set({ catalogue: new Map(fields.map((field) => [field.name, field])) });
        read(get().draft);
      });
    },
    editDraft: read,
    applyDraft() {
      const { draft, catalogue } = get();
      if (readFilter(draft, catalogue).filter === null) return;
      stopCounting();
      const text = draft.trim();
      if (text !== draft) set({ draft: text });
      remember(text);
      get().applyFilter(text);
    },
    joinFilter(filter, how, apply) {
      if (filter === '') return;
      read(combined(get().draft, filter, how));
      if (apply) get().applyDraft();
      else get().focusFilter();
    },
    filterForNode: (node) => filterOfNode(node, get().catalogue, get().detail?.sources[0]?.bytes ?? new Uint8Array(0)),
    undoFilter: () => goTo(get().filterTrailAt - 1),
    redoFilter: () => goTo(get().filterTrailAt + 1),
    clearFilter() {
      read('');
      get().applyDraft();
    },
    saveFilter(name) {
      const { settings, draft } = get();
      if (draft.trim() === '' || name.trim() === '') return;
      const entry = { name: name.trim(), filter: draft.trim() };
      const known = settings.savedFilters.findIndex((other) => other.name === entry.name);
      // A name that is there already keeps its place.
      const savedFilters =
        known < 0
          ? [...settings.savedFilters, entry].slice(-maxSaved)
          : settings.savedFilters.map((other, i) => (i === known ? entry : other));
      get().updateSettings({ savedFilters });
    },
    removeSavedFilter(filter) {
      get().updateSettings({ savedFilters: get().settings.savedFilters.filter((known) => known.name !== filter.name) });
    },
    moveSavedFilter(filter, by) {
      const list = get().settings.savedFilters;
      const from = list.findIndex((known) => known.name === filter.name);
      const to = from + by;
      if (from < 0 || to < 0 || to >= list.length) return;
      const rest = list.filter((_, i) => i !== from);
      get().updateSettings({ savedFilters: [...rest.slice(0, to), list[from], ...rest.slice(to)] });
    },
    forgetRecentFilters: () => get().updateSettings({ recentFilters: [] }),
    focusFilter: () => set({ filterFocus: get().filterFocus + 1 }),
    filterCounted(progress) {
      if (progress.filter !== get().draft || progress.serial !== counting) return;
      set({ draftCount: progress });
      if (progress.state !== 'scanning') stopCounting();
    },
    filterShown(text) {
      if (text === get().draft) return;
      const { problems, filter } = readFilter(text, get().catalogue);
      stopCounting();
      set({
        draft: text,
        problems,
        draftWords: filter === null || filter.tree === null ? null : inWords(filter.tree, text),
        draftCount: null,
      });
    },
  };
};
