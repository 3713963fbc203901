/**
 * A capture of a million packets in the window: its first rows at once, cancelling, and every way of scrolling to its
 * end.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Page, test } from 'playwright/test';
import { corpus, generator, missingBeside } from '../support/beside.ts';
import { answerFileDialog, clickMenu, idle, launchApp, type RunningApp, screenshot } from '../support/electron-app.ts';

const small = join(corpus, 'zeek', 'testing__btest__Traces__http__get.pcap');
const total = 1_000_000;
let folder = '';
let million = '';

const missing = missingBeside(generator) || missingBeside(small);
test.skip(missing !== '', missing);

test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handshark-e2e-large-'));
  million = join(folder, 'million.pcap');
  execFileSync(
    process.execPath,
    [generator, '--packets', String(total), '--seed', '1', '--format', 'pcap', '--out', million],
    { stdio: 'ignore' },
  );
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packets = (page: Page) => page.getByRole('grid', { name: 'Packets' });
const row = (page: Page, number: number) => packets(page).locator(`.list-row[aria-rowindex="${number}"]`);
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

/** The row is there whole, inside the list's box, and says its own number and what is in its packet. */
async function expectOnScreen(page: Page, number: number): Promise<void> {
  await expect(row(page, number).locator('.cell-number')).toHaveText(String(number));
  await expect(row(page, number).locator('.cell-info')).toHaveText(/\S/);
  const inside = await row(page, number).evaluate((element) => {
    const grid = element.closest('[role="grid"]')?.getBoundingClientRect();
    const own = element.getBoundingClientRect();
    return grid !== undefined && own.top >= grid.top && own.bottom <= grid.bottom + 0.5;
  });
  expect(inside, `row ${number} is inside the list`).toBe(true);
}

/** Middle of the list's rows, where the wheel turns. */
async function pointAtRows(page: Page): Promise<void> {
  const at = await packets(page).boundingBox();
  if (at === null) throw new Error('no list');
  await page.mouse.move(at.x + at.width / 3, at.y + at.height / 2);
}

/** The list stands still: two frames on end show the same rows at the same place. */
async function still(page: Page): Promise<void> {
  await packets(page).evaluate(async (element) => {
    const look = (): string =>
      `${element.scrollTop} ${[...element.querySelectorAll('.list-row')].map((each) => `${each.getAttribute('aria-rowindex')} ${each.getAttribute('style')}`).sort()}`;
    const frame = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));
    let same = 0;
    for (let before = look(); same < 2; ) {
      await frame();
      const now = look();
      same = now === before ? same + 1 : 0;
      before = now;
    }
  });
  await idle(page);
}

/**
 * Sees an element in the moment in which it appears, and clicks it where that is wanted: by the time that this process
 * hears of a button that stands there while something is loaded, the loading may be over. To be called before what
 * makes it appear; what it gives resolves when it was there.
 * @param beside what the texts around the element must say, as a regular expression
 */
async function onSight(
  page: Page,
  selector: string,
  does: 'look' | 'click',
  beside = '',
): Promise<() => Promise<void>> {
  await page.evaluate(
    ([wanted, act, pattern]) => {
      const found = new Promise<void>((resolve) => {
        const look = (): void => {
          const element = document.querySelector<HTMLElement>(wanted);
          if (element === null || !new RegExp(pattern).test(element.parentElement?.textContent ?? '')) return;
          observer.disconnect();
          if (act === 'click') element.click();
          resolve();
        };
        const observer = new MutationObserver(look);
        observer.observe(document.documentElement, {
          subtree: true,
          childList: true,
          attributes: true,
          characterData: true,
        });
      });
      Reflect.set(globalThis, 'onSight', found);
    },
    [selector, does, beside] as const,
  );
  return () => page.evaluate(() => Reflect.get(globalThis, 'onSight') as Promise<void>);
}

