/**
 * `npm test [-- STEP… FILTER…]`: brings what is missing, runs every check, and ends with one line `N passed, N failed`.
 * With steps (types lint build unit package e2e) only those; further words choose among the test files: `npm test --
 * unit tcp`. The step `long` (`npm run test:long`) is run by name only: more seeds of everything random, and files of a
 * million packets.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhenStale } from './built.mjs';
import { root, run, Stop, say } from './say.mjs';
import { bringDebianPackages, bringNodeModules, checkNode, debian } from './setup.mjs';
import { startVirtualDisplay } from './virtual-display.mjs';

/** Milliseconds after which a step counts as hung. */
const limits = { check: 300_000, unit: 2_400_000, e2e: 1_800_000, long: 3_600_000 };

const results = join(root, 'out', 'test-results');
const env = {
  ...process.env,
  LC_ALL: 'C.UTF-8',
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1',
  HANDSHARK_NODE: process.execPath,
};
delete env.ELECTRON_RUN_AS_NODE;
const total = { passed: 0, failed: 0, skipped: 0, notes: [] };

const isWindows = process.platform === 'win32';
const bin = (name) => join(root, 'node_modules', '.bin', isWindows ? `${name}.cmd` : name);

function add({ passed, failed, skipped, notes }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  total.notes.push(...notes);
}

const failure = (note) => ({ passed: 0, failed: 1, skipped: 0, notes: [`failed: ${note}`] });

/** A check that passes or fails as a whole. */
function check(name, command, args) {
  say(`${name} …`);
  const code = run(command, args, { env, timeout: limits.check });
  add(code === 0 ? { passed: 1, failed: 0, skipped: 0, notes: [] } : failure(name));
}

/**
 * What a test runner left in `file`, read by `counts`; one failure more where the runner failed without saying in which
 * test.
 */
function collect(name, code, file, counts) {
  if (!existsSync(file)) return failure(`${name} ended (exit code ${code}) without results`);
  const found = counts(JSON.parse(readFileSync(file, 'utf8')));
  if (code !== 0 && found.failed === 0)
    return { ...found, failed: 1, notes: [...found.notes, `failed: ${name} ended with exit code ${code}`] };
  return found;
}

function unit(filters) {
  say('unit, golden, fuzz, type and component tests …');
  vitest(filters, {}, limits.unit);
}

function vitest(filters, more, timeout) {
  const file = join(results, 'vitest.json');
  rmSync(file, { force: true });
  const reporters = ['--reporter=default', `--reporter=${join(root, 'build', 'count-reporter.mjs')}`];
  const code = run(bin('vitest'), ['run', ...reporters, ...filters], {
    env: { ...env, ...more, HANDSHARK_COUNTS: file },
    timeout,
  });
  add(collect('vitest', code, file, (counts) => counts));
}

/** The folder that the end-to-end tests of the packaged application start. */
function packaged() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    total.notes.push('skipped: packaging (only made offline on Linux x64)');
    total.skipped++;
    return;
  }
  check('packaging', process.execPath, [join(root, 'build', 'package.mjs'), '--dir', '--when-stale']);
}

async function e2e(filters) {
  say('end-to-end tests in the real Electron …');
  await playwright(filters, {}, limits.e2e);
}

/** Everything random with more seeds, and what is about files of a million packets. */
async function long(filters) {
  say('long tests …');
  const random = ['test/fuzz', 'test/adversary', 'test/unit/format/site-text', 'test/unit/filter/combine'];
  const { FUZZ_SECONDS = '120', HANDSHARK_RUNS = '20', ADVERSARY_RUNS = '10000' } = process.env;
  vitest(filters.length > 0 ? filters : random, { FUZZ_SECONDS, HANDSHARK_RUNS, ADVERSARY_RUNS }, limits.long);
  await playwright([], { HANDSHARK_LONG: '1' }, limits.long);
}

async function playwright(filters, more, timeout) {
  const { electronExecutable } = await import('./electron-runtime.mjs');
  const here = { ...env, ...more, HANDSHARK_ELECTRON: await electronExecutable() };
  buildWhenStale();
  // A display of its own even on a desktop: no user's mouse moves over it, and its size is known.
  const started = process.platform === 'linux' ? await Promise.all([startVirtualDisplay(), startVirtualDisplay()]) : [];
  const virtual = started.filter((each) => each !== null);
  if (virtual.length > 0) {
    here.DISPLAY = virtual[0].display;
    // One for each worker: see playwright.config.ts.
    here.HANDSHARK_DISPLAYS = virtual.map(({ display }) => display).join(' ');
    delete here.WAYLAND_DISPLAY;
  }
  const file = join(results, 'playwright.json');
  rmSync(file, { force: true });
  const code = run(bin('playwright'), ['test', ...filters], { env: here, timeout });
  for (const { close } of virtual) close();
  add(collect('playwright', code, file, countPlaywright));
}

function countPlaywright({ stats, suites, errors }) {
  const notes = errors.map((error) => `failed: outside of any test: ${error.message}`);
  const visit = (suite) => {
    for (const { title, ok, tests } of suite.specs ?? []) {
      const name = `${suite.file} > ${title}`;
      const reasons = tests.flatMap((test) =>
        test.status === 'skipped' ? [test.annotations.map((a) => a.description ?? 'no reason given').join('; ')] : [],
      );
      if (!ok) notes.push(`failed: ${name}`);
      else notes.push(...reasons.map((reason) => `skipped: ${name} (${reason})`));
    }
    for (const inner of suite.suites ?? []) visit(inner);
  };
  for (const suite of suites) visit(suite);
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
    notes,
  };
}

const steps = {
  types: () => check('types (tsc)', bin('tsc'), ['-b']),
  lint: () => {
    check('lint, format and circles of imports (biome)', bin('biome'), [
      'check',
      '--error-on-warnings',
      '--no-errors-on-unmatched',
      '.',
    ]);
    check('nothing that nobody imports (knip)', bin('knip'), ['--no-progress']);
  },
  build: () => check('build', process.execPath, [join(root, 'build', 'bundle.mjs')]),
  unit,
  package: packaged,
  e2e,
};

/** Only where they are named. */
const onDemand = { long };

const words = process.argv.slice(2);
const chosen = Object.keys({ ...steps, ...onDemand }).filter((name) => words.includes(name));
const filters = words.filter((word) => !chosen.includes(word));
const started = Date.now();

try {
  checkNode();
  bringDebianPackages(debian.test);
  bringNodeModules();
  mkdirSync(results, { recursive: true });
  for (const name of chosen.length > 0 ? chosen : Object.keys(steps)) await step(name);
} catch (error) {
  // Nothing can be run at all; the closing line comes all the same.
  add(failure(error.message));
}

async function step(name) {
  try {
    await (steps[name] ?? onDemand[name])(filters);
  } catch (error) {
    add(failure(`${name}: ${error instanceof Stop ? error.message : error.stack}`));
  }
}

const lines = total.notes.map((note) => `${note}\n`).join('');
process.stdout.write(`\n${lines}${Math.round((Date.now() - started) / 1000)} s\n`);
process.stdout.write(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
