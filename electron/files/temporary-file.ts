/** Temporary files for what is unpacked or comes through a pipe: readable by their user only, and never left behind. */
import {
  closeSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statfsSync,
  unlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of the program that made the folder, so that others can tell whether it still runs. */
const prefix = 'handshark-temporary-';
/** A folder without a name in use is younger than this while its file is about to be opened. */
const youngestMs = 60_000;
/** Nothing more is written when less than this is left on the disk. */
const keepFree = 200 << 20;

export interface TemporaryFile {
  /** Open for reading and writing. */
  readonly fd: number;
  /** Once. */
  close(): void;
}

/** Folders whose files have to keep their name while they are open, as on Windows. */
const named = new Set<string>();
let sweeps = true;

/**
 * A new file that has no name from here on: however the program ends, nothing of it is left. Where the system keeps
 * names of open files, it is removed when it is closed, when the program ends, or by the next one that starts.
 */
export function temporaryFile(): TemporaryFile {
  if (sweeps) {
    sweeps = false;
    sweepTemporaryFiles();
    process.on('exit', () => {
      for (const folder of named) rmSync(folder, { recursive: true, force: true });
    });
  }
  const folder = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`));
  const path = join(folder, 'bytes');
  const fd = openSync(path, 'wx+', 0o600);
  const isNameless = forget(folder, path);
  if (!isNameless) named.add(folder);
  return {
    fd,
    close() {
      closeSync(fd);
      if (named.delete(folder)) forget(folder, path);
    },
  };
}

function forget(folder: string, path: string): boolean {
  try {
    unlinkSync(path);
    rmdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Whether there is still room for temporary files. */
export function hasRoom(): boolean {
  const disk = statfsSync(tmpdir());
  return disk.bavail * disk.bsize >= keepFree;
}

/** Removes what programs left that were ended by force: ours, by a user who is this one. */
export function sweepTemporaryFiles(): void {
  let names: readonly string[];
  try {
    names = readdirSync(tmpdir());
  } catch {
    return;
  }
  for (const name of names) {
    const owner = name.startsWith(prefix) ? Number(/^\d+/.exec(name.slice(prefix.length))?.[0]) : Number.NaN;
    if (Number.isNaN(owner) || isRunning(owner)) continue;
    try {
      const folder = join(tmpdir(), name);
      // No link is followed: anybody may make one here.
      const stat = lstatSync(folder);
      if (!stat.isDirectory() || Date.now() - stat.mtimeMs < youngestMs) continue;
      if (process.getuid !== undefined && stat.uid !== process.getuid()) continue;
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Another program may be sweeping, too.
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, and is another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
