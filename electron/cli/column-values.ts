/** The columns of the packet list, as `_ws.col.*` fields and as summary lines. */
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Columns } from '../../shared/dissect/out.ts';
import { escapeControls } from '../../shared/format/escape.ts';
import { timeColumn } from '../../shared/table/row-time.ts';

/** What columns need of a packet, read as a whole or in part. */
interface Seen {
  readonly row: number;
  readonly columns: Columns;
}

const readers: Readonly<Record<string, (store: CaptureStore, dissection: Seen) => string>> = {
  '_ws.col.No.': (store, d) => String(store.numberOf(d.row)),
  '_ws.col.Time': (store, d) => columnTime(store, d.row),
  '_ws.col.Source': (_, d) => d.columns.source,
  '_ws.col.Destination': (_, d) => d.columns.destination,
  '_ws.col.Protocol': (_, d) => d.columns.protocol,
  '_ws.col.Length': (store, d) => String(store.table.get('wireLen', d.row)),
  '_ws.col.Info': (_, d) => escapeControls(d.columns.info),
};

export const columnNames: readonly string[] = Object.keys(readers);

export function isColumn(name: string): boolean {
  return Object.hasOwn(readers, name);
}

export function columnValue(name: string, store: CaptureStore, dissection: Seen): string {
  return readers[name](store, dissection);
}

function columnTime({ table, interfaces }: CaptureStore, row: number): string {
  return timeColumn(table, row, interfaces[table.get('iface', row)]?.ticksPerSecond);
}

/** One line of the default output. */
export function summaryLine(store: CaptureStore, dissection: Seen): string {
  const { columns, row } = dissection;
  const number = String(store.numberOf(row)).padStart(5);
  const time = columnTime(store, row).padStart(10);
  const length = store.table.get('wireLen', row);
  return `${number} ${time} ${columns.source.padStart(12)} → ${columns.destination.padEnd(12)} ${columns.protocol} ${length} ${escapeControls(columns.info)}\n`;
}
