/** The packaged application, not the development tree: opens a capture, captures live, and reads without a window. */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, type ElectronApplication, expect, type Page, test } from 'playwright/test';
import type { Settings } from '../../shared/model/settings.ts';
import { corpus, missingBeside } from '../support/beside.ts';
import { idle, screenshot } from '../support/electron-app.ts';

const root = resolve(import.meta.dirname, '..', '..');
const folder = join(root, 'out', 'package', 'linux-unpacked');
const capture = join(corpus, 'zeek', 'testing__btest__Traces__http__get.pcap');
const missing = missingBeside(corpus);

test.skip(
  !existsSync(join(folder, 'handshark')),
  'there is no out/package/linux-unpacked: npm run package makes it where it can',
);

interface Launch {
  readonly args?: readonly string[];
  readonly settings?: Partial<Settings>;
  /** As the user nobody, who may do nothing special. */
  readonly unprivileged?: boolean;
}

/** A program that runs the application as nobody; what nobody must read is made readable. */
function asNobody(userData: string, env: Record<string, string>): string {
  chownSync(userData, 65534, 65534);
  chmodSync(userData, 0o755);
  env['HOME'] = userData;
  if (env['XAUTHORITY'] !== undefined) {
    copyFileSync(env['XAUTHORITY'], join(userData, 'xauthority'));
    chmodSync(join(userData, 'xauthority'), 0o644);
    env['XAUTHORITY'] = join(userData, 'xauthority');
  }
  const path = join(userData, 'run.sh');
  writeFileSync(
    path,
    `#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all ${join(folder, 'handshark')} "$@"\n`,
  );
  chmodSync(path, 0o755);
  return path;
}

