import { readFilter } from '../../shared/filter/filter.ts';
import { type FindProblem, type Sought, soughtOf } from '../../shared/filter/find-text.ts';
import { translator } from '../../shared/i18n/translate.ts';
import type { FilterProblem } from '../../shared/model/filter.ts';
import type { FindCount, FindQuery } from '../../shared/model/find.ts';
import type { PacketDetail, TreeNode } from '../../shared/model/packet.ts';
import type { Slice } from './app-store.ts';
import { type NodePath, nodeKeys } from './tree-paths.ts';

export interface FindSlice {
  readonly findOpen: boolean;
  readonly findQuery: FindQuery;
  /** Why nothing can be looked for; null while it can, or nothing is asked. */
  readonly findRefusal: { readonly problem: FindProblem; readonly detail: string } | FilterProblem | null;
  readonly findCount: FindCount | null;
  /** A packet is being looked for. */
  readonly finding: boolean;
  /** Nothing was found. */
  readonly findFailed: boolean;
  /** Grows with each request to put the keyboard into the field. */
  readonly findFocus: number;
  readonly openFind: () => void;
  readonly closeFind: () => void;
  readonly changeFind: (patch: Partial<FindQuery>) => void;
  readonly findNext: (backwards: boolean) => void;
  readonly cancelFind: () => void;
  readonly findCounted: (count: FindCount) => void;
}

const countDelayMs = 250;

export const createFindSlice: Slice<FindSlice> = (set, get, { request, idle, backend }) => {
  let timer: number | null = null;
  let serial = 0;
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
    if (query.kind === 'filter') return readFilter(query.text, get().catalogue).problems.find((problem) => problem.severity === 'error') ?? null;
    const made = soughtOf(query);
    return 'problem' in made ? made : null;
  };
  const changed = (): void => {
    const { findQuery, capture } = get();
    const findRefusal = refusalOf(findQuery);
    stopCount();
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
  /** Selects a line of the tree and opens what it stands under. */
  const point = (path: NodePath): void => {
    get().setExpanded(nodeKeys(get().detail?.tree ?? [], path.slice(0, -1)), true);
    get().selectNode(path);
  };
  /** Further hits in the same packet come before the next packet. */
  const inPacket = (query: FindQuery, backwards: boolean): boolean => {
    const { detail, selectedRow, selectedPath } = get();
    if (detail === null || detail.row !== selectedRow || query.kind === 'filter' || query.place === 'list') return false;
    const hits = hitsIn(detail, query);
    const here = hits.findIndex((path) => String(path) === String(selectedPath));
    const next = here < 0 ? -1 : here + (backwards ? -1 : 1);
    if (hits[next] === undefined) return false;
    point(hits[next]);
    return true;
  };
  const showHit = (query: FindQuery, row: number, backwards: boolean): void => {
    if (query.kind === 'filter' || query.place === 'list') return;
    const end = idle.begin();
    const look = (tries: number): void => {
      const { detail } = get();
      if (detail?.row === row) {
        const hits = hitsIn(detail, query);
        const path = backwards ? hits.at(-1) : hits[0];
        if (path !== undefined) point(path);
        end();
      } else if (tries > 0) window.setTimeout(() => look(tries - 1), 20);
      else end();
    };
    look(100);
  };
  return {
    findOpen: false,
    findQuery: { kind: 'string', place: 'list', text: '', caseSensitive: false },
    findRefusal: null,
    findCount: null,
    finding: false,
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
      set({ findOpen: false, findCount: null });
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
      void request('find:next', capture.captureId, query, selectedRow, backwards).then((hit) => {
        if (hit === null || hit.cancelled) {
          if (hit?.cancelled !== true) set({ finding: false });
          return;
        }
        set({ finding: false, findFailed: hit.row < 0 });
        if (hit.row < 0) return;
        if (hit.wrapped) get().notify('good', translator(get().language)(backwards ? 'find.wrapped.end' : 'find.wrapped.start'));
        get().goToRow(hit.row);
        showHit(query, hit.row, backwards);
      });
    },
    cancelFind() {
      const { capture } = get();
      if (capture === null) return;
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
  };
};

/** Tree lines of a packet that have what is looked for, from the top: by their words, or because their bytes hold it. */
function hitsIn(detail: PacketDetail, query: FindQuery): readonly NodePath[] {
  const made = soughtOf(query);
  if ('problem' in made) return [];
  return query.place === 'bytes' || query.kind === 'hex' ? byteHits(detail, made.sought) : lineHits(detail.tree, made.sought);
}

function lineHits(tree: readonly TreeNode[], sought: Sought): readonly NodePath[] {
  const hits: NodePath[] = [];
  const visit = (nodes: readonly TreeNode[], path: NodePath): void => {
    for (const [i, node] of nodes.entries()) {
      const here = [...path, i];
      if (sought.inText(node.label)) hits.push(here);
      visit(node.children, here);
    }
  };
  visit(tree, []);
  return hits;
}

/** The narrowest line around each occurrence in the frame. */
function byteHits(detail: PacketDetail, sought: Sought): readonly NodePath[] {
  const bytes = detail.sources[0]?.bytes;
  if (bytes === undefined) return [];
  const hits = new Map<string, NodePath>();
  for (let from = 0; from < bytes.length && hits.size < 1000; ) {
    const found = sought.placeInBytes(bytes, from);
    if (found === null) break;
    from = found.start + 1;
    let best: NodePath | null = null;
    const visit = (nodes: readonly TreeNode[], path: NodePath): void => {
      for (const [i, node] of nodes.entries()) {
        if (node.source !== 0 || node.length === 0 || node.start > found.start || node.start + node.length < found.start + found.length) continue;
        best = [...path, i];
        visit(node.children, best);
      }
    };
    visit(detail.tree, []);
    if (best !== null) hits.set(String(best), best);
  }
  return [...hits.values()];
}
