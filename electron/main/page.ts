import { type BrowserWindow, dialog } from 'electron';
import type { EventName, Events } from '../../shared/ipc/contract.ts';
import type { OpenError } from '../../shared/model/capture.ts';
import { emitTo } from './ipc.ts';
import { outFolder } from './paths.ts';
import { createWindow } from './window.ts';

const name = 'Handshark';

export interface PageHooks {
  /** The user closes the window. Null: it may go at once; else it waits for the answer. */
  closing(): Promise<boolean> | null;
}

/** The page in its window, while there is one. */
export class Page {
  window: BrowserWindow | null = null;
  // A file named on the command line may fail before the page is there to say so.
  private isReady = false;
  private failedEarly: OpenError | null = null;

  /** @param isDark the page's colour before it is drawn */
  open(isDark: boolean, hooks: PageHooks): BrowserWindow {
    const window = createWindow(outFolder, isDark ? '#0f1217' : '#f6f7f9');
    this.window = window;
    // Asked once, however often the window is closed meanwhile.
    let answer: Promise<void> | null = null;
    window.on('close', (event) => {
      answer ??=
        hooks
          .closing()
          ?.then((may) => {
            if (may) this.window?.destroy();
          })
          .finally(() => {
            answer = null;
          }) ?? null;
      if (answer !== null) event.preventDefault();
    });
    window.on('closed', () => {
      this.window = null;
    });
    return window;
  }

  emit<N extends EventName>(event: N, ...args: Parameters<Events[N]>): void {
    emitTo(this.window, event, ...args);
  }

  /** What the title bar says is open; '' nothing. */
  title(file: string): void {
    this.window?.setTitle(file === '' ? name : `${file} - ${name}`);
  }

  /** A file could not be opened. */
  openFailed(error: OpenError): void {
    if (this.isReady) this.emit('capture:open-failed', error);
    else this.failedEarly = error;
  }

  /** The page asks for what it begins with: from now on it hears. */
  ready(): void {
    this.isReady = true;
    const failure = this.failedEarly;
    this.failedEarly = null;
    if (failure !== null) setImmediate(() => this.emit('capture:open-failed', failure));
  }

  toFront(): void {
    if (this.window?.isMinimized()) this.window.restore();
    this.window?.focus();
  }

  /** A file that the user chooses; null: none. */
  async chooseFile(options: Electron.OpenDialogOptions): Promise<string | null> {
    if (this.window === null) return null;
    const { canceled, filePaths } = await dialog.showOpenDialog(this.window, { ...options, properties: ['openFile'] });
    return canceled ? null : (filePaths[0] ?? null);
  }
}
