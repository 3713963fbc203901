import type { CaptureFacts } from '../../shared/ipc/worker-messages.ts';
import type { CaptureInfo, CaptureProgress, OpenError } from '../../shared/model/capture.ts';
import type { Result } from '../../shared/model/result.ts';
import type { SettingsStore } from './settings.ts';
import type { WorkerClient } from './worker-client.ts';

/** What the window is told. */
export interface CaptureEvents {
  opened(info: CaptureInfo): void;
  progress(progress: CaptureProgress): void;
  failed(error: OpenError): void;
  closed(): void;
  recentChanged(): void;
}

/** The one open capture, as the main process knows it. */
export class Captures {
  info: CaptureInfo | null = null;
  progress: CaptureProgress | null = null;
  private lastId = 0;
  /** Samples are not listed among the recent files. */
  private listed = true;

  constructor(
    private readonly worker: () => WorkerClient,
    private readonly settings: SettingsStore,
    private readonly events: CaptureEvents,
    /** Where notes about captures are kept. */
    private readonly notesFolder: string,
  ) {}

  async open(path: string, listed = true): Promise<Result<CaptureInfo, OpenError>> {
    const id = ++this.lastId;
    // A decoding thread that was started anew does not know the user's choices.
    this.tellPreferences();
    const result = await this.worker()
      .request('open', id, path, this.notesFolder)
      .catch((error: Error): Result<CaptureInfo, OpenError> => ({ ok: false, error: { code: 'worker-crashed', path, detail: error.message } }));
    if (!result.ok) {
      this.events.failed(result.error);
      return result;
    }
    this.info = result.value;
    this.progress = null;
    this.listed = listed;
    this.events.opened(result.value);
    return result;
  }

  /** How packets are shown from now on. */
  tellPreferences(): void {
    const { rawNumbers, columns, timeFormat, timeDigits, timeHours } = this.settings.current;
    void this.worker().request('preferences', !rawNumbers, { columns, timeFormat, timeDigits, timeHours });
  }

  /** Whether the file can hold what is to be written: another format or packed bytes cannot. */
  canSaveInPlace(info: CaptureInfo): boolean {
    return this.listed && info.format === 'pcapng' && info.compression === 'none';
  }

  async reload(): Promise<Result<CaptureInfo, OpenError> | null> {
    return this.info === null ? null : this.open(this.info.path, this.listed);
  }

  async close(): Promise<void> {
    if (this.info === null) return;
    if (this.listed && (this.progress === null || this.progress.state === 'loading')) this.rememberUnread(this.info);
    this.info = null;
    this.progress = null;
    await this.worker().request('close');
    this.events.closed();
  }

  onProgress(progress: CaptureProgress): void {
    if (this.info?.captureId !== progress.captureId) return;
    this.progress = progress;
    this.events.progress(progress);
    if (!this.listed || progress.state === 'loading') return;
    if (progress.state === 'complete') void this.remember(this.info);
    else this.rememberUnread(this.info);
  }

  onCrash(message: string): void {
    if (this.info === null) return;
    const { path } = this.info;
    this.info = null;
    this.progress = null;
    this.events.closed();
    this.events.failed({ code: 'worker-crashed', path, detail: message });
  }

  private async remember(info: CaptureInfo): Promise<void> {
    const facts = await this.worker()
      .request('facts', info.captureId)
      .catch(() => null);
    if (facts !== null) this.list(info, facts);
  }

  /** Not read to its end: what an earlier reading counted, if anything, says more than a part. */
  private rememberUnread(info: CaptureInfo): void {
    const known = this.settings.current.recent.find((file) => file.path === info.path && file.sizeBytes === info.sizeBytes);
    this.list(info, known ?? { packets: 0, tcpStreams: 0, refused: 0, incomplete: 0 });
  }

  private list(info: CaptureInfo, { packets, tcpStreams, refused, incomplete }: CaptureFacts): void {
    this.settings.addRecent({ path: info.path, name: info.name, sizeBytes: info.sizeBytes, openedAt: Date.now(), packets, tcpStreams, refused, incomplete });
    this.events.recentChanged();
  }
}
