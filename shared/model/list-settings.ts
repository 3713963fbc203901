/** Which columns the packet list has, and how it writes times. Kept in the settings; the decoding thread makes the texts by it. */

export const columnKinds = ['number', 'time', 'source', 'destination', 'protocol', 'length', 'info', 'field'] as const;
export type ColumnKind = (typeof columnKinds)[number];
/** 'auto': numbers to the right, everything else to the left. */
export type ColumnAlign = 'auto' | 'left' | 'center' | 'right';

export interface ColumnSetting {
  /** Names it for good: in widths, pages and sorting. A default column's is its kind. */
  readonly id: string;
  readonly kind: ColumnKind;
  /** '' where the window names it in the user's language. */
  readonly title: string;
  /** Of kind 'field': the name of a field, or a filter, which gives a tick where it matches. Else ''. */
  readonly field: string;
  /** Which of the field's values in a packet: 0 all, 1 the first, -1 the last, and so on. */
  readonly occurrence: number;
  /** Names of values where they have any (`TCP`), else the values themselves (`6`). */
  readonly names: boolean;
  readonly align: ColumnAlign;
  readonly visible: boolean;
}

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
export type TimeDigits = -1 | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;
export const timeDigits: readonly TimeDigits[] = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

export interface ListSettings {
  readonly columns: readonly ColumnSetting[];
  readonly timeFormat: TimeFormat;
  readonly timeDigits: TimeDigits;
  /** Spans of a minute and more with hours and minutes. */
  readonly timeHours: boolean;
  /** Names in place of addresses, as DNS responses in the capture give them. */
  readonly addressNames: boolean;
}

export const maxColumns = 64;
export const maxColumnText = 1000;
export const maxOccurrence = 999;

const plain = (kind: Exclude<ColumnKind, 'field'>): ColumnSetting => ({ id: kind, kind, title: '', field: '', occurrence: 0, names: true, align: 'auto', visible: true });

export const defaultColumns: readonly ColumnSetting[] = [plain('number'), plain('time'), plain('source'), plain('destination'), plain('protocol'), plain('length'), plain('info')];

export const defaultListSettings: ListSettings = { columns: defaultColumns, timeFormat: 'relative', timeDigits: -1, timeHours: false, addressNames: false };

export const listSettingKeys = Object.keys(defaultListSettings) as readonly (keyof ListSettings)[];

/** The settings of the list among others. */
export const listSettingsOf = (settings: ListSettings): ListSettings => {
  const { columns, timeFormat, timeDigits, timeHours, addressNames } = settings;
  return { columns, timeFormat, timeDigits, timeHours, addressNames };
};

/** The columns that the list shows, in order. */
export const visibleColumns = (columns: readonly ColumnSetting[]): readonly ColumnSetting[] => columns.filter((column) => column.visible);

/** What the column's values are, whatever it is called, as sorting names it: a kind, or `field:tcp.port`, `field@2:tcp.port` for the second value in a packet. */
export const columnContent = ({ kind, field, occurrence }: ColumnSetting): string =>
  kind !== 'field' ? kind : occurrence === 0 || occurrence === 1 ? `field:${field}` : `field@${occurrence}:${field}`;
export const maxColumnContent = maxColumnText + `field@-${maxOccurrence}:`.length;
