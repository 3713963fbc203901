/** A running capture: a process that writes pcapng to its output, whichever program it is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import type { CaptureCounts, CaptureMeans, CaptureOptions, CaptureProblem } from '../../shared/model/live.ts';
import { readMessage } from './child-contract.ts';
import { dumpcapArguments, dumpcapProblem } from './dumpcap.ts';
import type { CaptureTools } from './tools.ts';

export interface CaptureSink {
  /** The program is at work: devices are open. */
  started(means: CaptureMeans): void;
  /** The next bytes of a pcapng file, where the program does not write to a file by itself. */
  bytes(chunk: Uint8Array): void;
  counts(counts: CaptureCounts): void;
  /** Once, the last call of all. Null: it was told to stop. */
  ended(problem: CaptureProblem | null): void;
}

/** A file that the program may write to by itself, so that nothing it captures waits for this process. */
export interface CaptureFile {
  readonly fd: number;
  /** Its size in bytes, whenever it grew. */
  grew(size: number): void;
}

export interface RunningCapture {
  /** Resolves when everything that was captured was given to the sink. */
  stop(): Promise<void>;
  /** Process that captures now, for tests; null none. */
  readonly pid: number | null;
}

/** Milliseconds without a byte after which a program that was told to stop is ended. */
const patienceMs = 4000;
const dumpcapTurnMs = 400;
/** Milliseconds between two looks at the file that a program writes. */
const lookMs = 20;
/** Longest line that a program writes about itself. */
const maxLine = 65_536;

