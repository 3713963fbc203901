import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { Hindsight } from '../../shared/dissect/hindsight.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { type Want, wantOf } from '../../shared/dissect/want.ts';
import type { DecodeAsRule } from '../../shared/model/decode-as.ts';
import { assertUnreachable } from '../../shared/model/result.ts';
import { type Loader, openCapture } from '../worker/load.ts';
import { summaryLine } from './column-values.ts';
import { conversationTable } from './conversations.ts';
import { damageSentence, textsSentence } from './damage-sentence.ts';
import { readDecodeAs } from './decode-as-option.ts';
import { FieldPicker, fieldsLine, headerLine, nearest, unknownFields } from './fields.ts';
import type { Printing } from './growing.ts';
import { handshakeLines, writeHandshakeJson } from './handshakes.ts';
import { JsonPackets } from './json.ts';
import { ladderJson, ladderLines, ladderOf, noSuchStream } from './ladder-output.ts';
import { openSentence } from './open-sentence.ts';
import type { Options, Statistic } from './options.ts';
import { isPipe, readPipe } from './read-pipe.ts';
import { say, sayLines } from './say.ts';
import { treeText } from './tree-text.ts';
import { Writer } from './writer.ts';

/** What the options ask for of a capture: null where they name what is not known, which was said. */
export async function prepare(options: Options, registry: Registry): Promise<((loader: Loader) => Output) | null> {
  const unknown = unknownFields(options.fields, registry);
  if (unknown.length > 0) {
    for (const name of unknown) say(`${name} is not a known field; near it: ${nearest(name, registry).join(', ')}`);
    return null;
  }
  const decodeAs = rulesOf(options.decodeAs, registry);
  if (decodeAs === null) return null;
  const readFilter = options.readFilter === '' ? undefined : await filterOf(options.readFilter, registry);
  if (readFilter === null) return null;
  const filter = options.filter === '' ? undefined : await filterOf(options.filter, registry);
  if (filter === null) return null;
  return (loader) => {
    const { store } = loader;
    store.preferences.relativeNumbers = options.relativeNumbers;
    store.decode(decodeAs);
    return new Output(options, registry, loader, filter?.(store) ?? null, readFilter?.(store) ?? null);
  };
}

/** What `-d` asks for; null where it cannot be, which was said. */
function rulesOf(texts: readonly string[], registry: Registry): readonly DecodeAsRule[] | null {
  const rules: DecodeAsRule[] = [];
  for (const text of texts) {
    const read = readDecodeAs(text, registry);
    const said = 'rules' in read ? (read.warning === null ? [] : [read.warning]) : read.said;
    for (const line of said) say(line);
    if (!('rules' in read)) {
      for (const line of read.listed) sayLines(`\t${line}\n`);
      return null;
    }
    rules.push(...read.rules);
  }
  return rules;
}

/** Reads the file and prints what was asked for. Returns the exit code. */
export async function read(options: Options, registry: Registry): Promise<number> {
  const output = await prepare(options, registry);
  if (output === null) return 2;
  if (isPipe(options.file) && options.twoPasses) {
    say(
      `The ${options.file === '-' ? 'standard input' : `file "${options.file}"`} is a pipe or FIFO; handshark can't read pipe or FIFO files in two-pass mode.`,
    );
    return 2;
  }
  if (isPipe(options.file)) return readPipe(options, registry, output);
  const opened = openCapture(options.file, registry, options);
  if (!opened.ok) {
    say(openSentence(opened.error));
    return 2;
  }
  const printing = output(opened.value);
  // Rows are printed while the file is read, so that the first lines come at once and the bytes are still at hand.
  while (opened.value.advance()) if (!options.twoPasses) printing.rows();
  if (options.twoPasses) printing.lookBack();
  printing.rows();
  const code = printing.end();
  opened.value.source.close();
  return code;
}

/** Prints what is asked for of a capture while it is read. */
export class Output implements Printing {
  private readonly out = new Writer();
  private readonly printer: PacketPrinter | null;
  private printed = 0;

