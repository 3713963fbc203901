import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { clockText, isClock, localOffset, spanText, type ZoneOffset } from '../../shared/format/list-time.ts';
import { timeDifference } from '../../shared/format/time.ts';
import type { ListSettings } from '../../shared/model/list-settings.ts';
import { rowTime } from '../../shared/table/row-time.ts';

/** What the column says of a time reference where times count from one. */
const reference = '*REF*';

/**
 * The Time column in the chosen format; '' where the file gives the packet no time.
 * @param displayedBefore the row shown before this one, -1 none
 */
export function timeText(
  store: CaptureStore,
  row: number,
  { timeFormat, timeDigits, timeHours }: ListSettings,
  displayedBefore: (row: number) => number,
  offset: ZoneOffset = localOffset,
): string {
  const { table, interfaces, annotations } = store;
  if (Number.isNaN(table.get('sec', row))) return '';
  const ticks = interfaces[table.get('iface', row)]?.ticksPerSecond ?? 1e6;
  const digits = timeDigits >= 0 ? timeDigits : ticks > 1e6 ? 9 : 6;
  const time = rowTime(table, row);
  if (isClock(timeFormat)) return clockText(time, timeFormat, digits, offset);
  if (timeFormat === 'epoch') return spanText(time, digits, timeHours);
  if (timeFormat === 'relative' && annotations.references.has(row)) return reference;
  const from = origin(store, row, timeFormat, displayedBefore);
  return spanText(timeDifference(time, rowTime(table, from)), digits, timeHours);
}

/** The row that a row's time counts from; itself where there is none. */
function origin(
  store: CaptureStore,
  row: number,
  format: ListSettings['timeFormat'],
  displayedBefore: (row: number) => number,
): number {
  const { table, annotations, customBlocks, tcp, udp } = store;
  switch (format) {
    case 'delta': {
      let before = row - 1;
      while (before > 0 && customBlocks.has(before)) before--;
      return Math.max(0, before);
    }
    case 'delta-displayed': {
      const before = displayedBefore(row);
      return before < 0 ? row : before;
    }
    case 'stream': {
      const transport = table.get('transport', row);
      const streams = transport === 6 ? tcp : transport === 17 ? udp : null;
      const stream = table.get('stream', row);
      return streams === null || stream < 0
        ? Math.max(0, annotations.references.before(row))
        : streams.firstRow[stream];
    }
    default:
      return Math.max(0, annotations.references.before(row));
  }
}
