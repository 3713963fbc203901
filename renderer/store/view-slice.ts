import type { Slice } from './app-store.ts';

export type MainTab = 'packets' | 'streams' | 'handshake';
export type DialogName = 'go-to-packet' | 'shortcuts' | 'about' | 'columns' | 'comments' | 'save-as' | 'palette' | 'colouring' | 'capture' | 'lab' | 'decode-as';
export type FocusTarget = 'list' | 'details' | 'bytes' | 'handshake';

export interface ContextMenuItem {
  readonly label: string;
  readonly shortcut?: string;
  readonly disabled?: boolean;
  readonly separated?: boolean;
  readonly run?: () => void;
  /** In place of `run`: what a menu beside it offers. */
  readonly items?: readonly ContextMenuItem[];
}
/** A menu is opened with its items: they are texts and actions of one moment. */
export interface ContextMenu {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly items: readonly ContextMenuItem[];
}

export interface ViewSlice {
  readonly tab: MainTab;
  readonly dialog: DialogName | null;
  readonly contextMenu: ContextMenu | null;
  readonly healthOpen: boolean;
  /** Set when the strip at the top was put away for this capture. */
  readonly healthHidden: boolean;
  /** Grows with each request to put the keyboard into a pane. */
  readonly focusRequest: { readonly target: FocusTarget; readonly serial: number } | null;
  readonly dropping: boolean;
  /** Too narrow for a docked handshake panel: it is a tab then. */
  readonly narrow: boolean;
  readonly setNarrow: (narrow: boolean) => void;
  readonly setTab: (tab: MainTab) => void;
  readonly showDialog: (dialog: DialogName | null) => void;
  readonly showContextMenu: (menu: ContextMenu | null) => void;
  readonly setHealthOpen: (open: boolean) => void;
  readonly hideHealth: () => void;
  readonly focusPane: (target: FocusTarget) => void;
  /** Commands that were run from the palette, the last one first. */
  readonly recentCommands: readonly string[];
  readonly commandUsed: (id: string) => void;
  readonly setDropping: (dropping: boolean) => void;
  readonly copyText: (text: string) => void;
}

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
    commandUsed: (id) => set({ recentCommands: [id, ...get().recentCommands.filter((known) => known !== id)].slice(0, 8) }),
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
