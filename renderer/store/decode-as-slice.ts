import type { Slice } from './slice.ts';
import type { DecodeAsProposal, DecodeAsSlice } from './state.ts';

const nothing: DecodeAsProposal = { row: -1, offers: [], layer: '', field: '' };

export const createDecodeAsSlice: Slice<DecodeAsSlice> = (set, get, { request, rows, streams, whenReset }) => {
  /** The selected packet, whose details are still those of the reading before; -1 none. */
  let stale = -1;
  whenReset(() => {
    stale = -1;
  });
  return {
    decodeTables: [],
    decodeProposal: nothing,
    async loadDecodeTables() {
      if (get().decodeTables.length === 0) set({ decodeTables: await request('decode:tables') });
    },
    async openDecodeAs(layer = '', field = '') {
      const { capture, selectedRow: row } = get();
      const offers = capture === null || row < 0 ? [] : await request('decode:offers', capture.captureId, row);
      await get().loadDecodeTables();
      if (capture?.captureId !== get().capture?.captureId) return;
      set({ decodeProposal: offers.length === 0 ? nothing : { row, offers, layer, field } });
      get().showDialog('decode-as');
    },
    setDecodeAs: (decodeAs) => get().updateSettings({ decodeAs }),
    captureDecoded({ captureId, progress }) {
      const { capture, selection, order, selectedRow } = get();
      if (captureId !== capture?.captureId) return;
      stale = -1;
      if (progress === null) {
        rows.invalidate();
        streams.invalidate();
        get().loadDetail(selectedRow);
        get().refreshLadder();
      } else {
        // Streams may be numbered otherwise: the ladder that comes under this number may be another connection's.
        rows.clear();
        streams.clear();
        get().stopPlay();
        get().closeBands();
        stale = selectedRow;
        set({ progress: { ...progress, state: 'loading', packets: 0 } });
        get().captureProgressed(progress);
      }
      set({ rowsSerial: get().rowsSerial + 1, streamsVersion: get().streamsVersion + 1 });
      if (selection !== null) get().showOnly(progress !== null && 'stream' in selection ? null : selection);
      if (order.column !== null) get().sortBy(order.column, order.descending);
      get().recountHits();
      // What a filter that is being typed would show is counted anew.
      get().editDraft(get().draft);
    },
    decodedFurther(packets, finished) {
      if (stale < 0 || (stale >= packets && !finished)) return;
      const row = stale;
      stale = -1;
      // Meanwhile the user may have moved on: what was selected since is of the new reading.
      if (row < packets && get().selectedRow === row) get().lookAgain();
    },
  };
};
