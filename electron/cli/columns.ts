/** The columns of the packet list, as `_ws.col.*` fields and as summary lines. */
import type { Dissection } from '../../shared/dissect/engine.ts';
import { escapeControls } from '../../shared/format/escape.ts';

const names = ['_ws.col.No.', '_ws.col.Time', '_ws.col.Source', '_ws.col.Destination', '_ws.col.Protocol', '_ws.col.Length', '_ws.col.Info'];

export function isColumn(name: string): boolean {
  return names.includes(name);
}

export function columnValue(name: string, dissection: Dissection, wireLen: number, time: string): string {
  const { columns, row } = dissection;
  switch (name) {
    case '_ws.col.No.':
      return String(row + 1);
    case '_ws.col.Time':
      return time;
    case '_ws.col.Source':
      return columns.source;
    case '_ws.col.Destination':
      return columns.destination;
    case '_ws.col.Protocol':
      return columns.protocol;
    case '_ws.col.Length':
      return String(wireLen);
    default:
      return escapeControls(columns.info);
  }
}

/** One line of tshark's default output. */
export function summaryLine(dissection: Dissection, wireLen: number, time: string): string {
  const { columns, row } = dissection;
  const number = String(row + 1).padStart(5);
  return `${number} ${time.padStart(11)} ${columns.source.padStart(12)} → ${columns.destination.padEnd(12)} ${columns.protocol} ${wireLen} ${escapeControls(columns.info)}\n`;
}
