import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { type Want, wantOf } from '../../shared/dissect/want.ts';
import type { OpenError } from '../../shared/model/capture.ts';
import { assertUnreachable } from '../../shared/model/result.ts';
import { openCapture } from '../worker/load.ts';
import { summaryLine } from './columns.ts';
import { conversationTable } from './conversations.ts';
import { FieldPicker, fieldsLine, headerLine, nearest, unknownFields } from './fields.ts';
import { handshakeJson, handshakeLines } from './handshakes.ts';
import { JsonPackets } from './json.ts';
import { ladderJson, ladderLines, ladderOf, noSuchStream } from './ladder.ts';
import type { Options, Statistic } from './options.ts';
import { treeText } from './tree-text.ts';
import { Writer } from './writer.ts';

/** Reads the file and prints what was asked for. Returns the exit code. */
export async function read(options: Options, registry: Registry): Promise<number> {
  const unknown = unknownFields(options.fields, registry);
  if (unknown.length > 0) {
    for (const name of unknown) process.stderr.write(`handshark: ${name} is not a known field; near it: ${nearest(name, registry).join(', ')}\n`);
    return 2;
  }
  const filter = options.filter === '' ? undefined : await filterOf(options.filter, registry);
  if (filter === null) return 2;
  const opened = openCapture(options.file, registry, options.maxPackets);
  if (!opened.ok) {
    process.stderr.write(`handshark: ${openSentence(opened.error)}\n`);
    return 2;
  }
  const { value: loader } = opened;
  const { store } = loader;
  store.preferences.relativeNumbers = options.relativeNumbers;
  const out = new Writer();
  const printer = options.quiet ? null : packetPrinter(options);
  out.write(printer?.start ?? '');
  // Rows are printed while the file is read, so that the first lines come at once and the bytes are still at hand.
  let printed = 0;
  const matcher = filter === undefined ? null : filter(store);
  for (let more = true; more; ) {
    more = loader.advance();
    if (printer !== null) for (; printed < store.table.length; printed++) if (matcher === null || matcher(printed)) out.write(printer.row(store, printed));
  }
  out.write(printer?.end() ?? '');
  let code = 0;
  for (const statistic of options.statistics.toReversed()) {
    const text = statisticText(statistic, options, store, registry);
    if (text !== null) out.write(text);
    else if (statistic.kind === 'ladder') {
      process.stderr.write(`handshark: ${noSuchStream(store, options.file, statistic.stream)}\n`);
      code = 2;
    }
  }
  out.flush();
  loader.source.close();
  return code;
}

/** The language of filters is looked at only where one is given: without it the reader starts faster. */
async function filterOf(text: string, registry: Registry): Promise<((store: CaptureStore) => (row: number) => boolean) | null> {
  const [{ displayFilter }, { Matcher }] = await Promise.all([import('./display-filter.ts'), import('../../shared/query/matcher.ts')]);
  const filter = displayFilter(text, registry);
  if (filter === null) return null;
  return (store) => {
    const matcher = new Matcher(filter, store);
    return (row) => matcher.test(row);
  };
}

/** Null where the capture has not got what it is about. */
function statisticText(statistic: Statistic, { type, relativeNumbers }: Options, store: CaptureStore, registry: Registry): string | null {
  switch (statistic.kind) {
    case 'conversations':
      return conversationTable(store, statistic.type);
    case 'handshakes':
      return type === 'json' ? handshakeJson(store, registry) : handshakeLines(store, registry);
    case 'ladder': {
      const ladder = ladderOf(store, registry, statistic.stream);
      return ladder === null ? null : type === 'json' ? ladderJson(ladder) : ladderLines(ladder, !relativeNumbers);
    }
    default:
      return assertUnreachable(statistic);
  }
}

interface PacketPrinter {
  readonly start: string;
  row(store: CaptureStore, row: number): string;
  end(): string;
}

const nothing = (): string => '';

function packetPrinter(options: Options): PacketPrinter {
  switch (options.type) {
    case 'fields': {
      const picker = new FieldPicker(options.fields);
      return { start: headerLine(options.fields, options.format), row: (store, row) => fieldsLine(picker.pick(store, store.engine.dissect(row)), options.format), end: nothing };
    }
    case 'json': {
      const picker = new FieldPicker(options.fields);
      const packets = new JsonPackets(options.fields);
      return {
        start: '',
        row: (store, row) => {
          const dissection = store.engine.dissect(row);
          return packets.packet(store, dissection, picker.pick(store, dissection));
        },
        end: () => packets.end(),
      };
    }
    case 'text': {
      let want: Want | null = null;
      return {
        start: '',
        row: (store, row) => {
          if (options.verbose) return treeText(store.engine.dissect(row));
          want ??= wantOf(store.registry, new Set(), true);
          return summaryLine(store, store.engine.read(row, want));
        },
        end: nothing,
      };
    }
    default:
      return assertUnreachable(options.type);
  }
}

function openSentence(error: OpenError): string {
  switch (error.code) {
    case 'not-found':
      return `there is no file ${error.path}`;
    case 'no-permission':
      return `${error.path} may not be read by this user`;
    case 'is-directory':
      return `${error.path} is a folder, not a capture file`;
    case 'empty':
      return `${error.path} is empty`;
    case 'not-a-capture':
      return `${error.path} is not a capture file (pcap or pcapng, plain, gzip or zstd); it starts with ${error.detail ?? 'other bytes'}`;
    case 'unsupported-version':
      return `${error.path} is a capture of a version that is not known (pcap below 2, or pcapng other than 1)`;
    case 'io':
    case 'worker-crashed':
      return `${error.path} could not be read: ${error.detail ?? error.code}`;
    default:
      return assertUnreachable(error.code);
  }
}
