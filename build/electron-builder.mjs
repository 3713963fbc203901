/**
 * How electron-builder is to make the application: what goes in, what each system is told about it. `build/package.mjs`
 * drives it.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './say.mjs';

export const output = join(root, 'out', 'package');
export const installers = { linux: ['deb', 'AppImage'], darwin: ['dmg'], win32: ['nsis'] };

/** What is run from files rather than from the archive: programs, threads, and what they read. */
const unpacked = ['out/capture/**', 'out/cli/**', 'out/worker/**', 'build/samples/**'];

const description = 'Shows and explains how TCP connections open and close';

/** Debian 13 and Ubuntu 24.04 renamed some packages for 64-bit time. */
const depends = [
  'libgtk-3-0t64 | libgtk-3-0',
  'libnss3',
  'libasound2t64 | libasound2',
  'libgbm1',
  'libatspi2.0-0t64 | libatspi2.0-0',
  'libxtst6',
  'xdg-utils',
];
/** What live capture uses; everything else works without. */
const recommends = ['wireshark-common', 'libpcap0.8t64 | libpcap0.8'];

/** gzip belongs to no program: there Handshark offers itself and wants to be no default. */
const associations = [
  { ext: 'pcap', name: 'Packet capture', description: 'Packet capture (pcap)', role: 'Viewer' },
  { ext: 'cap', name: 'Packet capture', description: 'Packet capture', role: 'Viewer' },
  { ext: 'pcapng', name: 'Packet capture', description: 'Packet capture (pcapng)', role: 'Viewer' },
  { ext: 'gz', name: 'Compressed file', description: 'Compressed packet capture', role: 'Viewer', rank: 'Alternate' },
];

/**
 * @param forTests with the switch that lets a test drive the application (`--inspect`), which what others install does
 * not have
 */
export function configuration(forTests) {
  const hasCap = existsSync(join(root, 'node_modules', 'cap', 'build', 'Release', 'cap.node'));
  return {
    appId: 'io.github.handshark',
    productName: 'Handshark',
    copyright: 'Copyright © 2026 Handshark contributors, MIT licence',
    directories: { output, buildResources: 'build' },
    // fpm wants a home page; this one is of a name that nobody can own. Electron tells the desktop by desktopName which
    // windows are ours.
    extraMetadata: { homepage: 'https://handshark.example', desktopName: 'handshark.desktop' },
    // Everything that is bundled needs no node_modules; cap, which is not, stands beside the child.
    files: [
      'out/{main,preload,worker,renderer,capture,cli}/**',
      '!out/**/*.map',
      'build/samples/**',
      'build/icons/icon.png',
      'package.json',
      '!node_modules/**',
    ],
    asar: true,
    asarUnpack: unpacked,
    npmRebuild: false,
    publish: null,
    electronLanguages: ['en', 'en-US', 'zh-CN', 'zh_CN'],
    electronFuses: {
      // The capture child and the headless reader are this program, told to be Node.
      runAsNode: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: forTests,
      onlyLoadAppFromAsar: true,
    },
    extraResources: [
      ...(hasCap
        ? [
            {
              from: 'node_modules/cap',
              to: 'app.asar.unpacked/node_modules/cap',
              filter: ['package.json', 'LICENSE', 'lib/**', 'build/Release/cap.node'],
            },
          ]
        : []),
      { from: 'LICENSE', to: 'LICENSE.handshark.txt' },
    ],
    linux: {
      executableName: 'handshark',
      syncDesktopName: true,
      icon: 'build/icons/sizes',
      category: 'Network;Education;',
      synopsis: description,
      description,
      maintainer: 'Handshark contributors <handshark@handshark.example>',
      target: installers.linux,
      // Types that the system knows, and one that build/linux/handshark.xml describes: declared as associations, gzip's
      // own icon would change.
      mimeTypes: ['application/vnd.tcpdump.pcap', 'application/x-pcapng', 'application/gzip'],
      desktop: {
        entry: {
          'Name[zh_CN]': 'Handshark',
          GenericName: 'Packet analyzer',
          'GenericName[zh_CN]': '数据包分析器',
          'Comment[zh_CN]': '看清 TCP 连接如何建立、如何关闭',
          Keywords: 'network;packet;tcp;handshake;pcap;',
          'Keywords[zh_CN]': '网络;数据包;抓包;TCP;握手;',
        },
      },
    },
    deb: {
      depends,
      recommends,
      packageCategory: 'net',
      priority: 'optional',
      afterInstall: 'build/linux/after-install.sh',
      afterRemove: 'build/linux/after-remove.sh',
      fpm: [
        `${join(root, 'build', 'linux', 'handshark.xml')}=/usr/share/mime/packages/handshark.xml`,
        `${join(root, 'LICENSE')}=/usr/share/doc/handshark/copyright`,
      ],
    },
    mac: {
      category: 'public.app-category.developer-tools',
      icon: 'build/icons/icon.icns',
      target: installers.darwin,
      fileAssociations: associations,
    },
    win: { icon: 'build/icons/icon.ico', target: installers.win32, fileAssociations: associations },
    nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  };
}