test('the first page of a large file is on screen at once', async () => {
  await withApp({}, async ({ app, page }) => {
    // Chosen sooner after the start than a person could: the decoding thread may still be warming up.
    await answerFileDialog(app, million);
    await page.evaluate(() => {
      const state = { chosen: 0, shown: 0, loaded: 0 };
      Reflect.set(globalThis, 'measured', state);
      const look = (): void => {
        // A frame is drawn after this callback; the next one begins when it is on screen.
        if (state.shown === 0 && document.querySelectorAll('[role="grid"] .cell-info:not(:empty)').length > 5)
          requestAnimationFrame((time) => (state.shown = time));
        if (document.querySelector('[role="progressbar"]') === null && state.shown > 0)
          state.loaded = performance.now();
        if (state.loaded === 0) requestAnimationFrame(look);
      };
      addEventListener(
        'click',
        () => {
          state.chosen = performance.now();
          requestAnimationFrame(look);
        },
        { capture: true, once: true },
      );
    });
    await page
      .getByRole('main')
      .getByRole('button', { name: /Open a capture/ })
      .click();
    await idle(page);
    await expect(status(page)).toContainText('1,000,000 packets');
    const { chosen, shown, loaded } = await page.evaluate(
      () =>
        Reflect.get(globalThis, 'measured') as {
          readonly chosen: number;
          readonly shown: number;
          readonly loaded: number;
        },
    );
    const [first, whole] = [Math.round(shown - chosen), Math.round(loaded - chosen)];
    const text = `first page of ${total} packets on screen after ${first} ms, all of them after ${whole} ms`;
    test.info().annotations.push({ type: 'measured', description: text });
    process.stdout.write(`${text}\n`);
    expect(first).toBeGreaterThan(0);
    // 300 ms are wanted, and measured here; what fails is a list that waits for the whole file, on no machine however
    // busy one that does not.
    expect(first).toBeLessThan(whole);
  });
});

test('cancelled while it loads, what was read stays usable', async () => {
  await withApp({}, async ({ app, page }) => {
    await answerFileDialog(app, million);
    const progress = page.getByRole('progressbar', { name: 'Loading capture' });
    // The bar says how far it is, and in the same moment there is a way to stop it.
    const cancelled = await onSight(
      page,
      '[role="progressbar"]:not([aria-valuenow="0"]) ~ button',
      'click',
      'packets · .* of 637',
    );
    await clickMenu(app, 'open');
    await cancelled();
    await expect(progress).toHaveCount(0);
    await idle(page);
    await expect(status(page)).toContainText('loading cancelled: what was read is shown');
    const count = Number(await packets(page).getAttribute('aria-rowcount'));
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(total);
    await expect(status(page)).toContainText(`${count.toLocaleString('en')} packets`);
    await packets(page).focus();
    await page.keyboard.press('End');
    await idle(page);
    await expectOnScreen(page, count);
    await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText(`Frame ${count}:`);
    await page.getByRole('tab', { name: /TCP streams/ }).click();
    await idle(page);
    await page.getByRole('grid', { name: 'TCP streams' }).getByRole('row').nth(2).click();
    await idle(page);
    await expect(page.getByRole('list', { name: 'Handshake steps' }).getByRole('listitem').first()).toBeVisible();
    await screenshot(page, 'cancelled-light-en');
    // It is among the recent files, without counts of a part, and read again it comes whole.
    await clickMenu(app, 'close');
    const recent = page.getByRole('region', { name: 'Recent files' }).getByRole('listitem');
    await expect(recent).toContainText(/million\.pcap.*637/);
    await expect(recent).not.toContainText('packets');
    await recent.getByRole('button', { name: /^million/ }).click();
    await expect(packets(page)).toHaveAttribute('aria-rowcount', String(total), { timeout: 30_000 });
    await expect(status(page)).not.toContainText('cancelled');
    await idle(page);
  });
});

