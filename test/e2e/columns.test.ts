/** Columns of the packet list and its times: added, changed, moved, sorted, kept. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { clickMenu, idle, launchApp, pressKey, type RunningApp, resize, screenshot } from '../support/electron-app.ts';

const root = resolve(import.meta.dirname, '..', '..');
const http = join(corpus, 'zeek', 'testing__btest__Traces__http__get.pcap');
const missing = missingBeside(corpus);
const sample = (id: string): string => join(root, 'build', 'samples', `${id}.pcapng`);

const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const header = (page: Page, name: string) => packets(page).getByRole('columnheader', { name, exact: true });
const headers = async (page: Page): Promise<readonly string[]> =>
  (await packets(page).getByRole('columnheader').allTextContents()).filter((text) => text !== '');
const row = (page: Page, position: number) => packets(page).locator(`.list-row[aria-rowindex="${position}"]`);
/** Texts of a column from the first row on. */
async function column(page: Page, name: string, count: number): Promise<readonly string[]> {
  await idle(page);
  const at = (await headers(page)).indexOf(name) + 1;
  const texts: string[] = [];
  for (let position = 1; position <= count; position++)
    texts.push((await row(page, position).getByRole('gridcell').nth(at).textContent()) ?? '');
  return texts;
}
const usual = ['No.', 'Time', 'Source', 'Destination', 'Protocol', 'Length', 'Info'];

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

