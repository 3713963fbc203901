import type { Ladder } from '../../shared/model/stream.ts';
import type { Slice } from './app-store.ts';

/** Play mode: the exchange step by step, as if it happened now. */
export interface PlayState {
  /** Index into the ladder's items of the one in play; -1: nothing was sent yet. */
  readonly item: number;
  readonly running: boolean;
}

export interface PlaySlice {
  /** Null outside play mode. */
  readonly play: PlayState | null;
  readonly playSpeed: number;
  /** Enters play mode before the first segment. `running`: goes on by itself. */
  readonly startPlay: (running: boolean) => void;
  readonly isPlaying: () => boolean;
  readonly stopPlay: () => void;
  readonly pausePlay: (paused: boolean) => void;
  /** Puts this item into play and selects its packet in the list. */
  readonly playTo: (item: number) => void;
  readonly playBy: (by: number) => void;
  readonly setPlaySpeed: (speed: number) => void;
}

export const playSpeeds = [0.5, 1, 2, 4] as const;

/** Row of the packet that an item stands for; -1 for one that was not captured. */
export function rowOfItem(ladder: Ladder, item: number): number {
  const at = ladder.items.at(item);
  if (item < 0 || at === undefined || at.kind === 'implied') return -1;
  return at.kind === 'band' ? at.firstRow : at.row;
}

export const createPlaySlice: Slice<PlaySlice> = (set, get) => ({
  play: null,
  playSpeed: 1,
  startPlay(running) {
    if (get().ladder === null) return;
    set({ play: { item: -1, running } });
    get().playTo(running ? -1 : 0);
  },
  isPlaying: () => get().play !== null,
  stopPlay: () => set({ play: null }),
  pausePlay(paused) {
    const { play, ladder } = get();
    if (play === null || ladder === null) return;
    // Started again at the end, it starts over.
    const over = play.item >= ladder.items.length - 1;
    set({ play: { item: over && !paused ? -1 : play.item, running: !paused } });
  },
  playTo(wanted) {
    const { play, ladder } = get();
    if (play === null || ladder === null) return;
    const last = ladder.items.length - 1;
    const item = Math.min(last, Math.max(-1, wanted));
    set({ play: { item, running: play.running && item < last } });
    const row = rowOfItem(ladder, item);
    if (row >= 0) get().selectRow(row, { reveal: true });
  },
  playBy(by) {
    const { play } = get();
    if (play === null) return;
    get().playTo(play.item + by);
  },
  setPlaySpeed: (playSpeed) => set({ playSpeed }),
});
