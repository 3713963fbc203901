/**
 * What the window promises around a capture: one instance, recent files, what is remembered, keys and menus, zoom and
 * the system's wishes.
 */
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { expect, type Locator, type Page, test } from 'playwright/test';
import { corpus, missingBeside } from '../support/beside.ts';
import {
  answerFileDialog,
  clickMenu,
  idle,
  launchApp,
  pressKey,
  type RunningApp,
  screenshot,
  windowPicture,
} from '../support/electron-app.ts';

const root = resolve(import.meta.dirname, '..', '..');
const http = join(corpus, 'zeek', 'testing__btest__Traces__http__get.pcap');
const missing = missingBeside(corpus);
const sample = (id: string): string => join(root, 'build', 'samples', `${id}.pcapng`);

const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const row = (page: Page, number: number) =>
  packets(page).locator(`[role="row"][aria-rowindex="${number}"]:not(.list-header)`);
const selectedRow = (page: Page) => packets(page).locator('[role="row"][aria-selected="true"]');
const steps = (page: Page) => page.getByRole('list', { name: 'Handshake steps' }).getByRole('listitem');

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
  const folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-'));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the application a second time beside a running one; resolves with its exit code. */
function startAgain(userData: string, cwd: string, ...args: readonly string[]): Promise<number | null> {
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const child = spawn(
    process.env['HANDSHARK_ELECTRON'] ?? '',
    [...(asRoot ? ['--no-sandbox'] : []), `--user-data-dir=${userData}`, root, ...args],
    { cwd, stdio: 'ignore' },
  );
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('exit', done);
  });
}

async function box(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await locator.boundingBox();
  if (found === null) throw new Error('not on screen');
  return found;
}

test('started again with a path, the window that is there opens it', async () => {
  test.skip(missing !== '', missing);
  await withApp({}, async ({ app, page, userData }) => {
    await expect(page.getByText('Sample captures')).toBeVisible();
    // A path relative to where the second one was started, not the first.
    expect(await startAgain(userData, dirname(http), basename(http))).toBe(0);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await idle(page);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    // Over an open capture; without a path nothing changes; a wrong one costs a sentence and not the capture.
    expect(await startAgain(userData, root, sample('refused'))).toBe(0);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '2');
    expect(await startAgain(userData, root)).toBe(0);
    expect(await startAgain(userData, root, 'no-such-file.pcap')).toBe(0);
    await expect(page.getByRole('alert')).toContainText(`There is no file at ${join(root, 'no-such-file.pcap')}`);
    await idle(page);
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '2');
    await row(page, 2).click();
    await idle(page);
    await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText('Transmission Control Protocol');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});

test('a recent file can be removed from the list, and one that is gone says so', async () => {
  test.skip(missing !== '', missing);
  await withFolder(async (folder) => {
    const userData = join(folder, 'settings');
    const kept = join(folder, 'kept.pcap');
    const gone = join(folder, 'gone.pcap');
    for (const copy of [kept, gone]) copyFileSync(http, copy);
    await withApp({ userData }, async ({ app, page }) => {
      for (const path of [kept, gone]) {
        await answerFileDialog(app, path);
        await clickMenu(app, 'open');
        await expect(page).toHaveTitle(new RegExp(basename(path)));
        await expect(page.getByRole('status', { name: 'Status' })).toContainText('14 packets');
        await idle(page);
      }
      await clickMenu(app, 'close');
      const recent = page.getByRole('region', { name: 'Recent files' }).getByRole('listitem');
      await expect(recent).toHaveCount(2);
      await expect(recent.first()).toContainText('gone.pcap');
      await expect(recent.first()).toContainText('14 packets');
      await expect(recent.first()).toContainText('1 TCP stream ·');

      rmSync(gone);
      await recent.first().getByRole('button', { name: /^gone/ }).click();
      await expect(page.getByRole('alert')).toContainText(`There is no file at ${gone}`);
      await idle(page);
      await screenshot(page, 'recent-gone-light-en');
      await recent.first().getByRole('button', { name: 'Remove gone.pcap from the list' }).click();
      await expect(recent).toHaveCount(1);
      await recent.first().getByRole('button', { name: /^kept/ }).click();
      await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
      await expect(page.getByRole('alert')).toHaveCount(0);
      await idle(page);
    });
    await withApp({ userData }, async ({ page }) => {
      const recent = page.getByRole('region', { name: 'Recent files' }).getByRole('listitem');
      await expect(recent).toHaveCount(1);
      await expect(recent).toContainText('kept.pcap');
    });
  });
});

