import * as v from 'valibot';
import { colourRules, defaultRules } from './colouring.ts';
import { decodeAsRules } from './decode-as.ts';
import { filterText } from './filter.ts';
import { defaultListSettings, listSettingEntries, listSettingKeys } from './list-settings.ts';
import { maxCaptureFilter } from './live.ts';
import { exact, listOf, numbersByName, someOf, text } from './schema.ts';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];
const themes = ['light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const densities = ['compact', 'normal', 'roomy'] as const;
export type RowDensity = (typeof densities)[number];

/** A file that was opened. */
export const recentFile = v.pipe(
  v.object({
    path: v.string(),
    name: v.string(),
    sizeBytes: v.number(),
    /** Milliseconds since 1970. */
    openedAt: v.number(),
    /** Facts for the one-line summary, known once it was loaded to the end. */
    packets: v.number(),
    tcpStreams: v.number(),
    refused: v.number(),
    incomplete: v.number(),
  }),
  v.readonly(),
);
export type RecentFile = v.InferOutput<typeof recentFile>;

/** A filter with a name. */
const savedFilter = exact({ name: text(200), filter: filterText });
export type SavedFilter = v.InferOutput<typeof savedFilter>;

/** What the window may change. */
const chosenEntries = {
  /** 'system' follows the operating system. */
  language: v.picklist([...languages, 'system']),
  theme: v.picklist([...themes, 'system']),
  density: v.picklist(densities),
  /** Sequence numbers as on the wire, in list, tree and ladder; else counted from each side's first. */
  rawNumbers: v.boolean(),
  /** Pane sizes as fractions of the window, by name. */
  panes: numbersByName(100_000),
  /** Column widths of the packet list in CSS pixels, by the column's id. */
  columnWidths: numbersByName(10_000),
  ...listSettingEntries,
  /** Filters applied, the last one first. */
  recentFilters: listOf(50, filterText),
  savedFilters: listOf(500, savedFilter),
  /** Whether the packet list is coloured by rules. */
  colouring: v.boolean(),
  /** Whether the minimap stands beside the packet list. */
  minimap: v.boolean(),
  colourRules,
  /** What is decoded otherwise than its port or type says; later ones win. */
  decodeAs: decodeAsRules,
  /** Capture filters that were used, the last one first. */
  captureFilters: listOf(50, text(maxCaptureFilter)),
};
export const settingsPatch = someOf(chosenEntries);

/** Kept between sessions in the user's settings file. */
const settings = exact({ ...chosenEntries, recent: listOf(100, recentFile) });
export type Settings = v.InferOutput<typeof settings>;

/** Settings that the texts of packets depend on. */
export const packetSettingKeys = ['rawNumbers', ...listSettingKeys] as const;

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
