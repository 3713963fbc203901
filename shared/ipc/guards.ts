/** Run-time checks of what the window asks: types stop at the process wall, and a renderer is never trusted. */
import { maxFilterLength } from '../filter/limits.ts';
import { maxCommentBytes, maxCommentsPerPacket } from '../model/annotations.ts';
import { isColourRule, maxRules, temporaryHues } from '../model/colouring.ts';
import { maxDecodeAsKey, maxDecodeAsName, maxDecodeAsNumber, maxDecodeAsRules } from '../model/decode-as.ts';
import { findKinds, findPlaces, maxFindText } from '../model/find.ts';
import { isLabId } from '../model/lab.ts';
import { columnKinds, maxColumnContent, maxColumns, maxColumnText, maxOccurrence, timeDigits, timeFormats } from '../model/list-settings.ts';
import { bufferSizes, maxCaptureFilter, maxDevices, snapLengths } from '../model/live.ts';
import { maxBands } from '../model/overview.ts';
import { maxSiteText } from '../model/site.ts';
import type { RequestName } from './contract.ts';

type Check = (value: unknown) => boolean;

const text =
  (max: number): Check =>
  (v) =>
    typeof v === 'string' && v.length <= max && !v.includes('\0');
const count =
  (max: number): Check =>
  (v) =>
    typeof v === 'number' && Number.isInteger(v) && v >= 0 && v <= max;
const flag: Check = (v) => typeof v === 'boolean';
const oneOf =
  (...values: readonly unknown[]): Check =>
  (v) =>
    values.includes(v);
const plainObject = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v);

const row = count(0xffff_ffff);
const id = count(Number.MAX_SAFE_INTEGER);
const sortKey = oneOf('stream', 'client', 'server', 'open', 'close', 'handshake', 'packets', 'bytesFromClient', 'bytesFromServer', 'duration', 'zeek', 'completeness');

/** A name to propose for a new file: no folder in it. */
const fileName: Check = (v) => text(255)(v) && !/[/\\]/.test(v as string);
/** A row, or -1 for none. */
const rowOrNone: Check = (v) => v === -1 || row(v);
const rowSelection: Check = (v) =>
  v === null ||
  (plainObject(v) &&
    Object.keys(v).length === 2 &&
    ('filter' in v ? filterText(v.filter) && rowOrNone(v.selectedRow) : row(v.stream) && oneOf('all', 'opening', 'closing')(v.phase)));
const columnId: Check = (v) => v === null || text(maxColumnContent)(v);

const filterText = text(maxFilterLength);
const numbers =
  (max: number): Check =>
  (v) =>
    plainObject(v) && Object.keys(v).length <= 64 && Object.values(v).every((n) => typeof n === 'number' && Number.isFinite(n) && n >= 0 && n <= max);

const listOf =
  (max: number, check: Check): Check =>
  (v) =>
    Array.isArray(v) && v.length <= max && v.every(check);
/** An object of exactly these properties. */
const shape =
  (properties: Readonly<Record<string, Check>>): Check =>
  (v) =>
    plainObject(v) && Object.keys(v).length === Object.keys(properties).length && Object.entries(properties).every(([key, check]) => Object.hasOwn(v, key) && check(v[key]));

const findQuery: Check = shape({ kind: oneOf(...findKinds), place: oneOf(...findPlaces), text: text(maxFindText), caseSensitive: flag });

const column = shape({
  id: (v) => text(64)(v) && v !== '',
  kind: oneOf(...columnKinds),
  title: text(maxColumnText),
  field: text(maxColumnText),
  occurrence: (v) => typeof v === 'number' && Number.isInteger(v) && Math.abs(v) <= maxOccurrence,
  names: flag,
  align: oneOf('auto', 'left', 'center', 'right'),
  visible: flag,
});
/** At least one is to be seen, and no two have the same id. */
const columns: Check = (v) => {
  if (!listOf(maxColumns, column)(v)) return false;
  const list = v as readonly { readonly id: string; readonly visible: boolean }[];
  return list.some((each) => each.visible) && new Set(list.map((each) => each.id)).size === list.length;
};

const noteKind = oneOf('mark', 'ignore', 'reference');
const rowChange = (rows: Check, on: Check): Check => shape({ kind: noteKind, rows, on });
const rowsChange = rowChange(listOf(10_000, row), (v) => v === null || flag(v));
const displayedChange = rowChange(oneOf('displayed'), flag);
const allChange = rowChange(oneOf('all'), oneOf(false));
const commentsChange = shape({ kind: oneOf('comments'), row, texts: listOf(maxCommentsPerPacket, text(maxCommentBytes)) });
const annotationChange: Check = (v) => rowsChange(v) || displayedChange(v) || allChange(v) || commentsChange(v);

const between =
  (least: number, most: number): Check =>
  (v) =>
    count(most)(v) && (v as number) >= least;
const orNull =
  (check: Check): Check =>
  (v) =>
    v === null || check(v);
