/**
 * What the panel says of a connection and what shows it, in the real application: a reset in another's name, and two
 * connections in one stream.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { translator } from '../../shared/i18n/translate.ts';
import { idle, launchApp, resize, screenshot, windowPicture } from '../support/electron-app.ts';
import { connectionFile, injectedReset, sameNumbersAgain } from '../support/tcp-captures.ts';

let folder = '';
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-evidence-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

function built(name: string, bytes: Uint8Array): string {
  const path = join(folder, `${name}.pcap`);
  writeFileSync(path, bytes);
  return path;
}

const said = {
  en: {
    injected: 'The reset in the name of the server was sent by something in between',
    out: 'The server reset the connection',
    close: 'reset in the server’s name',
  },
  'zh-CN': { injected: '以服务器名义发送的 RST 出自中间设备', out: '服务器复位了连接', close: '冒用服务器名义的 RST' },
} as const;

for (const [language, theme] of [
  ['en', 'light'],
  ['zh-CN', 'dark'],
] as const) {
  test(`a reset that the server did not send, ${language}, ${theme}`, async () => {
    const running = await launchApp({
      args: [built('injected', connectionFile(injectedReset))],
      settings: { language, theme },
    });
    const { app, page } = running;
    const t = translator(language);
    try {
      await idle(page);
      const panel = page.getByRole('region', { name: t('handshake.region'), exact: true });
      const packets = page.getByRole('grid', { name: t('packets.grid') });
      const opens = panel.getByRole('button', { name: new RegExp(`^${t('evidence.title')} 5$`) });
      await opens.focus();
      await page.keyboard.press('Enter');
      const evidence = panel.getByRole('region', { name: t('evidence.title') });
      const claim = evidence.getByRole('listitem').filter({ hasText: said[language].injected });
      await expect(claim).toContainText(t('evidence.proved'));

      // A frame leads to its packet: in the list, the details, the bytes and the ladder.
      await claim.getByRole('button', { name: t('evidence.frame', { frame: 6 }) }).click();
      await idle(page);
      await expect(packets.locator('[role="row"][aria-selected="true"]')).toHaveAttribute('aria-rowindex', '6');
      await expect(panel.locator('.step[aria-current="step"]')).toHaveAttribute('data-row', '5');
      await expect(page.getByRole('tree', { name: t('details.tree') })).toContainText(/\b6\b/);

      // Its step stays in view while the evidence takes room from the ladder, and gives it back.
      const step = panel.locator('.step[data-row="7"]');
      await opens.click();
      await step.click();
      await opens.click();
      await idle(page);
      await expect(step).toBeInViewport({ ratio: 0.9 });
      await claim.getByRole('button', { name: t('evidence.frame', { frame: 6 }) }).click();
      await idle(page);

      // The reset leaves from between the lifelines.
      const reset = panel.locator('.step[data-row="4"]');
      const [lane, sign] = [
        await reset.locator('.lane').boundingBox(),
        await reset.locator('.departure').boundingBox(),
      ];
      expect(
        Math.abs((lane?.x ?? 0) + (lane?.width ?? 0) / 2 - ((sign?.x ?? 0) + (sign?.width ?? 0) / 2)),
      ).toBeLessThan(2);

      await evidence.getByRole('button', { name: t('evidence.ruledOut', { count: 1 }) }).click();
      await expect(evidence.getByRole('listitem').filter({ hasText: said[language].out })).toContainText(
        t('evidence.contradicted'),
      );
      await screenshot(page, `evidence-${theme}-${language}-1280`);
      await resize(app, { width: 1440, height: 900 });
      await idle(page);
      await screenshot(page, `evidence-${theme}-${language}-1440`);
      expect(await panel.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);

      // The table of streams has the same words, and sorts by them.
      await page.getByRole('tab', { name: new RegExp(t('tabs.streams')) }).click();
      await idle(page);
      const streams = page.getByRole('grid', { name: t('streams.grid') });
      await streams.getByRole('button', { name: t('streams.column.close') }).click();
      await idle(page);
      await expect(streams.getByRole('row').nth(1)).toContainText(said[language].close);

      // Enlarged, everything is still there.
      await resize(app, { width: 1280, height: 800 });
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(2));
      await page.getByRole('tab', { name: t('handshake.region') }).click();
      await idle(page);
      await claim.getByRole('button', { name: t('evidence.frame', { frame: 6 }) }).click();
      await idle(page);
      await expect(claim).toBeInViewport();
      await windowPicture(app, page, `evidence-zoomed-${theme}-${language}`);
      expect(running.complaints).toEqual([]);
    } finally {
      await running.close();
    }
  });
}

test('two connections in one stream, with a line between them', async () => {
  const running = await launchApp({
    args: [built('again', connectionFile(sameNumbersAgain))],
    size: { width: 1440, height: 900 },
  });
  const { page } = running;
  try {
    await idle(page);
    const panel = page.getByRole('region', { name: 'TCP handshake', exact: true });
    await expect(panel.locator('.ladder-connection')).toContainText('Connection 2 of 2');
    await panel.locator('.ladder-connection').scrollIntoViewIfNeeded();
    await screenshot(page, 'evidence-two-connections');
    await panel.getByRole('button', { name: 'Opening', exact: true }).click();
    await expect(page.getByRole('grid', { name: 'Packets' })).toHaveAttribute('aria-rowcount', '6');
    await panel.getByRole('button', { name: /^Evidence \d+$/ }).click();
    await expect(panel.getByRole('heading', { name: /^Connection 2 of 2/ })).toBeVisible();
    // A frame that the list does not show: the list shows all again.
    await panel
      .getByRole('list', { name: 'Connection 2 of 2' })
      .getByRole('button', { name: 'Select frame 16' })
      .click();
    await idle(page);
    await expect(
      page.getByRole('grid', { name: 'Packets' }).locator('[role="row"][aria-selected="true"]'),
    ).toHaveAttribute('aria-rowindex', '16');
    await screenshot(page, 'evidence-two-connections-told');
    expect(running.complaints).toEqual([]);
  } finally {
    await running.close();
  }
});
