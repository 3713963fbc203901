/** The packet list shows a part of the packets: what of it is counted, selected and found. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { idle, launchApp, screenshot } from '../support/electron-app.ts';

const many = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'corpus', 'zeek', 'testing__btest__Traces__ssh__ssh.pcap');
const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const selected = (page: Page) => packets(page).locator('[role="row"][aria-selected="true"]');
const filter = (page: Page) => page.getByRole('textbox', { name: 'Display filter' });
const status = (page: Page) => page.getByRole('status', { name: 'Status' });
const number = (page: Page) => selected(page).locator('.cell-number');

async function goTo(page: Page, packet: string): Promise<void> {
  await page.keyboard.press('Control+g');
  await page.getByRole('dialog').getByRole('spinbutton').or(page.getByRole('dialog').getByRole('textbox')).fill(packet);
  await page.keyboard.press('Enter');
  await idle(page);
}

test('one stream of many: shown, walked through, left', async () => {
  const { page, complaints, close } = await launchApp({ args: [many], size: { width: 1440, height: 900 } });
  try {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '1797');
    await goTo(page, '900');
    await expect(number(page)).toHaveText('900');

    // By keyboard alone: the packet's menu.
    await packets(page).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Show only this stream' }).click();
    await idle(page);
    await expect(filter(page)).toHaveValue(/^tcp\.stream == \d+$/);
    const count = Number(await packets(page).getAttribute('aria-rowcount'));
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(1797);
    await expect(status(page)).toContainText(`Displayed: ${count.toLocaleString('en')} of 1,797`);
    // The packet stays selected, at its new place.
    await expect(number(page)).toHaveText('900');
    await screenshot(page, 'one-stream-shown-light-en');

    await packets(page).focus();
    await page.keyboard.press('Home');
    await idle(page);
    const first = Number(await number(page).textContent());
    await expect(selected(page)).toHaveAttribute('aria-rowindex', '1');
    await page.keyboard.press('ArrowDown');
    await idle(page);
    await expect(selected(page)).toHaveAttribute('aria-rowindex', '2');
    expect(Number(await number(page).textContent())).toBeGreaterThan(first);
    await page.keyboard.press('End');
    await idle(page);
    await expect(selected(page)).toHaveAttribute('aria-rowindex', String(count));

    // A packet of another stream is asked for: all packets are shown again, and it says so.
    await goTo(page, '1');
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '1797');
    await expect(page.getByRole('status', { name: 'Notice' })).toContainText('Packet 1 was hidden');
    await expect(number(page)).toHaveText('1');
    await expect(filter(page)).toHaveValue('');

    // Escape in the list takes the filter away.
    await packets(page).focus();
    await page.keyboard.press('Shift+F10');
    await page.getByRole('menuitem', { name: 'Show only this stream' }).click();
    await idle(page);
    await expect(filter(page)).not.toHaveValue('');
    await packets(page).focus();
    await page.keyboard.press('Escape');
    await idle(page);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '1797');
    await expect(number(page)).toHaveText('1');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('one stream of a file that is still being loaded grows with it, and ends with all its packets', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-shown-'));
  try {
    const million = join(folder, 'million.pcap');
    const generator = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'performance', 'gen.mjs');
    execFileSync(process.execPath, [generator, '--packets', '1000000', '--seed', '1', '--format', 'pcap', '--out', million], { stdio: 'ignore' });
    const { page, complaints, close } = await launchApp({ args: [million], size: { width: 1440, height: 900 } });
    try {
      // The stream with the most packets, from the table of streams: another count than the list's own.
      await page.getByRole('tab', { name: /TCP streams/ }).click();
      await page.getByRole('grid', { name: 'TCP streams' }).getByRole('button', { name: 'Packets' }).click();
      await idle(page);
      const grid = page.getByRole('grid', { name: 'TCP streams' });
      const column = (await grid.getByRole('columnheader').allTextContents()).indexOf('Packets');
      const most = Number((await grid.locator('[role="row"][aria-rowindex="1"] [role="gridcell"]').nth(column).textContent())?.replaceAll(',', ''));
      expect(most).toBeGreaterThan(20);
      await grid.locator('[role="row"][aria-rowindex="1"]').dblclick();
      await idle(page);
      const only = page.getByRole('group', { name: 'Packets shown in the list' });
      await only.getByRole('button', { name: /^Stream / }).click();
      await idle(page);
      await expect(packets(page)).toHaveAttribute('aria-rowcount', String(most));
      await expect(status(page)).toContainText(`Displayed: ${most.toLocaleString('en')} of 1,000,000`);
      const chosen = await filter(page).inputValue();

      // Read again, and chosen as soon as its first packets are there: what the list holds is noted at every change.
      await page.evaluate(() => {
        const counts: number[] = [];
        Reflect.set(globalThis, 'countsWhileLoading', counts);
        new MutationObserver(() => {
          const box = document.querySelector<HTMLInputElement>('.filter input');
          const count = Number(document.querySelector('.packet-list')?.getAttribute('aria-rowcount'));
          if (document.querySelector('[role="progressbar"]') !== null && box?.value.startsWith('tcp.stream') === true && count !== counts.at(-1)) counts.push(count);
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      });
      await packets(page).focus();
      await page.keyboard.press('Control+r');
      await expect(page.getByRole('progressbar', { name: 'Loading capture' })).toBeVisible();
      await expect(filter(page)).toHaveValue('');
      await packets(page).locator('.list-row').filter({ hasText: 'TCP' }).last().click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Show only this stream' }).click();
      await expect(filter(page)).not.toHaveValue('');
      await packets(page).focus();
      await page.keyboard.press('End');
      await idle(page);
      await expect(page.getByRole('progressbar', { name: 'Loading capture' })).toHaveCount(0);
      const seen = await page.evaluate(() => Reflect.get(globalThis, 'countsWhileLoading') as readonly number[]);
      process.stdout.write(`rows of ${await filter(page).inputValue()} while loading: ${seen.join(', ')} (${chosen} before)\n`);
      expect(seen.length).toBeGreaterThan(0);
      expect([...seen].sort((a, b) => a - b)).toEqual(seen);
      const count = Number(await packets(page).getAttribute('aria-rowcount'));
      expect(count).toBeGreaterThanOrEqual(seen.at(-1) ?? 0);
      // The same as when it is chosen in the file that is there whole.
      await packets(page).focus();
      const shownFilter = await filter(page).inputValue();
      await page.keyboard.press('Escape');
      await idle(page);
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '1000000');
      await packets(page).focus();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menuitem', { name: 'Show only this stream' }).click();
      await idle(page);
      await expect(filter(page)).toHaveValue(shownFilter);
      await expect(packets(page)).toHaveAttribute('aria-rowcount', String(count));
      expect(complaints).toEqual([]);
    } finally {
      await close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