const captureOptions = shape({
  devices: (v) => listOf(maxDevices, text(256))(v) && (v as readonly string[]).length > 0 && new Set(v as readonly string[]).size === (v as readonly string[]).length,
  filter: text(maxCaptureFilter),
  promiscuous: flag,
  snapLength: between(snapLengths.least, snapLengths.most),
  bufferMiB: between(bufferSizes.least, bufferSizes.most),
});
const limit = orNull(between(1, Number.MAX_SAFE_INTEGER));
const captureSeries: Check = (v) =>
  shape({ bytes: limit, seconds: orNull(between(1, 31_536_000)), files: orNull(between(1, 100_000)) })(v) &&
  ((v as { readonly bytes: unknown }).bytes !== null || (v as { readonly seconds: unknown }).seconds !== null);
const captureRequest = shape({ series: orNull(captureSeries), options: captureOptions, limits: shape({ packets: limit, bytes: limit, seconds: orNull(between(1, 31_536_000)) }) });

const decodeAsRule = shape({
  table: text(maxDecodeAsName),
  key: (v) => count(maxDecodeAsNumber)(v) || (v !== '' && text(maxDecodeAsKey)(v)),
  protocol: text(maxDecodeAsName),
});

/** What the window may change of the settings; the list of recent files is the main process's own. */
const settingChecks: Readonly<Record<string, Check>> = {
  language: oneOf('en', 'zh-CN', 'system'),
  theme: oneOf('light', 'dark', 'system'),
  density: oneOf('compact', 'normal', 'roomy'),
  rawNumbers: flag,
  panes: numbers(100_000),
  columnWidths: numbers(10_000),
  columns,
  timeFormat: oneOf(...timeFormats),
  timeDigits: oneOf(...timeDigits),
  timeHours: flag,
  addressNames: flag,
  colouring: flag,
  minimap: flag,
  colourRules: listOf(maxRules, isColourRule),
  captureFilters: listOf(50, text(maxCaptureFilter)),
  decodeAs: listOf(maxDecodeAsRules, decodeAsRule),
  recentFilters: listOf(50, filterText),
  savedFilters: listOf(500, (v) => plainObject(v) && Object.keys(v).length === 2 && text(200)(v.name) && filterText(v.filter)),
};
const settingsPatch: Check = (v) => plainObject(v) && Object.entries(v).every(([key, value]) => Object.hasOwn(settingChecks, key) && settingChecks[key](value));

const checks: { readonly [N in RequestName]: readonly Check[] } = {
  'app:boot': [],
  'settings:update': [settingsPatch],
  'capture:choose-file': [],
  'capture:open-file': [text(32_768)],
  'capture:open-sample': [text(64)],
  'capture:reload': [],
  'capture:cancel': [id],
  'capture:close': [],
  'recent:remove': [text(32_768)],
  'rows:page': [id, row, count(1000)],
  'rows:show': [id, rowSelection],
  'rows:sort': [id, columnId, flag],
  'rows:overview': [id, count(maxBands)],
  'find:next': [id, findQuery, rowOrNone, flag],
  'find:count': [id, (v) => v === null || findQuery(v), id],
  'rows:colour': [listOf(maxRules + temporaryHues.length, filterText)],
  'import:text': [],
  'filter:cancel': [id],
  'filter:count': [id, filterText, rowOrNone],
  'filter:values': [id, text(256), count(1000)],
  'rows:position': [id, row],
  'catalogue:get': [],
  'decode:tables': [],
  'decode:offers': [id, row],
  'notes:change': [id, annotationChange],
  'notes:counts': [id],
  'notes:comments': [id, row],
  'notes:next': [id, oneOf('mark', 'reference'), row, flag],
  'rows:in-conversation': [id, row, flag],
  'capture:save': [id, flag, oneOf('all', 'displayed', 'marked')],
  'capture:cancel-save': [id],
  'packet:detail': [id, row],
  'streams:page': [id, sortKey, flag, row, count(1000)],
  'streams:position': [id, sortKey, flag, row],
  'tcp:ladder': [id, row],
  'tcp:segments': [id, row, row, row, row, count(1000)],
  'tcp:export': [id, row, oneOf('svg', 'markdown', 'mermaid', 'rfc', 'packetdrill', 'json'), oneOf('en', 'zh-CN'), flag],
  'export:save': [fileName, (v) => text(64 << 20)(v) || (v instanceof Uint8Array && v.length <= 64 << 20)],
  'clipboard:write': [text(16 << 20)],
  'live:devices': [],
  'live:traffic': [],
  'live:check-filter': [text(maxCaptureFilter)],
  'live:start': [captureRequest, flag],
  'live:pipe': [],
  'live:restart': [],
  'live:stop': [],
  'live:site': [shape({ text: text(maxSiteText), dns: flag, icmp: flag, connect: oneOf('off', 'none', 'head', 'get'), verify: flag })],
  'live:lab': [isLabId],
  'live:advice': [],
  'live:unsaved': [],
  'live:recover': [fileName],
  'live:discard': [fileName],
};

/** True where `args` are what the contract says for `name`. */
export function argumentsFit(name: RequestName, args: readonly unknown[]): boolean {
  const expected = checks[name];
  return args.length === expected.length && expected.every((check, i) => check(args[i]));
}
