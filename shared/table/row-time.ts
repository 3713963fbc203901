import { relTimeText, timeDifference } from '../format/time.ts';
import type { PacketTable } from './packet-table.ts';

/** Time of a packet; where the file gives none (simple packet blocks), the beginning of 1970. */
export function rowTime(table: PacketTable, row: number): { readonly sec: number; readonly nsec: number } {
  const sec = table.get('sec', row);
  return Number.isNaN(sec) ? { sec: 0, nsec: 0 } : { sec, nsec: table.get('nsec', row) };
}

/**
 * The Time column: seconds since the first packet, `''` where the packet has no time.
 * @param ticksPerSecond of the packet's interface: decides the number of decimals
 */
export function timeColumn(table: PacketTable, row: number, ticksPerSecond = 1e6): string {
  if (Number.isNaN(table.get('sec', row))) return '';
  return relTimeText(timeDifference(rowTime(table, row), rowTime(table, 0)), ticksPerSecond > 1e6 ? 9 : 6);
}
