/** The capture child, bundled for tests, and what they capture with it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { type RunningCapture, startCapture } from '../../electron/capture/capture.ts';
import { type CaptureTools, findTools } from '../../electron/capture/tools.ts';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import {
  type CaptureCounts,
  type CaptureMeans,
  type CaptureOptions,
  type CaptureProblem,
  defaultCaptureOptions,
} from '../../shared/model/live.ts';
import { openedFile } from './opened-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const root = resolve(import.meta.dirname, '..', '..');

/** Why nothing can be captured here; '' where it can. */
export const cannotCapture =
  process.platform !== 'linux'
    ? 'these tests capture on Linux devices'
    : process.getuid?.() !== 0
      ? 'capturing and making network devices needs root'
      : '';

/** Beside the modules of the project, so that the child finds `cap`. */
export async function bundledChild(): Promise<string> {
  const outfile = join(root, 'out', 'capture-test', 'child.cjs');
  mkdirSync(join(root, 'out', 'capture-test'), { recursive: true });
  await build({
    entryPoints: [join(root, 'electron', 'capture', 'child.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['cap'],
    outfile,
    logLevel: 'warning',
  });
  return outfile;
}

export async function captureTools(): Promise<CaptureTools> {
  return findTools(await bundledChild());
}

/** A program that runs another one as a user without rights. */
export function asNobody(command: string): string {
  const folder = temporaryFolder('nobody');
  chmodSync(folder, 0o755);
  const path = join(folder, 'run.sh');
  writeFileSync(
    path,
    `#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all ${command} "$@"\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

export interface Captured {
  readonly running: RunningCapture;
  readonly means: () => CaptureMeans | null;
  readonly started: Promise<void>;
  /** How it ended. */
  readonly ended: Promise<CaptureProblem | null>;
  readonly counts: () => CaptureCounts | null;
  readonly bytes: () => Uint8Array;
}

/** The same programs, the event loop of the capture child kept busy so long once a second. */
export function stalled(tools: CaptureTools, ms: number): CaptureTools {
  if (tools.child === null || ms === 0) return tools;
  const stall = `setInterval(() => { const until = performance.now() + ${ms}; while (performance.now() < until); }, 1000).unref();`;
  return {
    ...tools,
    child: {
      ...tools.child,
      env: { ...tools.child.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(stall)}` },
    },
  };
}

export function capture(tools: CaptureTools, options: Partial<CaptureOptions>): Captured {
  const chunks: Uint8Array[] = [];
  let means: CaptureMeans | null = null;
  let counts: CaptureCounts | null = null;
  let isStarted = (): void => undefined;
  let isEnded: (problem: CaptureProblem | null) => void = () => undefined;
  const started = new Promise<void>((resolve_) => {
    isStarted = resolve_;
  });
  const ended = new Promise<CaptureProblem | null>((resolve_) => {
    isEnded = resolve_;
  });
  const running = startCapture(
    tools,
    { ...defaultCaptureOptions, ...options },
    {
      started: (by) => {
        means = by;
        isStarted();
      },
      bytes: (chunk) => chunks.push(chunk.slice()),
      counts: (now) => {
        counts = now;
      },
      ended: (problem) => {
        isStarted();
        isEnded(problem);
      },
    },
  );
  return { running, means: () => means, started, ended, counts: () => counts, bytes: () => Buffer.concat(chunks) };
}

/** Reads what was captured. */
export function opened(bytes: Uint8Array): CaptureStore {
  const path = join(temporaryFolder('captured'), 'x.pcapng');
  writeFileSync(path, bytes);
  return openedFile(path);
}

export const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
export const pause = (ms: number): Promise<void> => new Promise((resolve_) => setTimeout(resolve_, ms));
