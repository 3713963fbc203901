/** Marks, ignored packets, time references and comments: noted, kept, saved; and the ways from packet to packet. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import {
  answerSaveDialog,
  clickMenu,
  idle,
  launchApp,
  pressKey,
  type RunningApp,
  screenshot,
} from '../support/electron-app.ts';

const root = resolve(import.meta.dirname, '..', '..');
const http = join(corpus, 'zeek', 'testing__btest__Traces__http__get.pcap');
const missing = missingBeside(corpus);
const sample = join(root, 'build', 'samples', 'four-segment-close.pcapng');

const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const row = (page: Page, position: number) => packets(page).locator(`.list-row[aria-rowindex="${position}"]`);
const mark = (page: Page, position: number) => row(page, position).getByRole('gridcell').first();
const selected = (page: Page) => packets(page).locator('[role="row"][aria-selected="true"] .cell-number');
const status = (page: Page) => page.getByRole('status', { name: 'Status' });

async function withApp(
  launch: Parameters<typeof launchApp>[0],
  body: (app: RunningApp) => Promise<void>,
): Promise<void> {
  const running = await launchApp(launch);
  try {
    await body(running);
    expect(running.complaints).toEqual([]);
  } finally {
    await running.close();
  }
}

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-marks-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function select(page: Page, position: number): Promise<void> {
  await row(page, position).click();
  await idle(page);
}

/** What tshark prints of a field, frame by frame. */
function fields(file: string, ...names: readonly string[]): readonly string[] {
  const args = ['-n', '-r', file, '-T', 'fields', ...names.flatMap((name) => ['-e', name])];
  return execFileSync('tshark', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trimEnd()
    .split('\n');
}

test('marks, time references, ignored packets and comments are there again after a restart', async () => {
  await withFolder(async (folder) => {
    const userData = join(folder, 'settings');
    const file = join(folder, 'noted.pcapng');
    copyFileSync(sample, file);
    await withApp({ args: [file], userData }, async ({ app, page }) => {
      await expect(row(page, 10)).toBeVisible();
      await select(page, 2);
      await pressKey(app, 'M', 'control');
      await expect(mark(page, 2)).toHaveAttribute('aria-label', /Marked/);
      await select(page, 5);
      await pressKey(app, 'M', 'control');
      await expect(status(page)).toContainText('2 marked');
      await select(page, 3);
      await pressKey(app, 'T', 'control');
      await expect(row(page, 3).locator('.cell-time')).toHaveText('*REF*');
      await select(page, 4);
      await pressKey(app, 'D', 'control');
      await expect(row(page, 4).locator('.cell-info')).toHaveText('<Ignored>');
      await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText('[Ignored]');
      await select(page, 6);
      await pressKey(app, 'C', 'control', 'alt');
      const dialog = page.getByRole('dialog', { name: 'Comments on packet 6' });
      await expect(dialog.getByRole('textbox', { name: 'Comment 1' })).toBeFocused();
      await dialog.getByRole('textbox', { name: 'Comment 1' }).fill('why so late? <b>é 握手');
      await screenshot(page, 'comments-dialog-light-en');
      await dialog.getByRole('button', { name: 'Apply' }).click();
      await expect(mark(page, 6)).toHaveAttribute('aria-label', /Has a comment/);
      await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText('Frame 6');
      await expect(status(page)).toContainText('1 packet with unsaved comments');
      await expect(status(page)).toContainText('Comment: why so late? <b>é 握手');
      await packets(page).focus();
      await screenshot(page, 'marks-light-en');
    });
    await withApp({ args: [file], userData }, async ({ app, page }) => {
      await expect(row(page, 10)).toBeVisible();
      await idle(page);
      await expect(mark(page, 2)).toHaveAttribute('aria-label', /Marked/);
      await expect(mark(page, 5)).toHaveAttribute('aria-label', /Marked/);
      await expect(row(page, 3).locator('.cell-time')).toHaveText('*REF*');
      await expect(row(page, 4).locator('.cell-info')).toHaveText('<Ignored>');
      await expect(status(page)).toContainText('1 packet with unsaved comments');
      // From mark to mark, round the end.
      await select(page, 1);
      await pressKey(app, 'N', 'control', 'shift');
      await expect(selected(page)).toHaveText('2');
      await pressKey(app, 'N', 'control', 'shift');
      await expect(selected(page)).toHaveText('5');
      await pressKey(app, 'N', 'control', 'shift');
      await expect(selected(page)).toHaveText('2');
      await pressKey(app, 'N', 'control', 'alt');
      await expect(selected(page)).toHaveText('3');
      await clickMenu(app, 'unmark-all');
      await clickMenu(app, 'unignore-all');
      await clickMenu(app, 'unset-references');
      await expect(status(page)).not.toContainText('marked');
      await expect(row(page, 3).locator('.cell-time')).not.toHaveText('*REF*');
      await expect(row(page, 4).locator('.cell-info')).not.toHaveText('<Ignored>');
      await idle(page);
    });
  });
});

test('comments are written into the file on saving, with every block of it kept, and are asked for no more', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'saved.pcapng');
    copyFileSync(sample, file);
    const before = fields(sample, 'frame.number', 'frame.time_epoch', 'frame.len', 'tcp.seq_raw', 'frame.interface_id');
    await withApp({ args: [file], userData: join(folder, 'settings') }, async ({ app, page }) => {
      await expect(row(page, 10)).toBeVisible();
      await select(page, 4);
      await pressKey(app, 'M', 'control');
      await clickMenu(app, 'comment');
      const dialog = page.getByRole('dialog', { name: 'Comments on packet 4' });
      await dialog.getByRole('textbox', { name: 'Comment 1' }).fill('first');
      await dialog.getByRole('button', { name: 'Add another comment' }).click();
      await dialog.getByRole('textbox', { name: 'Comment 2' }).fill('第二条');
      await dialog.getByRole('button', { name: 'Apply' }).click();
      await expect(status(page)).toContainText('1 packet with unsaved comments');
      await pressKey(app, 'S', 'control');
      await expect(page.getByText(`Saved: ${file}`)).toBeVisible();
      await idle(page);
      await expect(status(page)).not.toContainText('unsaved');
      // The same packet of the new file is selected, and what is not in the file is still known.
      await expect(selected(page)).toHaveText('4');
      await expect(mark(page, 4)).toHaveAttribute('aria-label', /Marked.*Has a comment/);
      expect(fields(file, 'frame.comment')[3]).toBe('first,第二条');
      expect(
        fields(file, 'frame.number', 'frame.time_epoch', 'frame.len', 'tcp.seq_raw', 'frame.interface_id'),
      ).toEqual(before);

      // Only what is marked, as another file; the open one stays.
      const part = join(folder, 'part.pcapng');
      await answerSaveDialog(app, part);
      await pressKey(app, 'S', 'control', 'shift');
      await page.getByRole('radio', { name: /^Marked packets \(1\)/ }).check();
      await screenshot(page, 'save-as-light-en');
      await page.getByRole('button', { name: 'Save…' }).click();
      await expect(page.getByText(`Saved: ${part}`)).toBeVisible();
      await idle(page);
      await expect(page).toHaveTitle(/saved\.pcapng/);
      expect(fields(part, 'frame.comment')).toEqual(['first,第二条']);
      expect(fields(part, 'tcp.seq_raw')).toEqual([fields(file, 'tcp.seq_raw')[3]]);
    });
    // No half-written file is left beside it.
    expect(readdirSync(folder).sort()).toEqual(['part.pcapng', 'saved.pcapng', 'settings']);
  });
});

