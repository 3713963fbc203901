import { spawnSync } from 'node:child_process';
import {
  existsSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSmallText } from '../../../electron/files/regular-file.ts';
import { sweepTemporaryFiles, temporaryFile } from '../../../electron/files/temporary-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'handshark-test-'));
const oldTmp = process.env['TMPDIR'];
beforeAll(() => {
  process.env['TMPDIR'] = folder;
});
afterAll(() => {
  if (oldTmp === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = oldTmp;
  rmSync(folder, { recursive: true });
});

describe('a temporary file', () => {
  it.runIf(process.platform !== 'win32')('is its user’s only, and has no name while it is open', () => {
    const file = temporaryFile();
    expect(fstatSync(file.fd).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual([]);
    file.close();
    expect(() => fstatSync(file.fd)).toThrow('EBADF');
  });

  it('that a program left which does not run any more is swept away; others and links are not', () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const left = (pid: number | string, age = 3600): string => {
      const path = join(folder, `handshark-temporary-${pid}-abcdef`);
      mkdirSync(path);
      writeFileSync(join(path, 'bytes'), 'x');
      const then = Date.now() / 1000 - age;
      utimesSync(path, then, then);
      return path;
    };
    const old = left(dead);
    const kept = [left(process.pid), left('x')];
    const target = join(folder, 'mine');
    mkdirSync(target);
    writeFileSync(join(target, 'bytes'), 'x');
    const link = join(folder, `handshark-temporary-${dead}-linked`);
    symlinkSync(target, link);
    sweepTemporaryFiles();
    expect(existsSync(old)).toBe(false);
    for (const path of [...kept, link, join(target, 'bytes')]) expect(existsSync(path), path).toBe(true);
    rmSync(kept[0], { recursive: true });
    const young = left(dead, 0);
    sweepTemporaryFiles();
    expect(existsSync(young)).toBe(true);
  });
});

describe('a small text', () => {
  it('is read to its end, and no further than it may be', () => {
    const path = join(folder, 'text');
    writeFileSync(path, 'é'.repeat(50_000));
    expect(readSmallText(path, 100_000)).toHaveLength(50_000);
    expect(() => readSmallText(path, 99_999)).toThrow('more than 99999 bytes');
  });

  it.runIf(process.platform === 'linux')('is none of a device’s, a pipe’s or a folder’s', () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    for (const path of ['/dev/zero', '/dev/null', pipe]) expect(() => readSmallText(path, 10)).toThrow('not a regular');
    // Files of the system's own say that they are empty.
    expect(readSmallText('/proc/self/status', 1 << 20)).toContain('Pid:');
    expect(() => readSmallText('/proc/self/status', 10)).toThrow('more than 10 bytes');
  });
});
