/** `-i`: captures, and prints or writes packets as they arrive, until Ctrl+C or what `-a` and `-c` say. */
import { fileURLToPath } from 'node:url';
import type { Registry } from '../../shared/dissect/registry.ts';
import { liveEn } from '../../shared/i18n/en/live.ts';
import { fillIn } from '../../shared/i18n/translate.ts';
import type { CaptureCounts, CaptureProblem } from '../../shared/model/live.ts';
import { BlockType } from '../../shared/pcap/format.ts';
import { type RunningCapture, startCapture } from '../capture/capture.ts';
import { listDevices } from '../capture/devices.ts';
import { BlockStream, isPacket } from '../capture/pcapng-blocks.ts';
import { permissionAdvice } from '../capture/permission.ts';
import { Recorder } from '../capture/recorder.ts';
import { type CaptureTools, findTools } from '../capture/tools.ts';
import { writeProblem } from '../capture/write-problem.ts';
import type { CaptureCommand } from './capture-options.ts';
import { pipeDamageSentence } from './damage-sentence.ts';
import { Growing } from './growing.ts';
import type { Options } from './options.ts';
import { prepare } from './read.ts';
import { say, sayLines } from './say.ts';
import { print } from './writer.ts';

/** The capture child lies beside the program; `HANDSHARK_CAPTURE_CHILD` names another, for tests. */
const tools = (): Promise<CaptureTools> =>
  findTools(process.env['HANDSHARK_CAPTURE_CHILD'] ?? fileURLToPath(new URL('../capture/child.cjs', import.meta.url)));

/** `-D`. Returns the exit code. */
export async function printDevices(): Promise<number> {
  const { devices, problem } = await listDevices(await tools(), true);
  if (problem !== null) {
    say(`${liveEn[`live.capture.${problem.code}`]} ${problem.detail}`);
    return 2;
  }
  print(
    devices
      .map(({ name, description }, i) => `${i + 1}. ${name}${description === '' ? '' : ` (${description})`}\n`)
      .join(''),
  );
  return 0;
}

