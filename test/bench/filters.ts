/**
 * Filters and sorting over an open capture, as the window asks for them, against `tshark -r FILE -Y …` in the same run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { answersOf } from '../../electron/worker/requests.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import type { FilterProgress } from '../../shared/model/filter.ts';
import type { SortProgress } from '../../shared/model/packet.ts';

export interface FilterFigures {
  readonly filter: string;
  readonly matched: number;
  /** Milliseconds until the first matches were told of, and until all were. */
  readonly firstMs: number;
  readonly allMs: number;
}

export const filters: readonly string[] = [
  'tcp.flags.syn==1 && tcp.flags.ack==0',
  'ip.addr==10.0.0.5',
  'tcp.port in {80, 443, 8000..8100}',
  'tcp.analysis.retransmission',
  'dns.qry.name contains "site7."',
  'http.request.method=="GET"',
  'tls.handshake.extensions_server_name matches "site1.*net$"',
  'ip.ttl < 64',
];

export interface SessionFigures {
  readonly filters: readonly FilterFigures[];
  /** Milliseconds from Cancel to the answer, while the slowest filter runs. */
  readonly cancelMs: number;
  /** Milliseconds by column; the longest time that the thread was away meanwhile. */
  readonly sorts: readonly { readonly column: string; readonly ms: number; readonly longestMs: number }[];
  /** Seconds after loading until the texts of all packets were read ahead. */
  readonly readAheadS: number;
}

/** Opens the capture in this process, as the decoding thread does. */
export async function measureSession(file: string): Promise<SessionFigures> {
  let progress: FilterProgress | null = null;
  let sorted: SortProgress | null = null;
  let loaded = false;
  const session = answersOf(createRegistry(protocols), (name, value) => {
    if (name === 'filter:progress') progress = value as FilterProgress;
    if (name === 'rows:sorted') sorted = value as SortProgress;
    if (name === 'capture:progress') loaded = (value as { readonly state: string }).state === 'complete';
  });
  const opened = session.open(1, file, '');
  if (!opened.ok) throw new Error(`${file}: ${opened.error.code}`);
  while (!loaded) await pause(5);
  const loadedAt = performance.now();

  const figures: FilterFigures[] = [];
  for (const filter of filters) {
    progress = null;
    const started = performance.now();
    const shown = session['rows:show'](1, { filter, selectedRow: -1 });
    let latest = shown?.scan ?? null;
    let firstMs = latest !== null && latest.matched > 0 ? performance.now() - started : -1;
    while (latest !== null && latest.state === 'scanning') {
      await new Promise((resolve) => setImmediate(resolve));
      latest = (progress as FilterProgress | null) ?? latest;
      if (firstMs < 0 && latest.matched > 0) firstMs = performance.now() - started;
    }
    figures.push({ filter, matched: latest?.matched ?? 0, firstMs, allMs: performance.now() - started });
  }

  session['rows:show'](1, { filter: 'http.request.method=="GET"', selectedRow: -1 });
  await pause(100);
  const cancelAt = performance.now();
  progress = null;
  session['filter:cancel'](1);
  const cancelled = progress as FilterProgress | null;
  const cancelMs = cancelled?.state === 'cancelled' ? performance.now() - cancelAt : Number.NaN;
  session['rows:show'](1, null);

  // Until the texts are there, a sort by them says how far it has got.
  session['rows:sort'](1, 'info', false);
  while ((sorted as SortProgress | null)?.state !== 'done') await pause(5);
  const readAheadS = (performance.now() - loadedAt) / 1000;
  session['rows:sort'](1, null, false);

  const sorts: { column: string; ms: number; longestMs: number }[] = [];
  for (const column of ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info']) {
    let longestMs = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 1);
    const started = performance.now();
    const first = session['rows:sort'](1, column, true);
    while (first?.state === 'preparing' && (sorted as SortProgress | null)?.state !== 'done') await pause(1);
    session['rows:page'](1, 0, 200);
    const ms = performance.now() - started;
    await pause(5);
    clearInterval(timer);
    sorts.push({ column, ms, longestMs: Math.max(longestMs, ms) });
  }
  session.close();
  return { filters: figures, cancelMs, sorts, readAheadS };
}
