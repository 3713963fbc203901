import type { Overview } from '../../shared/model/overview.ts';
import type { Slice } from './app-store.ts';
import { createLatest } from './latest.ts';

export interface OverviewSlice {
  /** What the list holds, seen from afar; null until it was looked over. */
  readonly overview: Overview | null;
  /** Looks over the rows shown, which have changed, for so many bands. */
  readonly lookOver: (bands: number) => void;
}

/** While rows come in, the list is looked over again at most this often. */
const pauseMs = 300;

export const createOverviewSlice: Slice<OverviewSlice> = (set, get, { request }) => {
  let answeredAt = Number.NEGATIVE_INFINITY;
  const latest = createLatest(
    async (bands: number): Promise<Overview | null> => {
      const wait = answeredAt + pauseMs - performance.now();
      if (wait > 0 && get().progress?.state !== 'complete') await new Promise((resolve) => window.setTimeout(resolve, wait));
      const id = get().capture?.captureId;
      return id === undefined ? null : await request('rows:overview', id, bands);
    },
    (_bands, overview) => {
      answeredAt = performance.now();
      if (overview !== null && overview.captureId === get().capture?.captureId) set({ overview });
    },
    () => undefined,
  );
  return { overview: null, lookOver: latest.want };
};
