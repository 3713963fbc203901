/** Our values against tshark's, packet by packet. */
import { columnNames, columnValue } from '../../electron/cli/column-values.ts';
import { itemValue } from '../../electron/cli/fields.ts';
import { type Loader, openCapture } from '../../electron/worker/load.ts';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { cut, leftOut } from './known.ts';
import { type Answers, ask, catalogue, corpusFiles, shortName } from './oracle.ts';
import type { Tally } from './tally.ts';

export const registry = createRegistry(protocols);

let names: readonly string[] | undefined;
/** Columns, and the fields that both declare: what is asked for and compared. */
export function sharedNames(): readonly string[] {
  const known = catalogue();
  names ??= [
    ...columnNames,
    ...[...known.values()]
      .filter(({ name }) => isCompared(name) && known.get(name)?.protocol !== '_ws')
      .map(({ name }) => name),
  ].sort();
  return names;
}

/**
 * Whether a name of tshark's is one of our fields, or a column. What tshark calls a protocol inside another one
 * (`tcp.options.mss`) has a value as any field.
 */
export function isCompared(name: string): boolean {
  return (
    columnNames.includes(name) ||
    (registry.fieldByName.has(name) && !registry.byName.has(name) && !name.startsWith('_ws.'))
  );
}

export interface FileResult {
  readonly file: string;
  readonly opens: boolean;
  readonly packets: number;
  readonly ourPackets: number;
  /** The indexing pass met a bug of ours. */
  readonly hasBug: boolean;
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** Names in frame.protocols that are no protocols of their own. */
const pseudoLayers = new Set([
  'ethertype',
  'pcap_pktdata',
  'data-text-lines',
  'json',
  'xml',
  'media',
  'png',
  'image-gif',
  'image-jfif',
  'mime_multipart',
  'urlencoded-form',
]);
/**
 * What is in a packet, or a stream of packets, that is of a protocol which is not ours says nothing of our fields: who
 * takes the bytes, and when it has them all.
 */
const ofTheTop = /^(frame\.protocols$|data\.|tcp\.(segment|segments|reassembled)(\.|_|$))/;

const isKnownLayer = (layer: string): boolean => registry.byName.has(layer) || pseudoLayers.has(layer);

const keptDifferences = 12;

/** Sees every packet, and both sides' values of each of the names. */
type Look = (frame: number, value: (name: string) => { theirs: string; ours: string }, dissection: Dissection) => void;

export async function compareFile(path: string, wanted: readonly string[], each?: Look): Promise<FileResult> {
  return compareAnswers(
    path,
    shortName(path),
    await ask(path, [...new Set([...wanted, 'frame.protocols', 'tcp.stream'])]),
    wanted,
    each,
  );
}

export function compareAnswers(
  path: string,
  file: string,
  answers: Answers,
  wanted: readonly string[],
  each?: Look,
): FileResult {
  const tallies = new Map<string, Tally>(
    wanted.map((name) => [name, { pairs: 0, equal: 0, extra: 0, differences: [] }]),
  );
  const loader = load(path);
  if (loader === null)
    return { file, opens: answers.opens, packets: answers.packets, ourPackets: 0, hasBug: false, tallies };
  const { store } = loader;
  const hasOthers = foreignRows(answers);
  const notCompared = new Set(leftOut.filter((each) => each.file === file).flatMap(({ fields }) => fields));
  const columns = wanted.filter((name) => columnNames.includes(name));
  for (let row = 0; row < Math.min(answers.packets, store.table.length); row++) {
    const dissection = store.engine.dissect(row);
    const theirs = answers.of(row);
    const ours = valuesOf(store, dissection, columns);
    const compare = (name: string): void => {
      const tally = tallies.get(name);
      if (tally === undefined) return;
      const [their = '', our = ''] = [theirs.get(name), ours.get(name)];
      if ((hasOthers(row) && ofTheTop.test(name)) || notCompared.has(name)) return;
      if (their === '') tally.extra++;
      else tally.pairs++;
      if (their === our) tally.equal++;
      else if (tally.differences.length < keptDifferences)
        tally.differences.push({ file, frame: row + 1, theirs: their, ours: our });
    };
    for (const name of theirs.keys()) compare(name);
    for (const [name, value] of ours) if (value !== '' && !theirs.has(name)) compare(name);
    each?.(row + 1, (name) => ({ theirs: theirs.get(name) ?? '', ours: ours.get(name) ?? '' }), dissection);
  }
  loader.source.close();
  return {
    file,
    opens: answers.opens,
    packets: answers.packets,
    ourPackets: store.table.length,
    hasBug: store.healthIssues.some(({ kind }) => kind === 'decoder-bug'),
    tallies,
  };
}

/** Whether tshark finds a protocol that is not ours in a packet, or anywhere in the packet's TCP stream. */
function foreignRows(answers: Answers): (row: number) => boolean {
  const streams = new Set<string>();
  const isForeign = (row: number): boolean =>
    !(answers.of(row).get('frame.protocols') ?? '').split(':').every(isKnownLayer);
  const streamOf = (row: number): string => answers.of(row).get('tcp.stream') ?? '';
  for (let row = 0; row < answers.packets; row++) if (isForeign(row)) streams.add(streamOf(row));
  streams.delete('');
  return (row) => isForeign(row) || streams.has(streamOf(row));
}

/** What `-T fields` prints for each field of the packet and for these columns. */
function valuesOf(
  store: CaptureStore,
  dissection: Dissection,
  columns: readonly string[],
): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const visit = (items: readonly TreeItem[]): void => {
    for (const item of items) {
      if (item.field !== null) {
        const before = values.get(item.field.name);
        values.set(item.field.name, before === undefined ? itemValue(item) : `${before},${itemValue(item)}`);
      }
      if (item.children !== null) visit(item.children);
    }
  };
  visit(dissection.items);
  for (const name of columns) values.set(name, columnValue(name, store, dissection));
  return values;
}

