import type { Overview } from '../../shared/model/overview.ts';
import { createLatest } from './latest.ts';
import type { Slice } from './slice.ts';
import type { OverviewSlice } from './state.ts';

/**
 * While rows come in, the list is looked over again at most this often, and for a small part of the time: a look goes
 * through all rows.
 */
const pauseMs = 300;
const pausePerLook = 10;

export const createOverviewSlice: Slice<OverviewSlice> = (set, get, { request }) => {
  let nextAt = Number.NEGATIVE_INFINITY;
  const latest = createLatest(
    async (bands: number): Promise<Overview | null> => {
      // Once everything is there it is drawn at once.
      while (performance.now() < nextAt && get().progress?.state !== 'complete')
        await new Promise((resolve) => window.setTimeout(resolve, pauseMs));
      const id = get().capture?.captureId;
      if (id === undefined) return null;
      const startedAt = performance.now();
      const overview = await request('rows:overview', id, bands);
      const endedAt = performance.now();
      nextAt = endedAt + Math.max(pauseMs, pausePerLook * (endedAt - startedAt));
      return overview;
    },
    (_bands, overview) => {
      if (overview !== null && overview.captureId === get().capture?.captureId) set({ overview });
    },
    () => undefined,
  );
  return { overview: null, lookOver: latest.want };
};
