/**
 * `npm run bench:capture`: packets per second that are captured without a loss, by Handshark (with everything the
 * window does), by dumpcap and by `tcpdump -w`, on a pair of virtual devices, in one run. Needs root, tcpreplay,
 * tcpdump and dumpcap. Prints; never fails because of a rate.
 *
 *     npm run bench:capture [-- SECONDS [HELD]]     seconds per rate, 4 where not given; each program's highest rate is then held for HELD (60) seconds, or the next one below
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { openedFile } from '../support/opened-file.ts';
import type { LiveFigures } from './live-session.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(tmpdir(), 'handshark-bench');
const generator = join(root, '..', 'shared', 'performance', 'gen.mjs');
const child = join(root, 'out', 'capture', 'child.cjs');
const seconds = Number(process.argv[2] ?? 4);
const heldSeconds = Number(process.argv[3] ?? 60);
const [from, to] = ['hsbench0', 'hsbench1'];
const rates = [50_000, 100_000, 150_000, 200_000, 250_000, 300_000, 350_000, 400_000, 450_000];

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Outcome {
  readonly sent: number;
  readonly captured: number;
  readonly rate: number;
  readonly figures: LiveFigures | null;
}
const programs = ['handshark', 'dumpcap', 'tcpdump'] as const;
type Program = (typeof programs)[number];

function told(program: Program, pps: number, { sent, captured, rate, figures }: Outcome): string {
  const page =
    figures === null
      ? ''
      : `, page p99 ${figures.pageMsP99.toFixed(0)} ms, at most ${figures.pageMsMax.toFixed(0)} ms, ${figures.memoryMiB.toFixed(0)} MiB`;
  return `${program.padEnd(9)} wanted ${pps}/s, sent ${rate.toFixed(0)}/s: ${sent} sent, ${sent - captured} lost${page}`;
}

/** Replays packets at a rate; how many left, and how fast. */
function replay(
  file: string,
  pps: number,
  forSeconds: number,
): Promise<{ readonly sent: number; readonly rate: number }> {
  return new Promise((resolve, reject) => {
    const tcpreplay = spawn(
      'tcpreplay',
      ['-q', '-K', '-i', from, `--pps=${pps}`, '--loop=0', `--duration=${forSeconds}`, file],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let text = '';
    const add = (chunk: Buffer): void => {
      text += chunk.toString();
    };
    tcpreplay.stdout.on('data', add);
    tcpreplay.stderr.on('data', add);
    tcpreplay.on('error', reject);
    tcpreplay.on('close', () => {
      const sent = Number(/Successful packets:\s+(\d+)/.exec(text)?.[1]);
      const rate = Number(/Rated: .*?([\d.]+) pps/.exec(text)?.[1]);
      if (Number.isNaN(sent)) reject(new Error(`tcpreplay: ${text.slice(-300)}`));
      else resolve({ sent, rate });
    });
  });
}

async function started(process_: ChildProcess, sign: RegExp): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      if (sign.test(text)) resolve();
    };
    process_.stdout?.on('data', look);
    process_.stderr?.on('data', look);
    process_.on('close', () => reject(new Error(`it ended: ${text.slice(-300)}`)));
  });
}
const ended = (process_: ChildProcess): Promise<void> =>
  new Promise((resolve) => (process_.exitCode !== null ? resolve() : process_.on('close', () => resolve())));

async function attempt(
  program: Program,
  session: string,
  file: string,
  pps: number,
  forSeconds: number,
): Promise<Outcome> {
  const spool = join(folder, `live-${program}.pcapng`);
  rmSync(spool, { force: true });
  const commands: Readonly<Record<Program, readonly string[]>> = {
    handshark: [process.execPath, session, child, to, '', spool],
    // The same buffer for all, in MiB, and in KiB for tcpdump.
    dumpcap: ['dumpcap', '-q', '-i', to, '-B', '32', '-w', spool],
    tcpdump: ['tcpdump', '-i', to, '-B', '32768', '-Z', 'root', '-w', spool],
  };
  const [command, ...args] = commands[program];
  const running = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  running.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  await started(running, program === 'handshark' ? /started/ : program === 'dumpcap' ? /File:/ : /listening on/);
  await pause(300);
  const { sent, rate } = await replay(file, pps, forSeconds);
  await pause(1500);
  if (program === 'handshark') running.stdin.end();
  else running.kill('SIGINT');
  await ended(running);
  const figures = program === 'handshark' ? (JSON.parse(out.trim().split('\n').at(-1) ?? '{}') as LiveFigures) : null;
  const captured = figures?.packets ?? openedFile(spool).table.length;
  rmSync(spool, { force: true });
  return { sent, captured, rate, figures };
}

async function main(): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new Error('making network devices needs root on Linux');
  if (!existsSync(child)) throw new Error('out/capture/child.cjs is not there: npm run build');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'replayed-50000.pcap');
  if (!existsSync(file))
    execFileSync(process.execPath, [generator, '--packets', '50000', '--out', file], { stdio: 'ignore' });
  const session = join(folder, 'live-session.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('live-session.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile: session,
    logLevel: 'warning',
  });
  execFileSync('ip', ['link', 'add', from, 'type', 'veth', 'peer', 'name', to]);
  try {
    for (const name of [from, to]) {
      execFileSync('sysctl', ['-qw', `net.ipv6.conf.${name}.disable_ipv6=1`]);
      execFileSync('ip', ['link', 'set', name, 'mtu', '9000', 'up']);
    }
    say(
      `50,000 packets of ${(statSync(file).size / 50_000).toFixed(0)} bytes on average, replayed over a veth pair; ${seconds} s per rate; node ${process.version}; ${pathToFileURL(child).pathname}`,
    );
    const best: Record<Program, number> = { handshark: 0, dumpcap: 0, tcpdump: 0 };
    const failures: Record<Program, number> = { handshark: 0, dumpcap: 0, tcpdump: 0 };
    for (const pps of rates) {
      for (const program of programs) {
        if (failures[program] >= 2) continue;
        const outcome = await attempt(program, session, file, pps, seconds);
        if (outcome.captured >= outcome.sent) best[program] = Math.max(best[program], outcome.rate);
        else failures[program]++;
        say(told(program, pps, outcome));
      }
    }
    say(
      `\nwithout a loss: ${programs.map((program) => `${program} ${best[program].toFixed(0)}/s`).join(', ')}; each held for ${heldSeconds} s:`,
    );
    const held: Record<Program, number> = { handshark: 0, dumpcap: 0, tcpdump: 0 };
    for (const program of programs) {
      for (const pps of rates.filter((rate) => rate <= best[program] * 1.01).reverse()) {
        const outcome = await attempt(program, session, file, pps, heldSeconds);
        say(told(program, pps, outcome));
        if (outcome.captured < outcome.sent) continue;
        held[program] = outcome.rate;
        break;
      }
    }
    say(
      `\nheld without a loss: ${programs.map((program) => `${program} ${held[program].toFixed(0)}/s`).join(', ')}; handshark / dumpcap ${(held.handshark / held.dumpcap).toFixed(2)}`,
    );
  } finally {
    execFileSync('ip', ['link', 'del', from]);
  }
}

await main();
