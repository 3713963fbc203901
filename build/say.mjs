/** Small things that the set-up scripts share. Runs with bare Node 20: nothing here may need node_modules. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

export const isRoot = process.platform !== 'win32' && process.getuid?.() === 0;

/** Only cmd.exe finds npm.cmd. */
const shell = process.platform === 'win32';

export function say(text) {
  process.stdout.write(`handshark: ${text}\n`);
}

/** Something that only the user can mend; its message says what. */
export class Stop extends Error {}

export function stop(text) {
  throw new Stop(text);
}

/** Ends the program with an error's message, or with all of it where it is a bug. */
export function endWith(error) {
  process.stderr.write(`handshark: ${error instanceof Stop ? error.message : error.stack}\n`);
  process.exit(1);
}

/**
 * Runs a command, showing its output; its exit code, 127 where it could not be started or took longer than
 * `options.timeout` (ms).
 */
export function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell,
    ...options,
  });
  return error === undefined ? (status ?? 1) : 127;
}

/**
 * Runs a command; its standard output without the last line break, or null where it failed. Its errors are not shown
 * unless `options.stdio` says so.
 */
export function ask(command, args, options = {}) {
  const { status, error, stdout } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    shell,
    ...options,
  });
  return error === undefined && status === 0 ? stdout.trim() : null;
}
