/**
 * Small files that ask for much, read by the program as users run it: how it ends, what it says, and what of the machine
 * it took. `npm run test:long` reads the large ones, too.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bomb, largeBombs, lay, smallBombs } from './bombs.ts';

const root = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'handshark-bombs-'));
const program = join(folder, 'handshark.mjs');
const measure = join(folder, 'measure.cjs');
const measured = join(folder, 'measured.json');
const temporary = join(folder, 'tmp');
const isLong = process.env['HANDSHARK_RUNS'] !== undefined;

beforeAll(() => {
  mkdirSync(temporary);
  buildSync({
    entryPoints: [join(root, 'electron', 'cli', 'handshark.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
  writeFileSync(
    measure,
    // What resourceUsage says of memory counts the program that started this one, where it was larger.
    `const { readFileSync, writeFileSync } = require('node:fs');
    process.on('exit', () => {
      const usage = process.resourceUsage();
      if (process.platform === 'linux')
        usage.maxRSS = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))[1]);
      writeFileSync(${JSON.stringify(measured)}, JSON.stringify(usage));
    });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Usage {
  /** Kilobytes. */
  readonly maxRSS: number;
  /** Microseconds. */
  readonly userCPUTime: number;
  readonly systemCPUTime: number;
}

it.each<Bomb>(isLong ? [...smallBombs, ...largeBombs] : smallBombs)('$name', (bomb) => {
  rmSync(measured, { force: true });
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--require', measure, program, '-r', lay(bomb, folder), ...(bomb.args ?? ['-q'])],
    { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TMPDIR: temporary } },
  );
  const usage: Usage = JSON.parse(readFileSync(measured, 'utf8'));
  const took = {
    megabytes: Math.round(usage.maxRSS / 1024),
    seconds: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
  };
  if (isLong) process.stdout.write(`${bomb.name}: ${took.megabytes} MB, ${took.seconds.toFixed(1)} s\n`);
  expect(status, stderr).toBe(bomb.status);
  // A sentence where something is wrong, and no trace.
  expect(stderr).toMatch(bomb.status === 0 ? /^(handshark: .*\n)?$/ : /^(handshark: .*\n){1,2}$/);
  expect(took.megabytes).toBeLessThan(bomb.megabytes);
  expect(took.seconds).toBeLessThan(bomb.seconds);
  expect(readdirSync(temporary)).toEqual([]);
});
