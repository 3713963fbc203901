/**
 * For work on a dissector: what differs from tshark, worst field first.
 *
 *     npx tsx test/golden/diff.ts [FIELD-PREFIX] [FILE-PART] [EXAMPLES]
 *
 * `tcp.` `zeek` 3 compares the fields that begin with `tcp.` in the files whose path has `zeek` in it, with three
 * examples each.
 */
import { addTallies, compareFile, sharedNames, total, warm, worst } from './compare.ts';
import { corpusFiles, missing, shortName } from './oracle.ts';
import type { Tally } from './tally.ts';

if (missing !== '') throw new Error(missing);
const [prefix = '', part = '', examples = '2'] = process.argv.slice(2);
await warm();
const wanted = sharedNames().filter((name) => name.startsWith(prefix));
const sum = new Map<string, Tally>();
for (const path of corpusFiles()) {
  if (!shortName(path).includes(part)) continue;
  const result = await compareFile(path, wanted);
  addTallies(sum, result.tallies);
  if (result.opens && result.packets !== result.ourPackets)
    process.stdout.write(`${result.file}: tshark ${result.packets} packets, ours ${result.ourPackets}\n`);
}
const { pairs, equal, rate } = total(sum);
process.stdout.write(
  `${worst(sum, 500, Number(examples))}\n${equal} of ${pairs} pairs equal (${(rate * 100).toFixed(3)} %)\n`,
);
