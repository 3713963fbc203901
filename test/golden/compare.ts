/** Our values against tshark's, packet by packet. */
import { columnNames } from '../../electron/cli/columns.ts';
import { FieldPicker } from '../../electron/cli/fields.ts';
import { type Loader, openCapture } from '../../electron/worker/load.ts';
import type { Dissection } from '../../shared/dissect/engine.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { ask, catalogue, corpusFiles, shortName } from './oracle.ts';

export const registry = createRegistry(protocols);

/** Protocols of which every field is asked for, so that declaring one more needs no new answers. */
const asked = ['frame', 'eth', 'llc', 'vlan', 'sll', 'null', 'loop', 'arp', 'ip', 'ipv6', 'icmp', 'icmpv6', 'igmp', 'tcp', 'udp', 'dns', 'dhcp', 'ntp', 'http', 'tls', 'data'];

let names: readonly string[] | undefined;
/** What tshark is asked for: columns first, then fields. */
export function askedNames(): readonly string[] {
  if (names === undefined) {
    const known = catalogue();
    const rooms = new Set([...asked, ...registry.protocols.map((p) => p.name)]);
    // What tshark calls a protocol inside another one (`tcp.options.mss`) has a value as any field.
    const fields = [...known.values()].filter((f) => rooms.has(f.protocol) && (f.type !== 'FT_PROTOCOL' || f.name !== f.protocol) && !f.name.startsWith('_ws.')).map((f) => f.name);
    names = [...columnNames, ...fields.sort()];
  }
  return names;
}

/** Those of them that we declare: what is compared. */
export function sharedNames(): readonly string[] {
  return askedNames().filter((name) => columnNames.includes(name) || registry.fieldByName.has(name));
}

export interface Difference {
  readonly file: string;
  readonly frame: number;
  readonly theirs: string;
  readonly ours: string;
}

export interface Tally {
  /** Packets for which tshark prints the field; those with the same value. */
  pairs: number;
  equal: number;
  /** Packets for which only we print it: mostly inside of protocols that tshark decodes and we do not. */
  extra: number;
  /** A few of them. */
  readonly differences: Difference[];
}

export interface FileResult {
  readonly file: string;
  readonly opens: boolean;
  readonly packets: number;
  readonly ourPackets: number;
  readonly tallies: ReadonlyMap<string, Tally>;
}

/** Names in frame.protocols that are no protocols of their own. */
const pseudoLayers = new Set(['ethertype', 'pcap_pktdata', 'data-text-lines', 'json', 'xml', 'media', 'png', 'image-gif', 'image-jfif', 'mime_multipart', 'urlencoded-form']);
const isKnownLayer = (layer: string): boolean => registry.byName.has(layer) || pseudoLayers.has(layer);

const keptDifferences = 12;

/** @param each sees every packet; both sides' values of any name through `value` */
export async function compareFile(
  path: string,
  wanted: readonly string[],
  each?: (frame: number, value: (name: string) => { theirs: string; ours: string }, dissection: Dissection) => void,
): Promise<FileResult> {
  const all = askedNames();
  const place = new Map(all.map((name, i) => [name, i]));
  const answers = await ask(path, all);
  const tallies = new Map<string, Tally>(wanted.map((name) => [name, { pairs: 0, equal: 0, extra: 0, differences: [] }]));
  const file = shortName(path);
  const loader = load(path);
  if (loader === null) return { file, opens: answers.opens, packets: answers.rows.length, ourPackets: 0, tallies };
  const { store } = loader;
  const picker = new FieldPicker(wanted);
  const index = new Map(wanted.map((name, i) => [name, i]));
  for (let row = 0; row < Math.min(answers.rows.length, store.table.length); row++) {
    const dissection = store.engine.dissect(row);
    const cells = picker.pick(store, dissection);
    const theirRow = answers.rows[row];
    const theirsOf = (name: string): string => (theirRow.get(place.get(name) ?? -1) ?? []).join(',');
    const oursOf = (name: string): string => cells[index.get(name) ?? -1].join(',');
    for (const name of wanted) {
      const theirs = theirsOf(name);
      const ours = oursOf(name);
      if (theirs === '' && ours === '') continue;
      // Names of protocols that we do not decode are no field of ours.
      if (name === 'frame.protocols' && !theirs.split(':').every(isKnownLayer)) continue;
      const tally = tallies.get(name) as Tally;
      if (theirs === '') tally.extra++;
      else tally.pairs++;
      if (theirs === ours) tally.equal++;
      else if (tally.differences.length < keptDifferences) tally.differences.push({ file, frame: row + 1, theirs, ours });
    }
    each?.(row + 1, (name) => ({ theirs: theirsOf(name), ours: index.has(name) ? oursOf(name) : '' }), dissection);
  }
  loader.source.close();
  return { file, opens: answers.opens, packets: answers.rows.length, ourPackets: store.table.length, tallies };
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
    for (let path = files.pop(); path !== undefined; path = files.pop()) await ask(path, askedNames());
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
      for (const difference of tally.differences.slice(0, 3)) if (known.differences.length < keptDifferences) known.differences.push(difference);
    }
  }
}

const cut = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);

/** The fields that differ most, with examples. */
export function worst(tallies: ReadonlyMap<string, Tally>, lines: number, examples = 1): string {
  const wrong = (t: Tally): number => t.pairs - t.equal + t.extra;
  const list = [...tallies].filter(([, t]) => wrong(t) > 0).sort((a, b) => wrong(b[1]) - wrong(a[1]));
  return list
    .slice(0, lines)
    .map(([name, t]) => {
      const head = `${String(t.pairs - t.equal).padStart(7)} of ${String(t.pairs).padEnd(7)} ${name}${t.extra > 0 ? ` (${t.extra} more only by us)` : ''}`;
      return [head, ...t.differences.slice(0, examples).map((d) => `          ${d.file} #${d.frame}: tshark ${cut(d.theirs)} ours ${cut(d.ours)}`)].join('\n');
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