interface Way {
  readonly means: CaptureMeans;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Ways to capture, the one to try first first. `asking`: the user may be asked for the rights. */
function waysOf(tools: CaptureTools, options: CaptureOptions, asking: boolean): readonly Way[] {
  const ways: Way[] = [];
  const { child, dumpcap, pkexec } = tools;
  if (child !== null)
    ways.push({
      means: 'cap',
      command: child.command,
      args: [child.script, JSON.stringify({ do: 'capture', ...options })],
      env: child.env,
    });
  if (dumpcap !== null) {
    const args = dumpcapArguments(options);
    ways.push({ means: 'dumpcap', command: dumpcap, args, env: { ...process.env, LC_ALL: 'C' } });
    if (asking && pkexec !== null)
      ways.push({ means: 'pkexec', command: pkexec, args: [dumpcap, ...args], env: process.env });
  }
  return asking ? ways.filter((way) => way.means === 'pkexec') : ways;
}

/**
 * Starts to capture; what may not open the device gives way to the next program that might.
 * @param more `asking`: with rights that the user is asked for; `file`: written by our own child; dumpcap would not
 * notice that this process is gone, and goes on through a pipe
 */
export function startCapture(
  tools: CaptureTools,
  options: CaptureOptions,
  sink: CaptureSink,
  more: { readonly asking?: boolean; readonly file?: CaptureFile } = {},
): RunningCapture {
  const ways = [...waysOf(tools, options, more.asking ?? false)];
  let process_: ChildProcess | null = null;
  let stopping = false;
  let current: CaptureMeans | null = null;
  let patience: NodeJS.Timeout | null = null;
  let over = false;
  let firstProblem: CaptureProblem | null = null;
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const end = (problem: CaptureProblem | null): void => {
    if (over) return;
    over = true;
    process_ = null;
    sink.ended(problem);
    done();
  };
  const tryNext = (): void => {
    const way = ways.shift();
    if (way === undefined) return end(firstProblem ?? { code: 'no-means', detail: tools.childProblem });
    run(way);
  };
  const run = ({ means, command, args, env }: Way): void => {
    const file = means === 'cap' ? more.file : undefined;
    const child = spawn(command, args, { env, stdio: ['pipe', file?.fd ?? 'pipe', 'pipe'], windowsHide: true });
    process_ = child;
    current = means;
    let told: CaptureProblem | null = null;
    let words = '';
    let line = '';
    let isStarted = false;
    let got = false;
    const started = (): void => {
      if (isStarted) return;
      isStarted = true;
      sink.started(means);
    };
    const came = (): void => {
      got = true;
      // What was captured before it was told to stop is still coming.
      patience?.refresh();
      // dumpcap says nothing of its own that could be waited for: its first bytes do.
      started();
    };
    child.stdin?.on('error', () => undefined);
    child.stdout?.on('data', (chunk: Buffer) => {
      came();
      sink.bytes(chunk);
    });
    let size = 0;
    const look = (): void => {
      // Once it is over the file may be closed, though the program is not gone yet.
      if (file === undefined || over) return;
      const now = fstatSync(file.fd).size;
      if (now <= size) return;
      size = now;
      came();
      file.grew(size);
    };
    const looking = file === undefined ? null : setInterval(look, lookMs);
    child.stderr?.on('data', (chunk: Buffer) => {
      const lines = (line + chunk.toString('utf8')).split('\n');
      line = (lines.pop() ?? '').slice(-maxLine);
      for (const each of lines) {
        const message = means === 'cap' ? readMessage(each) : null;
        if (message?.kind === 'started') started();
        else if (message?.kind === 'counts') sink.counts(message);
        else if (message?.kind === 'failed') told = { code: message.code, detail: message.detail };
        else if (words.length < maxLine) words += `${each}\n`;
      }
    });
    child.on('error', (error) => {
      told ??= { code: 'failed', detail: error.message };
    });
    child.on('close', (code, signal) => {
      if (looking !== null) clearInterval(looking);
      look();
      if (over) return;
      const said = words + line;
      if (means !== 'cap') {
        const counts = countsOf(said);
        if (counts !== null) sink.counts(counts);
      }
      const problem = told ?? (means === 'cap' ? null : dumpcapProblem(said, code, means, isStarted));
      if (stopping) return end(null);
      // Another program may have the right that this one lacks.
      if (
        !got &&
        (problem?.code === 'not-permitted' || problem?.code === 'no-means' || (problem === null && code !== 0))
      ) {
        firstProblem ??= problem ?? { code: 'failed', detail: said.trim() };
        if (ways.length > 0) return tryNext();
        return end(firstProblem);
      }
      end(
        problem ??
          (signal !== null || code !== 0
            ? { code: 'killed', detail: signal ?? `exit ${code}` }
            : { code: 'failed', detail: said.trim().split('\n').at(-1) ?? '' }),
      );
    });
  };
  tryNext();
  return {
    get pid() {
      return process_?.pid ?? null;
    },
    async stop() {
      if (over) return;
      const isOurs = current === 'cap';
      // dumpcap throws away what it has not taken from the kernel yet, which it does four times a second.
      if (!isOurs && process_ !== null) await new Promise((resolve) => setTimeout(resolve, dumpcapTurnMs));
      if (over) return;
      stopping = true;
      const child = process_;
      if (child !== null) {
        // Our child ends with its input; dumpcap is asked by a signal, and, run by another user, cannot be: it ends
        // when its pipe is closed.
        child.stdin?.end();
        child.kill('SIGTERM');
        patience = setTimeout(() => {
          child.kill('SIGKILL');
          child.stdout?.destroy();
          end(null);
        }, patienceMs);
        await finished;
        clearTimeout(patience);
      }
      await finished;
    },
  };
}

/**
 * dumpcap's last words: `Packets received/dropped on interface 'lo': 20/3 (pcap:2/dumpcap:1/flushed:0/ps_ifdrop:0)
 * (87.0%)`, a line per device.
 */
function countsOf(text: string): CaptureCounts | null {
  const lines = [
    ...text.matchAll(
      /Packets received\/dropped on interface [^\n]*: (\d+)\/(\d+) \(pcap:(\d+)\/dumpcap:(\d+)\/flushed:(\d+)\/ps_ifdrop:(\d+)\)/g,
    ),
  ];
  if (lines.length === 0) return null;
  const sum = (group: number): number => lines.reduce((total, match) => total + Number(match[group]), 0);
  return { received: sum(1) + sum(2), droppedByKernel: sum(3) + sum(4), droppedByInterface: sum(6) };
}
