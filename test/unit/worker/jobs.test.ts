import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Job, Jobs, Priority } from '../../../electron/worker/jobs.ts';

/** A job of so many pieces that writes down what happens to it. */
function* noted(name: string, log: string[], pieces: number): Job {
  try {
    for (let i = 1; i <= pieces; i++) {
      log.push(`${name}${i}`);
      yield;
    }
    log.push(`${name} done`);
  } finally {
    log.push(`${name} left`);
  }
}
/**
 * Pieces that take so long each by the clock of the test, which nothing else moves on: no machine is too busy for it.
 */
function* busy(clock: { nowMs: number }, ms: number, pieces: number): Job {
  for (let i = 0; i < pieces; i++) {
    clock.nowMs += ms;
    yield;
  }
}
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 10_000 && !holds(); i++) await turn();
  expect(holds()).toBe(true);
}

describe('jobs', () => {
  it('are not begun by whoever starts them, and end', async () => {
    const log: string[] = [];
    const jobs = new Jobs();
    jobs.start(Priority.Filter, noted('a', log, 2));
    expect(log).toEqual([]);
    expect(jobs.isRunning(Priority.Filter)).toBe(true);
    await until(() => !jobs.isRunning(Priority.Filter));
    expect(log).toEqual(['a1', 'a2', 'a done', 'a left']);
  });

  it('go in order of what is most urgent, whatever the order they came in', async () => {
    const log: string[] = [];
    const jobs = new Jobs();
    jobs.start(Priority.Background, noted('b', log, 1));
    jobs.start(Priority.Find, noted('f', log, 2));
    await until(() => !jobs.isRunning(Priority.Background));
    expect(log).toEqual(['f1', 'f2', 'f done', 'f left', 'b1', 'b done', 'b left']);
  });

  it('take the place of the one before of the same kind, which tidies up', async () => {
    const log: string[] = [];
    const jobs = new Jobs();
    const first = noted('a', log, 100_000_000);
    first.next();
    jobs.start(Priority.Sort, first);
    jobs.start(Priority.Sort, noted('b', log, 1));
    expect(log).toEqual(['a1', 'a left']);
    await until(() => !jobs.isRunning(Priority.Sort));
    expect(log.slice(2)).toEqual(['b1', 'b done', 'b left']);
  });

  it('let others speak in between, and give way to something more urgent', async () => {
    const clock = { nowMs: 0 };
    const spy = vi.spyOn(performance, 'now').mockImplementation(() => clock.nowMs);
    onTestFinished(() => spy.mockRestore());
    const jobs = new Jobs();
    jobs.start(Priority.Background, busy(clock, 4, 100));
    let longest = 0;
    let before = clock.nowMs;
    const log: string[] = [];
    for (let i = 0; i < 8; i++) {
      await turn();
      if (i === 3) jobs.start(Priority.Filter, noted('f', log, 1));
      longest = Math.max(longest, clock.nowMs - before);
      before = clock.nowMs;
    }
    // A slice of 10 ms and at most one piece more.
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(10 + 4);
    expect(log).toContain('f done');
    expect(jobs.isRunning(Priority.Background)).toBe(true);
    jobs.stopAll();
    expect(jobs.isRunning(Priority.Background)).toBe(false);
  });

  it('may start another one as they end', async () => {
    const log: string[] = [];
    const jobs = new Jobs();
    const first = function* (): Job {
      yield;
      log.push('first');
      jobs.start(Priority.Values, noted('n', log, 1));
    };
    jobs.start(Priority.Find, first());
    await until(() => log.includes('n left'));
    expect(log).toEqual(['first', 'n1', 'n done', 'n left']);
  });

  it('stopped twice, or never begun, do no harm', async () => {
    const jobs = new Jobs();
    const log: string[] = [];
    jobs.start(Priority.Count, noted('c', log, 3));
    jobs.stop(Priority.Count);
    jobs.stop(Priority.Count);
    await turn();
    expect(log).toEqual([]);
  });
});
