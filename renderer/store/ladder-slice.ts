import type { Ladder } from '../../shared/model/stream.ts';
import { createLatest } from './latest.ts';
import type { Slice } from './slice.ts';
import type { LadderSlice } from './state.ts';

export const createLadderSlice: Slice<LadderSlice> = (set, get, { request, whenReset }) => {
  whenReset(() => {
    get().showLadder(-1);
    set({ ladderState: 'none' });
  });
  const latest = createLatest(
    async (stream: number): Promise<Ladder | null> => {
      const id = get().capture?.captureId;
      return id === undefined ? null : request('tcp:ladder', id, stream);
    },
    (stream, ladder, isLatest) => {
      if (!isLatest || stream !== get().ladderStream) return;
      const shown = get().ladder;
      const isRefresh = shown !== null && shown.stream === stream && shown.captureId === ladder?.captureId;
      if (!isRefresh) {
        get().stopPlay();
        get().closeBands();
      }
      if (ladder === null) set({ ladder: null, ladderState: 'gone' });
      // While packets come in it is asked for again and again: the same one is not drawn again.
      else
        set({
          ladder: isRefresh && JSON.stringify(shown) === JSON.stringify(ladder) ? shown : ladder,
          ladderState: 'shown',
        });
    },
    () => set({ ladder: null, ladderState: 'gone' }),
  );
  return {
    ladderStream: -1,
    ladder: null,
    ladderState: 'none',
    followsSelection: true,
    showLadder(stream) {
      if (stream < 0) {
        latest.clear();
        get().stopPlay();
        get().closeBands();
        set({ ladderStream: -1, ladder: null, ladderState: 'not-tcp' });
        return;
      }
      if (stream === get().ladderStream && get().ladderState !== 'gone') return;
      // The ladder before stays on screen until the next one is here: nothing flickers while browsing.
      set({ ladderStream: stream, ladderState: get().ladder === null ? 'loading' : 'shown' });
      latest.want(stream);
    },
    refreshLadder() {
      if (get().ladderStream >= 0) latest.want(get().ladderStream);
    },
    setFollowsSelection(followsSelection) {
      set({ followsSelection });
      const { selectedRow, selectedStream } = get();
      if (followsSelection && selectedRow >= 0 && selectedStream >= -1) get().showLadder(selectedStream);
    },
    followHandshake() {
      const { selectedRow, selectedStream } = get();
      if (selectedRow < 0 || selectedStream < 0) return;
      get().showLadder(selectedStream);
      get().revealHandshake();
    },
    selectFrame(frame) {
      const { ladder, play, narrow } = get();
      const row = frame - 1;
      const item =
        play === null || ladder === null ? -1 : ladder.items.findIndex((at) => at.kind === 'segment' && at.row === row);
      if (item >= 0) get().playTo(item);
      // In a narrow window the list is another tab: who reads here stays here.
      else if (narrow) get().selectRow(row, { reveal: true });
      else get().goToRow(row);
    },
  };
};