  constructor(
    private readonly options: Options,
    private readonly registry: Registry,
    private readonly loader: Loader,
    private readonly matches: ((row: number) => boolean) | null,
    private readonly readFilter: ((row: number) => boolean) | null,
  ) {
    this.printer = options.quiet ? null : packetPrinter(options);
    this.out.write(this.printer?.start ?? '');
  }

  /**
   * Everything was read: what is printed from here on is told in hindsight. The read filter sees packets as they came.
   */
  lookBack(): void {
    const { readFilter } = this;
    const { store } = this.loader;
    store.hindsight = new Hindsight(
      readFilter === null
        ? null
        : Uint32Array.from({ length: store.table.length }, (_, row) => row).filter((row) => readFilter(row)),
    );
  }

  /** Rows that were read since. @param until moment of `performance.now` at which to stop; false: there are more. */
  rows(until = Number.POSITIVE_INFINITY): boolean {
    const { printer, matches, out } = this;
    const { store } = this.loader;
    if (printer === null) return true;
    while (this.printed < store.table.length) {
      const row = this.printed++;
      if (store.hindsight?.keeps(row) === false) continue;
      if (matches === null || matches(row)) out.write(printer.row(store, row));
      if ((row & 63) === 63 && performance.now() > until) return this.printed >= store.table.length;
    }
    return true;
  }

  flush(): void {
    this.out.flush();
  }

  /**
   * What comes after the packets. Returns the exit code.
   * @param stopped the user ended the input: no wonder that it is cut short
   */
  end(stopped = false): number {
    const { out, options, registry, printer } = this;
    const { store } = this.loader;
    out.write(printer?.end() ?? '');
    let code = 0;
    for (const statistic of options.statistics.toReversed()) {
      const isThere = writeStatistic(statistic, options, store, registry, (text) => out.write(text));
      if (!isThere && statistic.kind === 'ladder') {
        say(
          noSuchStream(
            store,
            options.file === '' ? 'the capture' : options.file === '-' ? 'standard input' : options.file,
            statistic.stream,
          ),
        );
        code = 2;
      }
    }
    out.flush();
    const texts = textsSentence(store, options.file);
    if (texts !== null) say(texts);
    const { stopped: unfinished } = this.loader.source;
    if (unfinished !== null && !store.full) {
      say(openSentence(options.file === '-' ? { ...unfinished, path: 'standard input' } : unfinished));
      return 2;
    }
    const damage = damageSentence(store, options.file);
    if (damage === null || (stopped && store.damage?.kind === 'cut')) return code;
    say(damage);
    return 2;
  }
}

/** The language of filters is looked at only where one is given: without it the reader starts faster. */
async function filterOf(
  text: string,
  registry: Registry,
): Promise<((store: CaptureStore) => (row: number) => boolean) | null> {
  const [{ displayFilter }, { Matcher }] = await Promise.all([
    import('./display-filter.ts'),
    import('../../shared/query/matcher.ts'),
  ]);
  const filter = displayFilter(text, registry);
  if (filter === null) return null;
  return (store) => {
    const matcher = new Matcher(filter, store);
    return (row) => matcher.test(row);
  };
}

/** Line by line: there may be millions. False where the capture has not got what it is about. */
function writeStatistic(
  statistic: Statistic,
  { type, relativeNumbers }: Options,
  store: CaptureStore,
  registry: Registry,
  write: (text: string) => void,
): boolean {
  switch (statistic.kind) {
    case 'conversations':
      conversationTable(store, statistic.type, write);
      return true;
    case 'handshakes':
      if (type === 'json') writeHandshakeJson(store, registry, write);
      else handshakeLines(store, registry, write);
      return true;
    case 'ladder': {
      const ladder = ladderOf(store, registry, statistic.stream);
      if (ladder === null) return false;
      write(type === 'json' ? ladderJson(ladder) : ladderLines(ladder, !relativeNumbers));
      return true;
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
      return {
        start: headerLine(options.fields, options.format),
        row: (store, row) => fieldsLine(picker.pick(store, store.engine.dissect(row)), options.format),
        end: nothing,
      };
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
