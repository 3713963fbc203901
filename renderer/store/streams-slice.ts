import type { StreamSortKey } from '../../shared/model/stream.ts';
import type { Slice } from './slice.ts';
import type { StreamsSlice } from './state.ts';

/** Numbers are first wanted largest first, names and numbers of streams smallest first. */
const largestFirst: readonly StreamSortKey[] = [
  'handshake',
  'packets',
  'bytesFromClient',
  'bytesFromServer',
  'duration',
];

export const createStreamsSlice: Slice<StreamsSlice> = (set, get, { request, streams, idle, whenReset }) => {
  whenReset(() => {
    streams.clear();
    set({ streamCount: 0, selectedStreamPosition: -1 });
  });
  const summaryAt = async (position: number) => {
    const page = await idle.track(streams.load(position));
    return page?.streams.at(position - page.first);
  };
  return {
    streamCount: 0,
    streamsVersion: 0,
    sortKey: 'stream',
    sortDescending: false,
    selectedStreamPosition: -1,
    sortStreams(key) {
      const { sortKey, sortDescending, ladderStream, capture } = get();
      const descending = key === sortKey ? !sortDescending : largestFirst.includes(key);
      streams.clear();
      set({ sortKey: key, sortDescending: descending, streamsVersion: get().streamsVersion + 1 });
      if (capture === null || ladderStream < 0) return;
      void request('streams:position', capture.captureId, key, descending, ladderStream).then((position) => {
        if (get().sortKey === key && get().sortDescending === descending) set({ selectedStreamPosition: position });
      });
    },
    async selectStreamAt(position) {
      if (position < 0 || position >= get().streamCount) return;
      set({ selectedStreamPosition: position });
      const summary = await summaryAt(position);
      if (summary !== undefined && get().selectedStreamPosition === position) get().showLadder(summary.stream);
    },
    async goToStreamAt(position) {
      const summary = await summaryAt(position);
      if (summary !== undefined) get().goToRow(summary.firstRow);
    },
  };
};
