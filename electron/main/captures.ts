import type { CaptureFacts } from '../../shared/ipc/worker-messages.ts';
import type { CaptureInfo, CaptureProgress, OpenError } from '../../shared/model/capture.ts';
import { listSettingsOf } from '../../shared/model/list-settings.ts';
import type { CaptureProblem, LiveOrder } from '../../shared/model/live.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
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

/** What becomes of captured packets that are in no file of the user's. */
export interface CaptureHooks {
  /** Asks the user. `capturing`: more come in at the moment. */
  ask(capturing: boolean): Promise<'save' | 'discard' | 'keep'>;
  /** Lets the user save them; false where that did not come about. */
  save(): Promise<boolean>;
  /** Removes their file. */
  discard(path: string): void;
}

/** The one open capture, as the main process knows it. */
export class Captures {
  info: CaptureInfo | null = null;
  progress: CaptureProgress | null = null;
  private lastId = 0;
  /** Samples are not listed among the recent files. */
  private listed = true;
  /** Progress of a capture whose opening was not answered yet. */
  private early: CaptureProgress | null = null;
  /** File of packets that were saved elsewhere, while it is still open. */
  private spooled: string | null = null;
  private disposable = false;

  constructor(
    private readonly worker: () => WorkerClient,
    private readonly settings: SettingsStore,
    private readonly events: CaptureEvents,
    /** Where notes about captures are kept. */
    private readonly notesFolder: string,
    private readonly hooks: CaptureHooks,
  ) {}

  /** Opens a file. Where the user would rather keep what is open: that. */
  async open(path: string, listed = true): Promise<Result<CaptureInfo, OpenError>> {
    const kept = await this.kept();
    return kept === null ? this.openFile(path, listed, false) : ok(kept);
  }

  /** Opens packets of an earlier run that are in no file of the user's. */
  async openUnsaved(path: string): Promise<Result<CaptureInfo, OpenError>> {
    const kept = await this.kept();
    return kept === null ? this.openFile(path, false, true) : ok(kept);
  }

  /** Begins to capture; null where the user would rather keep what is open. */
  async startLive(order: LiveOrder, script: string): Promise<Result<CaptureInfo, CaptureProblem> | null> {
    if ((await this.kept()) !== null) return null;
    const id = ++this.lastId;
    this.tellChoices();
    const result = await this.worker()
      .request('startLive', id, order, script)
      .catch((error: Error): Result<CaptureInfo, CaptureProblem> => fail({ code: 'failed', detail: error.message }));
    if (!result.ok) {
      this.hooks.discard(order.spool);
      return result;
    }
    this.leaveBehind();
    this.info = result.value;
    this.progress = this.early?.captureId === id ? this.early : null;
    this.listed = false;
    this.disposable = order.disposable;
    this.events.opened(result.value);
    return result;
  }

  /** Nobody will miss what is open: its packets are saved, or the user does not want them. False: they are to stay. */
  async mayLeave(): Promise<boolean> {
    const { info } = this;
    if (info === null || !info.unsaved || this.disposable || (this.progress?.packets ?? 0) === 0) return true;
    const answer = await this.hooks.ask(this.progress?.state === 'capturing');
    if (answer === 'keep') return false;
    if (this.info !== info) return true;
    if (this.progress?.state === 'capturing') await this.worker().request('stopLive', info.captureId);
    if (answer === 'discard') return true;
    return this.hooks.save();
  }

  /** Its packets were written to a file of the user's. */
  saved(captureId: number): void {
    if (this.info?.captureId !== captureId) return;
    this.spooled = this.info.unsaved ? this.info.path : this.spooled;
    this.info = { ...this.info, unsaved: false };
  }

  /** What stays open; null: nothing does. */
  private async kept(): Promise<CaptureInfo | null> {
    return (await this.mayLeave()) ? null : this.info;
  }

  /** What was captured is not needed any more, once another capture is open. */
  private leaveBehind(): void {
    const path = this.info?.unsaved === true ? this.info.path : this.spooled;
    this.spooled = null;
    if (path !== null) this.hooks.discard(path);
  }

  private async openFile(path: string, listed: boolean, unsaved: boolean): Promise<Result<CaptureInfo, OpenError>> {
    const id = ++this.lastId;
    this.tellChoices();
    const result = await this.worker()
      .request('open', id, path, this.notesFolder)
      .catch(
        (error: Error): Result<CaptureInfo, OpenError> => ({
          ok: false,
          error: { code: 'worker-crashed', path, detail: error.message },
        }),
      );
    if (!result.ok) {
      this.events.failed(result.error);
      return result;
    }
    if (this.info?.path !== path) this.leaveBehind();
    this.info = { ...result.value, unsaved };
    this.disposable = false;
    this.progress = null;
    this.listed = listed;
    this.events.opened(this.info);
    return ok(this.info);
  }

  /** A decoding thread that was started anew does not know them. */
  private tellChoices(): void {
    this.tellPreferences();
    void this.tellDecodeAs();
  }

  /** How packets are shown from now on. */
  tellPreferences(): void {
    const { current } = this.settings;
    void this.worker().request('preferences', !current.rawNumbers, listSettingsOf(current));
  }

  /** What is decoded as what from now on; the window has been told of it when this resolves. */
  async tellDecodeAs(): Promise<void> {
    // A decoding thread that dies of it is told of by `onCrash`; the choice stays.
    await this.worker()
      .request('decodeAs', this.settings.current.decodeAs)
      .catch(() => undefined);
  }

  /** Whether the file can hold what is to be written: another format or packed bytes cannot. */
  canSaveInPlace(info: CaptureInfo): boolean {
    return this.listed && info.format === 'pcapng' && info.compression === 'none';
  }

  async reload(): Promise<Result<CaptureInfo, OpenError> | null> {
    if (this.info === null || this.progress?.state === 'capturing') return null;
    return this.openFile(this.info.path, this.listed, this.info.unsaved);
  }

  async close(): Promise<void> {
    if (this.info === null || (await this.kept()) !== null) return;
    if (this.info === null) return;
    if (this.listed && (this.progress === null || this.progress.state === 'loading')) this.rememberUnread(this.info);
    this.leaveBehind();
    this.info = null;
    this.progress = null;
    await this.worker().request('close');
    this.events.closed();
  }

  onProgress(progress: CaptureProgress): void {
    // It may be there before the answer that names its capture.
    if (progress.captureId > (this.info?.captureId ?? 0)) this.early = progress;
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
    const known = this.settings.current.recent.find(
      (file) => file.path === info.path && file.sizeBytes === info.sizeBytes,
    );
    this.list(info, known ?? { packets: 0, tcpStreams: 0, refused: 0, incomplete: 0 });
  }

  private list(info: CaptureInfo, { packets, tcpStreams, refused, incomplete }: CaptureFacts): void {
    this.settings.addRecent({
      path: info.path,
      name: info.name,
      sizeBytes: info.sizeBytes,
      openedAt: Date.now(),
      packets,
      tcpStreams,
      refused,
      incomplete,
    });
    this.events.recentChanged();
  }
}
