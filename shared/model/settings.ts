import { type ColourRule, defaultRules } from './colouring.ts';
import type { DecodeAsRule } from './decode-as.ts';
import { defaultListSettings, type ListSettings } from './list-settings.ts';

/** Kept between sessions in the user's settings file. */
export type Language = 'en' | 'zh-CN';
export type Theme = 'light' | 'dark';
export type RowDensity = 'compact' | 'normal' | 'roomy';

export interface RecentFile {
  readonly path: string;
  readonly name: string;
  readonly sizeBytes: number;
  /** Milliseconds since 1970. */
  readonly openedAt: number;
  /** Facts for the one-line summary, known once it was loaded to the end. */
  readonly packets: number;
  readonly tcpStreams: number;
  readonly refused: number;
  readonly incomplete: number;
}

/** A filter with a name. */
export interface SavedFilter {
  readonly name: string;
  readonly filter: string;
}

export interface Settings extends ListSettings {
  /** 'system' follows the operating system. */
  readonly language: Language | 'system';
  readonly theme: Theme | 'system';
  readonly density: RowDensity;
  /** Sequence numbers as on the wire, in list, tree and ladder; else counted from each side's first. */
  readonly rawNumbers: boolean;
  /** Pane sizes as fractions of the window, by name. */
  readonly panes: Readonly<Record<string, number>>;
  /** Column widths of the packet list in CSS pixels, by the column's id. */
  readonly columnWidths: Readonly<Record<string, number>>;
  /** Filters applied, the last one first. */
  readonly recentFilters: readonly string[];
  readonly savedFilters: readonly SavedFilter[];
  /** Whether the packet list is coloured by rules. */
  readonly colouring: boolean;
  /** Whether the minimap stands beside the packet list. */
  readonly minimap: boolean;
  readonly colourRules: readonly ColourRule[];
  /** What is decoded otherwise than its port or type says; later ones win. */
  readonly decodeAs: readonly DecodeAsRule[];
  /** Capture filters that were used, the last one first. */
  readonly captureFilters: readonly string[];
  readonly recent: readonly RecentFile[];
}

export const defaultSettings: Settings = {
  language: 'system',
  theme: 'system',
  density: 'normal',
  rawNumbers: false,
  panes: {},
  columnWidths: {},
  recentFilters: [],
  savedFilters: [],
  colouring: true,
  minimap: true,
  colourRules: defaultRules,
  decodeAs: [],
  captureFilters: [],
  recent: [],
  ...defaultListSettings,
};
