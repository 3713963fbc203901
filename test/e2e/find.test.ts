/** Find: in the list, the details and the bytes, forwards and backwards, with a count. */
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { idle, launchApp, screenshot } from '../support/electron-app.ts';

const file = join(corpus, 'zeek', 'testing__btest__Traces__http__pipelined-requests.pcap');
const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const number = (page: Page) => packets(page).locator('[role="row"][aria-selected="true"] .cell-number');
const bar = (page: Page) => page.getByRole('search', { name: 'Find' });
const field = (page: Page) => bar(page).getByRole('textbox', { name: 'Look for' });

const missing = missingBeside(file);
test.skip(missing !== '', missing);

test('text in the list, forwards, backwards, over the end', async () => {
  const { page, complaints, close } = await launchApp({ args: [file], size: { width: 1440, height: 900 } });
  try {
    await page.keyboard.press('Control+f');
    await expect(field(page)).toBeFocused();
    await page.keyboard.type('get /');
    await idle(page);
    await expect(bar(page).getByRole('status')).toHaveText('In 5 packets');
    await page.keyboard.press('Enter');
    await idle(page);
    await expect(number(page)).toHaveText('4');
    await page.keyboard.press('Enter');
    await idle(page);
    await expect(number(page)).toHaveText('6');
    await screenshot(page, 'find-list-light-en');
    await page.keyboard.press('Shift+Enter');
    await idle(page);
    await expect(number(page)).toHaveText('4');
    await page.keyboard.press('Shift+Enter');
    await idle(page);
    await expect(number(page)).toHaveText('20');
    await expect(page.getByRole('status', { name: 'Notice' })).toContainText('Went on at the last packet');
    await bar(page).getByRole('checkbox', { name: 'Match case' }).check();
    await idle(page);
    await expect(bar(page).getByRole('status')).toHaveText('In 0 packets');
    await page.keyboard.press('Control+n');
    await expect(bar(page).getByRole('status')).toHaveText('No packet has it.');
    await field(page).press('Escape');
    await expect(bar(page)).toBeHidden();
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('bytes, patterns and filters; what is wrong is said; hits within a packet are stepped through', async () => {
  const { page, complaints, close } = await launchApp({ args: [file], size: { width: 1440, height: 900 } });
  try {
    await page.keyboard.press('Control+f');
    await bar(page).getByRole('combobox', { name: 'What to look for' }).selectOption('hex');
    await field(page).fill('47 4');
    await field(page).fill('zz');
    await expect(bar(page).getByRole('status')).toContainText('are no bytes');
    await expect(field(page)).toHaveAttribute('aria-invalid', 'true');
    await field(page).fill('47 45 54');
    await field(page).press('Enter');
    await idle(page);
    await expect(number(page)).toHaveText('4');
    await expect(page.getByRole('treeitem', { selected: true })).toContainText('GET');

    await bar(page).getByRole('combobox', { name: 'What to look for' }).selectOption('regex');
    await bar(page).getByRole('combobox', { name: 'Where to look' }).selectOption('details');
    await field(page).fill('(unclosed');
    await expect(bar(page).getByRole('status')).toContainText('not valid');
    await field(page).fill('User-Agent: .*Gecko');
    await field(page).press('Enter');
    await idle(page);
    await expect(page.getByRole('treeitem', { selected: true })).toContainText('Gecko');
    await page.getByRole('button', { name: /dark/i }).click();
    await screenshot(page, 'find-details-dark-en');

    await bar(page).getByRole('combobox', { name: 'What to look for' }).selectOption('filter');
    await field(page).fill('tcp.flags.fin == 1');
    await field(page).press('Enter');
    await idle(page);
    await expect(number(page)).toHaveText('47');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
