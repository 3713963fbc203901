import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { DisplayedRows as Shown, StreamSelection } from '../../shared/model/packet.ts';
import { sortRows } from '../../shared/query/sort.ts';
import type { StreamReader } from '../../shared/tcp/from-capture.ts';
import { judgeStream } from '../../shared/tcp/judge.ts';
import type { SegmentOptions, StreamSegments } from '../../shared/tcp/segments.ts';
import { closingOf, openingOf } from '../../shared/tcp/summary.ts';
import type { FilterRun } from './filter-run.ts';

/** A stream, or the part of it that opens or closes the connection. */
interface Stream {
  readonly selection: StreamSelection;
  /** In file order. */
  readonly rows: Uint32Array;
  /** The same as a display filter. */
  readonly filter: string;
  /** What the capture knew of the stream then: segments, and ICMP errors that quote one. */
  readonly segments: number;
  readonly icmpErrors: number;
}

interface Order {
  /** By row. */
  readonly keys: Uint32Array;
  readonly descending: boolean;
}

const noRows = new Uint32Array(0);

/** Which rows the packet list shows, and in which order: all, or a chosen part. Positions count the rows shown. */
export class DisplayedRows {
  private stream: Stream | null = null;
  private run: FilterRun | null = null;
  /** Null: file order. */
  private order: Order | null = null;
  /** The rows shown, sorted; null in file order. */
  private sorted: Uint32Array | null = null;
  /** Where each row stands in `sorted`, plus 1; made when it is first asked for. */
  private places: Uint32Array | null = null;

  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
    private readonly reader: StreamReader,
  ) {}

  /** Shows all rows. */
  showAll(): Shown {
    this.stream = null;
    this.run = null;
    return this.changed();
  }

  /**
   * Shows a stream as the capture stands now. While a file loads this is asked again and again: what is known of the
   * same choice is kept.
   */
  showStream(selection: StreamSelection): Shown {
    const stream = this.choose(selection);
    const same = this.stream === stream;
    this.run = null;
    this.stream = stream;
    return same ? this.shown : this.changed();
  }

  /** Shows the rows that a filter has found so far; they grow while it runs. */
  showMatches(run: FilterRun): Shown {
    this.stream = null;
    this.run = run;
    return this.changed();
  }

  /** Null: file order. */
  sort(order: Order | null): Shown {
    this.order = order;
    return this.changed();
  }

  get isSorted(): boolean {
    return this.order !== null;
  }

  /** Rows came in, or the filter found more: sorted rows are put in order again. */
  changed(): Shown {
    this.places = null;
    this.sorted =
      this.order === null
        ? null
        : sortRows(
            this.inFileOrder.filter((row) => row < (this.order?.keys.length ?? 0)),
            this.order.keys,
            this.order.descending,
          );
    return this.shown;
  }

  get shown(): Shown {
    return {
      captureId: this.captureId,
      count: this.count,
      filter: this.run?.filter.text ?? this.stream?.filter ?? '',
      scan: this.run?.progress ?? null,
    };
  }

  get count(): number {
    return this.sorted?.length ?? this.run?.count ?? this.stream?.rows.length ?? this.store.table.length;
  }

  /** The row at a position below `count`. */
  rowAt(position: number): number {
    if (this.sorted !== null) return this.sorted[position];
    return this.chosen === null ? position : this.chosen[position];
  }

  /**
   * Position of a row; where it is hidden, of the nearest one shown before it in the file (-1: none, or the rows are
   * sorted).
   */
  positionOf(row: number): number {
    if (this.sorted !== null) return this.placeOf(row);
    const rows = this.chosen;
    if (rows === null) return Math.min(row, this.store.table.length - 1);
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle] <= row) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The row shown before a row in the file, -1 none; where the rows are sorted, before it in the list. */
  before(row: number): number {
    const position = this.positionOf(row);
    const last = position >= 0 && this.rowAt(position) === row ? position - 1 : position;
    return last < 0 ? -1 : this.rowAt(last);
  }

  /** The rows shown, in file order. */
  get inFileOrder(): Uint32Array {
    return this.chosen ?? Uint32Array.from({ length: this.store.table.length }, (_, row) => row);
  }

  /**
   * The rows shown, in file order; null: all. Later rows come in another array, so this one can be gone through at
   * leisure.
   */
  get chosen(): Uint32Array | null {
    return this.run?.matches ?? this.stream?.rows ?? null;
  }

  private placeOf(row: number): number {
    if (this.places === null) {
      this.places = new Uint32Array(this.store.table.length);
      this.sorted?.forEach((at, position) => {
        if (this.places !== null) this.places[at] = position + 1;
      });
    }
    return (this.places[row] ?? 0) - 1;
  }

  private choose(selection: StreamSelection): Stream {
    const { stream, phase } = selection;
    const { tcp, icmpErrors: errors } = this.store;
    const segments = stream < tcp.length ? tcp.packets[stream] : 0;
    const icmpErrors = errors.of(stream).length;
    const before =
      this.stream !== null && this.stream.selection.stream === stream && this.stream.selection.phase === phase
        ? this.stream
        : null;
    if (before !== null && before.segments === segments && before.icmpErrors === icmpErrors) return before;
    const filter = `tcp.stream == ${stream}`;
    if (phase === 'all')
      return { selection, rows: this.rowsOf(stream, segments, before?.rows ?? noRows), filter, segments, icmpErrors };
    const frames = this.framesOf(stream, phase);
    const rows = Uint32Array.from(frames, (frame) => frame - 1);
    const numbers = `frame.number in {${frames.join(', ')}}`;
    // A connection may have gone on in the next stream; a filter by this one would then not find its end.
    const own = rows.every((row) => this.store.table.get('stream', row) === stream);
    return { selection, rows, filter: own ? `${filter} && ${numbers}` : numbers, segments, icmpErrors };
  }

  /** Rows of a stream: those known, and what came after them, back along the stream's chain. */
  private rowsOf(stream: number, count: number, known: Uint32Array): Uint32Array {
    if (count === 0) return noRows;
    const { tcp, table } = this.store;
    const rows = new Uint32Array(count);
    rows.set(known);
    let at = count;
    for (let row = tcp.lastRow[stream]; at > known.length && row >= 0; row = table.get('prevInStream', row))
      rows[--at] = row;
    return rows;
  }

  /**
   * Numbers of the frames that open or close the stream's connections, ascending: they need not rise in the order in
   * which they were sent.
   */
  private framesOf(stream: number, phase: 'opening' | 'closing'): readonly number[] {
    const segments = this.reader.segments(stream);
    if (segments === null) return [];
    const parts = judgeStream(segments, this.reader.context(stream, segments), optionsOfData, false);
    const frames = parts.flatMap((part) => (phase === 'opening' ? openingOf(part) : closingOf(part)).frames);
    return [...new Set(frames)].sort((a, b) => a - b);
  }
}

/** As for a row of the streams table: options are read only of segments that carry data. */
function optionsOfData(segments: StreamSegments): (index: number) => SegmentOptions | null {
  return (index) => (segments.length[index] > 0 ? segments.options(index) : null);
}