test('a field of the tree becomes a column, is changed in its header and in the dialog, and is there again after a restart', async () => {
  test.skip(missing !== '', missing);
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-columns-'));
  try {
    await withApp({ args: [http], userData }, async ({ app, page }) => {
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
      expect(await headers(page)).toEqual(usual);
      // From the tree's menu.
      await row(page, 1).click();
      await idle(page);
      const tree = page.getByRole('tree', { name: 'Packet details' });
      await tree.getByRole('treeitem', { name: /^Source Port/ }).click({ button: 'right' });
      await page.getByRole('menuitem', { name: /^Apply as column/ }).click();
      await idle(page);
      expect(await headers(page)).toEqual([...usual.slice(0, 6), 'tcp.srcport', 'Info']);
      expect((await column(page, 'tcp.srcport', 3)).every((text) => /^\d+$/.test(text))).toBe(true);
      // By key, from the line that is selected.
      await tree.getByRole('treeitem', { name: /^Destination Port/ }).click();
      await pressKey(app, 'I', 'control', 'shift');
      await expect(header(page, 'tcp.dstport')).toBeVisible();

      // The dialog: a field with two values, one of them; a filter; a title; hidden.
      await clickMenu(app, 'columns');
      const dialog = page.getByRole('dialog', { name: 'Columns' });
      const add = dialog.getByRole('combobox', { name: /^Add a column/ });
      await expect(add).toBeFocused();
      await add.fill('tcp.por');
      await expect(dialog.getByRole('option', { name: /^tcp\.port/ }).first()).toBeVisible();
      await add.press('ArrowDown');
      await add.press('Enter');
      await expect(add).toHaveValue('tcp.port');
      await add.press('Enter');
      await dialog.getByRole('spinbutton', { name: 'Occurrence in tcp.port' }).fill('-1');
      await add.fill('tcp.flags.fin ==');
      await expect(dialog.getByText('No field is called')).toBeVisible();
      await expect(dialog.getByRole('button', { name: 'Add', exact: true })).toBeDisabled();
      await add.fill('tcp.flags.syn == 1 && tcp.flags.ack == 0');
      await expect(dialog.getByText('A display filter: a tick where it matches.')).toBeVisible();
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await dialog.getByRole('textbox', { name: 'Title of tcp.flags.syn == 1 && tcp.flags.ack == 0' }).fill('Asks');
      await dialog.getByRole('checkbox', { name: 'Show tcp.dstport' }).uncheck();
      await dialog.getByRole('button', { name: 'Move Asks up' }).click();
      await screenshot(page, 'columns-dialog-light-en');
      await dialog.getByRole('button', { name: 'Done' }).click();
      await idle(page);
      expect(await headers(page)).toEqual([...usual.slice(0, 6), 'tcp.srcport', 'Asks', 'tcp.port', 'Info']);
      expect(await column(page, 'Asks', 4)).toEqual(['✓', '', '', '']);
      const [sources, lasts] = [await column(page, 'tcp.srcport', 2), await column(page, 'tcp.port', 2)];
      expect(lasts).toEqual([sources[1], sources[0]]);

      // What matches comes last; from the other end, first.
      const asks = header(page, 'Asks').getByRole('button');
      await asks.click();
      await asks.click();
      await expect(header(page, 'Asks')).toHaveAttribute('aria-sort', 'descending');
      await packets(page).press('Home');
      expect(await column(page, 'Asks', 2)).toEqual(['✓', '']);
      await asks.click();

      // Dragged before another one; aligned and removed by the header's menu.
      await header(page, 'Asks').getByRole('button').dragTo(header(page, 'Source').getByRole('button'));
      await expect
        .poll(() => headers(page))
        .toEqual([
          'No.',
          'Time',
          'Asks',
          'Source',
          'Destination',
          'Protocol',
          'Length',
          'tcp.srcport',
          'tcp.port',
          'Info',
        ]);
      await header(page, 'tcp.srcport').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Align right' }).click();
      await expect(row(page, 1).locator('.cell-field.align-right')).toHaveCount(1);
      await header(page, 'tcp.port').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Remove tcp.port' }).click();
      await expect(header(page, 'tcp.port')).toHaveCount(0);
      // As wide as what is in it.
      await pressKey(app, 'R', 'control', 'shift');
      await idle(page);
      await screenshot(page, 'columns-light-en');
      await clickMenu(app, 'columns');
      await page.getByRole('dialog', { name: 'Columns' }).getByRole('button', { name: 'Done' }).click();
      await idle(page);
    });
    await withApp({ args: [http], userData }, async ({ app, page }) => {
      const kept = ['No.', 'Time', 'Asks', 'Source', 'Destination', 'Protocol', 'Length', 'tcp.srcport', 'Info'];
      await expect.poll(() => headers(page)).toEqual(kept);
      expect(await column(page, 'Asks', 2)).toEqual(['✓', '']);
      // Hidden ones can be shown again from any header.
      await header(page, 'Info').click({ button: 'right' });
      await page.getByRole('menuitem', { name: 'Show tcp.dstport' }).click();
      await expect(header(page, 'tcp.dstport')).toBeVisible();
      await clickMenu(app, 'columns');
      await page.getByRole('dialog', { name: 'Columns' }).getByRole('button', { name: 'Reset to defaults' }).click();
      await page.keyboard.press('Escape');
      await expect.poll(() => headers(page)).toEqual(usual);
      await idle(page);
    });
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
});

test('a click on a column sorts, a second one the other way round, a third one back', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http] }, async ({ page }) => {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    const lengths = (await column(page, 'Length', 9)).map(Number);
    expect(lengths).not.toEqual([...lengths].sort((a, b) => a - b));
    const length = header(page, 'Length');
    await expect(length).toHaveAttribute('aria-sort', 'none');
    await length.getByRole('button').click();
    await expect(length).toHaveAttribute('aria-sort', 'ascending');
    const up = (await column(page, 'Length', 9)).map(Number);
    expect(up).toEqual([...up].sort((a, b) => a - b));
    await length.getByRole('button').click();
    await expect(length).toHaveAttribute('aria-sort', 'descending');
    await packets(page).press('Home');
    const down = (await column(page, 'Length', 9)).map(Number);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    await length.getByRole('button').click();
    await expect(length).toHaveAttribute('aria-sort', 'none');
    await packets(page).press('Home');
    expect((await column(page, 'Length', 9)).map(Number)).toEqual(lengths);
  });
});

