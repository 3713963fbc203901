/**
 * Brings what `npm start` and `npm test` need: npm packages, and Debian packages where this user may install them. Runs
 * with bare Node 20.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ask, isRoot, root, run, say, stop } from './say.mjs';

/** Names of one package, newest first: Debian 13 and Ubuntu 24.04 renamed some for 64-bit time. */
const libraries = ['libgtk-3-0t64|libgtk-3-0', 'libnss3', 'libasound2t64|libasound2', 'libgbm1'];
const fonts = ['fonts-dejavu-core', 'fonts-noto-cjk'];
const display = ['xvfb'];

/** What the capture module is built with. */
const capture = ['libpcap-dev', 'g++', 'make', 'python3'];

export const debian = {
  /** What live capture's own module needs, which is optional: without them everything else works. */
  capture,
  /** What Electron needs to run at all. */
  libraries,
  /** So that every text is readable, Chinese too. */
  fonts,
  /** A screen where there is none. */
  display,
  /** All that the tests need: the above, the oracle, and another program that captures. */
  test: [...capture, ...libraries, ...fonts, ...display, 'tshark', 'tcpdump', 'iproute2'],
};

export function checkNode() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    stop(`Node ${process.versions.node} is too old; install Node 20 or newer`);
}

const capPatch = join(root, 'build', 'patches', 'cap+0.2.1.patch');

/** Whether libpcap's headers are there; elsewhere than on Linux they come with the compiler or the module. */
const hasLibpcap = () =>
  process.platform !== 'linux' ||
  existsSync('/usr/include/pcap/pcap.h') ||
  existsSync('/usr/local/include/pcap/pcap.h');

/** Patches and builds `cap`, which npm leaves out where it cannot be built. */
function buildCap(env) {
  const folder = join(root, 'node_modules', 'cap');
  const without = "live capture then needs Wireshark's dumpcap";
  if (!existsSync(folder)) {
    say(
      `the capture module cap could not be built: it wants libpcap's headers and a C++ compiler (Debian: sudo apt-get install ${capture.join(' ')}); ${without}`,
    );
    return;
  }
  say('building the capture module (cap, with build/patches) …');
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  const patch = join(
    root,
    'node_modules',
    '.bin',
    process.platform === 'win32' ? 'patch-package.cmd' : 'patch-package',
  );
  if (
    run(patch, ['--patch-dir', 'build/patches', '--error-on-fail'], quiet) !== 0 ||
    run('npm', ['rebuild', 'cap', '--loglevel=error'], quiet) !== 0
  )
    say(`the capture module could not be built; see above. Without it ${without}`);
}

/** `npm ci` where node_modules is missing, was made from another lock file or for another Node. */
export function bringNodeModules() {
  const stamp = join(root, 'node_modules', '.handshark-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(readFileSync(capPatch))
    .update(process.version)
    // Once libpcap is there, the module that was left out can be built.
    .update(hasLibpcap() ? 'libpcap' : '')
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  say('installing the npm packages (npm ci) …');
  const env = { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1', npm_config_update_notifier: 'false' };
  // Node's own headers, where it came with them: else building the optional capture module would have to download them.
  const prefix = dirname(dirname(process.execPath));
  if (env.npm_config_nodedir === undefined && existsSync(join(prefix, 'include', 'node', 'node.h')))
    env.npm_config_nodedir = prefix;
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { env }) !== 0)
    stop('npm ci failed; mend what it says above and run this again');
  buildCap(env);
  writeFileSync(stamp, lock);
}

function installedPackages(names) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own syntax
  const format = '-f=${Package} ${db:Status-Status}\\n';
  const { error, stdout } = spawnSync('dpkg-query', ['-W', format, ...names], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  if (error !== undefined) return null;
  const lines = stdout.split('\n').filter((line) => line.endsWith(' installed'));
  return new Set(lines.map((line) => line.split(' ')[0]));
}

/** Installs Debian packages as root; else says what to type. Silent where nothing is missing or there is no dpkg. */
export function bringDebianPackages(wanted) {
  if (process.platform !== 'linux') return;
  const choices = wanted.map((names) => names.split('|'));
  const installed = installedPackages(choices.flat());
  if (installed === null) return;
  const missing = choices.filter((names) => !names.some((name) => installed.has(name)));
  if (missing.length === 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  if (isRoot) {
    say('refreshing the list of Debian packages …');
    run('apt-get', ['update', '-qq'], quiet);
  }
  const names = missing.map(
    (names) => names.find((name) => ask('apt-cache', ['show', '--no-all-versions', name]) !== null) ?? names.at(-1),
  );
  const install = ['install', '-y', '--no-install-recommends', ...names];
  if (!isRoot) {
    say(`these Debian packages are missing; to install them type:\n  sudo apt-get ${install.join(' ')}`);
    return;
  }
  say(`installing Debian packages: ${names.join(' ')} …`);
  if (run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...install], quiet) !== 0)
    say(`that failed; try it by hand: apt-get ${install.join(' ')}`);
}
