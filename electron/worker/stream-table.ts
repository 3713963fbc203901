import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { CaptureFacts } from '../../shared/ipc/worker-messages.ts';
import type { Ladder, LadderPage, StreamPage, StreamSortKey, StreamSummary } from '../../shared/model/stream.ts';
import { EndpointNames } from '../../shared/tcp/endpoint-names.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import { buildLadder, ladderPage } from '../../shared/tcp/ladder.ts';
import { summarise } from '../../shared/tcp/summary.ts';

/** The TCP streams of a capture, summarised and sorted on demand. Made anew when the capture has grown. */
export class StreamTable {
  private readonly reader: StreamReader;
  private readonly names: EndpointNames;
  private summaries: readonly StreamSummary[] = [];
  /** Rows of the table that `summaries` knows. */
  private summarisedRows = 0;
  private order: {
    readonly key: StreamSortKey;
    readonly descending: boolean;
    readonly rows: number;
    readonly indices: Uint32Array;
  } | null = null;

  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
  ) {
    this.reader = new StreamReader(store, store.registry, captureId);
    this.names = new EndpointNames(store);
  }

  page(sort: StreamSortKey, descending: boolean, first: number, count: number): StreamPage {
    const order = this.sorted(sort, descending);
    const streams: StreamSummary[] = [];
    for (let i = first; i < Math.min(order.length, first + count); i++) streams.push(this.summaries[order[i]]);
    return { captureId: this.captureId, first, total: order.length, streams };
  }

  position(sort: StreamSortKey, descending: boolean, stream: number): number {
    const order = this.sorted(sort, descending);
    return order.findIndex((index) => this.summaries[index].stream === stream);
  }

  ladder(stream: number): Ladder | null {
    const segments = this.reader.segments(stream);
    return segments === null
      ? null
      : buildLadder(segments, { ...this.reader.context(stream, segments), names: this.names.of(segments) });
  }

  /** The segments of a stream from one row to another, as the ladder would draw them. */
  segments(stream: number, firstRow: number, lastRow: number, first: number, count: number): LadderPage | null {
    const segments = this.reader.segments(stream);
    return segments === null
      ? null
      : ladderPage(segments, this.reader.context(stream, segments), firstRow, lastRow, first, count);
  }

  facts(): CaptureFacts {
    const all = this.current();
    return {
      packets: this.store.table.length,
      tcpStreams: all.length,
      refused: all.filter((s) => s.open.codes[0] === 'O5').length,
      incomplete: all.filter((s) => s.tone === 'warn' || s.tone === 'bad').length,
    };
  }

  private current(): readonly StreamSummary[] {
    const rows = this.store.table.length;
    if (this.summarisedRows === rows) return this.summaries;
    const summaries: StreamSummary[] = [];
    this.reader.each((stream, segments) => summaries.push(summarise(segments, this.reader.context(stream, segments))));
    this.summaries = summaries;
    this.summarisedRows = rows;
    return summaries;
  }

  private sorted(key: StreamSortKey, descending: boolean): Uint32Array {
    const all = this.current();
    if (
      this.order !== null &&
      this.order.key === key &&
      this.order.descending === descending &&
      this.order.rows === this.summarisedRows
    )
      return this.order.indices;
    const indices = Uint32Array.from(all, (_, i) => i);
    const compare = comparators[key];
    const sign = descending ? -1 : 1;
    // Equal ones stay in the order of their numbers, whichever way the column is sorted.
    indices.sort((a, b) => sign * compare(all[a], all[b]) || all[a].stream - all[b].stream);
    this.order = { key, descending, rows: this.summarisedRows, indices };
    return indices;
  }
}

const byNumber =
  (value: (s: StreamSummary) => number) =>
  (a: StreamSummary, b: StreamSummary): number =>
    value(a) - value(b);
const byText =
  (value: (s: StreamSummary) => string) =>
  (a: StreamSummary, b: StreamSummary): number => {
    const [x, y] = [value(a), value(b)];
    return x < y ? -1 : x > y ? 1 : 0;
  };
/** Addresses in the order people expect: 9.0.0.1 before 10.0.0.1. */
const byEndpoint =
  (side: 'client' | 'server') =>
  (a: StreamSummary, b: StreamSummary): number =>
    endpointKey(a[side].address).localeCompare(endpointKey(b[side].address)) || a[side].port - b[side].port;

function endpointKey(address: string): string {
  return /^[\d.]+$/.test(address)
    ? address
        .split('.')
        .map((part) => part.padStart(3, '0'))
        .join('.')
    : address;
}

const comparators: Readonly<Record<StreamSortKey, (a: StreamSummary, b: StreamSummary) => number>> = {
  stream: byNumber((s) => s.stream),
  client: byEndpoint('client'),
  server: byEndpoint('server'),
  open: byText((s) => s.open.label.en),
  close: byText((s) => s.close.label.en),
  handshake: byNumber((s) => s.handshakeNs?.total ?? Number.MAX_SAFE_INTEGER),
  packets: byNumber((s) => s.packets),
  bytesFromClient: byNumber((s) => s.bytesFromClient),
  bytesFromServer: byNumber((s) => s.bytesFromServer),
  duration: byNumber((s) => s.durationNs),
  zeek: byText((s) => s.zeek),
  completeness: byNumber((s) => s.completeness),
};
