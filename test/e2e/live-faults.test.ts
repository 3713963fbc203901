/**
 * What goes wrong while packets are captured: nothing that reached the spool is lost, and the message says what
 * happened.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { answerSaveDialog, idle, launchApp, type RunningApp, screenshot } from '../support/electron-app.ts';

test.skip(
  process.platform !== 'linux' || process.getuid?.() !== 0,
  'capturing on devices of one’s own needs root on Linux',
);

const port = 41_000 + (process.pid % 1000);
const rowCount = async (page: Page) => Number((await page.locator('.packet-list').getAttribute('aria-rowcount')) ?? 0);
const strip = (page: Page) => page.getByRole('region', { name: 'This capture' });

/** Processes of the capture child. */
const children = (): readonly number[] =>
  spawnSync('pgrep', ['-f', 'out/capture/child.cjs .*"capture"'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line !== '')
    .map(Number);

/** Datagrams to a port of this machine. */
async function send(count: number, bytes: number): Promise<void> {
  const sink = createSocket('udp4');
  const from = createSocket('udp4');
  await new Promise<void>((resolve) => sink.bind(port, '127.0.0.1', resolve));
  for (let i = 0; i < count; i++)
    await new Promise<void>((resolve) => from.send(Buffer.alloc(bytes), port, '127.0.0.1', () => resolve()));
  await new Promise((resolve) => setTimeout(resolve, 50));
  sink.close();
  from.close();
}

async function start(page: Page, device: RegExp, filter = `udp port ${port}`): Promise<void> {
  await page.getByRole('row', { name: device }).click();
  await page.getByRole('textbox', { name: 'Capture filter' }).fill(filter);
  await idle(page);
  await page.getByRole('button', { name: 'Start capture' }).click();
  await expect(page.getByRole('button', { name: 'Stop capture' })).toBeVisible();
}

/** Unsaved packets are not wanted when the window closes. */
async function discard({ app }: RunningApp): Promise<void> {
  await app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
  });
}

async function withApp(
  launch: Parameters<typeof launchApp>[0],
  body: (running: RunningApp) => Promise<void>,
): Promise<void> {
  const running = await launchApp({ settings: { language: 'en' }, ...launch });
  try {
    await body(running);
    await discard(running);
  } finally {
    await running.close();
  }
}

test('the capture program is killed: what came until then stays, and can be saved', async () => {
  await withApp({}, async ({ app, page }) => {
    await start(page, /^lo/);
    await send(40, 200);
    await expect.poll(() => rowCount(page)).toBe(40);
    for (const pid of children()) process.kill(pid, 'SIGKILL');
    await expect(strip(page).getByRole('alert')).toContainText('was ended from outside');
    await expect(strip(page).getByRole('alert')).toContainText('40 packets captured until then are here');
    await screenshot(page, 'live-killed-light-en');
    const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-killed-'));
    await answerSaveDialog(app, join(folder, 'kept.pcapng'));
    await page.keyboard.press('Control+s');
    await expect(page.getByRole('status', { name: 'Status' })).toContainText('kept.pcapng');
    await idle(page);
    expect(await rowCount(page)).toBe(40);
    rmSync(folder, { recursive: true });
  });
});

test('the device goes away', async () => {
  const name = `hse${process.pid % 10000}`;
  execFileSync('ip', ['link', 'add', name, 'type', 'veth', 'peer', 'name', `${name}b`]);
  execFileSync('ip', ['link', 'set', name, 'up']);
  try {
    await withApp({}, async ({ page }) => {
      await start(page, new RegExp(`^${name}(?!b)`), '');
      execFileSync('ip', ['link', 'del', name]);
      await expect(strip(page).getByRole('alert')).toContainText('The device went away');
      await expect(page.getByRole('button', { name: 'Stop capture' })).toHaveCount(0);
    });
  } finally {
    spawnSync('ip', ['link', 'del', name]);
  }
});

test('the disk is full', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-full-'));
  const spool = join(userData, 'unsaved');
  mkdirSync(spool);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', spool]);
  try {
    await withApp({ userData }, async ({ page }) => {
      await start(page, /^lo/);
      await send(400, 1400);
      await expect(strip(page).getByRole('alert')).toContainText('The disk is full');
      expect(await rowCount(page)).toBeGreaterThan(100);
      await screenshot(page, 'live-disk-full-light-en');
    });
  } finally {
    execFileSync('umount', [spool]);
    rmSync(userData, { recursive: true, force: true });
  }
});

