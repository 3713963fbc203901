/** The headless reader on pipes and on real devices, as users run it: bundled, a process of its own. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asNobody, bundledChild, cannotCapture } from '../../support/capture-tools.ts';
import { openedFile } from '../../support/opened-file.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'handshark-cli-live-'));
const program = join(folder, 'handshark.mjs');
const sample = readFileSync(join(root, 'build', 'samples', 'four-segment-close.pcapng'));
let env: NodeJS.ProcessEnv = process.env;

beforeAll(async () => {
  buildSync({
    entryPoints: [join(root, 'electron', 'cli', 'handshark.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: program,
  });
  // For the user without rights.
  chmodSync(folder, 0o755);
  env = { ...process.env, HANDSHARK_CAPTURE_CHILD: await bundledChild() };
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (input: Uint8Array, ...args: string[]) =>
  spawnSync(process.execPath, [program, ...args], { input, encoding: 'utf8', env, timeout: 20_000 });
const ofFile = (): string => {
  const { stdout } = run(new Uint8Array(0), '-r', join(root, 'build', 'samples', 'four-segment-close.pcapng'));
  expect(stdout.split('\n').length).toBeGreaterThan(8);
  return stdout;
};

describe('a capture through a pipe', () => {
  it('is printed as the file is, plain or packed', () => {
    const expected = ofFile();
    expect(run(sample, '-r', '-').stdout).toBe(expected);
    expect(run(gzipSync(sample), '-r', '-').stdout).toBe(expected);
    expect(run(sample, '-i', '-').stdout).toBe(expected);
  });

  it('ends after -c packets, and answers -z', () => {
    expect(run(sample, '-r', '-', '-c', '3').stdout.trimEnd().split('\n')).toHaveLength(3);
    const { stdout, stderr } = run(sample, '-i', '-', '-c', '3');
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(stderr).toMatch(/^3 packets captured$/m);
    expect(run(sample, '-i', '-', '-q', '-z', 'handshakes').stdout).toContain('O1');
  });

  it('is written as it came', () => {
    const path = join(folder, 'copy.pcapng');
    expect(run(sample, '-i', '-', '-w', path).status).toBe(0);
    expect(Buffer.compare(readFileSync(path), sample)).toBe(0);
    const { stdout } = spawnSync(process.execPath, [program, '-i', '-', '-w', '-'], { input: sample, env });
    expect(Buffer.compare(stdout, sample)).toBe(0);
  });

  it('says when it is none', () => {
    const junk = Buffer.from('this is not a capture, however long one looks at it');
    for (const args of [
      ['-r', '-'],
      ['-i', '-'],
    ]) {
      const { status, stderr } = run(junk, ...args);
      expect(status).toBe(2);
      expect(stderr).toContain('capture');
    }
  });

  it('prints lines while it still comes', async () => {
    const child = spawn(process.execPath, [program, '-i', '-'], { env });
    let text = '';
    const line = new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk) => {
        text += String(chunk);
        if (text.includes('[SYN]')) resolve();
      }),
    );
    // All but the last packets; the input stays open.
    child.stdin.write(sample.subarray(0, sample.length - 200));
    await line;
    child.stdin.end();
    await closed(child);
    expect(text.startsWith('    1 ')).toBe(true);
  });

  it('leaves no file behind, even where it is killed', async () => {
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const child = spawn(process.execPath, [program, '-r', '-'], { env: { ...env, TMPDIR: temporary } });
    child.stdin.write(sample.subarray(0, sample.length - 200));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGKILL');
    await closed(child);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('prints what came before Ctrl+C', async () => {
    const child = spawn(process.execPath, [program, '-r', '-', '-q', '-z', 'conv,tcp'], { env });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
    });
    // Far more than a pipe holds: when it is gone the program has read the sample, and before it read anything it
    // listened to the signal.
    const filler = new Uint8Array(1 << 20);
    new DataView(filler.buffer).setUint32(0, 0x7777, true);
    new DataView(filler.buffer).setUint32(4, filler.length, true);
    new DataView(filler.buffer).setUint32(filler.length - 4, filler.length, true);
    await new Promise((resolve) => child.stdin.write(Buffer.concat([sample, filler]), resolve));
    child.kill('SIGINT');
    expect(await closed(child)).toBe(0);
    expect(text).toContain('TCP Conversations');
    expect(text).toContain('<->');
  });
});

const closed = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.on('close', resolve));
const port = 41_000 + (process.pid % 10_000);

interface Live {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Captures datagrams to a port of ours on lo; `count` are sent once it captures, then, unless it ends by itself,
 * Ctrl+C.
 */
