import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { RowSelection, DisplayedRows as Shown } from '../../shared/model/packet.ts';
import type { StreamSummary } from '../../shared/model/stream.ts';
import type { StreamReader } from '../../shared/tcp/from-capture.ts';
import { summarise } from '../../shared/tcp/summary.ts';

interface Chosen {
  readonly selection: RowSelection;
  /** In file order. */
  readonly rows: Uint32Array;
  /** The same as a display filter. */
  readonly filter: string;
  /** What the capture knew of the stream then: segments, and ICMP errors that quote one. */
  readonly segments: number;
  readonly icmpErrors: number;
}

const noRows = new Uint32Array(0);

/** Which rows the packet list shows: all, or a chosen part in file order. Positions count the rows shown. */
export class DisplayedRows {
  /** Null: all rows of the capture. */
  private chosen: Chosen | null = null;

  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
    private readonly reader: StreamReader,
  ) {}

  /** Chooses as the capture stands now; null shows all. While a file loads this is asked again and again: what is known of the same choice is kept. */
  show(selection: RowSelection | null): Shown {
    this.chosen = selection === null ? null : this.choose(selection);
    return { captureId: this.captureId, count: this.count, filter: this.chosen?.filter ?? '' };
  }

  get count(): number {
    return this.chosen === null ? this.store.table.length : this.chosen.rows.length;
  }

  /** The row at a position below `count`. */
  rowAt(position: number): number {
    return this.chosen === null ? position : this.chosen.rows[position];
  }

  /** Position of a row; where it is hidden, of the nearest one shown before it; -1: none. */
  positionOf(row: number): number {
    if (this.chosen === null) return Math.min(row, this.store.table.length - 1);
    const { rows } = this.chosen;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (rows[middle] <= row) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  private choose(selection: RowSelection): Chosen {
    const { stream, phase } = selection;
    const { tcp, icmpErrors: errors } = this.store;
    const segments = stream < tcp.length ? tcp.packets[stream] : 0;
    const icmpErrors = errors.of(stream).length;
    const before = this.chosen !== null && this.chosen.selection.stream === stream && this.chosen.selection.phase === phase ? this.chosen : null;
    if (before !== null && before.segments === segments && before.icmpErrors === icmpErrors) return before;
    const filter = `tcp.stream == ${stream}`;
    if (phase === 'all') return { selection, rows: this.rowsOf(stream, segments, before?.rows ?? noRows), filter, segments, icmpErrors };
    const frames = this.framesOf(stream, phase);
    return { selection, rows: Uint32Array.from(frames, (frame) => frame - 1), filter: `${filter} && frame.number in {${frames.join(', ')}}`, segments, icmpErrors };
  }

  /** Rows of a stream: those known, and what came after them, back along the stream's chain. */
  private rowsOf(stream: number, count: number, known: Uint32Array): Uint32Array {
    if (count === 0) return noRows;
    const { tcp, table } = this.store;
    const rows = new Uint32Array(count);
    rows.set(known);
    let at = count;
    for (let row = tcp.lastRow[stream]; at > known.length && row >= 0; row = table.get('prevInStream', row)) rows[--at] = row;
    return rows;
  }

  /** Numbers of the frames that open or close the connection, ascending. */
  private framesOf(stream: number, phase: 'opening' | 'closing'): readonly number[] {
    const segments = this.reader.segments(stream);
    if (segments === null) return [];
    const summary: StreamSummary = summarise(segments, this.reader.context(stream, segments));
    return [...(phase === 'opening' ? summary.open : summary.close).frames].sort((a, b) => a - b);
  }
}
