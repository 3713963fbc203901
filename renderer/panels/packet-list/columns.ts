import type { CaptureProgress } from '../../../shared/model/capture.ts';
import { type ListColumn, listColumns, type RowPage } from '../../../shared/model/packet.ts';

const defaults: Readonly<Record<Exclude<ListColumn, 'info'>, number>> = { number: 44, time: 98, source: 100, destination: 100, protocol: 70, length: 58 };
export const minColumnWidth = 36;
/** Marks of colour and stream, before the first column. */
export const markWidth = 32;
export const infoMinWidth = 140;
/** Width of a character of the monospaced font at 12 px, and the space around a cell's text. */
const characterWidth = 7.25;
const cellPadding = 18;
const widestAutomatic = 150;

export type ColumnWidths = Readonly<Record<string, number>>;

/** Width that shows the longest text of a column on a page whole. */
export function fittingWidth(page: RowPage, column: ListColumn): number {
  const cells = page.cells[listColumns.indexOf(column)] ?? [];
  return Math.ceil(cells.reduce((longest, text) => Math.max(longest, text.length), 3) * characterWidth) + cellPadding;
}

/** What the user chose, else a width for the texts of the first page: addresses of IPv6 get more room than those of IPv4. */
export function columnWidth(column: ListColumn, chosen: ColumnWidths, firstPage: RowPage | undefined, rowCount: number): number {
  if (column === 'info') return 0;
  const own = chosen[column];
  if (own !== undefined) return Math.max(minColumnWidth, own);
  const base = defaults[column];
  if (column === 'number') return Math.max(base, Math.ceil(String(rowCount).length * characterWidth) + cellPadding);
  return firstPage === undefined ? base : Math.min(Math.max(base, fittingWidth(firstPage, column)), Math.max(base, widestAutomatic));
}

/** Rows that a file will have when it is read: columns made for them do not move with every further digit while it loads. */
export function expectedRows(rowCount: number, progress: Pick<CaptureProgress, 'state' | 'bytesRead' | 'bytesTotal'> | null): number {
  if (progress === null || progress.state !== 'loading' || progress.bytesRead <= 0) return rowCount;
  return Math.max(rowCount, Math.ceil((rowCount * progress.bytesTotal) / progress.bytesRead));
}

export function columnTemplate(widths: readonly number[]): string {
  return `${markWidth}px ${widths
    .slice(0, -1)
    .map((width) => `${width}px`)
    .join(' ')} minmax(${infoMinWidth}px, 1fr)`;
}
