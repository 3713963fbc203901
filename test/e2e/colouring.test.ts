/** Colouring rules: edited with the list behind as the preview, a conversation in its own colour, rules as a file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { idle, launchApp, screenshot } from '../support/electron-app.ts';

const file = join(corpus, 'tcpreplay', 'test__test.pcap');
const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const mark = (page: Page, position: number) => packets(page).locator(`.list-row[aria-rowindex="${position}"] .mark`);

const missing = missingBeside(file);
test.skip(missing !== '', missing);

test('a rule is made, shown at once, taken back, kept across a restart', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-colours-'));
  try {
    const first = await launchApp({ args: [file], size: { width: 1440, height: 900 }, userData });
    try {
      const { app, page, complaints } = first;
      const before = await mark(page, 1).textContent();
      const open = async (): Promise<void> => {
        await page.keyboard.press('Control+Shift+K');
        await page.keyboard.type('colouring rules');
        await page.keyboard.press('Enter');
      };
      await open();
      const dialog = page.getByRole('dialog', { name: 'Colouring rules' });
      await dialog.getByRole('button', { name: 'Add a rule' }).click();
      await dialog.getByRole('textbox', { name: 'Filter: New rule' }).fill('frame.number == 1 and');
      await expect(dialog.getByRole('alert')).toContainText('ends too early');
      await dialog.getByRole('textbox', { name: 'Filter: New rule' }).fill('frame.number == 1');
      await dialog.getByRole('textbox', { name: 'Sign: New rule' }).fill('ME');
      await idle(page);
      await expect(mark(page, 1)).toHaveText('ME');
      await screenshot(page, 'colouring-rules-light-en');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await idle(page);
      await expect(mark(page, 1)).toHaveText(before ?? '');

      await open();
      await dialog.getByRole('button', { name: 'Add a rule' }).click();
      await dialog.getByRole('textbox', { name: 'Filter: New rule' }).fill('frame.number == 1');
      await dialog.getByRole('textbox', { name: 'Sign: New rule' }).fill('ME');
      await dialog.getByRole('combobox', { name: 'Colour: New rule' }).selectOption('broadcast');
      // As a file, and back.
      const saved = join(userData, 'colours.json');
      await app.evaluate(({ dialog: system }, path) => {
        system.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
        system.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
      }, saved);
      await dialog.getByRole('button', { name: 'Export…' }).click();
      await expect(() => expect(readFileSync(saved, 'utf8')).toContain('"glyph": "ME"')).toPass();
      await dialog.getByRole('button', { name: 'Back to the rules' }).click();
      await idle(page);
      await expect(mark(page, 1)).toHaveText(before ?? '');
      await dialog.getByRole('button', { name: 'Import…' }).click();
      await expect(mark(page, 1)).toHaveText('ME');
      await dialog.getByRole('button', { name: 'OK' }).click();
      await idle(page);
      expect(complaints).toEqual([]);
    } finally {
      await first.close();
    }
    const second = await launchApp({ args: [file], size: { width: 1440, height: 900 }, userData });
    try {
      await expect(mark(second.page, 1)).toHaveText('ME');
    } finally {
      await second.close();
    }
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
});

test('a conversation gets a colour by key and loses it again', async () => {
  const { page, complaints, close } = await launchApp({ args: [file], size: { width: 1440, height: 900 } });
  try {
    const before = await mark(page, 1).textContent();
    await packets(page).focus();
    await page.keyboard.press('Control+3');
    await idle(page);
    await expect(mark(page, 1)).toHaveText('3');
    await page.getByRole('button', { name: /dark/i }).click();
    await screenshot(page, 'conversation-coloured-dark-en');
    await page.keyboard.press('Control+Space');
    await idle(page);
    await expect(mark(page, 1)).toHaveText(before ?? '');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
