import { describe, expect, it } from 'vitest';
import { createPageCache } from '../../../renderer/store/page-cache.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function cacheOf(total: () => number) {
  const asked: number[] = [];
  const cache = createPageCache<{ first: number; length: number }>({
    pageSize: 10,
    maxPages: 4,
    load: async (first, count) => {
      asked.push(first);
      return { first, length: Math.max(0, Math.min(count, total() - first)) };
    },
    lengthOf: (page) => page.length,
    changed: () => undefined,
  });
  return { cache, asked };
}

describe('page cache', () => {
  it('asks for the pages in view and one ahead, once', async () => {
    const { cache, asked } = cacheOf(() => 100);
    cache.show(5, 14, 100);
    await nextTurn();
    cache.show(5, 14, 100);
    await nextTurn();
    expect(asked).toEqual([0, 10, 20]);
    expect(cache.peek(14)?.first).toBe(10);
  });

  it('asks again for a page that was short when the list has grown, and never for one that stays short', async () => {
    let total = 13;
    const { cache, asked } = cacheOf(() => total);
    cache.show(0, 12, 13);
    await nextTurn();
    total = 18;
    cache.show(0, 17, 18);
    await nextTurn();
    expect(asked).toEqual([0, 10, 10]);
    cache.show(0, 17, 18);
    await nextTurn();
    expect(asked).toHaveLength(3);
  });

  it('forgets what was not looked at for longest', async () => {
    const { cache } = cacheOf(() => 1000);
    for (const first of [0, 100, 200, 300, 400]) {
      cache.show(first, first + 5, 1000);
      await nextTurn();
    }
    expect(cache.peek(0)).toBeUndefined();
    expect(cache.peek(400)).toBeDefined();
  });

  it('asks again for what became out of date on its way', async () => {
    const { cache, asked } = cacheOf(() => 10);
    cache.show(0, 5, 10);
    cache.invalidate();
    cache.show(0, 5, 10);
    expect(asked).toEqual([0]);
    await nextTurn();
    expect(asked).toEqual([0, 0]);
    cache.show(0, 5, 10);
    await nextTurn();
    expect(asked).toHaveLength(2);
  });

  it('drops the answers of a list that was closed', async () => {
    const { cache } = cacheOf(() => 100);
    cache.show(0, 5, 100);
    cache.clear();
    await nextTurn();
    expect(cache.peek(0)).toBeUndefined();
  });
});