test('a pcap file is saved as pcapng with the same packets and times', async () => {
  test.skip(missing !== '', missing);
  await withFolder(async (folder) => {
    const target = join(folder, 'get.pcapng');
    await withApp({ args: [http], userData: join(folder, 'settings') }, async ({ app, page }) => {
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
      await select(page, 2);
      await clickMenu(app, 'comment');
      await page.getByRole('textbox', { name: 'Comment 1' }).fill('answers');
      await page.getByRole('button', { name: 'Apply' }).click();
      await expect(status(page)).toContainText('unsaved');
      await answerSaveDialog(app, target);
      // Its own file cannot hold comments: where to is asked.
      await pressKey(app, 'S', 'control');
      await expect(page).toHaveTitle(/get\.pcapng/);
      await idle(page);
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
      await expect(selected(page)).toHaveText('2');
    });
    expect(fields(target, 'frame.comment')[1]).toBe('answers');
    const names = [
      'frame.number',
      'frame.time_epoch',
      'frame.len',
      'frame.cap_len',
      'ip.src',
      'tcp.seq_raw',
      'tcp.payload',
    ];
    expect(fields(target, ...names)).toEqual(fields(http, ...names).map((line) => line));
  });
});

test('back and forward, along the conversation, and to a number', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http] }, async ({ app, page }) => {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await select(page, 3);
    await select(page, 9);
    await pressKey(app, 'Left', 'alt');
    await expect(selected(page)).toHaveText('3');
    await pressKey(app, 'Right', 'alt');
    await expect(selected(page)).toHaveText('9');
    await pressKey(app, '.', 'control');
    await expect(selected(page)).toHaveText('10');
    await pressKey(app, ',', 'control');
    await expect(selected(page)).toHaveText('9');
    await pressKey(app, 'G', 'control');
    const dialog = page.getByRole('dialog', { name: 'Go to packet' });
    await dialog.getByRole('textbox').fill('99');
    await dialog.getByRole('textbox').press('Enter');
    await expect(dialog.getByRole('alert')).toHaveText('There is no packet 99. The last one is 14.');
    await dialog.getByRole('textbox').fill('12');
    await dialog.getByRole('textbox').press('Enter');
    await expect(selected(page)).toHaveText('12');
    await idle(page);
  });
});
