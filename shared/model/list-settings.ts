/**
 * Which columns the packet list has, and how it writes times. Kept in the settings; the decoding thread makes the texts
 * by it.
 */
import * as v from 'valibot';
import { allDifferent, between, exact, listOf, notEmpty, text } from './schema.ts';

export const columnKinds = ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info', 'field'] as const;
export type ColumnKind = (typeof columnKinds)[number];
/** 'auto': numbers to the right, everything else to the left. */
export const columnAligns = ['auto', 'left', 'center', 'right'] as const;
export type ColumnAlign = (typeof columnAligns)[number];

export const maxColumns = 64;
export const maxColumnText = 1000;
export const maxOccurrence = 999;

const columnSetting = exact({
  /** Names it for good: in widths, pages and sorting. A default column's is its kind. */
  id: notEmpty(64),
  kind: v.picklist(columnKinds),
  /** '' where the window names it in the user's language. */
  title: text(maxColumnText),
  /** Of kind 'field': the name of a field, or a filter, which gives a tick where it matches. Else ''. */
  field: text(maxColumnText),
  /** Which of the field's values in a packet: 0 all, 1 the first, -1 the last, and so on. */
  occurrence: between(-maxOccurrence, maxOccurrence),
  /** Names of values where they have any (`TCP`), else the values themselves (`6`). */
  names: v.boolean(),
  align: v.picklist(columnAligns),
  visible: v.boolean(),
});
export type ColumnSetting = v.InferOutput<typeof columnSetting>;

export const timeFormats = [
  'relative',
  'delta',
  'delta-displayed',
  'stream',
  'date-time',
  'year-day',
  'time-of-day',
  'epoch',
  'utc-date-time',
  'utc-year-day',
  'utc-time-of-day',
] as const;
export type TimeFormat = (typeof timeFormats)[number];
/** Decimals of seconds; -1: as many as the interface's clock has, six or nine. */
export const timeDigits = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
export type TimeDigits = (typeof timeDigits)[number];

export const listSettingEntries = {
  /** At least one is to be seen. */
  columns: v.pipe(
    listOf(maxColumns, columnSetting),
    v.check((columns) => columns.some(({ visible }) => visible)),
    allDifferent(({ id }: ColumnSetting) => id),
  ),
  timeFormat: v.picklist(timeFormats),
  timeDigits: v.picklist(timeDigits),
  /** Spans of a minute and more with hours and minutes. */
  timeHours: v.boolean(),
  /** Names in place of addresses, as DNS responses in the capture give them. */
  addressNames: v.boolean(),
};
const listSettings = exact(listSettingEntries);
export type ListSettings = v.InferOutput<typeof listSettings>;

const plain = (kind: Exclude<ColumnKind, 'field'>): ColumnSetting => ({
  id: kind,
  kind,
  title: '',
  field: '',
  occurrence: 0,
  names: true,
  align: 'auto',
  visible: true,
});

export const defaultColumns: readonly ColumnSetting[] = [
  plain('number'),
  plain('time'),
  plain('source'),
  plain('destination'),
  plain('protocol'),
  plain('length'),
  plain('info'),
];

export const defaultListSettings: ListSettings = {
  columns: defaultColumns,
  timeFormat: 'relative',
  timeDigits: -1,
  timeHours: false,
  addressNames: false,
};

export const listSettingKeys = Object.keys(defaultListSettings) as readonly (keyof ListSettings)[];

/** The settings of the list among others. */
export const listSettingsOf = (settings: ListSettings): ListSettings => {
  const { columns, timeFormat, timeDigits, timeHours, addressNames } = settings;
  return { columns, timeFormat, timeDigits, timeHours, addressNames };
};

/** The columns that the list shows, in order. */
export const visibleColumns = (columns: readonly ColumnSetting[]): readonly ColumnSetting[] =>
  columns.filter((column) => column.visible);

/**
 * What the column's values are, whatever it is called, as sorting names it: a kind, or `field:tcp.port`,
 * `field@2:tcp.port` for the second value in a packet.
 */
export const columnContent = ({ kind, field, occurrence }: ColumnSetting): string =>
  kind !== 'field' ? kind : occurrence === 0 || occurrence === 1 ? `field:${field}` : `field@${occurrence}:${field}`;
export const maxColumnContent = maxColumnText + `field@-${maxOccurrence}:`.length;
