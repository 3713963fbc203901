/**
 * Captures on a device as the application does: the capture child, the spool file, the index, and a window that asks
 * for the newest rows ten times a second, as it does when it is told of progress. Tells on its output when it has
 * begun, and at the end what came of it, as JSON.
 *
 *     node live-session.mjs CHILD DEVICE FILTER SPOOL
 */
import { answersOf } from '../../electron/worker/requests.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { defaultCaptureOptions, type LiveCounts, noLimits } from '../../shared/model/live.ts';

export interface LiveFigures {
  readonly packets: number;
  readonly dropped: number;
  /**
   * Milliseconds from asking for a page to its answer, the time in the queue of messages included: 99 of 100 were
   * quicker.
   */
  readonly pageMsP99: number;
  readonly pageMsMax: number;
  readonly memoryMiB: number;
}

const askMs = 100;
const [, , script, device, filter, spool] = process.argv;

let counts: LiveCounts | null = null;
const session = answersOf(createRegistry(protocols), (name, value) => {
  if (name === 'live:counts') counts = value as LiveCounts;
});
const order = {
  options: { ...defaultCaptureOptions, devices: [device], filter },
  limits: noLimits,
  asking: false,
  disposable: false,
  watches: false,
  pipe: '',
  series: null,
  seriesFile: '',
  name: device,
  spool,
};
const started = await session.startLive(1, order, script);
if (!started.ok) throw new Error(`${device}: ${started.error.code} ${started.error.detail}`);
const times: number[] = [];
let asked = performance.now() + askMs;
const timer = setInterval(() => {
  const packets = session['rows:page'](1, 0, 1) === null ? 0 : session['rows:position'](1, 0xffff_ffff) + 1;
  session['rows:page'](1, Math.max(0, packets - 50), 50);
  // The timer should have come when the question did: what it is late by the question waited.
  times.push(performance.now() - asked);
  asked = performance.now() + askMs;
}, askMs);
process.stdout.write('started\n');
process.stdin.resume();
process.stdin.on('end', async () => {
  clearInterval(timer);
  await session.stopLive(1);
  times.sort((a, b) => a - b);
  const last = counts as LiveCounts | null;
  const figures: LiveFigures = {
    packets: session['rows:position'](1, 0xffff_ffff) + 1,
    dropped: (last?.droppedByKernel ?? 0) + (last?.droppedByInterface ?? 0),
    pageMsP99: times[Math.floor(times.length * 0.99)] ?? 0,
    pageMsMax: times.at(-1) ?? 0,
    memoryMiB: process.memoryUsage().rss / 1024 / 1024,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  session.close();
  process.exit(0);
});
