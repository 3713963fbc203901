/** Input that never ends, output that nobody takes: a sentence and an end, and nothing left behind. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packet, pcap } from '../../support/capture-builder.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'handshark-cli-endless-'));
const program = join(folder, 'handshark.mjs');
const temporary = join(folder, 'tmp');
const capture = join(folder, 'capture.pcap');
const env = { ...process.env, TMPDIR: temporary };

beforeAll(() => {
  mkdirSync(temporary);
  buildSync({
    entryPoints: [join(root, 'electron', 'cli', 'handshark.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
  const segment = packet().eth().ip({}).tcp({ flags: 'S', seq: 0, ack: 0, sport: 4000, dport: 80 }).bytes();
  writeFileSync(capture, pcap(Array.from({ length: 20_000 }, () => segment)));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** In a shell: `H` is the program. */
function shell(script: string) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { ...env, H: `${process.execPath} ${program}`, CAPTURE: capture },
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}
const refused = (name: string, start: string): string =>
  `handshark: ${name} is not a capture file (pcap or pcapng, plain, gzip or zstd); it starts with ${start}\n`;
const zeros = '00 00 00 00 00 00 00 00';

describe.runIf(process.platform === 'linux')('an input without end that is no capture', () => {
  it.each([
    ['a device', '$H -r /dev/zero', refused('/dev/zero', zeros)],
    ['standard input', '$H -r - < /dev/zero', refused('standard input', zeros)],
    ['a pipe', 'yes 2> /dev/null | $H -r -', refused('standard input', '79 0a 79 0a 79 0a 79 0a')],
    [
      'a named pipe',
      `mkfifo ${folder}/f; yes > ${folder}/f 2> /dev/null & $H -r ${folder}/f`,
      refused(`${folder}/f`, '79 0a 79 0a 79 0a 79 0a'),
    ],
    ['what gzip packs', 'gzip < /dev/zero 2> /dev/null | $H -r -', refused('standard input', zeros)],
    [
      'a file by another name',
      `ln -s /dev/zero ${folder}/link; $H -r ${folder}/link`,
      refused(`${folder}/link`, zeros),
    ],
  ])('is refused after the first bytes: %s', (_, script, sentence) => {
    const { status, stdout, stderr } = shell(`ulimit -f 200000; ${script}`);
    expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: sentence });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe.runIf(process.platform !== 'win32')('a program that is ended while it reads', () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('leaves nothing behind: %s', async (signal) => {
    const child = spawn(process.execPath, [program, '-r', '-'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const segment = packet().eth().ip({}).tcp({ flags: 'S', seq: 0, ack: 0, sport: 4000, dport: 80 }).bytes();
    child.stdin.write(pcap(Array.from({ length: 20 }, () => segment)));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill(signal);
    await ended;
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe.runIf(process.platform === 'linux')('an output that is full', () => {
  const full = 'handshark: Not everything could be printed because there is no space left on the file system.\n';

  it.each([
    '-r $CAPTURE',
    '-r $CAPTURE -V',
    '-r $CAPTURE -T json',
    '-r - < $CAPTURE',
    '-r $CAPTURE -q -z conv,tcp',
    '-h',
    '-v',
  ])('is said in a sentence: %s', (args) => {
    expect(shell(`$H ${args} > /dev/full`)).toEqual({ status: 2, stdout: '', stderr: full });
  });

  it('ends quietly where the reader has gone', () => {
    for (const args of ['-r $CAPTURE', '-r - < $CAPTURE', '-h']) expect(shell(`$H ${args} | true`).stderr).toBe('');
    const { stdout, stderr } = shell('$H -r $CAPTURE | head -1');
    expect(stderr).toBe('');
    expect(stdout.split('\n')).toHaveLength(2);
  });

  it('costs the sentence, not the exit status, where standard error is full or closed', () => {
    for (const to of ['/dev/full', '&-']) expect(shell(`$H -r /nowhere 2> ${to}`.replace('> &', '>&')).status).toBe(2);
  });
});
