/** Pictures of the packet list's parts in both languages and themes. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { clickMenu, idle, launchApp, pressKey, screenshot } from '../support/electron-app.ts';

const http = join(corpus, 'zeek', 'testing__btest__Traces__http__get.pcap');

const missing = missingBeside(http);
test.skip(missing !== '', missing);

for (const [language, theme, width, height] of [
  ['en', 'light', 1920, 1080],
  ['zh-CN', 'dark', 1280, 800],
] as const) {
  test(`columns, marks and dialogs in ${language}, ${theme}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-looks-'));
    const file = join(folder, 'noted.pcap');
    copyFileSync(http, file);
    const { app, page, complaints, close } = await launchApp({ args: [file], size: { width, height } });
    const shot = (name: string) => screenshot(page, `list-${name}-${theme}-${language === 'en' ? 'en' : 'zh'}`);
    try {
      const list = page.locator('.packet-list');
      await expect(list).toHaveAttribute('aria-rowcount', '14');
      await page.evaluate(
        ([lang, look]) =>
          (
            window as unknown as { backend: { request(name: string, patch: unknown): Promise<unknown> } }
          ).backend.request('settings:update', { language: lang, theme: look }),
        [language, theme] as const,
      );
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      const row = (position: number) => list.locator(`.list-row[aria-rowindex="${position}"]`);
      for (const [position, key] of [
        [2, 'M'],
        [4, 'M'],
        [7, 'D'],
        [3, 'T'],
        [9, 'M'],
        [9, 'D'],
      ] as const) {
        await row(position).click();
        await idle(page);
        await pressKey(app, key, 'control');
        await idle(page);
      }
      await row(6).click();
      await clickMenu(app, 'comment');
      await page
        .locator('.comments textarea')
        .fill(language === 'en' ? 'The server answers late here.' : '服务器在这里响应得很晚。');
      await shot('comments');
      await page.locator('.comments [type="submit"]').click();
      await expect(row(6).locator('.mark .icon')).toHaveCount(1);
      await row(4).click();
      await idle(page);
      await shot('marks');
      await page
        .locator('.tree-line', { hasText: /: 59856|: 80$/ })
        .first()
        .click();
      await pressKey(app, 'I', 'control', 'shift');
      await expect(list.locator('.list-header .cell-field')).toHaveCount(1);
      await list.locator('.list-header .cell-length .sort').click();
      await expect(list.locator('[aria-sort="ascending"]')).toHaveCount(1);
      await list.locator('.list-header .cell-field').click({ button: 'right' });
      await shot('column-menu');
      await page.keyboard.press('Escape');
      await clickMenu(app, 'columns');
      await page.locator('.add-column input').fill('tcp.window');
      await expect(page.locator('.combobox-entry').first()).toBeVisible();
      await shot('columns-dialog');
      // The list, then the dialog.
      await page.keyboard.press('Escape');
      await expect(page.locator('.combobox-entry')).toHaveCount(0);
      await page.keyboard.press('Escape');
      await clickMenu(app, 'save-as');
      await shot('save-as');
      await page.keyboard.press('Escape');
      await idle(page);
      expect(complaints).toEqual([]);
    } finally {
      await close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
