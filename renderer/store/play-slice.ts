import type { Ladder } from '../../shared/model/stream.ts';
import type { Slice } from './slice.ts';
import type { PlaySlice } from './state.ts';

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