test('pane sizes, column widths, language and theme are as they were after a restart', async () => {
  test.skip(missing !== '', missing);
  await withFolder(async (folder) => {
    const userData = join(folder, 'settings');
    const layout = async (page: Page) => {
      const bars = await page
        .getByRole('separator')
        .evaluateAll((all) =>
          all.map((bar) => `${bar.getAttribute('aria-orientation')} ${bar.getAttribute('aria-valuenow')}`),
        );
      return {
        bars,
        width: Math.round((await box(packets(page))).width),
        height: Math.round((await box(packets(page))).height),
      };
    };
    let before: Awaited<ReturnType<typeof layout>> | null = null;
    await withApp({ userData, args: [http] }, async ({ page }) => {
      const drag = async (bar: Locator, dx: number, dy: number): Promise<void> => {
        const at = await box(bar);
        const [x, y] = [at.x + at.width / 2, at.y + at.height / 2];
        await page.mouse.move(x, y);
        await page.mouse.down();
        await page.mouse.move(x + dx, y + dy, { steps: 4 });
        await page.mouse.up();
        await idle(page);
      };
      const first = await layout(page);
      await drag(page.getByRole('separator', { name: /lower panes/ }), 0, -90);
      await drag(page.getByRole('separator', { name: /handshake panel/ }), 60, 0);
      await drag(page.getByRole('separator', { name: /column Source/ }), 35, 0);
      before = await layout(page);
      expect(Math.abs(before.height - (first.height - 90))).toBeLessThanOrEqual(2);
      expect(Math.abs(before.width - (first.width + 60))).toBeLessThanOrEqual(2);
      await page.getByRole('button', { name: 'Switch to the dark theme' }).click();
      await page.getByRole('button', { name: /Switch to Chinese/ }).click();
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      await idle(page);
    });
    await withApp({ userData, args: [http] }, async ({ page }) => {
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
      await page.getByRole('button', { name: /切换到英文/ }).click();
      await idle(page);
      expect(await layout(page)).toEqual(before);
    });
  });
});

test('a key of the menu that reaches page and menu acts once', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http] }, async ({ app, page }) => {
    const asked = await answerFileDialog(app);
    const zoomFactor = () =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getZoomFactor());
    await packets(page).focus();
    await pressKey(app, 'o', 'control');
    // The next key is handled after whatever the one before set off.
    await pressKey(app, 'F8');
    await expect(row(page, 2)).toHaveAttribute('aria-selected', 'true');
    await idle(page);
    expect(await asked()).toBe(1);
    await pressKey(app, 'F8');
    await expect(row(page, 3)).toHaveAttribute('aria-selected', 'true');
    await pressKey(app, 'End', 'control');
    await expect(row(page, 14)).toHaveAttribute('aria-selected', 'true');
    await pressKey(app, 'F7');
    await expect(row(page, 13)).toHaveAttribute('aria-selected', 'true');
    await pressKey(app, 'Home', 'control');
    await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true');
    await idle(page);
    // A dialog's keys are its own, the menu's still work once.
    await pressKey(app, 'g', 'control');
    await expect(page.getByRole('dialog', { name: /Go to packet/ })).toBeVisible();
    await pressKey(app, 'o', 'control');
    await expect.poll(asked).toBe(2);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    // Zooming is the menu's alone: each key is one step, with and without Shift and on the number pad.
    for (const [key, factor] of [
      ['Plus', 1.095],
      ['=', 1.2],
      ['numadd', 1.315],
      ['-', 1.2],
      ['numsub', 1.095],
    ] as const) {
      await pressKey(app, key, 'control');
      await expect.poll(zoomFactor, { message: `Ctrl and ${key}` }).toBeCloseTo(factor, 2);
    }
    await pressKey(app, '0', 'control');
    await expect.poll(zoomFactor).toBe(1);
    await pressKey(app, 'w', 'control');
    await expect(page.getByText('Sample captures')).toBeVisible();
    await idle(page);
    expect(await asked()).toBe(2);
  });
});

