/** Every capture of the shared corpus against tshark: see README.md. */
import { beforeAll, expect, it } from 'vitest';
import { describeWhere } from '../support/needs.ts';
import { ownCaptures } from '../support/own-captures.ts';
import { committedAnswers } from './answers.ts';
import { addTallies, compareFile, type FileResult, registry, sharedNames, total, warm, worst } from './compare.ts';
import { againstKnown, largestShare } from './known.ts';
import { corpusFiles, hindsightOnly, missing, shortName } from './oracle.ts';
import type { Tally } from './tally.ts';

/** Equal for every packet of every file. */
const readNames = ['frame.time_epoch', 'frame.len', 'frame.cap_len', 'tcp.stream', 'udp.stream'];

/** It only falls. */
const mostUnmet = 33;

const files = corpusFiles();
const results: FileResult[] = [];
const all = new Map<string, Tally>();
/**
 * Packets whose innermost protocol, as tshark names it, is one of ours; and those of them with the same Protocol
 * column.
 */
const column = { packets: 0, equal: 0, examples: new Map<string, { count: number; where: string }>() };
const bugs: string[] = [];

/** What nobody decodes, and what is broken, does not name a protocol: the one that carries it does. */
function isOurs(layers: string): boolean {
  const top = layers.split(':').findLast((layer) => layer !== 'data' && !layer.startsWith('_ws.'));
  return top !== undefined && registry.byName.has(top);
}

describeWhere(missing, 'the corpus against tshark', () => {
  beforeAll(async () => {
    await warm();
    const names = [...new Set([...readNames, ...sharedNames()])];
    for (const path of files) {
      const result = await compareFile(path, names, (frame, value, dissection) => {
        for (const diagnostic of dissection.diagnostics)
          if (diagnostic.kind === 'bug')
            bugs.push(`${shortName(path)} #${frame}: ${diagnostic.protocol}: ${diagnostic.message}`);
        if (!isOurs(value('frame.protocols').theirs)) return;
        const { theirs, ours } = value('_ws.col.Protocol');
        column.packets++;
        if (theirs === ours) column.equal++;
        else {
          const key = `${theirs} / ${ours}`;
          const known = column.examples.get(key);
          if (known === undefined) column.examples.set(key, { count: 1, where: `${shortName(path)} #${frame}` });
          else known.count++;
        }
      });
      results.push(result);
      addTallies(all, result.tallies);
    }
  }, 1_800_000);

  it('has captures to compare', () => {
    expect(results.filter((r) => r.opens).length).toBeGreaterThan(100);
  });

  it('reads as many packets as tshark from every file that tshark opens', () => {
    const differing = results.filter((r) => r.opens && r.packets !== r.ourPackets);
    expect(differing.map((r) => `${r.file}: tshark ${r.packets}, ours ${r.ourPackets}`)).toEqual([]);
  });

  it.each(readNames)('%s is equal for every packet', (name) => {
    const tally = all.get(name);
    expect(tally?.pairs).toBeGreaterThan(10_000);
    const differing = results.filter((r) => (r.tallies.get(name)?.differences.length ?? 0) > 0).map((r) => r.file);
    expect(differing).toEqual([]);
  });

  it('every field is equal, but for what is known, and that is little', () => {
    const { pairs, equal, rate } = total(all);
    process.stdout.write(
      `\n${equal} of ${pairs} (packet, field) pairs equal: ${(rate * 100).toFixed(3)} %. The worst fields:\n${worst(all, 25)}\n`,
    );
    expect(pairs).toBeGreaterThan(1_000_000);
    expect(againstKnown('corpus', all)).toEqual([]);
    expect(1 - rate).toBeLessThanOrEqual(largestShare);
  });

  it('findings of the sequence analysis are equal, for many packets', () => {
    expect(all.get('tcp.completeness')?.pairs).toBeGreaterThan(10_000);
    expect(all.get('tcp.analysis.retransmission')?.pairs).toBeGreaterThan(500);
    expect(all.get('tcp.completeness')).toMatchObject({ extra: 0, differences: [] });
  });

  it('few fields are met by no capture', () => {
    const met = new Set([...all].filter(([, { pairs }]) => pairs > 0).map(([name]) => name));
    for (const capture of ownCaptures)
      for (const name of Object.keys(committedAnswers(capture)?.fields ?? {})) met.add(name);
    // What only later packets tell is compared in hindsight.
    const unmet = sharedNames().filter((name) => !met.has(name) && !hindsightOnly.some((one) => one === name));
    process.stdout.write(
      `\n${unmet.length} of ${sharedNames().length} fields are met by no capture, of the corpus or of the project: ${unmet.join(' ')}\n`,
    );
    expect(unmet.length).toBeLessThanOrEqual(mostUnmet);
  });

  it('the Protocol column agrees for at least 99 % of the packets whose top protocol is ours', () => {
    const rate = column.equal / column.packets;
    const list = [...column.examples].sort((a, b) => b[1].count - a[1].count).slice(0, 15);
    process.stdout.write(
      `\nProtocol column: ${column.equal} of ${column.packets}\n${list.map(([key, e]) => `${String(e.count).padStart(7)} ${key} (${e.where})`).join('\n')}\n`,
    );
    expect(rate).toBeGreaterThanOrEqual(0.99);
  });

  it('no packet of the corpus meets a bug of ours', () => {
    expect(bugs).toEqual([]);
    expect(results.filter(({ hasBug }) => hasBug).map(({ file }) => file)).toEqual([]);
  });
});
