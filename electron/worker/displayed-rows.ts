import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { RowSelection, DisplayedRows as Shown } from '../../shared/model/packet.ts';
import type { StreamSummary } from '../../shared/model/stream.ts';
import type { StreamReader } from '../../shared/tcp/from-capture.ts';
import { summarise } from '../../shared/tcp/summary.ts';

/** Which rows the packet list shows: all, or a chosen part in file order. Positions count the rows shown. */
export class DisplayedRows {
  /** Null: all rows of the capture. */
  private rows: Uint32Array | null = null;
  private filter = '';

  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
    private readonly reader: StreamReader,
  ) {}

  /** Chooses anew, as the capture stands now; null shows all. */
  show(selection: RowSelection | null): Shown {
    const chosen = selection === null ? null : this.choose(selection);
    this.rows = chosen?.rows ?? null;
    this.filter = chosen?.filter ?? '';
    return { captureId: this.captureId, count: this.count, filter: this.filter };
  }

  get count(): number {
    return this.rows === null ? this.store.table.length : this.rows.length;
  }

  /** The row at a position below `count`. */
  rowAt(position: number): number {
    return this.rows === null ? position : this.rows[position];
  }

  /** Position of a row; where it is hidden, of the nearest one shown before it; -1: none. */
  positionOf(row: number): number {
    const { rows } = this;
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

  private choose({ stream, phase }: RowSelection): { readonly rows: Uint32Array; readonly filter: string } {
    const filter = `tcp.stream == ${stream}`;
    const segments = this.reader.segments(stream);
    if (segments === null) return { rows: new Uint32Array(0), filter };
    if (phase === 'all') return { rows: segments.rows, filter };
    const summary: StreamSummary = summarise(segments, this.reader.context(stream, segments));
    const { frames } = phase === 'opening' ? summary.open : summary.close;
    const sorted = [...frames].sort((a, b) => a - b);
    return { rows: Uint32Array.from(sorted, (frame) => frame - 1), filter: `${filter} && frame.number in {${sorted.join(', ')}}` };
  }
}
