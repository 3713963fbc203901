/** What can capture on this machine. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type ListedDevice, readMessage } from './child-contract.ts';

/** A program that runs the capture child. */
export interface ChildRuntime {
  readonly command: string;
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface CaptureTools {
  /** Null where `cap` cannot be loaded. */
  readonly child: ChildRuntime | null;
  /** Why not, in the system's words; '' where it can. */
  readonly childProblem: string;
  /** Path, null where it is not installed. */
  readonly dumpcap: string | null;
  /**
   * Path of polkit's program that asks for the rights of another user; null where it is not installed, or this process
   * is root already.
   */
  readonly pkexec: string | null;
}

const probeMs = 8000;
/** Longest output of a program that is asked a question. */
const maxAnswer = 4 << 20;

export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. It never rejects: what cannot be started has the code null. */
export function ask(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  limitMs = probeMs,
): Promise<Answer> {
  return new Promise((resolve) => {
    let out = '';
    let err = '';
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    const add = (to: string, chunk: Buffer): string => (to.length < maxAnswer ? to + chunk.toString('utf8') : to);
    child.stdout.on('data', (chunk: Buffer) => {
      out = add(out, chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err = add(err, chunk);
    });
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: null, out, err: err + error.message });
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, out, err });
    });
  });
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function inPath(name: string, more: readonly string[]): string | null {
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...more];
  return folders.map((folder) => join(folder, file)).find(executable) ?? null;
}

const dumpcapFolders: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ['/usr/bin', '/usr/sbin', '/usr/local/bin'],
  darwin: ['/Applications/Wireshark.app/Contents/MacOS', '/opt/homebrew/bin', '/usr/local/bin'],
  win32: ['C:\\Program Files\\Wireshark'],
};

/**
 * Programs that may be able to load `cap`, which is built for one version of Node's binary interface: this one, the one
 * that built it, any other.
 */
function runtimes(): readonly string[] {
  const named = process.env['HANDSHARK_NODE'];
  const found = inPath('node', ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']);
  return [
    ...new Set([
      process.execPath,
      ...(named === undefined || named === '' ? [] : [named]),
      ...(found === null ? [] : [found]),
    ]),
  ];
}

/**
 * @param script the bundled capture child Environment: `HANDSHARK_NODE` names a Node to run the child with;
 * `HANDSHARK_DUMPCAP` another dumpcap, '' none; `HANDSHARK_NO_CAP=1`: as if cap could not be loaded.
 */
export async function findTools(script: string): Promise<CaptureTools> {
  const named = process.env['HANDSHARK_DUMPCAP'];
  const dumpcap =
    named === undefined ? inPath('dumpcap', dumpcapFolders[process.platform] ?? []) : named === '' ? null : named;
  const asked = process.platform === 'linux' && process.getuid?.() !== 0 ? inPath('pkexec', ['/usr/bin']) : null;
  const tools = { dumpcap, pkexec: asked };
  if (process.env['HANDSHARK_NO_CAP'] === '1')
    return { ...tools, child: null, childProblem: 'HANDSHARK_NO_CAP is set' };
  let childProblem = '';
  for (const command of runtimes()) {
    const runtime: ChildRuntime = { command, script, env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' } };
    const { code, err } = await ask(command, [script, JSON.stringify({ do: 'list' })], runtime.env);
    if (code === 0) return { ...tools, child: runtime, childProblem: '' };
    const told = err
      .split('\n')
      .map(readMessage)
      .find((message) => message?.kind === 'failed');
    if (childProblem === '')
      childProblem = told?.kind === 'failed' ? told.detail : (err.trim().split('\n').at(-1) ?? '');
  }
  return { ...tools, child: null, childProblem };
}

export async function listWithChild({ command, script, env }: ChildRuntime): Promise<readonly ListedDevice[] | null> {
  const { code, out } = await ask(command, [script, JSON.stringify({ do: 'list' })], env);
  if (code !== 0) return null;
  try {
    return JSON.parse(out) as readonly ListedDevice[];
  } catch {
    return null;
  }
}
