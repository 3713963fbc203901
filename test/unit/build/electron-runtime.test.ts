import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { root } from './sources.ts';

const script = `import('./build/electron-runtime.mjs').then(async (m) => process.stdout.write('path ' + await m.electronExecutable()))`;

describe.skipIf(process.platform !== 'linux')('the Electron that is run', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'handshark-runtime-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the one that ELECTRON_OVERRIDE_DIST_PATH names, with one line that says so', () => {
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron'), '');
    writeFileSync(join(folder, 'dist', 'version'), '99.1.2\n');
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'dist') };
    const text = execFileSync(process.execPath, ['-e', script], { cwd: root, env, encoding: 'utf8' });
    expect(text).toBe(
      `handshark: Electron 99.1.2 from ELECTRON_OVERRIDE_DIST_PATH\npath ${join(folder, 'dist', 'electron')}`,
    );
  });

  it('is never another one than the user named', () => {
    const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'nothing') };
    const { status, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: root, env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('ELECTRON_OVERRIDE_DIST_PATH is set, but there is no');
  });
});
