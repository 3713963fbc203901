/**
 * `npm run mutants -- NAME…`: makes small mistakes in the code, one at a time, and says which of them no test notices (StrykerJS).
 * A NAME is one of the parts below, or a source file, which then runs all unit tests that import it. Results are kept
 * in out/mutants, so that a second run tries only what changed; `--force` tries all again. `test/README.md` has the
 * scores.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { endWith, root, Stop } from './say.mjs';

const dissect = (name) => `shared/dissect/${name}.ts`;
const protocol = (name) => dissect(`protocols/${name}`);
const tests = (folder, ...names) => names.map((name) => `test/unit/${folder}/${name}.test.ts`);
/**
 * Words for the tree are compared with tshark's over whole captures (test/golden), so no unit test has to defend each
 * of them.
 */
const ofWords = ['StringLiteral'];

/**
 * What is defended, and the tests that are to defend it. Only the tests of a part are run: what others notice by chance
 * is no defence. Tables that read each exchange many times over (`tcp/kinds`), and tests of work, would take hours: each
 * part has tests of a few segments, or of none.
 */
const parts = {
  tcp: [
    ['tcp', 'tcp-fields', 'tcp-options', 'tcp-expert'].map(protocol),
    tests(
      'dissect',
      'tcp',
      'tcp-analysis',
      'tcp-indexing',
      'tcp-carried',
      'tcp-header-layout',
      'tcp-option-layout',
      'tcp-option-list',
    ),
    ofWords,
  ],
  dns: [
    [protocol('dns')],
    tests('dissect', 'dns-layout', 'dns-tree', 'dns-over-tcp', 'datagram-applications', 'transactions'),
    ofWords,
  ],
  tls: [
    [protocol('tls')],
    tests('dissect', 'tls-layout', 'tls-records', 'tls-hello-limits', 'ssl2-records', 'tls'),
    ofWords,
  ],
  streams: [
    ['order', 'frame', 'tree', 'waiting'].map((name) => dissect(`streams/${name}`)),
    tests('dissect', 'segment-order', 'waiting-messages', 'stream-cutting', 'stream-nesting', 'stream-contents'),
  ],
  fragments: [[dissect('fragments')], tests('dissect', 'fragment-store', 'network')],
  opening: [['shared/tcp/opening.ts'], tests('tcp', 'opening', 'opening-codes', 'told', 'parts', 'kinds/found')],
  closing: [['shared/tcp/closing.ts'], tests('tcp', 'closing', 'closing-codes', 'told', 'parts', 'kinds/found')],
  resets: [
    ['shared/tcp/resets.ts', 'shared/tcp/spoken.ts'],
    tests('tcp', 'reset-numbers', 'reset-sender', 'kinds/found', 'kinds/found-resets'),
  ],
  'filter-check': [['shared/filter/check.ts'], tests('filter', 'problems', 'sentences', 'evaluate', 'evaluate-edges')],
  'filter-evaluate': [['shared/filter/evaluate.ts'], tests('filter', 'evaluate', 'evaluate-edges')],
  pcapng: [['shared/pcap/pcapng.ts'], tests('pcap', 'pcapng', 'pcapng-blocks')],
  unpacker: [['electron/worker/inflate.ts'], tests('pcap', 'gunzip', 'gunzip-damage')],
};

const words = process.argv.slice(2);
const names = words.filter((word) => !word.startsWith('--'));
if (names.length === 0) endWith(new Stop(`say what to try: ${Object.keys(parts).join(', ')}, or source files`));

for (const name of names) {
  const [mutate, include, excludedMutations = []] = parts[name] ?? [[name], null];
  process.env.HANDSHARK_MUTANTS = JSON.stringify(include ?? ['test/unit/**/*.test.ts']);
  const file = name.replaceAll('/', '-');
  mkdirSync(join(root, 'out', 'mutants'), { recursive: true });
  await new Stryker({
    mutate,
    mutator: { excludedMutations },
    testRunner: 'vitest',
    vitest: { configFile: 'vitest.mutants.config.ts', related: include === null },
    plugins: ['@stryker-mutator/vitest-runner'],
    coverageAnalysis: 'perTest',
    // Tables (labels, names of values) are made once for all tests: a mutant there would run every test, and says
    // little.
    ignoreStatic: true,
    incremental: true,
    incrementalFile: `out/mutants/${file}.json`,
    force: words.includes('--force'),
    concurrency: Math.min(2, availableParallelism()),
    reporters: ['clear-text', 'progress'],
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
    tempDirName: 'out/mutants/sandbox',
    // What no unit test reads.
    ignorePatterns: [
      '/out',
      '/test/golden',
      '/test/captures',
      '/test/e2e',
      '/test/bench',
      '/build/icons',
      '/build/samples',
    ],
    checkers: [],
    // Stryker would rewrite it with an interface that TypeScript 7 no longer has; esbuild needs none.
    tsconfigFile: 'none',
    timeoutMS: 5_000,
    logLevel: 'warn',
  }).runMutationTest();
}
