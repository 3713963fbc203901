/**
 * The story the application exists for: open a capture, click a stream, read its handshake, and go back to the packets.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { clickMenu, idle, launchApp, type RunningApp, screenshot } from '../support/electron-app.ts';

const http = join(corpus, 'zeek', 'testing__btest__Traces__http__get.pcap');
const many = join(corpus, 'mercury', 'unit_tests__pcaps__emix.pcap');
const missing = missingBeside(corpus);
const sample = (id: string): string => resolve(import.meta.dirname, '..', '..', 'build', 'samples', `${id}.pcapng`);

const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const steps = (page: Page) => page.getByRole('list', { name: 'Handshake steps' }).getByRole('listitem');
const selectedRow = (page: Page) => packets(page).locator('[role="row"][aria-selected="true"]');

async function withApp(
  launch: Parameters<typeof launchApp>[0],
  body: (app: RunningApp) => Promise<void>,
): Promise<void> {
  const running = await launchApp(launch);
  try {
    await idle(running.page);
    await body(running);
    expect(running.complaints).toEqual([]);
  } finally {
    await running.close();
  }
}

test('opened by argument: list, tree, bytes and handshake belong together', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http], size: { width: 1440, height: 900 } }, async ({ page }) => {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await expect(page.getByRole('status', { name: 'Status' })).toContainText('14 packets');
    const region = page.getByRole('region', { name: 'TCP handshake' });
    await expect(region).toContainText('Opened in 3 segments, closed in 3 by the client.');
    await expect(steps(page)).toHaveCount(6);
    await expect(steps(page).nth(1)).toContainText('SYN');

    // A step selects its packet …
    await steps(page).nth(1).click();
    await idle(page);
    await expect(selectedRow(page)).toHaveAttribute('aria-rowindex', '2');
    // … and a packet its step.
    await packets(page).focus();
    await page.keyboard.press('ArrowDown');
    await idle(page);
    await expect(steps(page).nth(2)).toHaveAttribute('aria-current', 'step');

    // A line of the tree highlights its bytes: the destination port is bytes 36 and 37.
    const tree = page.getByRole('tree', { name: 'Packet details' });
    await tree.getByRole('treeitem', { name: /^Destination Port: 80/ }).click();
    await idle(page);
    const bytes = page.getByRole('grid', { name: 'Packet bytes' });
    await expect(bytes.locator('[role="gridcell"][aria-selected="true"]')).toHaveCount(2);
    await expect(bytes.locator('[data-offset="36"][role="gridcell"]')).toHaveAttribute('aria-selected', 'true');
    // A byte selects the innermost field: byte 22 is the time to live.
    await bytes.locator('[data-offset="22"][role="gridcell"]').click();
    await idle(page);
    await expect(tree.locator('[role="treeitem"][aria-selected="true"]')).toContainText('Time to Live');
    await screenshot(page, 'packets-light-en');
  });
});

test('a stream of many is one click away from its ladder', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [many], size: { width: 1920, height: 1080 } }, async ({ page }) => {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '7133');
    await page.getByRole('tab', { name: /TCP streams/ }).click();
    await idle(page);
    const grid = page.getByRole('grid', { name: 'TCP streams' });
    await expect(grid).toHaveAttribute('aria-rowcount', /4\d\d/);
    await grid.getByRole('row').nth(3).click();
    await idle(page);
    await expect(page.getByRole('region', { name: 'TCP handshake' })).toContainText(/Opened|Refused|answer/i);
    await screenshot(page, 'streams-light-en');
  });
});

test('a refused connection is told from one that was opened', async () => {
  await withApp({ args: [sample('refused')] }, async ({ page }) => {
    await expect(page.getByRole('region', { name: 'TCP handshake' })).toContainText(/refused/i);
    await expect(steps(page)).toHaveCount(2);
    await screenshot(page, 'refused-light-en');
  });
});

test('language and theme change while running', async () => {
  await withApp({ args: [sample('four-segment-close')] }, async ({ app, page }) => {
    const menu = (path: readonly string[]) =>
      app.evaluate(({ BrowserWindow, Menu }, labels) => {
        let items = Menu.getApplicationMenu()?.items ?? [];
        for (const [i, label] of labels.entries()) {
          const item = items.find((entry) => entry.label === label);
          if (item === undefined)
            throw new Error(`no menu entry ${label} among ${items.map((entry) => entry.label).join(', ')}`);
          if (i === labels.length - 1) item.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
          else items = item.submenu?.items ?? [];
        }
      }, path);
    await menu(['View', 'Language', '简体中文']);
    await idle(page);
    await expect(page.locator('html')).toHaveAttribute('lang', /zh/);
    await expect(page.getByRole('region', { name: 'TCP 握手' })).toContainText(
      '三次握手建立，客户端发起四次挥手关闭。',
    );
    await menu(['视图', '主题', '深色']);
    await idle(page);
    await screenshot(page, 'four-dark-zh');
    await menu(['视图', '语言', 'English']);
    await idle(page);
    await expect(page.getByRole('region', { name: 'TCP handshake' })).toBeVisible();
  });
});

test('opened by menu, closed, and found among the recent files', async () => {
  test.skip(missing !== '', missing);
  await withApp({}, async ({ app, page }) => {
    await screenshot(page, 'welcome-light-en');
    await app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, http);
    await clickMenu(app, 'open');
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await idle(page);
    await clickMenu(app, 'close');
    await idle(page);
    await expect(page.getByText('14 packets', { exact: false }).first()).toBeVisible();
    await page.getByText('testing__btest__Traces__http__get.pcap').first().click();
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await idle(page);
  });
});

test('opened by dropping a file on the window', async () => {
  test.skip(missing !== '', missing);
  await withApp({}, async ({ app, page }) => {
    void app;
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [http], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
      await session.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data });
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await idle(page);
  });
});

test('a damaged file shows what is readable and says what is wrong; what is no capture gets one sentence', async () => {
  test.skip(missing !== '', missing);
  const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-files-'));
  try {
    const cut = join(folder, 'cut.pcap');
    copyFileSync(http, cut);
    writeFileSync(cut, readFileSync(http).subarray(0, 1000));
    const text = join(folder, 'letter.txt');
    writeFileSync(text, 'Dear reader, this is no capture.');
    await withApp({ args: [cut] }, async ({ page }) => {
      await expect(packets(page)).toHaveAttribute('aria-rowcount', /^[1-9]/);
      await expect(page.getByRole('status', { name: 'Status' })).not.toContainText('File healthy');
      await expect(page.getByText(/ends in the middle|cut off|truncated/i).first()).toBeVisible();
      await screenshot(page, 'damaged-light-en');
    });
    await withApp({ args: [text] }, async ({ page }) => {
      await expect(page.getByText('is not a capture file', { exact: false }).first()).toBeVisible();
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the keys of the menu work in the window, each once', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http] }, async ({ app, page }) => {
    const asked = () => app.evaluate(() => Reflect.get(globalThis, 'dialogsShown') as number | undefined);
    await app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = () => {
        Reflect.set(
          globalThis,
          'dialogsShown',
          ((Reflect.get(globalThis, 'dialogsShown') as number | undefined) ?? 0) + 1,
        );
        return Promise.resolve({ canceled: true, filePaths: [] });
      };
    });
    await page.keyboard.press('Control+o');
    await idle(page);
    expect(await asked()).toBe(1);
    await packets(page).focus();
    await page.keyboard.press('Control+Alt+Shift+L');
    await idle(page);
    await expect(page.getByRole('list', { name: 'Handshake steps' })).toBeVisible();
    await page.keyboard.press('Control+g');
    await expect(page.getByRole('dialog', { name: /Go to packet/ })).toBeVisible();
    await page.keyboard.type('9');
    await page.keyboard.press('Enter');
    await idle(page);
    await expect(selectedRow(page)).toHaveAttribute('aria-rowindex', '9');
    await page.keyboard.press('Control+r');
    await idle(page);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await page.keyboard.press('Control+w');
    await idle(page);
    await expect(page.getByText('Sample captures')).toBeVisible();
  });
});

test('raw sequence numbers: in list, tree and ladder, until they are relative again', async () => {
  await withApp({ args: [sample('four-segment-close')] }, async ({ app, page }) => {
    const info = packets(page).locator('[role="row"][aria-rowindex="3"] .cell-info');
    const tree = page.getByRole('tree', { name: 'Packet details' });
    const region = page.getByRole('region', { name: 'TCP handshake' });
    await expect(info).toContainText('Seq=1 Ack=1');
    await clickMenu(app, 'raw-numbers');
    await idle(page);
    await expect(info).toContainText('Seq=2483613075 Ack=2080615205');
    await expect(tree.getByRole('treeitem', { name: /^Sequence Number: 2483613074/ })).toBeVisible();
    await expect(region.getByRole('button', { name: 'raw', exact: true })).toHaveAttribute('aria-pressed', 'true');
    await region.getByRole('button', { name: 'relative', exact: true }).click();
    await idle(page);
    await expect(info).toContainText('Seq=1 Ack=1');
  });
});
