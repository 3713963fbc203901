/**
 * Run-time checks of what the window asks: types stop at the process wall, and a renderer is never trusted. The
 * compiler holds each schema against the contract.
 */
import * as v from 'valibot';
import { annotationChange, saveChoices } from '../model/annotations.ts';
import { maxRules, temporaryHues } from '../model/colouring.ts';
import { filterText } from '../model/filter.ts';
import { findQuery } from '../model/find.ts';
import { labId } from '../model/lab.ts';
import { maxColumnContent } from '../model/list-settings.ts';
import { captureRequest, maxCaptureFilter, siteRequest } from '../model/live.ts';
import { maxBands } from '../model/overview.ts';
import { rowSelection } from '../model/packet.ts';
import { count, listOf, row, rowOrNone, text } from '../model/schema.ts';
import { languages, settingsPatch } from '../model/settings.ts';
import { ladderFormats, streamSortKeys } from '../model/stream.ts';
import type { RequestArgs, RequestName } from './contract.ts';

type Schemas<A extends readonly unknown[]> = { readonly [I in keyof A]: v.GenericSchema<unknown, A[I]> };

const id = count(Number.MAX_SAFE_INTEGER);
const sortKey = v.picklist(streamSortKeys);
const flag = v.boolean();
const pageSize = count(1000);
const path = text(32_768);
const column = v.nullable(text(maxColumnContent));
/** A name to propose for a new file: no folder in it. */
const fileName = v.pipe(text(255), v.regex(/^[^/\\]*$/));
const fileBytes = v.pipe(v.instance(Uint8Array), v.maxLength(64 << 20));

const schemas: { readonly [N in RequestName]: Schemas<RequestArgs<N>> } = {
  'app:boot': [],
  'settings:update': [settingsPatch],
  'capture:choose-file': [],
  'capture:open-file': [path],
  'capture:open-sample': [text(64)],
  'capture:reload': [],
  'capture:cancel': [id],
  'capture:unpack-whole': [id],
  'capture:close': [],
  'recent:remove': [path],
  'rows:page': [id, row, pageSize],
  'rows:show': [id, v.nullable(rowSelection)],
  'rows:sort': [id, column, flag],
  'rows:overview': [id, count(maxBands)],
  'find:next': [id, findQuery, rowOrNone, flag],
  'find:count': [id, v.nullable(findQuery), id],
  'rows:colour': [listOf(maxRules + temporaryHues.length, filterText)],
  'import:text': [],
  'filter:cancel': [id],
  'filter:count': [id, filterText, rowOrNone],
  'filter:values': [id, text(256), pageSize],
  'rows:position': [id, row],
  'catalogue:get': [],
  'decode:tables': [],
  'decode:offers': [id, row],
  'notes:change': [id, annotationChange],
  'notes:counts': [id],
  'notes:comments': [id, row],
  'notes:next': [id, v.picklist(['mark', 'reference']), row, flag],
  'rows:in-conversation': [id, row, flag],
  'capture:save': [id, flag, v.picklist(saveChoices)],
  'capture:cancel-save': [id],
  'packet:detail': [id, row],
  'streams:page': [id, sortKey, flag, row, pageSize],
  'streams:position': [id, sortKey, flag, row],
  'tcp:ladder': [id, row],
  'tcp:segments': [id, row, row, row, row, pageSize],
  'tcp:export': [id, row, v.picklist(ladderFormats), v.picklist(languages), flag],
  'export:save': [fileName, v.union([text(64 << 20), fileBytes])],
  'clipboard:write': [text(16 << 20)],
  'live:devices': [],
  'live:traffic': [],
  'live:check-filter': [text(maxCaptureFilter)],
  'live:start': [captureRequest, flag],
  'live:pipe': [],
  'live:restart': [],
  'live:stop': [],
  'live:site': [siteRequest],
  'live:lab': [labId],
  'live:advice': [],
  'live:unsaved': [],
  'live:recover': [fileName],
  'live:discard': [fileName],
};

/** True where `args` are what the contract says for `name`. */
export function argumentsFit(name: RequestName, args: readonly unknown[]): boolean {
  const expected: readonly v.GenericSchema[] = schemas[name];
  return args.length === expected.length && expected.every((schema, i) => v.is(schema, args[i]));
}
