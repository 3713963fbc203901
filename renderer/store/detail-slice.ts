import type { PacketDetail, TreeNode } from '../../shared/model/packet.ts';
import { createLatest } from './latest.ts';
import type { Slice } from './slice.ts';
import type { DetailSlice } from './state.ts';
import { findByField, innermostAt, nodeAt, nodeKeys } from './tree-paths.ts';

/** The layer that this program is about starts open. */
const openAtFirst: readonly string[] = ['tcp'];

export const selectedNode = (state: DetailSlice): TreeNode | null =>
  state.detail === null || state.selectedPath === null ? null : (nodeAt(state.detail.tree, state.selectedPath) ?? null);

export const createDetailSlice: Slice<DetailSlice> = (set, get, { request, whenReset }) => {
  whenReset(() => get().loadDetail(-1));
  const latest = createLatest(
    async (row: number): Promise<PacketDetail | null> => {
      const id = get().capture?.captureId;
      return id === undefined ? null : request('packet:detail', id, row);
    },
    (_row, detail) => {
      if (detail === null || detail.captureId !== get().capture?.captureId) return;
      // The same field stays selected from packet to packet.
      const previous = selectedNode(get());
      const selectedPath = previous === null || previous.field === '' ? null : findByField(detail.tree, previous.field);
      const node = selectedPath === null ? undefined : nodeAt(detail.tree, selectedPath);
      set({ detail, selectedPath, shownSource: node?.source ?? 0 });
    },
    () => set({ detail: null, selectedPath: null }),
  );
  return {
    detail: null,
    selectedPath: null,
    shownSource: 0,
    expanded: new Set(openAtFirst),
    loadDetail(row) {
      if (row < 0) {
        latest.clear();
        set({ detail: null, selectedPath: null, shownSource: 0 });
      } else latest.want(row);
    },
    selectNode(selectedPath) {
      const { detail, shownSource } = get();
      const node = detail === null || selectedPath === null ? undefined : nodeAt(detail.tree, selectedPath);
      set({ selectedPath, shownSource: node !== undefined && node.length > 0 ? node.source : shownSource });
    },
    selectByte(offset) {
      const { detail, shownSource, expanded } = get();
      if (detail === null) return;
      const path = innermostAt(detail.tree, shownSource, offset);
      if (path === null) return;
      const keys = nodeKeys(detail.tree, path).slice(0, -1);
      set({
        selectedPath: path,
        expanded: keys.every((key) => expanded.has(key)) ? expanded : new Set([...expanded, ...keys]),
      });
    },
    showSource: (shownSource) => set({ shownSource }),
    setExpanded(keys, open) {
      const expanded = new Set(get().expanded);
      for (const key of keys) {
        if (open) expanded.add(key);
        else expanded.delete(key);
      }
      set({ expanded });
    },
  };
};
