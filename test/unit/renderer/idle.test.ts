import { describe, expect, it } from 'vitest';
import { createIdle } from '../../../renderer/store/idle.ts';
import { createLatest } from '../../../renderer/store/latest.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('idle', () => {
  const make = () => {
    const shown: boolean[] = [];
    const frames: (() => void)[] = [];
    const idle = createIdle(
      (value) => shown.push(value),
      (callback) => frames.push(callback),
    );
    const frame = (): void => {
      for (const callback of frames.splice(0)) callback();
    };
    return { shown, idle, frame };
  };

  it('comes two frames after the last work, and goes at once when work begins', () => {
    const { shown, idle, frame } = make();
    expect(shown).toEqual([false]);
    frame();
    expect(shown).toEqual([false]);
    frame();
    expect(shown).toEqual([false, true]);
    const end = idle.begin();
    expect(shown).toEqual([false, true, false]);
    end();
    end();
    frame();
    const again = idle.begin();
    frame();
    frame();
    expect(shown).toEqual([false, true, false]);
    again();
    frame();
    frame();
    expect(shown).toEqual([false, true, false, true]);
  });

  it('counts a promise that fails', async () => {
    const { shown, idle, frame } = make();
    await expect(idle.track(Promise.reject(new Error('no')))).rejects.toThrow('no');
    frame();
    frame();
    expect(shown).toEqual([false, true]);
  });
});

describe('latest', () => {
  it('keeps one request in flight and forgets what was overtaken', async () => {
    const asked: number[] = [];
    const done: [number, boolean][] = [];
    const latest = createLatest<number, number>(
      async (key) => {
        asked.push(key);
        await nextTurn();
        return key;
      },
      (key, _value, isLatest) => done.push([key, isLatest]),
      () => undefined,
    );
    for (const key of [1, 2, 3, 4]) latest.want(key);
    for (let i = 0; i < 4; i++) await nextTurn();
    expect(asked).toEqual([1, 4]);
    expect(done).toEqual([
      [1, false],
      [4, true],
    ]);
  });

  it('drops the answer that is on its way when cleared', async () => {
    const done: number[] = [];
    const latest = createLatest<number, number>(
      async (key) => key,
      (key) => done.push(key),
      () => undefined,
    );
    latest.want(1);
    latest.clear();
    latest.want(2);
    for (let i = 0; i < 4; i++) await nextTurn();
    expect(done).toEqual([2]);
  });
});
