/**
 * `-2` and `-R`: packets are told in hindsight, and those that the read filter leaves out are not there. Figures are
 * those that tshark 4.0 prints.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../../electron/cli/options.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'handshark-two-passes-'));
const program = join(folder, 'handshark.mjs');
const sample = join(root, 'build', 'samples', 'four-segment-close.pcapng');
const run = (...args: readonly string[]): string[] =>
  execFileSync(process.execPath, [program, '-n', '-r', sample, ...args])
    .toString()
    .split('\n')
    .slice(0, -1);
const fields = ['-T', 'fields', '-e', 'frame.number', '-e', '_ws.col.No.', '-e', 'tcp.completeness'];

beforeAll(() => {
  buildSync({
    entryPoints: [join(root, 'electron', 'cli', 'handshark.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('two passes', () => {
  it('tell what the whole connection shows', () => {
    expect(run(...fields)[0]).toBe('1\t1\t0');
    expect(run('-2', ...fields)).toEqual(Array.from({ length: 11 }, (_, i) => `${i + 1}\t${i + 1}\t31`));
    expect(run('-2', '-Y', 'tcp.completeness == 31')).toHaveLength(11);
    expect(run('-2', '-c', '3', ...fields)).toEqual(['1\t1\t7', '2\t2\t7', '3\t3\t7']);
  });

  it('leave out what the read filter does not pass, which sees packets as they came', () => {
    expect(run('-2', '-R', 'tcp.flags.fin == 1', ...fields)).toEqual(['1\t1\t31', '2\t2\t31']);
    expect(run('-2', '-R', 'tcp.completeness == 31', ...fields)).toEqual(['1\t1\t31', '2\t2\t31', '3\t3\t31']);
    expect(run('-2n', '-R', 'tcp.flags.ack == 1', '-Y', 'frame.number == 2', ...fields)).toEqual(['2\t2\t31']);
  });

  it('want a file', () => {
    const piped = spawnSync(process.execPath, [program, '-2', '-r', '-'], { input: '' });
    expect([piped.status, piped.stderr.toString()]).toEqual([
      2,
      "handshark: The standard input is a pipe or FIFO; handshark can't read pipe or FIFO files in two-pass mode.\n",
    ]);
  });

  it.each([
    [['-r', 'x', '-R', 'tcp'], '-R without -2 is deprecated. For single-pass filtering use -Y.'],
    [['-2', '-i', 'lo'], 'Live captures do not support two-pass analysis.'],
  ])('%j is refused', (args, message) => {
    expect(parseArguments(args)).toEqual({ kind: 'wrong', message });
  });
});
