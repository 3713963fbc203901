/**
 * Decode As: chosen from list and tree, shown at once, kept across a restart, undone; a file that has to be read again
 * for it can be given up.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { packet, pcap } from '../support/capture-builder.ts';
import { address, dns, pointer, record } from '../support/dns-response.ts';
import { clickMenu, idle, launchApp, screenshot } from '../support/electron-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-decode-as-'));
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A connection to port 8888 that says HTTP, and DNS on port 5555. */
const request = new TextEncoder().encode('GET /index.html HTTP/1.1\r\nHost: example.test\r\n\r\n');
const [client, server] = [
  { src: '10.0.0.1', dst: '10.0.0.2' },
  { src: '10.0.0.2', dst: '10.0.0.1' },
];
const frames = [
  packet().eth().ip(client).tcp({ sport: 50000, dport: 8888, seq: 1, flags: 'S' }).bytes(),
  packet().eth().ip(server).tcp({ sport: 8888, dport: 50000, seq: 1, ack: 2, flags: 'SA' }).bytes(),
  packet().eth().ip(client).tcp({ sport: 50000, dport: 8888, seq: 2, ack: 2, flags: 'A' }).bytes(),
  packet().eth().ip(client).tcp({ sport: 50000, dport: 8888, seq: 2, ack: 2, flags: 'PA', payload: request }).bytes(),
  dns({ asked: 'example.test', answers: [record(pointer, 1, address('10.0.0.2'))], port: 5555 }),
];
const file = join(folder, 'own-ports.pcap');
writeFileSync(file, pcap(frames));

const cell = (page: Page, position: number) =>
  page.getByRole('grid', { name: /Packets|数据包/ }).locator(`.list-row[aria-rowindex="${position}"]`);
const dialog = (page: Page) => page.getByRole('dialog', { name: /Decode As|解码为/ });

