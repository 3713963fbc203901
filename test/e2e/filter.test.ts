/** The display filter: typed with completion, refused and put right, applied from the tree, undone, cancelled. */
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import { idle, launchApp, screenshot } from '../support/electron-app.ts';

const many = join(corpus, 'zeek', 'testing__btest__Traces__http__pipelined-requests.pcap');
const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const filter = (page: Page) => page.getByRole('textbox', { name: 'Display filter' });
const status = (page: Page) => page.getByRole('status', { name: 'Status' });

const missing = missingBeside(many);
test.skip(missing !== '', missing);

test('a filter is typed with completion, refused, put right in one click, and read back in words', async () => {
  const { page, complaints, close } = await launchApp({ args: [many], size: { width: 1440, height: 900 } });
  try {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '49');
    await page.keyboard.press('Control+/');
    await page.keyboard.type('tcp.fl');
    await expect(page.getByRole('option').first()).toContainText('tcp.flags');
    await screenshot(page, 'filter-completion-light-en');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('tcp.flags.sin == 1');
    await expect(filter(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(filter(page)).toHaveAttribute('aria-description', /“tcp\.flags\.sin” is not a field/);
    await screenshot(page, 'filter-refused-light-en');
    await page.getByRole('button', { name: 'Use tcp.flags.syn == 1' }).click();
    await expect(filter(page)).not.toHaveAttribute('aria-invalid', 'true');
    await idle(page);
    await expect(page.getByText('2 packets', { exact: true })).toBeVisible();
    await page.keyboard.press('Enter');
    await idle(page);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '2');
    await expect(status(page)).toContainText('2 of 49 displayed');
    await screenshot(page, 'filter-applied-light-en');

    // A yes-or-no field alone is there in every segment: yellow, with the rewrite.
    await page.keyboard.press('Control+/');
    await page.keyboard.type('tcp.flags.fin');
    await expect(page.getByRole('button', { name: 'Use tcp.flags.fin == 1' })).toBeVisible();
    await screenshot(page, 'filter-warning-light-en');
    await page.keyboard.press('Enter');
    await idle(page);
    await expect(status(page)).toContainText('49 of 49 displayed');

    // Undo and redo.
    await page.keyboard.press('Alt+Shift+ArrowLeft');
    await idle(page);
    await expect(filter(page)).toHaveText('tcp.flags.syn == 1');
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '2');
    await page.keyboard.press('Alt+Shift+ArrowRight');
    await idle(page);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '49');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('values of this capture are proposed with their counts, and Chinese words lead to filters', async () => {
  const { page, complaints, close } = await launchApp({
    args: [many],
    size: { width: 1280, height: 800 },
    env: { LANGUAGE: 'zh_CN' },
  });
  try {
    const box = page.getByRole('textbox', { name: '显示过滤器' }).or(filter(page));
    await box.click();
    await page.keyboard.type('ip.src == ');
    await expect(page.getByRole('option').first()).toContainText('33');
    await screenshot(page, 'filter-values');
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('握手');
    await expect(page.getByRole('option').first()).toContainText('tcp.flags.syn == 1');
    await screenshot(page, 'filter-glossary');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});

test('filters come from the tree, the list, the streams and the ladder, by menu and by drag', async () => {
  const { page, complaints, close } = await launchApp({
    args: [many],
    size: { width: 1440, height: 900 },
    settings: { theme: 'dark', language: 'en' },
  });
  const menu = (name: string | RegExp) => page.getByRole('menuitem', { name });
  const tree = page.getByRole('tree');
  try {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '49');
    await idle(page);
    // A field of the tree, applied as it is.
    await tree.getByRole('treeitem', { name: /^Transmission Control Protocol/ }).click();
    await page.keyboard.press('ArrowRight');
    await tree.getByRole('treeitem', { name: /^Source Port/ }).click({ button: 'right' });
    await menu(/^Apply as filter/).click();
    await screenshot(page, 'filter-from-tree-dark-en');
    await menu(/^Apply as filter: tcp\.srcport == \d+$/).click();
    await idle(page);
    const port = /^tcp\.srcport == (\d+)$/.exec(await filter(page).innerText())?.[1];
    expect(port).toBeDefined();
    const fromTree = Number(await packets(page).getAttribute('aria-rowcount'));
    expect(fromTree).toBeGreaterThan(1);
    expect(fromTree).toBeLessThan(49);
    // Joined to another one.
    await page.keyboard.press('Escape');
    await tree.getByRole('treeitem', { name: /^Destination Port/ }).click({ button: 'right' });
    await menu(/^Prepare as filter/).click();
    await menu(/not in|and not/i)
      .first()
      .click();
    await expect(filter(page)).toHaveText(new RegExp(`^tcp\\.srcport == ${port} && !\\(?tcp\\.dstport == \\d+\\)?$`));
    await expect(packets(page)).toHaveAttribute('aria-rowcount', String(fromTree));
    // Dragged into the box.
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await tree.getByRole('treeitem', { name: /^Source Port/ }).dragTo(filter(page));
    await expect(filter(page)).toHaveText(`tcp.srcport == ${port}`);
    // A cell of the list.
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.keyboard.press('Enter');
    await idle(page);
    await packets(page).locator('.list-row .cell-source').first().click({ button: 'right' });
    await menu(/^Apply as filter/).click();
    await menu(/^Apply as filter: ip\.src == /).click();
    await idle(page);
    await expect(status(page)).toContainText('of 49 displayed');
    await expect(filter(page)).toHaveText(/^ip\.src == \d+\.\d+\.\d+\.\d+$/);
    // An arrow of the ladder.
    await page.keyboard.press('Alt+Shift+ArrowLeft');
    await idle(page);
    await page.getByRole('list', { name: 'Steps' }).getByRole('button').first().click({ button: 'right' });
    await screenshot(page, 'filter-from-ladder-dark-en');
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
  } finally {
    await close();
  }
});
