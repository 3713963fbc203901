/** The main process: wires window, menu, settings and the decoding thread together. */
import { join } from 'node:path';
import { app, type BrowserWindow, clipboard, dialog, Menu, nativeTheme } from 'electron';
import { translator } from '../../shared/i18n/translate.ts';
import type { BootInfo, MenuCommand } from '../../shared/ipc/contract.ts';
import type { OpenError } from '../../shared/model/capture.ts';
import { listSettingKeys } from '../../shared/model/list-settings.ts';
import { fail } from '../../shared/model/result.ts';
import type { Language, Settings, Theme } from '../../shared/model/settings.ts';
import { askSeries } from './ask-series.ts';
import { askAboutUnsaved } from './ask-unsaved.ts';
import { Captures } from './captures.ts';
import { fileArgument } from './file-argument.ts';
import { importText } from './import-text.ts';
import { answerRequests, emitTo } from './ipc.ts';
import { Live } from './live.ts';
import { buildMenu } from './menu.ts';
import { samplePath, samples } from './samples.ts';
import { saveCapture } from './save-capture.ts';
import { saveExport } from './save-export.ts';
import { SettingsStore } from './settings.ts';
import { Spool } from './spool.ts';
import { createWindow, isOurPage } from './window.ts';
import { WorkerClient } from './worker-client.ts';

const outFolder = join(__dirname, '..');

/** Where a file of the application lies outside of its archive: programs and threads, and what they read, are kept there. */
const unpacked = (path: string): string => path.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked');