async function withPackaged(
  { args = [], settings, unprivileged = false }: Launch,
  body: (page: Page, app: ElectronApplication) => Promise<void>,
): Promise<void> {
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-packaged-'));
  if (settings !== undefined) writeFileSync(join(userData, 'settings.json'), JSON.stringify(settings));
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env;
  const env = Object.fromEntries(
    Object.entries({ ...inherited, LC_ALL: 'C.UTF-8', LANGUAGE: 'en', TZ: 'UTC' }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );
  const app = await _electron.launch({
    executablePath: unprivileged ? asNobody(userData, env) : join(folder, 'handshark'),
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${userData}`, ...args],
    // From elsewhere: nothing may be found by the folder it is started in.
    cwd: tmpdir(),
    env,
    timeout: 30_000,
  });
  try {
    const page = await app.firstWindow();
    await idle(page);
    await body(page, app);
  } finally {
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
    });
    await app.close();
    rmSync(userData, { recursive: true, force: true });
  }
}

test('opens a capture that it is given, and its samples', async () => {
  test.skip(missing !== '', missing);
  await withPackaged({ args: [capture] }, async (page, app) => {
    expect(await app.evaluate(({ app: electron }) => [electron.isPackaged, electron.getName()])).toEqual([
      true,
      'handshark',
    ]);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };
    expect(await app.evaluate(({ app: electron }) => electron.getVersion())).toBe(version);
    await expect(page.getByRole('grid', { name: 'Packets' })).toHaveAttribute('aria-rowcount', '14');
    await expect(page.getByText('SYN ACK').first()).toBeVisible();
    await screenshot(page, 'packaged-file-light-en');
  });
  await withPackaged({}, async (page) => {
    await page.getByRole('button', { name: /A refused connection/ }).click();
    await expect(page.getByRole('grid', { name: 'Packets' })).toHaveAttribute('aria-rowcount', '2');
  });
});

interface ArchiveEntry {
  readonly files?: Readonly<Record<string, ArchiveEntry>>;
}

/** Paths in an asar archive: 16 bytes of lengths, of which the last is that of the JSON text behind them. */
function archivePaths(file: string): readonly string[] {
  const bytes = readFileSync(file);
  const header = JSON.parse(bytes.subarray(16, 16 + bytes.readUInt32LE(12)).toString('utf8')) as ArchiveEntry;
  const below = (entry: ArchiveEntry, path: string): readonly string[] =>
    Object.entries(entry.files ?? {}).flatMap(([name, inner]) => [
      `${path}/${name}`,
      ...below(inner, `${path}/${name}`),
    ]);
  return below(header, '');
}

test('opens what a desktop hands over, and what a second start is given', async () => {
  test.skip(missing !== '', missing);
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-desktop-'));
  const named = join(userData, '抓包 1.pcap');
  copyFileSync(capture, named);
  try {
    await withPackaged({ args: [pathToFileURL(named).href] }, async (page, app) => {
      await expect(page.getByRole('grid', { name: 'Packets' })).toHaveAttribute('aria-rowcount', '14');
      await expect(page).toHaveTitle(/抓包 1\.pcap/);
      const folderOfFirst = await app.evaluate(({ app: electron }) => electron.getPath('userData'));
      const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const sample = join(folder, 'resources', 'app.asar.unpacked', 'build', 'samples', 'refused.pcapng');
      const second = spawnSync(join(folder, 'handshark'), [...root, `--user-data-dir=${folderOfFirst}`, sample], {
        cwd: tmpdir(),
        timeout: 20_000,
      });
      expect(second.status).toBe(0);
      await expect(page.getByRole('grid', { name: 'Packets' })).toHaveAttribute('aria-rowcount', '2');
      await expect(page).toHaveTitle(/refused\.pcapng/);
    });
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
});

test('holds what it needs and nothing else', () => {
  const resources = join(folder, 'resources');
  expect(readdirSync(resources).sort()).toEqual([
    'LICENSE.handshark.txt',
    'LICENSES.packages.txt',
    'app.asar',
    'app.asar.unpacked',
  ]);
  const archived = archivePaths(join(resources, 'app.asar'));
  expect(
    archived.filter((path) =>
      /\.(ts|tsx|map)$|^\/(test|node_modules|shared|electron|renderer)(\/|$)|^\/out\/(types|test-results|screenshots)/.test(
        path,
      ),
    ),
  ).toEqual([]);
  for (const path of [
    '/package.json',
    '/out/main/main.cjs',
    '/out/preload/preload.cjs',
    '/out/renderer/index.html',
    '/build/icons/icon.png',
  ])
    expect(archived).toContain(path);
  for (const path of ['out/capture/child.cjs', 'out/cli/handshark.mjs', 'out/worker/worker.cjs'])
    expect(existsSync(join(resources, 'app.asar.unpacked', path))).toBe(true);
});

test('captures live', async () => {
  test.skip(process.getuid?.() !== 0, 'capturing on the loopback device needs root');
  const server = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  try {
    await withPackaged({}, async (page) => {
      await page.getByRole('textbox', { name: 'Capture one site' }).fill(`http://127.0.0.1:${port}/`);
      await page.getByRole('button', { name: 'Connect for me' }).click();
      await expect(page.getByText('SYN ACK').first()).toBeVisible();
      const children = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
        .split('\n')
        .filter(
          (line) =>
            (line.includes('app.asar.unpacked/out/capture/child.cjs') && line.includes('"do":"capture"')) ||
            /dumpcap .*-w -/.test(line),
        );
      expect(children).toHaveLength(1);
      process.stdout.write(`the packaged application captures with: ${children[0].split(' ').slice(0, 2).join(' ')}\n`);
      await screenshot(page, 'packaged-live-light-en');
    });
  } finally {
    server.close();
  }
});

test('reads without a window', () => {
  test.skip(missing !== '', missing);
  const lines = execFileSync(
    join(folder, 'handshark-cli'),
    ['-r', capture, '-T', 'fields', '-e', 'tcp.flags.str', '-c', '2'],
    { cwd: tmpdir(), encoding: 'utf8' },
  );
  expect(lines.trim().split('\n')).toEqual(['··········S·', '·······A··S·']);
});

for (const [theme, language, start, title] of [
  ['light', 'en', 'Start capture', 'Permission needed'],
  ['dark', 'zh-CN', '开始捕获', '需要权限'],
] as const) {
  test(`a user without rights is told why and what works here, ${language}`, async () => {
    test.skip(process.getuid?.() !== 0, 'becoming another user needs root');
    const reach = spawnSync('setpriv', [
      '--reuid',
      '65534',
      '--regid',
      '65534',
      '--clear-groups',
      'test',
      '-x',
      join(folder, 'handshark'),
    ]);
    test.skip(reach.status !== 0, 'the project lies in a folder that other users may not enter');
    await withPackaged({ settings: { theme, language }, unprivileged: true }, async (page) => {
      await page.getByRole('row', { name: /^lo/ }).click();
      await page.getByRole('button', { name: start }).click();
      const dialog = page.getByRole('dialog', { name: title });
      await expect(dialog).toContainText('nobody');
      await expect(dialog.locator('code').first()).toContainText('sudo ');
      await screenshot(page, `packaged-permission-${theme}-${language}`);
    });
  });
}
