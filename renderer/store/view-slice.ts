import type { Slice } from './slice.ts';
import type { ViewSlice } from './state.ts';

export const createViewSlice: Slice<ViewSlice> = (set, get, { request, whenReset }) => {
  whenReset(() => set({ tab: 'packets', contextMenu: null, healthOpen: false, healthHidden: false }));
  return {
    tab: 'packets',
    dialog: null,
    contextMenu: null,
    healthOpen: false,
    healthHidden: false,
    focusRequest: null,
    dropping: false,
    narrow: false,
    recentCommands: [],
    commandUsed: (id) =>
      set({ recentCommands: [id, ...get().recentCommands.filter((known) => known !== id)].slice(0, 8) }),
    setNarrow: (narrow) => set(narrow || get().tab !== 'handshake' ? { narrow } : { narrow, tab: 'packets' }),
    setTab: (tab) => set({ tab }),
    showDialog: (dialog) => set({ dialog, contextMenu: null }),
    showContextMenu: (contextMenu) => set({ contextMenu }),
    setHealthOpen: (healthOpen) => set({ healthOpen }),
    hideHealth: () => set({ healthHidden: true, healthOpen: false }),
    focusPane: (target) => set({ focusRequest: { target, serial: (get().focusRequest?.serial ?? 0) + 1 } }),
    setDropping: (dropping) => set({ dropping }),
    copyText: (text) => void request('clipboard:write', text),
  };
};
