/** The command palette and the key sheet. */
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { idle, launchApp, screenshot } from '../support/electron-app.ts';

const file = join(corpus, 'zeek', 'testing__btest__Traces__http__pipelined-requests.pcap');

const missing = missingBeside(file);
test.skip(missing !== '', missing);

test('a command is found by a few letters and run; what makes no sense now is shown and does nothing', async () => {
  const { page, complaints, close } = await launchApp({ args: [file], size: { width: 1280, height: 800 } });
  try {
    await page.keyboard.press('Control+Shift+K');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const box = palette.getByRole('combobox', { name: 'Command' });
    await expect(box).toBeFocused();
    await screenshot(page, 'palette-light-en');
    await page.keyboard.type('last pack');
    await expect(palette.getByRole('option', { selected: true })).toContainText('Last packet');
    await page.keyboard.press('Enter');
    await expect(palette).toBeHidden();
    await idle(page);
    await expect(
      page.getByRole('grid', { name: 'Packets' }).locator('[role="row"][aria-selected="true"] .cell-number'),
    ).toHaveText('49');

    // What was used last comes first.
    await page.keyboard.press('Control+Shift+K');
    await expect(palette.getByRole('option').first()).toContainText('Last packet');
    await page.keyboard.type('next mark');
    await expect(palette.getByRole('option', { selected: true })).toHaveAttribute('aria-disabled', 'true');
    await page.keyboard.press('Enter');
    await expect(palette).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(palette).toBeHidden();

    await page.keyboard.press('F1');
    const keys = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await expect(keys).toContainText('Ctrl+Shift+K');
    await expect(keys).toContainText('Ctrl+G');
    await screenshot(page, 'key-sheet-light-en');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('in Chinese and in the dark, English names still find commands', async () => {
  const { page, complaints, close } = await launchApp({
    args: [file],
    size: { width: 1280, height: 800 },
    env: { LANGUAGE: 'zh_CN' },
  });
  try {
    await page.getByRole('button', { name: /深色|dark/i }).click();
    await page.keyboard.press('Control+Shift+K');
    const palette = page.getByRole('dialog', { name: '命令面板' });
    await page.keyboard.type('go to packet');
    await expect(palette.getByRole('option', { selected: true })).toContainText('Ctrl+G');
    await screenshot(page, 'palette-dark-zh');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(1);
    await expect(palette).toBeHidden();
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
