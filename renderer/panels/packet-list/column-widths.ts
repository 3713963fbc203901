import type { CaptureProgress } from '../../../shared/model/capture.ts';
import type { ColumnKind, ColumnSetting } from '../../../shared/model/list-settings.ts';
import type { RowPage } from '../../../shared/model/packet.ts';

const defaults: Readonly<Record<ColumnKind, number>> = {
  number: 50,
  time: 98,
  source: 100,
  destination: 100,
  protocol: 76,
  length: 72,
  info: 300,
  field: 90,
};
export const minColumnWidth = 36;
/** Marks of colour, stream and notes, before the first column. */
export const markWidth = 44;
export const stretchMinWidth = 140;
/** Width of a character of the monospaced font at 12 px, and the space around a cell's text. */
const characterWidth = 7.25;
const cellPadding = 18;
const widestAutomatic = 200;
/** A payload as a column does not push everything else out of the window. */
const widestFitting = 1200;

export type ColumnWidths = Readonly<Record<string, number>>;

/** The column that takes what is left of the width: Info, else the last one. */
export function stretching(columns: readonly ColumnSetting[]): string {
  return (columns.find((column) => column.kind === 'info') ?? columns.at(-1))?.id ?? '';
}

/** What a cell of a column shows: an address by its name, where the page has one. Untrusted text. */
export function shownText(page: RowPage, column: string, text: string): string {
  return column === 'source' || column === 'destination' ? (page.names.get(text) ?? text) : text;
}

/** Width that shows the longest text of a column on a page, and its name, whole. */
export function fittingWidth(page: RowPage, id: string, title = ''): number {
  const cells = page.cells[page.columns.indexOf(id)] ?? [];
  const longest = cells.reduce(
    (most, text) => Math.max(most, textWidth(shownText(page, id, text))),
    Math.max(3, textWidth(title) + 2),
  );
  return Math.min(widestFitting, Math.ceil(longest * characterWidth) + cellPadding);
}

/** Characters of East Asian scripts are two wide. */
function textWidth(text: string): number {
  let width = 0;
  for (let i = 0; i < text.length && i < 512; i++) width += text.charCodeAt(i) >= 0x2e80 ? 2 : 1;
  return width;
}

/**
 * What the user chose, else a width for the texts of the first page: addresses of IPv6 get more room than those of
 * IPv4.
 */
export function columnWidth(
  column: ColumnSetting,
  title: string,
  chosen: ColumnWidths,
  firstPage: RowPage | undefined,
  rowCount: number,
): number {
  const own = chosen[column.id];
  if (own !== undefined) return Math.max(minColumnWidth, own);
  const base = defaults[column.kind];
  if (column.kind === 'info') return base;
  if (column.kind === 'number')
    return Math.max(base, Math.ceil(String(rowCount).length * characterWidth) + cellPadding);
  const named = Math.max(
    base,
    column.kind === 'field' ? Math.ceil(textWidth(title) * characterWidth) + cellPadding : 0,
  );
  return firstPage === undefined
    ? named
    : Math.min(Math.max(named, fittingWidth(firstPage, column.id)), Math.max(named, widestAutomatic));
}

/**
 * Rows that a file will have when it is read: columns made for them do not move with every further digit while it
 * loads.
 */
export function expectedRows(
  rowCount: number,
  progress: Pick<CaptureProgress, 'state' | 'bytesRead' | 'bytesTotal'> | null,
): number {
  if (progress === null || progress.state !== 'loading' || progress.bytesRead <= 0) return rowCount;
  return Math.max(rowCount, Math.ceil((rowCount * progress.bytesTotal) / progress.bytesRead));
}

export function columnTemplate(columns: readonly ColumnSetting[], widths: readonly number[]): string {
  const stretched = stretching(columns);
  const tracks = columns.map((column, c) =>
    column.id === stretched ? `minmax(${Math.min(stretchMinWidth, widths[c])}px, 1fr)` : `${widths[c]}px`,
  );
  return `${markWidth}px ${tracks.join(' ')}`;
}

/** Kinds whose values are numbers, or times that line up by their decimals. */
const toTheRight: ReadonlySet<ColumnKind> = new Set(['number', 'time', 'length']);

export function alignOf(column: ColumnSetting): 'left' | 'center' | 'right' {
  if (column.align !== 'auto') return column.align;
  return toTheRight.has(column.kind) ? 'right' : 'left';
}