/** Returns the exit code. */
export async function captureLive(command: CaptureCommand, options: Options, registry: Registry): Promise<number> {
  const { file, ring, stop, prints } = command;
  const output = await prepare(options, registry);
  if (output === null) return 2;
  const decodes = prints || options.statistics.length > 0;
  const fromPipe = command.capture.devices[0] === '-';
  const found = fromPipe ? null : await tools();
  const devices = found === null ? [] : await deviceNames(command.capture.devices, found);
  if (typeof devices === 'string') {
    say(devices);
    return 2;
  }
  let recorder: Recorder | null = null;
  let growing: Growing | null = null;
  let packets = 0;
  let counts: CaptureCounts | null = null;
  let over = false;
  let running: RunningCapture | null = null;
  let problem: CaptureProblem | null = null;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const end = (why: CaptureProblem | null): void => {
    if (!over) {
      over = true;
      problem = why;
    }
    if (running === null) finish();
    else void running.stop().then(finish);
  };
  const timers: NodeJS.Timeout[] = [];
  const began = (): void => {
    if (timers.length > 0) return;
    if (Number.isFinite(stop.seconds)) timers.push(setTimeout(() => end(null), stop.seconds * 1000));
    const every = ring?.seconds ?? Number.POSITIVE_INFINITY;
    if (Number.isFinite(every))
      timers.push(
        setInterval(
          () =>
            attempt(() => {
              if (!over && recorder?.turn() === false) end(null);
            }),
          every * 1000,
        ),
      );
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      const code = (error as { readonly code?: string }).code;
      // The program that reads our standard output has ended: no failure of ours.
      end(code === 'EPIPE' ? null : writeProblem(error));
    }
  };
  let described = false;
  const stream = new BlockStream({
    block(type, bytes) {
      if (over && isPacket(type)) return;
      attempt(() => {
        if (recorder?.block(type, bytes) === false) return end(null);
        growing?.write(bytes);
        if (type === BlockType.InterfaceDescription) described = true;
        if (!isPacket(type)) return;
        packets++;
        if (packets >= stop.packets || recorder?.isOver === true) end(null);
      });
    },
  });
  const take = (chunk: Uint8Array): void => {
    began();
    if (!stream.push(chunk)) end({ code: 'failed', detail: 'what came in is not a capture (pcap or pcapng)' });
    attempt(() => {
      recorder?.flush();
      growing?.flush();
    });
    growing?.grew(described);
  };
  try {
    recorder = file === '' ? null : new Recorder(file, ring, stop);
  } catch (error) {
    say(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    return 2;
  }
  if (decodes) growing = new Growing(fromPipe ? 'standard input' : devices.join(', '), registry, {}, output);
  // A second Ctrl+C does not wait.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (over ? process.exit(130) : end(null)));
  if (!options.quiet || file !== '')
    sayLines(`Capturing on ${fromPipe ? "'-'" : devices.map((name) => `'${name}'`).join(' and ')}\n`);
  if (found === null) {
    process.stdin
      .on('data', (chunk: Buffer) => {
        if (!over) take(chunk);
      })
      .on('end', () => {
        if (!over) stream.end();
        end(null);
      })
      .on('error', () => end(null));
  } else {
    running = startCapture(
      found,
      { ...command.capture, devices },
      {
        started: began,
        bytes: take,
        counts: (latest) => {
          counts = latest;
        },
        ended: (why) => {
          // Ctrl+C reaches the program that captures, too, and may do so first.
          setTimeout(() => {
            if (!over) {
              over = true;
              problem = why;
            }
            finish();
          }, 50);
        },
      },
    );
  }
  await finished;
  for (const timer of timers) clearTimeout(timer);
  attempt(() => recorder?.close());
  const code = described && growing !== null ? growing.end() : 0;
  sayLines(`${packets} packet${packets === 1 ? '' : 's'} captured\n`);
  const lost = counts as CaptureCounts | null;
  const dropped = (lost?.droppedByKernel ?? 0) + (lost?.droppedByInterface ?? 0);
  if (dropped > 0) sayLines(`${dropped} packet${dropped === 1 ? '' : 's'} dropped\n`);
  const failure = problem as CaptureProblem | null;
  if (stream.damage !== null && (failure === null || failure.code === 'failed')) {
    // Where packets were printed it was said after them.
    if (!(described && growing?.isDamaged)) say(pipeDamageSentence(stream.damage));
    return 2;
  }
  if (failure === null) return code;
  say(`${liveEn[`live.capture.${failure.code}`]}${failure.detail === '' ? '' : ` (${failure.detail})`}`);
  if (found !== null && (failure.code === 'not-permitted' || failure.code === 'no-means')) printAdvice(found);
  return 2;
}

/** Names of the devices, where a number is given that of `-D`; a text says what is wrong. */
async function deviceNames(given: readonly string[], found: CaptureTools): Promise<readonly string[] | string> {
  if (!given.some((name) => /^\d+$/.test(name))) return given;
  const { devices } = await listDevices(found, true);
  const names: string[] = [];
  for (const name of given) {
    const device = /^\d+$/.test(name) ? devices[Number(name) - 1]?.name : name;
    if (device === undefined) return `there is no interface ${name}; handshark -D lists them`;
    names.push(device);
  }
  return names;
}

function printAdvice(found: CaptureTools): void {
  const advice = permissionAdvice(found);
  const lines = [
    fillIn(liveEn[`live.permission.why.${advice.system}`], { user: advice.user }),
    liveEn['live.permission.never'],
  ];
  for (const { kind, command, again } of advice.steps)
    lines.push(
      `- ${liveEn[`live.permission.step.${kind}`]}${again ? ` ${liveEn['live.permission.again']}` : ''}${command === '' ? '' : `\n    ${command}`}`,
    );
  sayLines(`${lines.join('\n')}\n`);
}
