/** The packet list shows a part of the packets: what of it is counted, selected and found. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { packet, pcap } from '../support/capture-builder.ts';
import { idle, launchApp, screenshot } from '../support/electron-app.ts';

const many = join(corpus, 'zeek', 'testing__btest__Traces__ssh__ssh.pcap');
const missing = missingBeside(corpus);
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
  test.skip(missing !== '', missing);
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
    await expect(filter(page)).toHaveText(/^tcp\.stream == \d+$/);
    const count = Number(await packets(page).getAttribute('aria-rowcount'));
    expect(count).toBeGreaterThan(10);
    expect(count).toBeLessThan(1797);
    await expect(status(page)).toContainText(`${count.toLocaleString('en')} of 1,797 displayed`);
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

    // A packet of another stream is asked for: the nearest one shown is selected, and it says so.
    await goTo(page, '1');
    await expect(number(page)).toHaveText(String(first));
    await expect(page.getByRole('status', { name: 'Notice' })).toContainText(
      `Packet 1 is hidden: the nearest one shown is ${first}.`,
    );
    await expect(packets(page)).toHaveAttribute('aria-rowcount', String(count));

    // Escape in the list takes the filter away.
    await expect(filter(page)).not.toHaveText('');
    await packets(page).focus();
    await page.keyboard.press('Escape');
    await idle(page);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '1797');
    await expect(number(page)).toHaveText(String(first));
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

/**
 * Five connections that take turns through a file of this many packets: a fifth of it is each one's, and none ends
 * before the file does.
 */
function writeTakingTurns(path: string, packetCount: number): void {
  const inBlock = 5000;
  const frames = Array.from({ length: inBlock }, (_, i) =>
    packet()
      .eth()
      .ip({ src: '10.0.0.1', dst: '10.0.0.2' })
      .tcp({ sport: 1000 + (i % 5), dport: 9999, seq: 1, ack: 1, flags: 'A' })
      .bytes(),
  );
  const block = pcap(frames);
  const file = openSync(path, 'w');
  writeSync(file, block.subarray(0, 24));
  for (let written = 0; written < packetCount; written += inBlock) writeSync(file, block.subarray(24));
  closeSync(file);
}

test('one stream of a file that is still being loaded grows with it, and ends with all its packets', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-shown-'));
  try {
    const long = join(folder, 'long.pcap');
    writeTakingTurns(long, 1_500_000);
    const { page, complaints, close } = await launchApp({ size: { width: 1440, height: 900 } });
    try {
      // What the list holds is noted whenever it changes.
      await page.evaluate(() => {
        const counts: number[] = [];
        Reflect.set(globalThis, 'countsWhileLoading', counts);
        new MutationObserver(() => {
          const box = document.querySelector('.filter-editor')?.shadowRoot?.querySelector('.cm-content');
          const count = Number(document.querySelector('.packet-list')?.getAttribute('aria-rowcount'));
          if (
            document.querySelector('[role="progressbar"]') !== null &&
            box?.textContent === 'tcp.stream == 1' &&
            count !== counts.at(-1)
          )
            counts.push(count);
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      });
      await page.evaluate((path) => {
        const { backend } = globalThis as unknown as {
          readonly backend: { request(name: string, path: string): Promise<unknown> };
        };
        void backend.request('capture:open-file', path);
      }, long);
      const second = packets(page).locator('.list-row[aria-rowindex="2"]');
      // Until its texts are there, its stream is not known and the menu has nothing to show of it.
      await expect(second.locator('.cell-info')).toHaveText(/\S/);
      await second.click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Show only this stream' }).click();
      await expect(filter(page)).toHaveText('tcp.stream == 1');
      await expect(selected(page)).toHaveAttribute('aria-rowindex', '1');
      await packets(page).focus();
      await page.keyboard.press('ArrowDown');
      await expect(number(page)).toHaveText('7');
      await idle(page);
      // The key's choice was not taken back by anything that came in later.
      await expect(number(page)).toHaveText('7');
      await expect(selected(page)).toHaveAttribute('aria-rowindex', '2');
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '300000');
      await expect(status(page)).toContainText('300,000 of 1,500,000 displayed (20.0 %)');
      const seen = await page.evaluate(() => Reflect.get(globalThis, 'countsWhileLoading') as readonly number[]);
      expect(seen.length, `counts while loading: ${seen.join(', ')}`).toBeGreaterThan(1);
      expect([...seen].sort((a, b) => a - b)).toEqual(seen);
      await page.keyboard.press('End');
      await idle(page);
      await expect(number(page)).toHaveText('1499997');
      await screenshot(page, 'one-stream-long-light-en');
      await page.keyboard.press('Escape');
      await idle(page);
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '1500000');
      await expect(selected(page)).toHaveAttribute('aria-rowindex', '1499997');

      // A window that is loaded again begins with all packets, and their texts fit.
      await packets(page).focus();
      await page.keyboard.press('Shift+F10');
      await page.getByRole('menuitem', { name: 'Show only this stream' }).click();
      await idle(page);
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '300000');
      await page.reload();
      await idle(page);
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '1500000');
      await expect(filter(page)).toHaveText('');
      await expect(packets(page).locator('.list-row[aria-rowindex="2"] .cell-number')).toHaveText('2');
      expect(complaints).toEqual([]);
    } finally {
      await close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