test('a packet leads to its handshake by its context menu, with the mouse and with either key', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http] }, async ({ page }) => {
    const menu = page.getByRole('menu');
    const entry = menu.getByRole('menuitem', { name: /Follow TCP handshake/ });
    const region = page.getByRole('region', { name: 'TCP handshake' });
    const inHandshake = () => region.evaluate((element) => element.contains(document.activeElement));

    await row(page, 4).click({ button: 'right' });
    await expect(selectedRow(page)).toHaveAttribute('aria-rowindex', '4');
    await expect(menu).toBeVisible();
    await screenshot(page, 'context-menu-light-en');
    // By its first letters, into the menu beside it, and back out.
    await page.keyboard.type('app');
    await expect(menu.getByRole('menuitem', { name: 'Apply as filter' })).toBeFocused();
    await page.keyboard.press('ArrowRight');
    const inner = page.getByRole('menu', { name: 'Apply as filter' });
    await expect(inner.getByRole('menuitem').first()).toBeFocused();
    await screenshot(page, 'context-submenu-light-en');
    const [outerBox, innerBox] = [await box(menu.first()), await box(inner)];
    expect(innerBox.x, 'the inner menu stands beside the outer one').toBeGreaterThanOrEqual(
      outerBox.x + outerBox.width - 8,
    );
    await page.keyboard.press('Escape');
    await expect(inner).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
    await expect(packets(page)).toBeFocused();
    await row(page, 2).click({ button: 'right' });
    await entry.click();
    await idle(page);
    await expect(menu).toHaveCount(0);
    await expect.poll(inHandshake).toBe(true);
    await expect(steps(page).nth(1)).toHaveAttribute('aria-current', 'step');

    for (const key of ['Shift+F10', 'ContextMenu']) {
      await packets(page).focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press(key);
      await expect(entry).toBeFocused();
      const at = await box(menu);
      const rowBox = await box(selectedRow(page));
      expect(Math.abs(at.y - (rowBox.y + rowBox.height)), `the menu of ${key} is beside its row`).toBeLessThan(4);
      await page.keyboard.press('Enter');
      await idle(page);
      await expect(menu).toHaveCount(0);
      await expect.poll(inHandshake).toBe(true);
    }
    await expect(selectedRow(page)).toHaveAttribute('aria-rowindex', '4');
  });
});

test('what has a title says it to the keyboard too', async () => {
  await withApp({}, async ({ page }) => {
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: /theme|dark/i }).focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    const tip = page.locator('.focus-tip');
    await expect(tip).toBeVisible();
    expect(await tip.textContent()).not.toBe('');
    await screenshot(page, 'focus-tip-light-en');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('tooltip')).toHaveCount(0);
  });
});

/** What of the window's parts lies outside it or has no size. */
async function lost(page: Page, parts: Readonly<Record<string, Locator>>): Promise<string[]> {
  const view = await page.evaluate(() => ({
    width: window.innerWidth,
    height: window.innerHeight,
    wide: document.documentElement.scrollWidth,
  }));
  const problems: string[] =
    view.wide > view.width ? [`the page is ${view.wide} wide in a window of ${view.width}`] : [];
  for (const [name, part] of Object.entries(parts)) {
    const at = await part.boundingBox();
    if (at === null) problems.push(`${name} is not there`);
    else if (at.x < -1 || at.y < -1 || at.x + at.width > view.width + 1 || at.y + at.height > view.height + 1)
      problems.push(`${name} sticks out: ${JSON.stringify(at)}`);
    else if (at.width < 20 || at.height < 12) problems.push(`${name} is too small: ${JSON.stringify(at)}`);
  }
  return problems;
}

