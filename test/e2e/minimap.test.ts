/** The minimap: the whole list beside its scroll bar, to look at, to click and to drag. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { generator, missingBeside } from '../support/beside.ts';
import { idle, launchApp, screenshot } from '../support/electron-app.ts';

let folder = '';
let capture = '';

const missing = missingBeside(generator);
test.skip(missing !== '', missing);

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-minimap-'));
  capture = join(folder, 'mixed.pcap');
  execFileSync(
    process.execPath,
    [generator, '--packets', '200000', '--seed', '4', '--format', 'pcap', '--out', capture],
    { stdio: 'ignore' },
  );
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const strip = (page: Page) => page.locator('.minimap');
/** Numbers of the first and last row on screen. */
const onScreen = (page: Page) =>
  page.locator('.packet-list .list-row').evaluateAll((rows) => {
    const numbers = rows.map((row) => Number(row.getAttribute('aria-rowindex'))).sort((a, b) => a - b);
    return { first: numbers[0], last: numbers[numbers.length - 1] };
  });

for (const [theme, language, size] of [
  ['light', 'en', { width: 1280, height: 800 }],
  ['dark', 'zh-CN', { width: 1920, height: 1080 }],
] as const) {
  test(`the whole file at a glance; a click and a drag go there, ${theme}, ${language}`, async () => {
    const { page, complaints, close } = await launchApp({ args: [capture], size, settings: { theme, language } });
    try {
      await expect(page.locator('.packet-list')).toHaveAttribute('aria-rowcount', '200000');
      await idle(page);
      expect(await strip(page).locator('rect').count()).toBeGreaterThan(20);
      expect(await strip(page).locator('.minimap-warning, .minimap-reset').count()).toBeGreaterThan(0);
      const box = await strip(page).boundingBox();
      if (box === null) throw new Error('no minimap');
      await page.mouse.click(box.x + 9, box.y + box.height * 0.75);
      await idle(page);
      const there = await onScreen(page);
      expect(there.first).toBeGreaterThan(148_000);
      expect(there.last).toBeLessThan(152_000);
      await page.mouse.move(box.x + 9, box.y + box.height * 0.75);
      await page.mouse.down();
      await page.mouse.move(box.x + 9, box.y + box.height * 0.5, { steps: 6 });
      await page.mouse.move(box.x + 9, box.y + box.height * 0.1, { steps: 6 });
      await page.mouse.up();
      await idle(page);
      const dragged = await onScreen(page);
      expect(dragged.first).toBeGreaterThan(19_000);
      expect(dragged.last).toBeLessThan(21_000);
      await page.mouse.move(box.x + 9, box.y + box.height * 0.3);
      await expect(strip(page)).toHaveAttribute(
        'title',
        language === 'en'
          ? /^Packets [56]\d,\d{3} to 6\d,\d{3} of 200,000 in the list/
          : /列表中第 [56]\d,\d{3} 至 6\d,\d{3} 个数据包/,
      );
      await screenshot(page, `minimap-${theme}-${language}`);

      // Of fewer rows, those.
      await page.keyboard.press('Control+/');
      await page.keyboard.type('tcp.flags.reset == 1');
      await page.keyboard.press('Enter');
      await idle(page);
      await expect(strip(page).locator('.tint-rst')).toHaveCount(1);
      await screenshot(page, `minimap-filtered-${theme}-${language}`);
      expect(complaints).toEqual([]);
    } finally {
      await close();
    }
  });
}

test('a marked packet is seen on it, and it can be hidden', async () => {
  const { page, complaints, close } = await launchApp({ args: [capture], settings: { language: 'en' } });
  try {
    await expect(page.locator('.packet-list')).toHaveAttribute('aria-rowcount', '200000');
    await idle(page);
    await expect(strip(page).locator('.minimap-marked')).toHaveCount(0);
    await page.locator('.packet-list .list-row').nth(3).click();
    await page.keyboard.press('Control+m');
    await idle(page);
    await expect(strip(page).locator('.minimap-marked')).toHaveCount(1);
    await page.keyboard.press('Control+Shift+K');
    await page.keyboard.type('minimap');
    await page.keyboard.press('Enter');
    await expect(strip(page)).toHaveCount(0);
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
