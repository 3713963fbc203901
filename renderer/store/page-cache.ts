/**
 * Pages of a long list, pulled when they come into view: a small cache that drops what was not looked at for longest,
 * reads one page ahead, and keeps at most two requests in flight. It stands outside the store: the store only counts
 * its changes.
 */
export interface PageCache<P> {
  /** The page that holds a position, as far as it is here; never asks for it. */
  peek(position: number): P | undefined;
  /** Asks for every page of a range that is missing or too short, and for one ahead in the direction of movement. */
  show(first: number, last: number, total: number): void;
  /** Resolves with the page once it is here; undefined when it cannot be had. */
  load(position: number): Promise<P | undefined>;
  /** Everything is to be asked for again; what is here is shown until then. */
  invalidate(): void;
  clear(): void;
}

interface Entry<P> {
  readonly page: P;
  readonly generation: number;
}

export interface PageCacheOptions<P> {
  readonly pageSize: number;
  readonly maxPages: number;
  /** Undefined when the capture is gone. */
  readonly load: (first: number, count: number) => Promise<P | undefined>;
  readonly lengthOf: (page: P) => number;
  readonly changed: () => void;
}

const maxInFlight = 2;

export function createPageCache<P>({ pageSize, maxPages, load, lengthOf, changed }: PageCacheOptions<P>): PageCache<P> {
  // Insertion order is order of use: the first key was not used for longest.
  const pages = new Map<number, Entry<P>>();
  // What was asked for, and how long the list was then: an answer that came short or not at all is not asked for again
  // until that changes.
  const asked = new Map<number, { readonly total: number; readonly generation: number }>();
  const inFlight = new Map<number, { readonly request: Promise<P | undefined>; readonly generation: number }>();
  let queue: number[] = [];
  let generation = 0;
  let epoch = 0;
  let lastFirst = 0;
  let lastTotal = 0;

  const fetchPage = (index: number): Promise<P | undefined> => {
    const running = inFlight.get(index);
    if (running !== undefined) return running.request;
    const mine = epoch;
    const askedAt = generation;
    const request = (async () => {
      try {
        const page = await load(index * pageSize, pageSize);
        if (mine !== epoch || page === undefined) return undefined;
        pages.delete(index);
        pages.set(index, { page, generation: askedAt });
        for (const oldest of pages.keys()) {
          if (pages.size <= maxPages) break;
          pages.delete(oldest);
          asked.delete(oldest);
        }
        return page;
      } catch {
        return undefined;
      } finally {
        if (mine === epoch) {
          inFlight.delete(index);
          changed();
          pump();
        }
      }
    })();
    inFlight.set(index, { request, generation: askedAt });
    return request;
  };
  const pump = (): void => {
    const later: number[] = [];
    while (inFlight.size < maxInFlight) {
      const next = queue.shift();
      if (next === undefined) break;
      const running = inFlight.get(next);
      if (running !== undefined) {
        // Its answer will be out of date: it is asked for again when it is here.
        if (running.generation !== generation) later.push(next);
        continue;
      }
      asked.set(next, { total: lastTotal, generation });
      void fetchPage(next);
    }
    queue = [...later, ...queue];
  };
  const isGood = (index: number, total: number): boolean => {
    const request = asked.get(index);
    if (request !== undefined && request.generation === generation && request.total === total) return true;
    const entry = pages.get(index);
    return (
      entry !== undefined &&
      entry.generation === generation &&
      lengthOf(entry.page) >= Math.min(pageSize, total - index * pageSize)
    );
  };

  return {
    peek(position) {
      return pages.get(Math.floor(position / pageSize))?.page;
    },
    show(first, last, total) {
      if (total === 0 || last < first) return;
      const from = Math.max(0, Math.floor(first / pageSize));
      const to = Math.min(Math.floor((total - 1) / pageSize), Math.floor(last / pageSize));
      const wanted: number[] = [];
      for (let index = from; index <= to; index++) wanted.push(index);
      const ahead = first >= lastFirst ? to + 1 : from - 1;
      lastFirst = first;
      lastTotal = total;
      if (ahead >= 0 && ahead * pageSize < total) wanted.push(ahead);
      for (const index of wanted) {
        const entry = pages.get(index);
        if (entry !== undefined) {
          pages.delete(index);
          pages.set(index, entry);
        }
      }
      // What was asked for before and scrolled out of view meanwhile is not worth asking for any more.
      queue = wanted.filter((index) => !isGood(index, total));
      pump();
    },
    load(position) {
      const index = Math.floor(position / pageSize);
      const entry = pages.get(index);
      if (entry !== undefined && lengthOf(entry.page) > position - index * pageSize) return Promise.resolve(entry.page);
      return fetchPage(index);
    },
    invalidate() {
      generation++;
    },
    clear() {
      pages.clear();
      asked.clear();
      inFlight.clear();
      queue = [];
      epoch++;
      generation++;
    },
  };
}
