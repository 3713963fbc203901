/** Live capture on real devices: by interface, one site, the lab; followed, stopped, saved and opened again. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import {
  answerFileDialog,
  answerSaveDialog,
  clickMenu,
  idle,
  launchApp,
  type RunningApp,
  screenshot,
} from '../support/electron-app.ts';
import { openedFile } from '../support/opened-file.ts';

test.skip(
  process.platform !== 'linux' || process.getuid?.() !== 0,
  'capturing on the loopback device needs root on Linux',
);

const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const status = (page: Page) => page.getByRole('status', { name: 'Status' });
const rowCount = async (page: Page) => Number((await packets(page).getAttribute('aria-rowcount')) ?? 0);

let server: Server;
let port = 0;
let folder = '';
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-live-'));
  server = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
test.afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One request over a connection of its own. */
const visit = (): Promise<void> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.resume();
      response.on('close', () => resolve());
    }).on('error', reject);
  });

async function withApp(
  launch: Parameters<typeof launchApp>[0],
  body: (running: RunningApp) => Promise<void>,
): Promise<void> {
  const running = await launchApp(launch);
  try {
    await body(running);
    expect(running.complaints).toEqual([]);
  } finally {
    // What is not saved would be asked about.
    await running.app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
    });
    await running.close();
  }
}

async function startOnLoopback(page: Page): Promise<void> {
  await page.getByRole('row', { name: /^lo/ }).click();
  await page.getByRole('textbox', { name: 'Capture filter' }).fill(`tcp port ${port}`);
  await idle(page);
  await page.getByRole('button', { name: 'Start capture' }).click();
  await expect(page.getByRole('button', { name: 'Stop capture' })).toBeVisible();
}

test('by interface: rows stream in, the list follows its end and lets go, stop, save, the same packets again', async () => {
  await withApp({ size: { width: 1440, height: 900 }, settings: { language: 'en' } }, async ({ app, page }) => {
    await expect(page.getByRole('grid', { name: 'Interfaces' })).toBeVisible();
    await screenshot(page, 'live-welcome-light-en');
    await page.getByRole('textbox', { name: 'Capture filter' }).fill('tcp porty 80');
    await expect(page.getByRole('textbox', { name: 'Capture filter' })).toHaveAttribute('aria-invalid', 'true');
    await screenshot(page, 'live-filter-refused-light-en');
    await startOnLoopback(page);
    await visit();
    await expect(packets(page)).toHaveAttribute('aria-rowcount', /^\d+$/);
    await expect.poll(() => rowCount(page)).toBeGreaterThanOrEqual(9);
    for (let i = 0; i < 8; i++) await visit();
    await expect.poll(() => rowCount(page)).toBeGreaterThan(60);
    const all = await rowCount(page);
    await expect(packets(page).locator(`.list-row[aria-rowindex="${all}"]`)).toBeVisible();
    await expect(status(page)).toContainText('Capturing');
    await screenshot(page, 'live-capturing-light-en');
    // Scrolled up, the list stays; a button brings the end back.
    await packets(page).hover();
    await page.mouse.wheel(0, -2000);
    await expect(packets(page).locator('.list-row[aria-rowindex="1"]')).toBeVisible();
    await visit();
    await expect(page.getByRole('button', { name: /new packets?$/ })).toBeVisible();
    await expect(packets(page).locator('.list-row[aria-rowindex="1"]')).toBeVisible();
    await screenshot(page, 'live-new-packets-light-en');
    await page.getByRole('button', { name: /new packets?$/ }).click();
    const later = await rowCount(page);
    await expect(packets(page).locator(`.list-row[aria-rowindex="${later}"]`)).toBeVisible();
    await page.keyboard.press('Control+e');
    await expect(page.getByRole('button', { name: 'Stop capture' })).toHaveCount(0);
    await idle(page);
    const captured = await rowCount(page);
    const path = join(folder, 'saved.pcapng');
    await answerSaveDialog(app, path);
    await page.keyboard.press('Control+s');
    await expect(status(page)).toContainText('saved.pcapng');
    await idle(page);
    expect(await rowCount(page)).toBe(captured);
    expect(
      readdirSync(join(await app.evaluate(({ app: electron }) => electron.getPath('userData')), 'unsaved')),
    ).toEqual([]);
  });
});