test('the decoding thread dies: its packets are offered at once', async () => {
  const { app, page, close } = await launchApp({ settings: { language: 'en' } });
  try {
    await start(page, /^lo/);
    await send(30, 100);
    await expect.poll(() => rowCount(page)).toBe(30);
    // The thread shows itself when it is asked something next.
    await app.evaluate(() => {
      const { Worker } = process.getBuiltinModule('node:worker_threads');
      const { postMessage } = Worker.prototype;
      Worker.prototype.postMessage = function (...args) {
        Worker.prototype.postMessage = postMessage;
        void this.terminate();
        return postMessage.apply(this, args);
      };
    });
    await page.locator('.packet-list .list-row').nth(3).click();
    await expect(page.getByRole('heading', { name: 'Unsaved captures' })).toBeVisible();
    await screenshot(page, 'live-thread-died-light-en');
    await page.locator('.unsaved .recent-open').click();
    await expect.poll(() => rowCount(page)).toBe(30);
    await expect.poll(children).toEqual([]);
    await discard({ app } as RunningApp);
  } finally {
    await close();
  }
});

test('the application is killed: its packets are offered at the next start, and its capture program has ended', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-crash-'));
  try {
    const first = await launchApp({ userData, settings: { language: 'en' } });
    await start(first.page, /^lo/);
    await send(25, 100);
    await expect.poll(() => rowCount(first.page)).toBe(25);
    first.app.process().kill('SIGKILL');
    await expect.poll(children, { timeout: 15_000 }).toEqual([]);
    await withApp({ userData, settings: { language: 'zh-CN', theme: 'dark' } }, async ({ page }) => {
      await expect(page.getByRole('heading', { name: '未保存的捕获' })).toBeVisible();
      await screenshot(page, 'live-unsaved-dark-zh-CN');
      await page.locator('.unsaved .recent-open').click();
      await expect.poll(() => rowCount(page)).toBe(25);
    });
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
});

test('closing with packets that are not saved asks; they can be kept', async () => {
  const { app, page, close } = await launchApp({ settings: { language: 'en' } });
  try {
    await start(page, /^lo/);
    await send(10, 100);
    await expect.poll(() => rowCount(page)).toBe(10);
    await app.evaluate(({ dialog }) => {
      const asked: string[] = [];
      Object.assign(globalThis, { asked });
      dialog.showMessageBox = (_window: unknown, options?: { readonly message: string }) => {
        asked.push(options?.message ?? '');
        return Promise.resolve({ response: 2, checkboxChecked: false });
      };
    });
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0].close());
    await expect
      .poll(() => app.evaluate(() => (globalThis as unknown as { readonly asked: readonly string[] }).asked))
      .toEqual(['Stop capturing and save the packets?']);
    await expect(page.getByRole('button', { name: 'Stop capture' })).toBeVisible();
    await send(5, 100);
    await expect.poll(() => rowCount(page)).toBe(15);
    await discard({ app } as RunningApp);
  } finally {
    await close();
  }
});

for (const [theme, language, title] of [
  ['light', 'en', 'Permission needed'],
  ['dark', 'zh-CN', '需要权限'],
] as const) {
  test(`without the rights: why, and what works here, ${language}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-nobody-'));
    chmodSync(folder, 0o755);
    const asNobody = (name: string, command: string): string => {
      const path = join(folder, name);
      writeFileSync(
        path,
        `#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all ${command} "$@"\n`,
      );
      chmodSync(path, 0o755);
      return path;
    };
    const env = {
      HANDSHARK_NODE: asNobody('node', process.execPath),
      HANDSHARK_DUMPCAP: asNobody('dumpcap', '/usr/bin/dumpcap'),
    };
    try {
      await withApp({ env, size: { width: 1280, height: 800 }, settings: { language, theme } }, async ({ page }) => {
        await page.getByRole('row', { name: /^lo/ }).click();
        await page.getByRole('button', { name: language === 'en' ? 'Start capture' : '开始捕获' }).click();
        const dialog = page.getByRole('dialog', { name: title });
        await expect(dialog).toBeVisible();
        await expect(dialog.locator('code').first()).toContainText('sudo ');
        await screenshot(page, `live-permission-${theme}-${language}`);
        await dialog.locator('.small-button').first().click();
        await page.keyboard.press('Escape');
        await expect(dialog).toHaveCount(0);
        await expect(page.getByRole('alert')).toBeVisible();
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
