import type { Slice } from './app-store.ts';

/** How a ladder is looked at: the same for every connection. */
export interface LadderViewSlice {
  /** `compact`: equal steps; `scale`: the room between arrows follows the time between them. */
  readonly timeAxis: 'compact' | 'scale';
  readonly statesShown: boolean;
  readonly whyOpen: boolean;
  readonly factsOpen: boolean;
  readonly evidenceOpen: boolean;
  readonly setTimeAxis: (axis: 'compact' | 'scale') => void;
  readonly setStatesShown: (shown: boolean) => void;
  readonly setWhyOpen: (open: boolean) => void;
  readonly setFactsOpen: (open: boolean) => void;
  readonly setEvidenceOpen: (open: boolean) => void;
}

export const createLadderViewSlice: Slice<LadderViewSlice> = (set) => ({
  timeAxis: 'compact',
  statesShown: true,
  whyOpen: true,
  factsOpen: false,
  evidenceOpen: false,
  setTimeAxis: (timeAxis) => set({ timeAxis }),
  setStatesShown: (statesShown) => set({ statesShown }),
  setWhyOpen: (whyOpen) => set({ whyOpen }),
  setFactsOpen: (factsOpen) => set({ factsOpen }),
  setEvidenceOpen: (evidenceOpen) => set({ evidenceOpen }),
});