function run(): void {
  let window: BrowserWindow | null = null;
  // A file named on the command line may fail before the page is there to say so.
  let pageReady = false;
  let failedEarly: OpenError | null = null;
  const settings = new SettingsStore(join(app.getPath('userData'), 'settings.json'));
  const systemLanguage = (): Language => (app.getPreferredSystemLanguages()[0]?.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');
  const systemTheme = (): Theme => (nativeTheme.shouldUseDarkColors ? 'dark' : 'light');
  const language = (): Language => (settings.current.language === 'system' ? systemLanguage() : settings.current.language);

  const refresh = (): void => {
    nativeTheme.themeSource = settings.current.theme;
    Menu.setApplicationMenu(
      buildMenu(language(), settings.current, {
        command: (command: MenuCommand) => emitTo(window, 'menu:command', command),
        update: (patch) => change(patch),
        openRecent: (path) => void captures.open(path),
      }),
    );
    emitTo(window, 'settings:changed', settings.current, systemLanguage(), systemTheme());
  };
  const change = (patch: Partial<Settings>): Settings => {
    const changed = settings.update(patch);
    const listChanged = listSettingKeys.some((key) => key in patch);
    if ('rawNumbers' in patch || listChanged) captures.tellPreferences();
    // Pane sizes move all the time and concern nobody else.
    if ('language' in patch || 'theme' in patch || 'density' in patch || 'rawNumbers' in patch || listChanged || 'recent' in patch) refresh();
    return changed;
  };

  const captures = new Captures(
    () => worker,
    settings,
    {
      opened: (info) => {
        window?.setTitle(`${info.name} - Handshark`);
        emitTo(window, 'capture:opened', info);
      },
      progress: (progress) => emitTo(window, 'capture:progress', progress),
      failed: (error) => {
        if (pageReady) emitTo(window, 'capture:open-failed', error);
        else failedEarly = error;
      },
      closed: () => {
        window?.setTitle('Handshark');
        emitTo(window, 'capture:closed');
      },
      recentChanged: refresh,
    },
    join(app.getPath('userData'), 'notes'),
    {
      ask: (capturing) => askAboutUnsaved(window, translator(language()), capturing),
      save: async () => (await saveCapture({ captures, worker, window, t: translator(language()), as: true, choice: 'all' }))?.ok === true,
      discard: (path) => spool.remove(path),
    },
  );
  const spool = new Spool(join(app.getPath('userData'), 'unsaved'));
  const live = new Live(captures, () => worker, spool, unpacked(join(outFolder, 'capture', 'child.cjs')), {
    askSeries: () => askSeries(window, translator(language())),
    step: (step) => emitTo(window, 'live:step', step),
    handshake: (found) => emitTo(window, 'live:handshake', found),
  });
  const worker = new WorkerClient(
    unpacked(join(outFolder, 'worker', 'worker.cjs')),
    (event) => {
      if (event.name === 'capture:progress') captures.onProgress(event.value);
      else emitTo(window, event.name, event.value as never);
    },
    (message) => captures.onCrash(message),
  );

  const bootInfo = (): BootInfo => ({
    version: app.getVersion(),
    platform: process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
    settings: settings.current,
    systemLanguage: systemLanguage(),
    systemTheme: systemTheme(),
    samples: samples.map(({ id, packets }) => ({ id, packets })),
    capture: captures.info,
    progress: captures.progress,
  });

  answerRequests(
    {
      'app:boot': () => {
        pageReady = true;
        const failure = failedEarly;
        failedEarly = null;
        if (failure !== null) setImmediate(() => emitTo(window, 'capture:open-failed', failure));
        return bootInfo();
      },
      'settings:update': async (patch) => {
        const changed = change(patch);
        // What the window hears of it comes before the answer.
        if ('decodeAs' in patch) await captures.tellDecodeAs();
        return changed;
      },
      'capture:choose-file': async () => {
        if (window === null) return null;
        const t = translator(language());
        const { canceled, filePaths } = await dialog.showOpenDialog(window, {
          title: t('dialog.open.title'),
          properties: ['openFile'],
          filters: [
            { name: t('dialog.open.captures'), extensions: ['pcap', 'pcapng', 'cap', 'dmp', 'gz', 'zst'] },
            { name: t('dialog.open.all'), extensions: ['*'] },
          ],
        });
        return canceled ? null : (filePaths[0] ?? null);
      },
      'capture:open-file': (path) => captures.open(path),
      'capture:open-sample': (id) => {
        const path = samplePath(unpacked(app.getAppPath()), id);
        return path === null ? fail({ code: 'not-found', path: id }) : captures.open(path, false);
      },
      'capture:reload': () => captures.reload(),
      'capture:cancel': (captureId) => worker.request('cancel', captureId),
      'capture:close': () => captures.close(),
      'recent:remove': (path) => {
        const changed = settings.removeRecent(path);
        refresh();
        return changed;
      },
      'rows:page': (...args) => worker.request('rows', ...args),
      'rows:show': (...args) => worker.request('showRows', ...args),
      'rows:sort': (...args) => worker.request('sortRows', ...args),
      'rows:overview': (...args) => worker.request('overview', ...args),
      'find:next': (...args) => worker.request('find', ...args),
      'find:count': (...args) => worker.request('countHits', ...args),
      'rows:colour': (filters) => worker.request('colour', filters),
      'import:text': async () => (window === null ? null : importText(window)),
      'filter:cancel': (...args) => worker.request('cancelFilter', ...args),
      'filter:count': (...args) => worker.request('countFilter', ...args),
      'filter:values': (...args) => worker.request('fieldValues', ...args),
      'rows:position': (...args) => worker.request('rowPosition', ...args),
      'catalogue:get': () => worker.request('catalogue'),
      'decode:tables': () => worker.request('decodeAsTables'),
      'decode:offers': (...args) => worker.request('decodeAsOffers', ...args),
      'notes:change': (...args) => worker.request('changeNotes', ...args),
      'notes:counts': (...args) => worker.request('noteCounts', ...args),
      'notes:comments': (...args) => worker.request('comments', ...args),
      'notes:next': (...args) => worker.request('nextNote', ...args),
      'rows:in-conversation': (...args) => worker.request('inConversation', ...args),
      'capture:save': (captureId, as, choice) => (captures.info?.captureId === captureId ? saveCapture({ captures, worker, window, t: translator(language()), as, choice }) : null),
      'capture:cancel-save': (captureId) => worker.request('cancelSave', captureId),
      'packet:detail': (...args) => worker.request('detail', ...args),
      'streams:page': (...args) => worker.request('streams', ...args),
      'streams:position': (...args) => worker.request('streamPosition', ...args),
      'tcp:ladder': (...args) => worker.request('ladder', ...args),
      'tcp:segments': (...args) => worker.request('segments', ...args),
      'tcp:export': (...args) => worker.request('exportLadder', ...args),
      'export:save': async (suggestedName, content) => (window === null ? null : saveExport(window, suggestedName, content)),
      'clipboard:write': (text) => clipboard.writeText(text),
      'live:devices': () => live.devices(),
      'live:traffic': () => worker.request('deviceTraffic'),
      'live:check-filter': (filter) => live.checkFilter(filter),
      'live:start': (...args) => live.start(...args),
      'live:pipe': async () => {
        if (window === null) return null;
        const { canceled, filePaths } = await dialog.showOpenDialog(window, { title: translator(language())('live.pipe.title'), properties: ['openFile'] });
        return canceled || filePaths[0] === undefined ? null : live.pipe(filePaths[0]);
      },
      'live:restart': () => live.restart(),
      'live:stop': () => live.stop(),
      'live:site': (request) => live.site(request),
      'live:lab': (id) => live.lab(id),
      'live:advice': () => live.advice(),
      'live:unsaved': () => live.unsaved(),
      'live:recover': (name) => live.recover(name),
      'live:discard': (name) => live.discard(name),
    },
    isOurPage(outFolder),
  );

  nativeTheme.on('updated', () => emitTo(window, 'settings:changed', settings.current, systemLanguage(), systemTheme()));
  app.on('second-instance', (_event, argv, cwd) => {
    const path = fileArgument(argv, cwd, app.getAppPath());
    if (path !== null) void captures.open(path);
    if (window?.isMinimized()) window.restore();
    window?.focus();
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void captures.open(path);
  });
  app.on('window-all-closed', () => app.quit());
  app.on('will-quit', () => void worker.stop());

  const warmUp = async (): Promise<void> => {
    for (const { id } of samples) {
      const path = samplePath(unpacked(app.getAppPath()), id);
      if (path !== null && captures.info === null) await worker.request('warmUp', path);
    }
  };

  void app.whenReady().then(() => {
    refresh();
    const path = fileArgument(process.argv, process.cwd(), app.getAppPath());
    if (path !== null) void captures.open(path);
    window = createWindow(outFolder, systemTheme() === 'dark' ? '#0f1217' : '#f6f7f9');
    let leaving = false;
    window.on('close', (event) => {
      if (leaving || captures.info?.unsaved !== true) return;
      event.preventDefault();
      void captures.mayLeave().then((may) => {
        if (!may) return;
        leaving = true;
        // The user does not want them, or has them.
        const { info } = captures;
        void worker.stop().then(() => {
          if (info?.unsaved === true) spool.remove(info.path);
          window?.destroy();
        });
      });
    });
    window.on('closed', () => {
      window = null;
    });
    // While the user looks for a file. One sample at a time: an open asked for meanwhile comes next.
    if (path === null) window.webContents.once('did-finish-load', () => void warmUp().catch(() => undefined));
  });
}

if (app.requestSingleInstanceLock()) run();
else app.quit();
