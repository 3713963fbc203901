import type { RowSelection } from '../../shared/model/packet.ts';
import type { Slice } from './app-store.ts';

/** How a ladder is looked at: the same for every connection. */
export interface LadderViewSlice {
  readonly rawNumbers: boolean;
  /** `compact`: equal steps; `scale`: the room between arrows follows the time between them. */
  readonly timeAxis: 'compact' | 'scale';
  readonly statesShown: boolean;
  readonly whyOpen: boolean;
  readonly factsOpen: boolean;
  /** What the panel asked the packet list to show; null all. */
  readonly askedRows: RowSelection | null;
  readonly setRawNumbers: (raw: boolean) => void;
  readonly setTimeAxis: (axis: 'compact' | 'scale') => void;
  readonly setStatesShown: (shown: boolean) => void;
  readonly setWhyOpen: (open: boolean) => void;
  readonly setFactsOpen: (open: boolean) => void;
  readonly askForRows: (selection: RowSelection | null) => void;
}

export const createLadderViewSlice: Slice<LadderViewSlice> = (set, get) => ({
  rawNumbers: false,
  timeAxis: 'compact',
  statesShown: true,
  whyOpen: true,
  factsOpen: false,
  askedRows: null,
  setRawNumbers: (rawNumbers) => set({ rawNumbers }),
  setTimeAxis: (timeAxis) => set({ timeAxis }),
  setStatesShown: (statesShown) => set({ statesShown }),
  setWhyOpen: (whyOpen) => set({ whyOpen }),
  setFactsOpen: (factsOpen) => set({ factsOpen }),
  askForRows(askedRows) {
    set({ askedRows });
    get().showOnly(askedRows);
  },
});
