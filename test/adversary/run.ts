/**
 * `npx tsx test/adversary/run.ts --runs 100000 --seed 1 [--show N] [--rule NAME] [--story NAME] [--guesses]`: plays
 * that many stories and prints what was said wrongly; `--pcap SEED FILE` writes the capture of one; `--seed N --runs 1
 * --all` shows one run whatever was said of it.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { examine } from './examine.ts';
import { play } from './scenario.ts';
import { showRun } from './show.ts';
import { Tally } from './tally.ts';

// The reader of a long list may leave before its end.
process.stdout.on('error', () => process.exit(0));

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    show: { type: 'string', default: '0' },
    rule: { type: 'string' },
    story: { type: 'string' },
    pcap: { type: 'string' },
    all: { type: 'boolean', default: false },
    guesses: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

if (values.pcap !== undefined) {
  writeFileSync(positionals[0], play(Number(values.pcap)).file);
} else {
  const first = Number(values.seed);
  const tally = new Tally();
  const began = performance.now();
  let shown = 0;
  for (let seed = first; seed < first + Number(values.runs); seed++) {
    const examined = examine(seed);
    tally.add(examined);
    const { rule, story } = values;
    const counts = (finding: string) => values.guesses || finding !== 'guess';
    const hit = examined.streams.some(({ comparison }) =>
      comparison.found.some((one) => counts(one.finding) && (rule === undefined || one.rule.includes(rule))),
    );
    if ((values.all || (hit && shown < Number(values.show))) && (story === undefined || examined.run.story === story)) {
      shown++;
      process.stdout.write(`${showRun(examined)}\n`);
    }
  }
  const spent = (performance.now() - began) / 1000;
  process.stdout.write(`${tally.text()}${(tally.runs / spent).toFixed(0)} runs a second\n`);
}