async function live(count: number, endsItself: boolean, ...args: string[]): Promise<Live> {
  const child = spawn(process.execPath, [program, '-i', 'lo', '-f', `udp dst port ${port}`, ...args], { env });
  const socket = createSocket('udp4');
  let out = '';
  let err = '';
  let sent = 0;
  let answers: NodeJS.Timeout | null = null;
  // Once: a second Ctrl+C does not wait for the rest.
  let interrupted = false;
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
  });
  const end = closed(child);
  // The first one is sent until it is seen to be captured: nothing else tells that the devices are open.
  const told = (): boolean =>
    out !== '' ||
    args.some(
      (arg) =>
        arg.startsWith(folder) && seriesOf(arg).some((path) => existsSync(path) && readFileSync(path).length > 0),
    );
  answers = setInterval(() => {
    if (!told() && sent === 0) return;
    if (sent < count) {
      for (let i = 0; i < 10 && sent < count; i++, sent++) socket.send(Buffer.alloc(100), port, '127.0.0.1');
    } else if (!endsItself && !interrupted) interrupted = child.kill('SIGINT');
  }, 100);
  if (!args.includes('-w')) socket.send(Buffer.alloc(100), port, '127.0.0.1');
  const first = setInterval(() => {
    if (!told()) socket.send(Buffer.alloc(100), port, '127.0.0.1');
  }, 100);
  const code = await end;
  clearInterval(answers);
  clearInterval(first);
  socket.close();
  return { code, out, err };
}

/** Files of a series, or the one file. */
function seriesOf(file: string): readonly string[] {
  const name = file.slice(folder.length + 1).replace(/\.pcapng$/, '');
  return readdirSync(folder)
    .filter((each) => each === `${name}.pcapng` || each.startsWith(`${name}_`))
    .sort()
    .map((each) => join(folder, each));
}
const countsOf = (file: string): readonly number[] => seriesOf(file).map((path) => openedFile(path).table.length);

describe.skipIf(cannotCapture !== '')(`-i${cannotCapture === '' ? '' : ` (skipped: ${cannotCapture})`}`, () => {
  it('prints packets as they arrive until Ctrl+C', async () => {
    const { code, out, err } = await live(20, false);
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThanOrEqual(20);
    expect(lines[0]).toMatch(/^ {4}1 0\.000000000 +127\.0\.0\.1 → 127\.0\.0\.1 +UDP 142 \d+ → \d+ Len=100$/);
    expect(err).toBe(`Capturing on 'lo'\n${lines.length} packets captured\n`);
  }, 20_000);

  it('ends after -c packets, and after -a duration', async () => {
    expect((await live(30, true, '-c', '5')).out.trimEnd().split('\n')).toHaveLength(5);
    expect((await live(3, true, '-a', 'duration:1')).code).toBe(0);
  }, 30_000);

  it('writes what it captures, in one file or in several', async () => {
    const one = join(folder, 'one.pcapng');
    const { out, err } = await live(30, false, '-w', one);
    expect(out).toBe('');
    expect(Number(/(\d+) packets captured/.exec(err)?.[1])).toBe(countsOf(one)[0]);
    expect(countsOf(one)[0]).toBeGreaterThanOrEqual(30);
    const ring = join(folder, 'ring.pcapng');
    await live(100, true, '-w', ring, '-b', 'packets:10', '-b', 'files:2', '-c', '35');
    expect(countsOf(ring)).toEqual([10, 5]);
    const series = join(folder, 'series.pcapng');
    const printed = await live(100, true, '-w', series, '-b', 'packets:10', '-a', 'files:3', '-P');
    expect(countsOf(series)).toEqual([10, 10, 10]);
    expect(printed.out.trimEnd().split('\n')).toHaveLength(30);
  }, 40_000);

  it('says what is wrong with filter or device', () => {
    expect(run(new Uint8Array(0), '-i', 'lo', '-f', 'no such filter')).toMatchObject({ status: 2, stdout: '' });
    const gone = run(new Uint8Array(0), '-i', 'nosuch0');
    expect(gone.status).toBe(2);
    expect(gone.stderr).toContain('There is no such device.');
  });

  it('without rights says what helps', () => {
    const { status, stderr } = spawnSync(asNobody(process.execPath), [program, '-i', 'lo'], {
      encoding: 'utf8',
      env: { ...env, HANDSHARK_DUMPCAP: '' },
      cwd: tmpdir(),
      timeout: 20_000,
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/not let this user capture|Nothing here can capture/);
    expect(stderr).toContain('sudo ');
  });

  it('-D lists the devices, and -i takes their numbers', () => {
    const { stdout } = run(new Uint8Array(0), '-D');
    const number = /^(\d+)\. lo\b/m.exec(stdout)?.[1] ?? '';
    expect(number).not.toBe('');
    expect(run(new Uint8Array(0), '-i', number, '-a', 'duration:0.3').stderr).toContain("Capturing on 'lo'");
  });
});
