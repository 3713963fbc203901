/**
 * One request in flight at a time, the newest wanted next, all between forgotten: holding an arrow key asks for as many
 * packets as can be answered and shows each, instead of queueing hundreds.
 */
export interface Latest<K> {
  want(key: K): void;
  /** Forgets what is wanted and drops the answer that is on its way. */
  clear(): void;
}

export function createLatest<K, V>(
  load: (key: K) => Promise<V>,
  done: (key: K, value: V, isLatest: boolean) => void,
  failed: (key: K, error: unknown) => void,
): Latest<K> {
  let running = false;
  let wanted: { readonly key: K } | null = null;
  let generation = 0;
  const run = async (): Promise<void> => {
    running = true;
    while (wanted !== null) {
      const { key }: { readonly key: K } = wanted;
      wanted = null;
      const mine = generation;
      try {
        const value = await load(key);
        if (mine === generation) done(key, value, wanted === null);
      } catch (error) {
        if (mine === generation) failed(key, error);
      }
    }
    running = false;
  };
  return {
    want(key) {
      wanted = { key };
      if (!running) void run();
    },
    clear() {
      wanted = null;
      generation++;
    },
  };
}
