import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { OpenCapture } from '../../../electron/worker/open-capture.ts';
import { Pace } from '../../../electron/worker/pace.ts';
import type { CaptureProgress } from '../../../shared/model/capture.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A capture that runs, and of whose file everything was read. */
function caughtUp(packets: number): OpenCapture {
  const store = { table: { length: packets }, tcp: { length: 0 }, udp: { length: 0 }, healthIssues: [] };
  const loader = {
    grows: true,
    advance: () => false,
    store,
    source: { consumed: 0, sizeBytes: 0 },
    reader: { interfaces: [], comments: [] },
  };
  return {
    captureId: 1,
    state: 'capturing',
    loader,
    work: { grew: () => undefined, loaded: () => undefined },
    startedAt: 0,
    reportedAt: 0,
    reportedPackets: 0,
    elapsedMs: 0,
    error: null,
  } as unknown as OpenCapture;
}

it('what came in last is told of, also where the file is read again while a report waits', () => {
  let open = caughtUp(1);
  const told: CaptureProgress[] = [];
  const pace = new Pace(() => open, {
    progress: (progress) => told.push(progress),
    lived: () => undefined,
    ended: () => undefined,
  });
  const come = (packets: number): void => {
    Object.assign(open.loader.store.table, { length: packets });
    pace.grew();
    vi.advanceTimersByTime(1);
  };
  vi.advanceTimersByTime(1000);
  come(1);
  come(2);
  expect(told.map(({ packets }) => packets)).toEqual([1]);

  open = caughtUp(2);
  pace.beginAgain(open, () => undefined);
  come(3);
  expect(told.map(({ packets }) => packets)).toEqual([1, 2]);
  vi.advanceTimersByTime(1000);
  expect(told.map(({ packets }) => packets)).toEqual([1, 2, 3]);
});
