import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './sources.ts';

interface Made {
  canMakeDeb(): boolean;
  readFpmArguments(args: readonly string[]): {
    readonly options: ReadonlyMap<string, string>;
    readonly files: readonly (readonly [string, string])[];
  };
  makeDeb(
    args: readonly string[],
    relations: { readonly depends: readonly string[]; readonly recommends: readonly string[] },
  ): string;
}

/** The set-up scripts have no types. */
const { canMakeDeb, readFpmArguments, makeDeb } = (await import(join(root, 'build', 'debian-package.mjs'))) as Made;

const work = mkdtempSync(join(tmpdir(), 'handshark-deb-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('a .deb without fpm', () => {
  it("reads fpm's arguments", () => {
    const { options, files } = readFpmArguments(['--name', 'x', '/a=b/c=/opt/x', '--after-install', '/s=h']);
    expect([...options]).toEqual([
      ['name', 'x'],
      ['after-install', '/s=h'],
    ]);
    expect(files).toEqual([['/a=b/c', '/opt/x']]);
  });

  it.skipIf(!canMakeDeb())('makes a package that dpkg reads, with files, modes and scripts', () => {
    const app = join(work, 'app');
    mkdirSync(app, { mode: 0o700 });
    writeFileSync(join(app, 'program'), '#!/bin/sh\n');
    chmodSync(join(app, 'program'), 0o700);
    writeFileSync(join(app, 'data'), 'x'.repeat(3000), { mode: 0o600 });
    writeFileSync(join(work, 'in.sh'), '#!/bin/sh\nexit 0\n');
    const target = join(work, 'x.deb');
    const named = [
      '--name',
      'x',
      '--version',
      '1.2~rc1',
      '--architecture',
      'amd64',
      '--maintainer',
      'A <a@b.example>',
      '--url',
      'https://x.example',
      '--category',
      'net',
    ];
    const more = [
      '--deb-priority',
      'optional',
      '--description',
      'short\n long',
      '--after-install',
      join(work, 'in.sh'),
      '--after-remove',
      join(work, 'in.sh'),
      '--package',
      target,
    ];
    makeDeb([...named, ...more, `${app}/=/opt/X`], { depends: ['a', 'b | c'], recommends: ['d'] });
    const ask = (...args: readonly string[]): string =>
      execFileSync('dpkg-deb', [...args], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
    expect(
      ask('-f', target, 'Package', 'Version', 'Depends', 'Recommends', 'Installed-Size', 'Description')
        .trim()
        .split('\n'),
    ).toEqual([
      'Package: x',
      'Version: 1.2~rc1',
      'Depends: a, b | c',
      'Recommends: d',
      'Installed-Size: 3',
      'Description: short',
      ' long',
    ]);
    const listed = ask('-c', target)
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/))
      .map((words) => `${words[0]} ${words[1]} ${words[5]}`);
    expect(listed).toEqual([
      'drwxr-xr-x root/root ./',
      'drwxr-xr-x root/root ./opt/',
      'drwxr-xr-x root/root ./opt/X/',
      '-rw-r--r-- root/root ./opt/X/data',
      '-rwxr-xr-x root/root ./opt/X/program',
    ]);
    expect(ask('-I', target, 'postinst')).toBe('#!/bin/sh\nexit 0\n');
    expect(ask('-I', target, 'md5sums')).toMatch(/^[0-9a-f]{32} {2}opt\/X\/data\n[0-9a-f]{32} {2}opt\/X\/program\n$/);
  });
});
