/** Starts the built application in a real Electron for an end-to-end test. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright/test';
import type { Settings } from '../../shared/model/settings.ts';

const root = resolve(import.meta.dirname, '..', '..');

export interface Launch {
  /** The application's arguments, as a user would type them after its name. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Size of the page in CSS pixels; 1280 by 800 where not given. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Keeps settings between two launches; a fresh folder, removed at the end, where not given. */
  readonly userData?: string;
  /** The user's settings as they were left the last time. */
  readonly settings?: Partial<Settings>;
}

export interface RunningApp {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** What the page and the main process wrote to their consoles as errors, and every uncaught error of the page. */
  readonly complaints: readonly string[];
  readonly userData: string;
  close(): Promise<void>;
}

/** The window is there and idle when this resolves. */
export async function launchApp(launch: Launch = {}): Promise<RunningApp> {
  const executablePath = process.env['HANDSHARK_ELECTRON'];
  if (executablePath === undefined)
    throw new Error('HANDSHARK_ELECTRON names no Electron: run the end-to-end tests with `npm run e2e`');
  const userData = launch.userData ?? mkdtempSync(join(tmpdir(), 'handshark-e2e-'));
  if (launch.settings !== undefined) writeFileSync(join(userData, 'settings.json'), JSON.stringify(launch.settings));
  const { ELECTRON_RUN_AS_NODE: _, ...inherited } = process.env;
  const given = Object.entries({ ...inherited, LC_ALL: 'C.UTF-8', LANGUAGE: 'en', TZ: 'UTC', ...launch.env }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0;
  const app = await _electron.launch({
    executablePath,
    args: [
      ...(asRoot ? ['--no-sandbox'] : []),
      `--user-data-dir=${userData}`,
      '--force-device-scale-factor=1',
      root,
      ...(launch.args ?? []),
    ],
    cwd: root,
    env: Object.fromEntries(given),
    timeout: 30_000,
  });
  const complaints: string[] = [];
  const close = async (): Promise<void> => {
    await app.close();
    if (launch.userData === undefined) rmSync(userData, { recursive: true, force: true });
  };
  try {
    app.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`main: ${message.text()}`);
    });
    const page = await app.firstWindow();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(`page: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`page: ${error.stack ?? error.message}`));
    // The virtual display's pointer rests in the middle, over whatever is there.
    await page.mouse.move(0, 0);
    await resize(app, launch.size ?? { width: 1280, height: 800 });
    await idle(page);
    return { app, page, complaints, userData, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Resolves when the application says that nothing is pending. */
export async function idle(page: Page, timeoutMs = 30_000): Promise<void> {
  await page.locator('html[data-idle="true"]').waitFor({ state: 'attached', timeout: timeoutMs });
}

/** Gives the window's page this size in CSS pixels. */
export async function resize(
  app: ElectronApplication,
  size: { readonly width: number; readonly height: number },
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    size,
  );
}

/** Keeps out/screenshots/NAME.png, of the idle application. */
export async function screenshot(page: Page, name: string): Promise<Buffer> {
  const folder = join(root, 'out', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await idle(page);
  return page.screenshot({ path: join(folder, `${name}.png`), animations: 'disabled', caret: 'hide' });
}

/** As `screenshot`, taken by Electron: Playwright cuts the picture of a zoomed window at the size in CSS pixels. */
export async function windowPicture(app: ElectronApplication, page: Page, name: string): Promise<void> {
  const folder = join(root, 'out', 'screenshots');
  mkdirSync(folder, { recursive: true });
  await idle(page);
  const png = await app.evaluate(
    async ({ BrowserWindow }) =>
      (await BrowserWindow.getAllWindows()[0]?.webContents.capturePage())?.toPNG().toString('base64') ?? '',
  );
  writeFileSync(join(folder, `${name}.png`), Buffer.from(png, 'base64'));
}

/** Clicks an entry of the application's menu by its id, as the menu bar belongs to the system and no page shows it. */
export async function clickMenu(app: ElectronApplication, id: string): Promise<void> {
  await app.evaluate(({ BrowserWindow, Menu }, wanted) => {
    const item = Menu.getApplicationMenu()?.getMenuItemById(wanted);
    if (item === null || item === undefined) throw new Error(`the menu has no entry ${wanted}`);
    if (!item.enabled) throw new Error(`the menu's entry ${wanted} is disabled`);
    item.click(undefined, BrowserWindow.getAllWindows()[0], undefined);
  }, id);
}

/**
 * Presses a key as the system would: it reaches the page first and, where the page lets it pass, the application's
 * menu. Playwright's own `page.keyboard` ends in the page and never reaches a menu. `keyCode` as Electron's
 * accelerators have it.
 */
export async function pressKey(
  app: ElectronApplication,
  keyCode: string,
  ...modifiers: readonly ('control' | 'shift' | 'alt')[]
): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, key) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const event = { keyCode: key.keyCode, modifiers: [...key.modifiers] };
      contents?.sendInputEvent({ ...event, type: 'rawKeyDown' });
      contents?.sendInputEvent({ ...event, type: 'keyUp' });
    },
    { keyCode, modifiers },
  );
}

/**
 * Makes the system's file dialog answer with this path at once (none: the user gives up), and counts how often it was
 * asked.
 */
export async function answerFileDialog(app: ElectronApplication, path?: string): Promise<() => Promise<number>> {
  await app.evaluate(({ dialog }, chosen) => {
    Reflect.set(globalThis, 'dialogsShown', 0);
    dialog.showOpenDialog = () => {
      Reflect.set(globalThis, 'dialogsShown', Number(Reflect.get(globalThis, 'dialogsShown')) + 1);
      return Promise.resolve({ canceled: chosen === undefined, filePaths: chosen === undefined ? [] : [chosen] });
    };
  }, path);
  return () => app.evaluate(() => Number(Reflect.get(globalThis, 'dialogsShown')));
}

/** Makes the system's save dialog answer with this path at once. */
export async function answerSaveDialog(app: ElectronApplication, path: string): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}
