/** Packets of this machine's loopback while something happens, caught by dumpcap or tcpdump where one of them may. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../shared/model/result.ts';

export interface LoopbackCapture {
  /** The capture file with everything that was sent before. */
  stop(): Promise<Uint8Array>;
}

/** As root tcpdump would become another user, who may not write into our folder. */
const asRoot = process.getuid?.() === 0 ? ['-Z', 'root'] : [];
const programs: readonly {
  readonly name: string;
  readonly ready: RegExp;
  readonly args: (filter: string, path: string) => readonly string[];
}[] = [
  { name: 'dumpcap', ready: /File: /, args: (filter, path) => ['-q', '-i', 'lo', '-f', filter, '-w', path] },
  {
    name: 'tcpdump',
    ready: /listening on/,
    args: (filter, path) => ['-i', 'lo', '-n', '-U', ...asRoot, '-w', path, filter],
  },
];

/** Resolves when packets are being caught, or with the reason why none can be here. */
export async function captureLoopback(filter: string): Promise<Result<LoopbackCapture, string>> {
  const reasons: string[] = [];
  for (const { name, args, ready } of programs) {
    const started = await start(name, (path) => args(filter, path), ready);
    if (started.ok) return started;
    reasons.push(`${name}: ${started.error.trim().split('\n').slice(0, 2).join(' ')}`);
  }
  return fail(reasons.join('; '));
}

function start(
  name: string,
  args: (path: string) => readonly string[],
  ready: RegExp,
): Promise<Result<LoopbackCapture, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-lo-'));
  const path = join(folder, 'lo');
  const child = spawn(name, args(path), { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<Uint8Array> => {
    // Both read what the kernel holds for them within a second at most.
    await new Promise((resolve) => setTimeout(resolve, 1200));
    child.kill('SIGINT');
    await ended;
    const file = readFileSync(path);
    rmSync(folder, { recursive: true });
    return file;
  };
  return new Promise((resolve) => {
    let text = '';
    const give = (why: string): void => {
      rmSync(folder, { recursive: true, force: true });
      resolve(fail(why));
    };
    child.stderr.on('data', (chunk) => {
      text += String(chunk);
      if (ready.test(text)) resolve(ok({ stop }));
    });
    child.once('error', (error) => give(error.message));
    child.once('exit', () => {
      if (!ready.test(text)) give(text);
    });
  });
}