for (const [connect, theme, language] of [
  [false, 'light', 'en'],
  [true, 'dark', 'zh-CN'],
] as const) {
  test(`one site: its first handshake opens in the ladder by itself, ${connect ? 'connected for the user' : 'visited by the user'}`, async () => {
    await withApp({ size: { width: 1440, height: 900 }, settings: { theme, language } }, async ({ page }) => {
      const box = page.getByRole('textbox', { name: language === 'en' ? 'Capture one site' : '捕获单个站点' });
      await box.fill(`http://localhost:${port}/`);
      if (connect)
        await page
          .getByRole('button', { name: '替我连接' })
          .or(page.getByRole('button', { name: 'Connect for me' }))
          .click();
      else {
        await page.getByRole('button', { name: 'Capture this site' }).click();
        await expect(page.getByText(`and port ${port}`)).toBeVisible();
        await visit();
      }
      await expect(page.getByText('SYN ACK').first()).toBeVisible();
      await expect(page.locator('.live-strip code')).toContainText('host 127.0.0.1');
      await expect.poll(() => rowCountOf(page)).toBeGreaterThanOrEqual(connect ? 6 : 9);
      await screenshot(page, `live-site-${connect ? 'connect' : 'visit'}-${theme}-${language}`);
    });
  });
}
const rowCountOf = async (page: Page) =>
  Number((await page.locator('.packet-list').getAttribute('aria-rowcount')) ?? 0);

test('the lab: a lesson is played, captured and explained', async () => {
  await withApp({ size: { width: 1440, height: 900 }, settings: { language: 'en' } }, async ({ page }) => {
    await page.getByRole('button', { name: 'Lab server' }).click();
    await expect(page.getByRole('dialog', { name: 'Lab server' })).toBeVisible();
    await screenshot(page, 'live-lab-light-en');
    for (const [title, words] of [
      ['Open, ask, answer, close', /closed in 4/],
      ['Close with three segments', /closed in 3/],
      ['Refused', /refused/i],
    ] as const) {
      await page.getByRole('button', { name: `Run: ${title}` }).click();
      await expect(page.getByRole('dialog')).toHaveCount(0);
      await expect(page.getByRole('button', { name: 'Stop capture' })).toHaveCount(0, { timeout: 20_000 });
      await expect(page.locator('.verdict, .handshake-verdict, h2').filter({ hasText: words }).first()).toBeVisible({
        timeout: 20_000,
      });
      await idle(page);
      await screenshot(page, `live-lab-${title.split(' ')[0].toLowerCase()}-light-en`);
      await page.keyboard.press('Control+Shift+K');
      await page.keyboard.type('Lab server');
      await page.keyboard.press('Enter');
    }
    await page.keyboard.press('Escape');
  });
});

test('saved while packets come in: what was there until then; the capture goes on', async () => {
  await withApp({ settings: { language: 'en' } }, async ({ app, page }) => {
    await startOnLoopback(page);
    await visit();
    await expect.poll(() => rowCount(page)).toBeGreaterThanOrEqual(9);
    const path = join(folder, 'meanwhile.pcapng');
    await answerSaveDialog(app, path);
    await page.keyboard.press('Control+s');
    await expect.poll(() => existsSync(path)).toBe(true);
    await idle(page);
    await expect(page.getByRole('button', { name: 'Stop capture' })).toBeVisible();
    const saved = openedFile(path);
    expect(saved.table.length).toBeGreaterThanOrEqual(9);
    expect(saved.healthIssues).toEqual([]);
    const before = await rowCount(page);
    await visit();
    await expect.poll(() => rowCount(page)).toBeGreaterThanOrEqual(before + 9);
    // A filter goes on with what comes in.
    await page.keyboard.press('Control+/');
    await page.keyboard.type('tcp.flags.syn == 1');
    await page.keyboard.press('Enter');
    await expect.poll(() => rowCount(page)).toBe(4);
    await visit();
    await expect.poll(() => rowCount(page)).toBe(6);
  });
});