test('reloaded, replaced and closed while it loads', async () => {
  await withApp({ args: [million] }, async ({ app, page }) => {
    const progress = page.getByRole('progressbar', { name: 'Loading capture' });
    // Reloaded in the middle: it begins again and comes whole.
    await clickMenu(app, 'reload');
    await expect(status(page)).toContainText('1,000,000 packets', { timeout: 30_000 });
    await idle(page);
    const again = await onSight(page, '[role="progressbar"]', 'look');
    await clickMenu(app, 'reload');
    await again();
    // Replaced in the middle: nothing of the one before is left, nor comes later.
    await answerFileDialog(app, small);
    await clickMenu(app, 'open');
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await idle(page);
    await expect(progress).toHaveCount(0);
    await expect(status(page)).toContainText('14 packets');
    await expect(page.getByRole('tab', { name: /TCP streams/ })).toHaveText(/1$/);
    await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText('Frame 1: 78 bytes');
    // Closed in the middle.
    await answerFileDialog(app, million);
    const loading = await onSight(page, '[role="progressbar"]', 'look');
    await clickMenu(app, 'open');
    await loading();
    await clickMenu(app, 'close');
    await expect(page.getByText('Sample captures')).toBeVisible();
    await idle(page);
    await expect(status(page)).toHaveText('Ready');
    // It was read to its end before: that is what the list of recent files still says of it.
    const recent = page.getByRole('region', { name: 'Recent files' }).getByRole('listitem');
    await expect(recent.first()).toContainText(/million\.pcap.*1,000,000 packets/);
    await recent.nth(1).getByRole('button').first().click();
    await expect(packets(page)).toHaveAttribute('aria-rowcount', '14');
    await idle(page);
  });
});

test('a million rows: keys, wheel and scrollbar reach both ends', async () => {
  await withApp({ args: [million] }, async ({ page }) => {
    await expect(packets(page)).toHaveAttribute('aria-rowcount', String(total), { timeout: 30_000 });
    await idle(page);
    const firstShown = () =>
      packets(page)
        .locator('.list-row')
        .evaluateAll((rows) => Math.min(...rows.map((each) => Number(each.getAttribute('aria-rowindex')))));

    // Keys.
    await packets(page).focus();
    await page.keyboard.press('End');
    await idle(page);
    await expectOnScreen(page, total);
    await expect(row(page, total)).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText(`Frame ${total}:`);
    await page.keyboard.press('ArrowUp');
    await idle(page);
    await expectOnScreen(page, total - 1);
    await page.keyboard.press('Home');
    await idle(page);
    await expectOnScreen(page, 1);
    await expect(row(page, 1)).toHaveAttribute('aria-selected', 'true');

    // Wheel: exact to the row at the start, then to the end and back by one turn.
    await pointAtRows(page);
    await page.mouse.wheel(0, 24 * 10);
    await expect.poll(firstShown).toBe(11 - 2);
    for (let turn = 0; turn < 30; turn++) await page.mouse.wheel(0, 1_000_000);
    await expectOnScreen(page, total);
    const last = await firstShown();
    await page.mouse.wheel(0, -24 * 3);
    await expect.poll(firstShown).toBe(last - 3);
    await still(page);
    await row(page, total - 6).click();
    await idle(page);
    await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText(`Frame ${total - 6}:`);
    for (let turn = 0; turn < 30; turn++) await page.mouse.wheel(0, -1_000_000);
    await expectOnScreen(page, 1);

    // Scrollbar: the thumb dragged down past the end, up to the middle, and back.
    const bar = await packets(page).evaluate((element) => {
      const at = element.getBoundingClientRect();
      const width = at.width - element.clientWidth;
      return { width, x: at.right - width / 2, top: at.top, bottom: at.top + element.clientHeight };
    });
    expect(bar.width, 'the list has a scrollbar to take hold of').toBeGreaterThan(4);
    await page.mouse.move(bar.x, bar.top + 6);
    await page.mouse.down();
    await page.mouse.move(bar.x, bar.bottom + 40, { steps: 12 });
    await expectOnScreen(page, total);
    await page.mouse.move(bar.x, (bar.top + bar.bottom) / 2, { steps: 6 });
    await expect.poll(firstShown).toBeGreaterThan(total * 0.3);
    expect(await firstShown()).toBeLessThan(total * 0.7);
    await page.mouse.up();
    await still(page);
    const middle = (await firstShown()) + 5;
    await expectOnScreen(page, middle);
    await row(page, middle).click();
    await idle(page);
    await expect(page.getByRole('tree', { name: 'Packet details' })).toContainText(`Frame ${middle}:`);
    await screenshot(page, 'million-light-en');
    await page.keyboard.press('Home');
    await idle(page);
    await expectOnScreen(page, 1);
  });
});

