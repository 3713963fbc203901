/**
 * `npm run bench`: the headless reader against tshark on a generated capture of a million packets, alternating in the
 * same run, so that a busy machine burdens both. Prints medians and ratios; never fails because of a time.
 *
 *     npm run bench [-- PACKETS [ROUNDS]]
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { build } from 'esbuild';
import type * as Filters from './filters.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const generator = join(root, '..', 'shared', 'performance', 'gen.mjs');
const reader = join(root, 'out', 'cli', 'handshark.mjs');
const packets = Number(process.argv[2] ?? 1_000_000);
const rounds = Number(process.argv[3] ?? 3);

interface Run {
  /** Seconds. */
  readonly wall: number;
  /** User and system time together, seconds. */
  readonly cpu: number;
  readonly peakMiB: number;
  /** Seconds until the wanted number of lines had come; wall time where fewer did. */
  readonly firstLines: number;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a command, its output counted and thrown away. GNU time measures it. */
function measure(command: string, args: readonly string[], lines = 60): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn('/usr/bin/time', ['-f', 'measured %e %U %S %M', command, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let seen = 0;
    let first = 0;
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (first > 0) return;
      for (const byte of chunk) if (byte === 10) seen++;
      if (seen >= lines) first = (performance.now() - started) / 1000;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', () => {
      const numbers = /measured ([\d.]+) ([\d.]+) ([\d.]+) (\d+)/.exec(errors);
      if (numbers === null) return reject(new Error(`${command} was not measured: ${errors.slice(-300)}`));
      const [wall, user, system, peak] = numbers.slice(1).map(Number);
      resolve({ wall, cpu: user + system, peakMiB: peak / 1024, firstLines: first || wall });
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const figure = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toFixed(2)).padStart(9);

async function main(): Promise<void> {
  if (!existsSync(generator)) throw new Error('the generator ../shared/performance/gen.mjs is not there');
  if (!existsSync(reader)) throw new Error('out/cli/handshark.mjs is not there: npm run build');
  if (!existsSync('/usr/bin/time')) throw new Error('GNU time is not there: apt-get install time');
  const folder = join(tmpdir(), 'handshark-bench');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `mixed-${packets}.pcap`);
  if (!existsSync(file)) {
    say(`generating ${packets} packets …`);
    execFileSync(process.execPath, [generator, '--packets', String(packets), '--out', file], { stdio: 'ignore' });
  }
  say(
    `${packets} packets, ${(statSync(file).size / 1e6).toFixed(0)} MB; ${rounds} rounds, alternating; ${cpus().length} processors; node ${process.version}`,
  );
  // Both sides find the file in the page cache.
  execFileSync('cat', [file], { stdio: 'ignore', maxBuffer: 1 });
  const ours: Run[] = [];
  const theirs: Run[] = [];
  const page: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    ours.push(await measure(process.execPath, [reader, '-r', file, '-q']));
    theirs.push(await measure('tshark', ['-r', file]));
    page.push(await measure(process.execPath, [reader, '-r', file, '-c', '60']));
    say(`round ${round}: handshark ${ours[round - 1].wall} s, tshark ${theirs[round - 1].wall} s`);
  }
  const of = (runs: readonly Run[], key: keyof Run): number => median(runs.map((run) => run[key]));
  say('\nmedians                     handshark    tshark   tshark / handshark');
  const row = (name: string, key: keyof Run): void =>
    say(
      `${name.padEnd(26)} ${figure(of(ours, key))} ${figure(of(theirs, key))} ${figure(of(theirs, key) / of(ours, key))}`,
    );
  row('load everything, wall s', 'wall');
  row('user + system, s', 'cpu');
  row('peak memory, MiB', 'peakMiB');
  say(
    `${'first 60 rows printed, s'.padEnd(26)} ${figure(of(page, 'firstLines'))} ${figure(of(theirs, 'firstLines'))} ${figure(of(theirs, 'firstLines') / of(page, 'firstLines'))}`,
  );
  await filtersAgainstTshark(file);
  say(
    '\nhandshark -q indexes every packet (layers to TCP and UDP, streams, sequence numbers) and decodes on demand; tshark -r decodes and prints every packet.',
  );
}

/** Once loaded, in one process; tshark reads the file for each filter. */
async function filtersAgainstTshark(file: string): Promise<void> {
  // Bundled as the product is: the loader that runs these scripts gives every function a name as it is made, which
  // takes time.
  const outfile = join(tmpdir(), 'handshark-bench', 'filters.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('filters.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  });
  const { measureSession } = (await import(pathToFileURL(outfile).href)) as typeof Filters;
  const ours = await measureSession(file);
  say('\nfilters over the loaded capture          matches  first, ms    all, ms  tshark -Y, s   ratio');
  for (const { filter, matched, firstMs, allMs } of ours.filters) {
    const theirs = await measure('tshark', ['-r', file, '-Y', filter]);
    say(
      `${filter.slice(0, 40).padEnd(40)} ${String(matched).padStart(7)} ${firstMs.toFixed(0).padStart(10)} ${allMs.toFixed(0).padStart(10)} ${figure(theirs.wall)} ${((theirs.wall * 1000) / allMs).toFixed(1).padStart(9)}`,
    );
  }
  say(`Cancel of a running filter answered after ${ours.cancelMs.toFixed(1)} ms`);
  say(
    `\nsorting, ms: ${ours.sorts.map(({ column, ms }) => `${column} ${ms.toFixed(0)}`).join(', ')}; Protocol and Info after their texts were read ahead, ${ours.readAheadS.toFixed(1)} s after loading`,
  );
}

await main();