test('a pipe that another program writes to is read as it comes', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  await withApp({ settings: { language: 'en' } }, async ({ app, page }) => {
    const chosen = await answerFileDialog(app, path);
    await clickMenu(app, 'open-pipe');
    await expect.poll(chosen).toBe(1);
    const writer = spawn('dumpcap', ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', path], { stdio: 'ignore' });
    await expect(page.getByRole('button', { name: 'Stop capture' })).toBeVisible();
    await visit();
    await expect.poll(() => rowCount(page)).toBeGreaterThanOrEqual(9);
    writer.kill('SIGINT');
    await expect(page.getByRole('button', { name: 'Stop capture' })).toHaveCount(0);
    expect(await rowCount(page)).toBeGreaterThanOrEqual(9);
  });
});

test('one site over a pair of devices between two network namespaces: the device is found by the route', async () => {
  const [name, here] = [`hsn${process.pid % 10000}`, `hsv${process.pid % 10000}`];
  const there = `${here}p`;
  const ip = (...args: readonly string[]): void => void execFileSync('ip', args, { stdio: 'pipe' });
  ip('netns', 'add', name);
  const inside = spawn(
    'ip',
    [
      'netns',
      'exec',
      name,
      process.execPath,
      '-e',
      'require("http").createServer((q, r) => r.end("hello")).listen(8080, () => console.log("ready"))',
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    ip('link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name);
    ip('address', 'add', '198.18.77.1/30', 'dev', here);
    ip('link', 'set', here, 'up');
    ip('-n', name, 'address', 'add', '198.18.77.2/30', 'dev', there);
    ip('-n', name, 'link', 'set', there, 'up');
    await new Promise((resolve) => inside.stdout.once('data', resolve));
    await withApp({ settings: { language: 'en' } }, async ({ page }) => {
      await page.getByText('More choices').click();
      await page.getByRole('combobox', { name: 'And ask for' }).selectOption('get');
      await page.getByRole('textbox', { name: 'Capture one site' }).fill('198.18.77.2:8080');
      await page.getByRole('button', { name: 'Connect for me' }).click();
      await expect(page.getByText('SYN ACK').first()).toBeVisible();
      await expect(page.locator('.live-strip')).toContainText(`Capturing on ${here}`);
      await expect.poll(() => rowCount(page)).toBeGreaterThanOrEqual(8);
      await page.keyboard.press('Control+e');
      await expect(page.getByRole('button', { name: 'Stop capture' })).toHaveCount(0);
    });
  } finally {
    inside.kill('SIGKILL');
    execFileSync('ip', ['netns', 'del', name]);
    spawnSync('ip', ['link', 'del', here]);
  }
});

test('with all its options: ends by itself after so many packets, and begins anew when asked', async () => {
  await withApp(
    { size: { width: 1280, height: 800 }, settings: { language: 'zh-CN', theme: 'dark' } },
    async ({ app, page }) => {
      const count = async (): Promise<number> =>
        Number((await page.locator('.packet-list').getAttribute('aria-rowcount')) ?? 0);
      await app.evaluate(({ dialog }) => {
        dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
      });
      await page.keyboard.press('Control+k');
      const options = page.getByRole('dialog', { name: '捕获选项' });
      await options.getByRole('row', { name: /^lo/ }).click();
      await options.getByRole('textbox', { name: '捕获过滤器' }).fill(`tcp port ${port}`);
      await options.getByRole('textbox', { name: '数据包数' }).fill('12');
      await options.getByRole('textbox', { name: '每个数据包保留' }).fill('96');
      await idle(page);
      await screenshot(page, 'live-options-dark-zh-CN');
      await options.getByRole('button', { name: '开始捕获' }).click();
      await expect(page.getByRole('button', { name: '停止捕获' })).toBeVisible();
      await visit();
      await visit();
      await expect(page.getByRole('button', { name: '停止捕获' })).toHaveCount(0);
      expect(await count()).toBeGreaterThanOrEqual(12);
      await page.keyboard.press('Control+Shift+K');
      await page.keyboard.type('Restart the capture');
      await page.keyboard.press('Enter');
      await expect(page.getByRole('button', { name: '停止捕获' })).toBeVisible();
      await expect(page.getByText('正在等待第一个数据包…')).toBeVisible();
      await visit();
      await expect.poll(count).toBeGreaterThanOrEqual(9);
      await page.keyboard.press('Control+e');
      await expect(page.getByRole('button', { name: '停止捕获' })).toHaveCount(0);
    },
  );
});
