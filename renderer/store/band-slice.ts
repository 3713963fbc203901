import type { LadderBand, LadderPage, LadderSegment } from '../../shared/model/stream.ts';
import { createPageCache, type PageCache } from './page-cache.ts';
import type { Slice } from './slice.ts';
import type { BandSlice } from './state.ts';

const pageSize = 250;
const maxPages = 24;

export const createBandSlice: Slice<BandSlice> = (set, get, { request }) => {
  // By stream, first and last row: a band that grew while the file loads is another one.
  const caches = new Map<string, PageCache<LadderPage>>();
  const cacheOf = (band: LadderBand): PageCache<LadderPage> => {
    const key = `${get().ladder?.stream ?? -1} ${band.firstRow} ${band.lastRow}`;
    let cache = caches.get(key);
    if (cache === undefined) {
      cache = createPageCache<LadderPage>({
        pageSize,
        maxPages,
        async load(first, count) {
          const { ladder } = get();
          if (ladder === null) return undefined;
          const page = await request(
            'tcp:segments',
            ladder.captureId,
            ladder.stream,
            band.firstRow,
            band.lastRow,
            first,
            count,
          );
          if (page === null) return undefined;
          if (get().bandTotals.get(band.firstRow) !== page.total)
            set({ bandTotals: new Map(get().bandTotals).set(band.firstRow, page.total) });
          return page;
        },
        lengthOf: (page) => page.segments.length,
        changed: () => set({ bandsVersion: get().bandsVersion + 1 }),
      });
      caches.set(key, cache);
    }
    return cache;
  };
  const pick = (page: LadderPage | undefined, index: number): LadderSegment | undefined =>
    page?.segments[index - page.first];
  return {
    openBands: new Set(),
    bandTotals: new Map(),
    bandsVersion: 0,
    toggleBand(firstRow) {
      const openBands = new Set(get().openBands);
      if (!openBands.delete(firstRow)) openBands.add(firstRow);
      set({ openBands });
    },
    closeBands() {
      for (const cache of caches.values()) cache.clear();
      caches.clear();
      set({ openBands: new Set(), bandTotals: new Map() });
    },
    bandSegment: (band, index) => pick(cacheOf(band).peek(index), index),
    showBand: (band, first, last) =>
      cacheOf(band).show(first, last, get().bandTotals.get(band.firstRow) ?? band.segments),
    loadBandSegment: async (band, index) => pick(await cacheOf(band).load(index), index),
    async numberFrom(firstRow, row) {
      const { ladder } = get();
      if (ladder === null) return -1;
      // As many segments as there are up to the row; the last of them is its own.
      const page = await request('tcp:segments', ladder.captureId, ladder.stream, firstRow, row, 0, 1);
      return page === null ? -1 : page.total - 1;
    },
  };
};