test('a million packets filtered and sorted: the first matches at once, no frame is held up, Cancel answers', async () => {
  await withApp(
    { args: [million], size: { width: 1440, height: 900 }, settings: { language: 'en' } },
    async ({ page }) => {
      await expect(packets(page)).toHaveAttribute('aria-rowcount', String(total), { timeout: 30_000 });
      await idle(page);
      // Longest time between two frames, and when the list first had other rows.
      await page.evaluate(() => {
        const seen = { longest: 0, changedAt: 0, startedAt: 0, last: performance.now() };
        Object.assign(window, { seen });
        const frame = (now: number): void => {
          seen.longest = Math.max(seen.longest, now - seen.last);
          seen.last = now;
          const rows = document.querySelectorAll('.packet-list .list-row').length;
          if (
            seen.startedAt > 0 &&
            seen.changedAt === 0 &&
            rows > 0 &&
            document.querySelector('.packet-list')?.getAttribute('aria-rowcount') !== '1000000'
          )
            seen.changedAt = now;
          requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      });
      type Seen = { longest: number; changedAt: number; startedAt: number; last: number };
      const begin = () =>
        page.evaluate(() => {
          const { seen } = window as unknown as { seen: Seen };
          Object.assign(seen, { longest: 0, changedAt: 0, startedAt: performance.now() });
        });
      const end = () =>
        page.evaluate(() => {
          const { seen } = window as unknown as { seen: Seen };
          return { longest: Math.round(seen.longest), first: Math.round(seen.changedAt - seen.startedAt) };
        });
      for (const text of [
        'ip.addr==10.0.0.5',
        'tcp.flags.syn==1 && tcp.flags.ack==0',
        'dns.qry.name contains "site7."',
        'http.request.method=="GET"',
      ]) {
        await page.keyboard.press('Control+/');
        await page.keyboard.press('Control+a');
        await page.keyboard.insertText(text);
        await page.keyboard.press('Escape');
        await begin();
        await page.keyboard.press('Control+/');
        await page.keyboard.press('Enter');
        await idle(page);
        const { longest, first } = await end();
        process.stdout.write(`${text}: first matches on screen after ${first} ms, longest frame ${longest} ms\n`);
        await expect(status(page)).toContainText('of 1,000,000 displayed');
        // Far above what is measured: it holds on a busy machine, and fails when the list waits for all packets.
        expect(first).toBeLessThan(1500);
        await page.keyboard.press('Control+/');
        await page.keyboard.press('Control+a');
        await page.keyboard.press('Delete');
        await page.keyboard.press('Enter');
        await idle(page);
      }
      // Given up in the middle, what was found stays.
      await page.keyboard.press('Control+/');
      await page.keyboard.insertText('ip.ttl < 65');
      const givenUp = await onSight(page, '.filter-count button', 'click', '[1-9]\\d* ?%');
      await page.keyboard.press('Enter');
      await givenUp();
      await idle(page);
      await expect(status(page)).toContainText('displayed');
      const kept = Number(await packets(page).getAttribute('aria-rowcount'));
      expect(kept).toBeGreaterThan(0);
      expect(kept).toBeLessThan(total);
      await page.keyboard.press('Control+/');
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
      await page.keyboard.press('Enter');
      await idle(page);
      for (const name of ['Time', 'Source', 'Destination', 'Length', 'No.']) {
        await begin();
        await page.getByRole('columnheader', { name }).getByRole('button').first().click();
        await idle(page);
        const { longest } = await end();
        process.stdout.write(`sorted by ${name}: longest frame ${longest} ms\n`);
        expect(longest).toBeLessThan(1000);
      }
      await screenshot(page, 'large-sorted-light-en');
    },
  );
});
