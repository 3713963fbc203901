/**
 * Hostile bytes: damaged packets and damaged files must be read to the end, without a throw, a hang or a bug of ours,
 * and every line of the tree must stand on bytes that are there. Seeds are fixed; a failure names its seed. For longer
 * runs: `npm run test:long` or `FUZZ_SECONDS=600 npx vitest run test/fuzz`, and to look at one failure again:
 * `FUZZ_SEED=123 npx vitest run test/fuzz`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { JsonPackets } from '../../electron/cli/json.ts';
import { treeText } from '../../electron/cli/tree-text.ts';
import { openCapture } from '../../electron/worker/load.ts';
import { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { decodeAsOffers } from '../../shared/dissect/decode-offers.ts';
import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { openReader } from '../../shared/pcap/reader.ts';
import { corpusFiles } from '../golden/oracle.ts';
import { ownCapturePath, ownCaptures } from '../support/own-captures.ts';
import { processorMs } from '../support/processor-time.ts';
import { joined, mutate, pcapOf, Random } from './mutate.ts';

const registry = createRegistry(protocols);
/** Without it as many seeds as each test names: the same ones on a fast and on a slow machine. */
const seconds = Number(process.env.FUZZ_SECONDS ?? 0);
const onlySeed = process.env.FUZZ_SEED === undefined ? undefined : Number(process.env.FUZZ_SEED);
/** One packet may take so long at most, on a busy machine. */
const patienceMs = 2000;

const files = [...corpusFiles(), ...ownCaptures.map(ownCapturePath)];

interface Seed {
  readonly linkType: number;
  readonly bytes: Uint8Array;
}

/** Some packets of every file: the first ones, and others spread over it. */
function seedPackets(): Seed[] {
  const seeds: Seed[] = [];
  for (const path of files) {
    const opened = openCapture(path, registry);
    if (!opened.ok) continue;
    const { store, source, advance } = opened.value;
    while (advance());
    const step = Math.max(1, Math.floor(store.table.length / 20));
    for (let row = 0; row < store.table.length; row += step) {
      const bytes = store.readBytes(row);
      const linkType = store.interfaces[store.table.get('iface', row)]?.linkType ?? 1;
      if (bytes.length > 0 && bytes.length < 4000) seeds.push({ linkType, bytes });
    }
    source.close();
  }
  return seeds;
}

/** Reads a file from memory, in pieces, and decodes every packet of it. */
function readAll(file: Uint8Array, pieces: Random): CaptureStore | null {
  const format = openReader(file.subarray(0, 64), 'fuzz');
  if (!format.ok) return null;
  const store = new CaptureStore(registry, format.value, (target, length, position) => {
    const got = file.subarray(position, position + length);
    target.set(got);
    return got.length;
  });
  for (let at = 0; at < file.length; ) {
    const size = 1 + pieces.below(4096);
    format.value.push(file.slice(at, at + size), store);
    at += size;
  }
  format.value.end(store);
  const printer = new JsonPackets([]);
  for (let row = 0; row < store.table.length; row++) {
    const started = processorMs();
    const dissection = store.engine.dissect(row);
    const took = processorMs() - started;
    if (took > patienceMs) throw new Error(`packet ${row + 1} took ${Math.round(took)} ms`);
    inspect(dissection);
    printer.packet(store, dissection, []);
    treeText(dissection);
    decodeAsOffers(store, row);
  }
  const bug = store.healthIssues.find((issue) => issue.kind === 'decoder-bug');
  if (bug !== undefined) throw new Error(`the indexing pass met a bug of ours in packet ${bug.firstRow + 1}`);
  return store;
}

function inspect(dissection: Dissection): void {
  for (const diagnostic of dissection.diagnostics) {
    if (diagnostic.kind === 'bug') throw new Error(`bug in ${diagnostic.protocol}: ${diagnostic.message}`);
  }
  const visit = (items: readonly TreeItem[]): void => {
    for (const item of items) {
      const name = item.field?.name ?? item.label;
      const source = dissection.sources[item.source];
      if (source === undefined) throw new Error(`${name} stands on a byte source that is not there`);
      if (item.length < 0 || item.start < 0 || (item.length > 0 && item.start + item.length > source.bytes.length)) {
        throw new Error(`${name} covers [${item.start}, ${item.start + item.length}) of ${source.bytes.length} bytes`);
      }
      if (item.children !== null) visit(item.children);
    }
  };
  visit(dissection.items);
}

/** Runs a case for so many seeds, and for more until the time is up; then names one seed for each kind of failure. */
function forSeeds(least: number, test: (random: Random) => void): number {
  const until = performance.now() + seconds * 1000;
  const failures = new Map<string, string>();
  let seed = onlySeed ?? 1;
  let runs = 0;
  do {
    try {
      test(new Random(seed));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const kind = message.replace(/\d+/g, 'N');
      if (!failures.has(kind))
        failures.set(
          kind,
          `seed ${seed}: ${onlySeed === undefined || !(error instanceof Error) ? message : error.stack}`,
        );
    }
    seed++;
    runs++;
  } while (onlySeed === undefined && (runs < least || performance.now() < until) && failures.size < 20);
  if (failures.size > 0)
    throw new Error(
      `${[...failures.values()].join('\n')}\nAgain: FUZZ_SEED=${onlySeed ?? 'N'} npx vitest run test/fuzz`,
    );
  return runs;
}

describe('damaged captures', () => {
  const seeds = seedPackets();
  const budget = seconds * 1000 + 120_000;

  it('damaged packets: nothing throws, hangs or leaves its bytes', { timeout: budget }, () => {
    expect(seeds.length).toBeGreaterThan(3);
    const runs = forSeeds(1500, (random) => {
      const first = random.pick(seeds);
      const packets = [first.bytes];
      for (let i = 0; i < 6; i++) packets.push(mutate(first.bytes, random.pick(seeds).bytes, random));
      const store = readAll(pcapOf(first.linkType, packets), random);
      if (store?.table.length !== packets.length)
        throw new Error(`${store?.table.length} of ${packets.length} packets were read`);
    });
    expect(runs).toBeGreaterThan(0);
  });

  it('damaged files: everything readable is read', { timeout: budget }, () => {
    const wholes = files.map((path) => readFileSync(path)).filter((bytes) => bytes.length < 60_000);
    expect(wholes.length).toBeGreaterThan(3);
    const runs = forSeeds(400, (random) => {
      const whole = random.pick(wholes);
      // Most of the harm near the front, where the headers are.
      const front = whole.subarray(0, random.below(2) === 0 ? 400 : whole.length);
      const file = joined(mutate(front, random.pick(wholes), random), whole.subarray(front.length));
      readAll(file, random);
    });
    expect(runs).toBeGreaterThan(0);
  });

  it('a packet looked at twice, in any order, gives the same answer', { timeout: budget }, () => {
    const random = new Random(7);
    for (const path of files.slice(0, 60)) {
      const opened = openCapture(path, registry);
      if (!opened.ok) continue;
      const { store, source, advance } = opened.value;
      while (advance());
      const rows = Array.from({ length: Math.min(12, store.table.length) }, () => random.below(store.table.length));
      const first = rows.map((row) => treeText(store.engine.dissect(row)));
      const again = rows.toReversed().map((row) => treeText(store.engine.dissect(row)));
      expect(again.toReversed()).toEqual(first);
      source.close();
    }
  });
});