test('at twice the size everything is still in reach', async () => {
  test.skip(missing !== '', missing);
  await withApp({ args: [http], size: { width: 1280, height: 800 } }, async ({ app, page }) => {
    for (let press = 0; press < 8; press++) await pressKey(app, 'Plus', 'control');
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBeLessThanOrEqual(640);
    await idle(page);
    const frame = {
      'the Open button': page.getByRole('toolbar').getByRole('button', { name: /Open/ }),
      'the filter': page.getByRole('textbox', { name: 'Display filter' }),
      'the language button': page.getByRole('button', { name: /Switch to Chinese/ }),
      'the status': page.getByRole('status', { name: 'Status' }),
      'the handshake tab': page.getByRole('tab', { name: /handshake/i }),
    };
    expect(
      await lost(page, {
        ...frame,
        'the list': packets(page),
        'the tree': page.getByRole('tree'),
        'the bytes': page.getByRole('grid', { name: 'Packet bytes' }),
      }),
    ).toEqual([]);
    expect(await packets(page).getByRole('row').count()).toBeGreaterThan(3);
    await windowPicture(app, page, 'zoom-200-list');
    await page.getByRole('tab', { name: /handshake/i }).click();
    await idle(page);
    expect(await lost(page, frame)).toEqual([]);
    // So little height that the panel scrolls: every step can be brought whole into view.
    for (const n of [0, 1, 5]) {
      await steps(page).nth(n).scrollIntoViewIfNeeded();
      await expect(steps(page).nth(n), `step ${n + 1} can be seen`).toBeInViewport({ ratio: 0.95 });
    }
    await steps(page).first().scrollIntoViewIfNeeded();
    const [panel, bar] = [
      await box(page.getByRole('region', { name: 'TCP handshake' })),
      await box(frame['the status']),
    ];
    expect(bar.y - (panel.y + panel.height), 'the panel has the height that there is').toBeLessThan(12);
    await windowPicture(app, page, 'zoom-200-handshake');
    await clickMenu(app, 'close');
    await expect(page.getByText('Sample captures')).toBeVisible();
    expect(await lost(page, {})).toEqual([]);
    await windowPicture(app, page, 'zoom-200-welcome');
    await pressKey(app, '0', 'control');
    await expect.poll(() => page.evaluate(() => window.innerWidth)).toBe(1280);
  });
});

test('with the system forced colours and reduced motion nothing is told by colour alone and nothing moves', async () => {
  await withApp({ args: [sample('four-segment-close')] }, async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
    await row(page, 4).click();
    await idle(page);
    await screenshot(page, 'forced-colors-light-en');
    // The selected row is still told from the others.
    const look = (target: Locator) =>
      target.evaluate((element) =>
        ((style) => `${style.backgroundColor} ${style.outlineStyle} ${style.outlineColor}`)(getComputedStyle(element)),
      );
    expect(await look(row(page, 4))).not.toBe(await look(row(page, 5)));
    const inks = await row(page, 4).evaluate((element) => [
      ...new Set([...element.children].map((cell) => getComputedStyle(cell).color)),
    ]);
    expect(inks, 'every cell of the selected row is written in the colour that goes with its background').toHaveLength(
      1,
    );
    const moving = await page.evaluate(
      () =>
        document.getAnimations().filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 10)
          .length,
    );
    expect(moving).toBe(0);
    // What is drawn as a background only would vanish: the health dot and the verdict's disc.
    for (const drawn of [page.locator('.status-health .dot'), page.locator('.verdict-line .tone-glyph')]) {
      expect(await drawn.evaluate((element) => getComputedStyle(element).backgroundColor)).not.toBe(
        await page.locator('body').evaluate((body) => getComputedStyle(body).backgroundColor),
      );
    }
    const slow = await page.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((element) =>
          getComputedStyle(element)
            .transitionDuration.split(',')
            .some((time) => Number.parseFloat(time) > 0.02),
        )
        .map((element) => `${element.tagName}.${element.className}`),
    );
    expect(slow).toEqual([]);
  });
});