/** A file read to its end; null where it is no capture. */
export function load(path: string): Loader | null {
  const opened = openCapture(path, registry);
  if (!opened.ok) return null;
  while (opened.value.advance());
  return opened.value;
}

/** Asks tshark about every file, two at a time, so that later questions are answered from the cache. */
export async function warm(): Promise<void> {
  const files = corpusFiles();
  const worker = async (): Promise<void> => {
    for (let path = files.pop(); path !== undefined; path = files.pop()) await ask(path, sharedNames());
  };
  await Promise.all([worker(), worker()]);
}

export function addTallies(sum: Map<string, Tally>, more: ReadonlyMap<string, Tally>): void {
  for (const [name, tally] of more) {
    const known = sum.get(name);
    if (known === undefined) sum.set(name, { ...tally, differences: [...tally.differences] });
    else {
      known.pairs += tally.pairs;
      known.equal += tally.equal;
      known.extra += tally.extra;
      for (const difference of tally.differences.slice(0, 3))
        if (known.differences.length < keptDifferences) known.differences.push(difference);
    }
  }
}

/** The fields that differ most, with examples. */
export function worst(tallies: ReadonlyMap<string, Tally>, lines: number, examples = 1): string {
  const wrong = (t: Tally): number => t.pairs - t.equal + t.extra;
  const list = [...tallies].filter(([, t]) => wrong(t) > 0).sort((a, b) => wrong(b[1]) - wrong(a[1]));
  return list
    .slice(0, lines)
    .map(([name, t]) => {
      const head = `${String(t.pairs - t.equal).padStart(7)} of ${String(t.pairs).padEnd(7)} ${name}${t.extra > 0 ? ` (${t.extra} more only by us)` : ''}`;
      return [
        head,
        ...t.differences
          .slice(0, examples)
          .map((d) => `          ${d.file} #${d.frame}: tshark ${cut(d.theirs)} ours ${cut(d.ours)}`),
      ].join('\n');
    })
    .join('\n');
}

export function total(tallies: ReadonlyMap<string, Tally>): { pairs: number; equal: number; rate: number } {
  let pairs = 0;
  let equal = 0;
  for (const [name, tally] of tallies) {
    if (columnNames.includes(name)) continue;
    pairs += tally.pairs;
    equal += tally.equal;
  }
  return { pairs, equal, rate: pairs === 0 ? 1 : equal / pairs };
}