test('from the list and the tree, at once in all that is shown, across a restart, and undone', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-decode-as-user-'));
  try {
    const first = await launchApp({ args: [file], size: { width: 1280, height: 800 }, userData });
    try {
      const { app, page, complaints } = first;
      await expect(cell(page, 4)).toContainText('HTTP');
      await expect(cell(page, 5)).toContainText('UDP');
      // From the list: a port of TCP. Nothing is read again.
      await cell(page, 4).click({ button: 'right' });
      await page.getByRole('menuitem', { name: /^Decode As…/ }).click();
      await expect(dialog(page).getByRole('combobox', { name: 'Value' })).toHaveValue('1');
      await page.keyboard.type('at');
      await screenshot(page, 'decode-as-choosing-light-en');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect(dialog(page).getByRole('combobox', { name: 'Decode as' })).toHaveValue('data');
      await page.keyboard.press('Enter');
      await idle(page);
      await expect(cell(page, 4)).not.toContainText('HTTP');
      await page.keyboard.press('Escape');
      await expect(dialog(page)).toBeHidden();

      // From the tree: a port of UDP, by the field that was pointed at. The file is read again; packet and filter stay.
      await page.getByRole('button', { name: 'Decode As: 1 rule' }).waitFor();
      await cell(page, 5).click();
      await idle(page);
      await page.getByRole('treeitem', { name: /^User Datagram Protocol/ }).click({ button: 'right' });
      await page.getByRole('menuitem', { name: /^Decode As…/ }).click();
      await expect(dialog(page).getByRole('combobox', { name: 'By' })).toHaveValue('udp.port');
      await page.keyboard.type('dns');
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await dialog(page).getByRole('button', { name: 'Decode', exact: true }).click();
      await idle(page);
      await expect(cell(page, 5)).toContainText('DNS');
      await screenshot(page, 'decode-as-rules-light-en');
      await dialog(page).getByRole('button', { name: 'Done' }).click();
      await expect(cell(page, 5)).toHaveAttribute('aria-selected', 'true');
      await expect(page.getByRole('treeitem', { name: /^Domain Name System/ })).toBeVisible();

      // What filters find is decoded that way, too.
      await page.keyboard.press('Control+/');
      await page.keyboard.type('dns.a == 10.0.0.2');
      await page.keyboard.press('Enter');
      await idle(page);
      await expect(page.getByRole('status', { name: 'Status' })).toContainText('1 of 5 displayed');
      await clickMenu(app, 'decode-as');
      await dialog(page).getByRole('button', { name: 'Remove UDP port 5555' }).click();
      await idle(page);
      await expect(page.getByRole('status', { name: 'Status', includeHidden: true })).toContainText('0 of 5 displayed');
      await dialog(page).getByRole('textbox', { name: 'Value of TCP port 8888' }).fill('8889');
      await page.keyboard.press('Enter');
      await idle(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+/');
      await page.keyboard.press('Control+A');
      await page.keyboard.type('http');
      await page.keyboard.press('Enter');
      await idle(page);
      await expect(page.getByRole('status', { name: 'Status' })).toContainText('1 of 5 displayed');
      expect(complaints).toEqual([]);
    } finally {
      await first.close();
    }
    expect(JSON.parse(readFileSync(join(userData, 'settings.json'), 'utf8'))).toMatchObject({
      decodeAs: [{ table: 'tcp.port', key: 8889, protocol: 'data' }],
    });

    // Another run, in Chinese and in the dark: the rules are there before the file is; one that nobody knows is listed
    // and harmless.
    const rules = [
      { table: 'udp.port', key: 5555, protocol: 'dns' },
      { table: 'tcp.port', key: 8888, protocol: 'data' },
      { table: 'of.tomorrow', key: 'x', protocol: 'tomorrow' },
    ];
    const second = await launchApp({
      args: [file],
      userData,
      settings: { decodeAs: rules, theme: 'dark' },
      env: { LANGUAGE: 'zh_CN' },
    });
    try {
      const { page, complaints } = second;
      await expect(cell(page, 5)).toContainText('DNS');
      await expect(cell(page, 4)).not.toContainText('HTTP');
      await page.getByRole('button', { name: '解码为：3 条规则' }).click();
      await screenshot(page, 'decode-as-rules-dark-zh');
      await dialog(page).getByRole('button', { name: '全部删除' }).click();
      await idle(page);
      await expect(cell(page, 4)).toContainText('HTTP');
      await expect(cell(page, 5)).toContainText('UDP');
      expect(complaints).toEqual([]);
    } finally {
      await second.close();
    }
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
});

test('hostile settings are as if they were absent', async () => {
  const decodeAs = [{ table: 'udp.port', key: { toString: 1 }, protocol: [] }] as never;
  const { page, complaints, close } = await launchApp({ args: [file], settings: { decodeAs } });
  try {
    await expect(cell(page, 5)).toContainText('UDP');
    await expect(page.getByRole('button', { name: /^Decode As:/ })).toHaveCount(0);
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('a large file is read again while the dialog says how far, and may be given up', async () => {
  const large = join(folder, 'large.pcap');
  const many = 400_000;
  const one = pcap([frames[4] ?? new Uint8Array()]);
  const bytes = new Uint8Array(24 + (one.length - 24) * many);
  bytes.set(one.subarray(0, 24));
  for (let i = 0; i < many; i++) bytes.set(one.subarray(24), 24 + i * (one.length - 24));
  writeFileSync(large, bytes);
  const { page, complaints, close } = await launchApp({ args: [large] });
  try {
    await idle(page, 120_000);
    await page.keyboard.press('Control+End');
    await idle(page);
    await page.keyboard.press('Control+Shift+U');
    await expect(dialog(page).getByRole('combobox', { name: 'Value' })).toHaveValue('0');
    await page.keyboard.type('dns');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    // The last packet stays selected until it is here again.
    await expect(dialog(page).getByRole('textbox', { name: 'Value of UDP port 5555' })).toBeVisible();
    await idle(page, 120_000);
    await dialog(page).getByRole('button', { name: 'Done' }).click();
    await expect(cell(page, many)).toHaveAttribute('aria-selected', 'true');
    await expect(cell(page, many)).toContainText('DNS');

    await page.getByRole('button', { name: 'Decode As: 1 rule' }).click();
    // The page looks for the button before it is there, so that however quick the machine is it is clicked.
    await page.evaluate(() => {
      const click = (): void => {
        const button = [...document.querySelectorAll('.decode-as-running button')].find(
          (each) => each.textContent === 'Cancel',
        );
        if (button instanceof HTMLElement) button.click();
        else requestAnimationFrame(click);
      };
      click();
    });
    await dialog(page).getByRole('button', { name: 'Remove all' }).click();
    await idle(page, 120_000);
    await expect(page.getByRole('status', { name: 'Status', includeHidden: true })).toContainText('loading cancelled');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
