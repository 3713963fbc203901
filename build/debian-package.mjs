/**
 * A .deb by dpkg-deb alone, for machines that cannot download fpm, by which electron-builder makes it elsewhere. It
 * reads the very arguments that fpm would get, so that both are the same package.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { ask, run, stop } from './say.mjs';

export const canMakeDeb = () => process.platform === 'linux' && ask('dpkg-deb', ['--version']) !== null;

/** fpm's arguments as options (each has a value) and pairs `from=to`. */
export function readFpmArguments(args) {
  const options = new Map();
  const files = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i].startsWith('--')) {
      options.set(args[i].slice(2), args[i + 1]);
      i++;
    } else {
      const at = args[i].lastIndexOf('=');
      files.push([args[i].slice(0, at), args[i].slice(at + 1)]);
    }
  }
  return { options, files };
}

/**
 * @param args fpm's arguments, without those of dependencies
 * @param relations depends and recommends, as lists in dpkg's words
 * @returns the file made
 */
export function makeDeb(args, { depends, recommends }) {
  const { options, files } = readFpmArguments(args);
  const target = options.get('package');
  const work = mkdtempSync(join(dirname(target), 'deb-'));
  try {
    for (const [from, to] of files) {
      mkdirSync(join(work, dirname(to)), { recursive: true });
      cpSync(from, join(work, to), { recursive: true, verbatimSymlinks: true });
    }
    const installed = filesIn(work);
    for (const path of installed) tidyMode(path);
    const [synopsis, ...more] = options.get('description').split('\n');
    const size = installed.reduce((sum, path) => sum + lstatSync(path).size, 0);
    const control = {
      Package: options.get('name'),
      Version: options.get('version'),
      Architecture: options.get('architecture'),
      Maintainer: options.get('maintainer'),
      // In KiB.
      'Installed-Size': Math.ceil(size / 1024),
      Depends: depends.join(', '),
      Recommends: recommends.join(', '),
      Section: options.get('category'),
      Priority: options.get('deb-priority'),
      Homepage: options.get('url'),
      Description: [synopsis, ...more.filter((line) => line.trim() !== '')].join('\n'),
    };
    const about = join(work, 'DEBIAN');
    mkdirSync(about);
    writeFileSync(
      join(about, 'control'),
      Object.entries(control)
        .map(([name, value]) => `${name}: ${value}\n`)
        .join(''),
    );
    const sums = installed
      .filter((path) => lstatSync(path).isFile())
      .map((path) => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(work, path)}\n`);
    writeFileSync(join(about, 'md5sums'), sums.join(''));
    for (const [name, script] of [
      ['postinst', options.get('after-install')],
      ['postrm', options.get('after-remove')],
    ]) {
      writeFileSync(join(about, name), readFileSync(script));
      chmodSync(join(about, name), 0o755);
    }
    for (const folder of [work, ...foldersIn(work)]) chmodSync(folder, 0o755);
    if (
      run('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', work, target], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }) !== 0 ||
      !existsSync(target)
    )
      stop('dpkg-deb could not make the package; see above');
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const everythingIn = (folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
const filesIn = (folder) =>
  everythingIn(folder)
    .filter((path) => !lstatSync(path).isDirectory())
    .sort();
const foldersIn = (folder) => everythingIn(folder).filter((path) => lstatSync(path).isDirectory());

/** The files have the modes of the builder's umask; what is installed must be readable for all. */
function tidyMode(path) {
  const about = lstatSync(path);
  if (about.isFile()) chmodSync(path, (about.mode & 0o111) !== 0 ? 0o755 : 0o644);
}
