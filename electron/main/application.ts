import { join } from 'node:path';
import { app } from 'electron';
import type { SaveChoice } from '../../shared/model/annotations.ts';
import { sweepTemporaryFiles } from '../files/temporary-file.ts';
import { askSeries } from './ask-series.ts';
import { askAboutUnsaved } from './ask-unsaved.ts';
import { Captures } from './captures.ts';
import { fileArgument } from './file-argument.ts';
import { answerRequests } from './ipc.ts';
import { Live } from './live.ts';
import { Page } from './page.ts';
import type { Parts } from './parts.ts';
import { outFolder, unpacked } from './paths.ts';
import { Preferences } from './preferences.ts';
import { requestHandlers } from './requests.ts';
import { samplePath, samples } from './samples.ts';
import { saveCapture } from './save-capture.ts';
import { SettingsStore } from './settings.ts';
import { Spool } from './spool.ts';
import { isOurPage } from './window.ts';
import { WorkerClient } from './worker-client.ts';

const kept = (name: string): string => join(app.getPath('userData'), name);

/** The parts of the main process, put together. */
export class Application implements Parts {
  readonly page = new Page();
  readonly worker: WorkerClient;
  readonly captures: Captures;
  readonly preferences: Preferences;
  readonly live: Live;
  private readonly spool = new Spool(kept('unsaved'));

  constructor() {
    sweepTemporaryFiles();
    const { page, spool } = this;
    const settings = new SettingsStore(kept('settings.json'));
    const worker = (): WorkerClient => this.worker;
    this.captures = new Captures(
      worker,
      settings,
      {
        opened: (info) => {
          page.title(info.name);
          page.emit('capture:opened', info);
        },
        progress: (progress) => page.emit('capture:progress', progress),
        failed: (error) => page.openFailed(error),
        closed: () => {
          page.title('');
          page.emit('capture:closed');
        },
        recentChanged: () => this.preferences.refresh(),
      },
      kept('notes'),
      {
        ask: (capturing) => askAboutUnsaved(page.window, this.preferences.t, capturing),
        save: async () => (await this.save(true, 'all'))?.ok === true,
        discard: (path) => spool.remove(path),
      },
    );
    this.preferences = new Preferences(settings, page, () => this.captures);
    this.live = new Live(this.captures, worker, spool, unpacked(join(outFolder, 'capture', 'child.cjs')), {
      askSeries: () => askSeries(page.window, this.preferences.t),
      step: (step) => page.emit('live:step', step),
      handshake: (found) => page.emit('live:handshake', found),
    });
    this.worker = new WorkerClient(
      unpacked(join(outFolder, 'worker', 'worker.cjs')),
      (event) => {
        if (event.name === 'capture:progress') this.captures.onProgress(event.value);
        else page.emit(event.name, event.value as never);
      },
      (message) => this.captures.onCrash(message),
    );
  }

  run(): void {
    answerRequests(requestHandlers(this), this.worker, isOurPage(outFolder));
    app.on('second-instance', (_event, argv, cwd) => {
      const path = fileArgument(argv, cwd, app.getAppPath());
      if (path !== null) void this.captures.open(path);
      this.page.toFront();
    });
    app.on('open-file', (event, path) => {
      event.preventDefault();
      void this.captures.open(path);
    });
    app.on('window-all-closed', () => app.quit());
    app.on('will-quit', () => void this.worker.stop());
    void app.whenReady().then(() => this.show());
  }

  save(as: boolean, choice: SaveChoice): ReturnType<typeof saveCapture> {
    const { captures, worker, page, preferences } = this;
    return saveCapture({ captures, worker, window: page.window, t: preferences.t, as, choice });
  }

  private show(): void {
    const { page, captures, preferences } = this;
    preferences.refresh();
    const path = fileArgument(process.argv, process.cwd(), app.getAppPath());
    if (path !== null) void captures.open(path);
    const window = page.open(preferences.systemTheme === 'dark', {
      closing: () => (captures.info?.unsaved === true ? this.leave() : null),
    });
    // While the user looks for a file.
    if (path === null) window.webContents.once('did-finish-load', () => void this.warmUp().catch(() => undefined));
  }

  /** Ends, where the user does not want what was captured, or has it. */
  private async leave(): Promise<boolean> {
    const { captures, worker, spool } = this;
    if (!(await captures.mayLeave())) return false;
    const { info } = captures;
    await worker.stop();
    if (info?.unsaved === true) spool.remove(info.path);
    return true;
  }

  /** One sample at a time: an open asked for meanwhile comes next. */
  private async warmUp(): Promise<void> {
    for (const { id } of samples) {
      const path = samplePath(unpacked(app.getAppPath()), id);
      if (path !== null && this.captures.info === null) await this.worker.request('warmUp', path);
    }
  }
}