test('times are written in the format and with the decimals that the menu says, and stay so', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'handshark-e2e-times-'));
  const zone = { TZ: 'Asia/Shanghai' };
  try {
    await withApp({ args: [sample('three-segment-close')], userData, env: zone }, async ({ app, page }) => {
      await expect(packets(page).getByRole('row').nth(3)).toBeVisible();
      const second = async (): Promise<string> => (await column(page, 'Time', 2))[1];
      expect(await second()).toMatch(/^0\.\d{6}$/);
      const since = await second();
      await pressKey(app, '1', 'control', 'alt');
      await expect(row(page, 2).locator('.cell-time')).toHaveText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
      const local = await second();
      await pressKey(app, '7', 'control', 'alt');
      await expect(row(page, 2).locator('.cell-time')).not.toHaveText(local);
      const utc = await second();
      expect(Date.parse(`${local.slice(0, 23).replace(' ', 'T')}+08:00`)).toBe(
        Date.parse(`${utc.slice(0, 23).replace(' ', 'T')}Z`),
      );
      await pressKey(app, '3', 'control', 'alt');
      await expect(row(page, 2).locator('.cell-time')).toHaveText(/^\d{10}\.\d{6}$/);
      await pressKey(app, '5', 'control', 'alt');
      await expect(row(page, 2).locator('.cell-time')).toHaveText(since);
      await clickMenu(app, 'time-stream');
      await expect(row(page, 1).locator('.cell-time')).toHaveText('0.000000');
      await clickMenu(app, 'time-utc-year-day');
      await expect(row(page, 1).locator('.cell-time')).toHaveText(/^\d{4}\/\d{3} \d\d:/);
      await screenshot(page, 'times-light-en');
      await idle(page);
    });
    await withApp({ args: [sample('three-segment-close')], userData, env: zone }, async ({ app, page }) => {
      await expect(row(page, 1).locator('.cell-time')).toHaveText(/^\d{4}\/\d{3} \d\d:/);
      await resize(app, { width: 1920, height: 1080 });
      await screenshot(page, 'times-wide-light-en');
    });
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
});

test('a column that is worked out of fields sorts like any other', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http] }, async ({ app, page }) => {
    await clickMenu(app, 'columns');
    const dialog = page.getByRole('dialog', { name: 'Columns' });
    await dialog.getByRole('combobox', { name: /^Add a column/ }).fill('tcp.window_size_value / 2');
    await expect(dialog.getByText('Values worked out from fields.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await dialog.getByRole('textbox', { name: 'Title of tcp.window_size_value / 2' }).fill('Half');
    await dialog.getByRole('button', { name: 'Done' }).click();
    const halves = (await column(page, 'Half', 9)).map(Number);
    expect(halves).not.toEqual([...halves].sort((a, b) => a - b));
    await header(page, 'Half').getByRole('button').click();
    await expect(header(page, 'Half')).toHaveAttribute('aria-sort', 'ascending');
    await expect.poll(async () => (await column(page, 'Half', 9)).map(Number)).not.toEqual(halves);
    const up = (await column(page, 'Half', 9)).map(Number);
    expect(up).toEqual([...up].sort((a, b) => a - b));
    await idle(page);
    await screenshot(page, 'columns-sorted-by-expression-light-en');
  });
});

test('addresses are shown by the names that the capture gives them, where that is wanted; filters made of them hold addresses', async () => {
  test.skip(missing !== '', missing);
  const smtp = join(corpus, 'zeek', 'testing__btest__Traces__smtp.pcap');
  await withApp(
    { args: [smtp], size: { width: 1440, height: 900 }, settings: { language: 'en' } },
    async ({ app, page }) => {
      const destinations = ['10.10.1.1', '10.10.1.4', '74.53.140.153'];
      await expect.poll(() => column(page, 'Destination', 3)).toEqual(destinations);
      await clickMenu(app, 'toggle-names');
      await expect
        .poll(() => column(page, 'Destination', 3))
        .toEqual([...destinations.slice(0, 2), 'mail.patriots.in']);
      await screenshot(page, 'names-light-en');
      const named = row(page, 3).locator('.cell-destination');
      await expect(named).toHaveAttribute('title', '74.53.140.153');
      await named.click({ button: 'right' });
      await page.getByRole('menuitem', { name: /^Apply as filter/ }).click();
      await page.getByRole('menuitem', { name: 'Apply as filter: ip.dst == 74.53.140.153', exact: true }).click();
      await idle(page);
      await expect(page.getByRole('textbox', { name: 'Display filter' })).toHaveText('ip.dst == 74.53.140.153');
      await clickMenu(app, 'toggle-names');
      await expect.poll(() => column(page, 'Destination', 1)).toEqual(['74.53.140.153']);
    },
  );
});
