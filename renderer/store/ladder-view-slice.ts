import type { Slice } from './slice.ts';
import type { LadderViewSlice } from './state.ts';

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
