/** The packet list shows a part of the packets: what of it is counted, selected and found. */
import { resolve } from 'node:path';
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
