import { recordOf } from '../../shared/dissect/annotation-record.ts';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import { Hindsight } from '../../shared/dissect/hindsight.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import type { Emit, SaveDone } from '../../shared/ipc/worker-messages.ts';
import type { SaveChoice } from '../../shared/model/annotations.ts';
import type { CaptureInfo, OpenError } from '../../shared/model/capture.ts';
import type { DecodeAsRule } from '../../shared/model/decode-as.ts';
import type { FieldFacts } from '../../shared/model/field-facts.ts';
import type { ListSettings } from '../../shared/model/list-settings.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { ByteSource } from './byte-source.ts';
import { CaptureSave } from './capture-save.ts';
import { LiveSession } from './live-session.ts';
import { type Bounds, type Loader, openCapture } from './load.ts';
import { type Carried, firstChoices, isBeingRead, type OpenCapture, progressOf, viewsOf } from './open-capture.ts';
import { Pace } from './pace.ts';

/** The one open capture: what it is made by, and what takes its place. `requests.ts` says who answers what about it. */
export class Session {
  private open_: OpenCapture | null = null;
  private readonly choices = firstChoices();
  private readonly pace: Pace;
  readonly live: LiveSession;
  readonly catalogue: readonly FieldFacts[];
  private readonly fields: ReadonlyMap<string, FieldFacts>;

  constructor(
    private readonly registry: Registry,
    private readonly emit: Emit,
  ) {
    this.catalogue = catalogueOf(registry);
    this.fields = new Map(this.catalogue.map((field) => [field.name, field]));
    this.pace = new Pace(() => this.open_, {
      progress: (progress) => emit('capture:progress', progress),
      lived: (open) => this.live.watch(open),
      ended: (open) => this.live.wasRead(open),
    });
    this.live = new LiveSession({
      openSpool: (captureId, path) => this.openFile(captureId, path, '', true),
      get: (captureId) => this.get(captureId),
      pace: this.pace,
      emit,
    });
  }

  /** The open capture, where it is this one. */
  get(captureId: number): OpenCapture | null {
    return this.open_?.captureId === captureId ? this.open_ : null;
  }

  open(captureId: number, path: string, notesFolder: string): Result<CaptureInfo, OpenError> {
    return this.openFile(captureId, path, notesFolder, false);
  }

  close(): void {
    this.live.leave();
    this.open_?.work.close();
    this.open_?.save?.cancel();
    this.open_?.loader.source.close();
    this.open_ = null;
  }

  cancel(captureId: number): void {
    const open = this.get(captureId);
    if (open?.state === 'loading') this.giveUp(open, 'cancelled', null);
  }

  /** Reads the file again, whatever it unpacks to. */
  unpackWhole(captureId: number): void {
    const open = this.get(captureId);
    if (open?.error?.code === 'unpacks-too-large' && open.save === null)
      this.readAnew(open, { unpackLimit: Number.POSITIVE_INFINITY });
  }

  /** Nothing more is read of it: what waits for its end, as filters do, has it now. */
  private giveUp(open: OpenCapture, state: 'cancelled' | 'failed', error: OpenError | null): void {
    open.state = state;
    open.error = error;
    open.work.loaded();
    this.pace.tell(open);
  }

  colour(filters: readonly string[]): void {
    this.choices.colours = filters;
    this.open_?.rows.colour(filters);
  }

  preferences(relativeNumbers: boolean, list: ListSettings): void {
    Object.assign(this.choices, { relativeNumbers, list });
    const open = this.open_;
    if (open === null) return;
    open.rows.show(list);
    open.work.readNames();
    const { preferences } = open.loader.store;
    if (preferences.relativeNumbers === relativeNumbers) return;
    preferences.relativeNumbers = relativeNumbers;
    open.rows.forget();
    open.work.textsChanged();
  }

  /** What the user chose to be decoded otherwise. All rows of the open capture are shown then, in file order. */
  decodeAs(rules: readonly DecodeAsRule[]): void {
    this.choices.rules = rules;
    if (this.open_ !== null) this.decodeAnew(this.open_);
  }

  async save(captureId: number, path: string, choice: SaveChoice): Promise<Result<SaveDone, string> | null> {
    const open = this.get(captureId);
    if (open === null || open.save !== null) return null;
    if (open.state !== 'complete' && (open.state !== 'capturing' || choice !== 'all'))
      return fail('the file is not read to its end');
    const rows =
      choice === 'all'
        ? null
        : choice === 'displayed'
          ? open.displayed.inFileOrder.slice()
          : open.loader.store.annotations.marked.rows().slice();
    open.save = new CaptureSave(open.loader, rows, path, this.choices.notesFolder, (done, total) =>
      this.emit('capture:saving', { captureId, done, total }),
    );
    try {
      return await open.save.run(() => {
        // A file that is open cannot be replaced everywhere.
        if (this.open_ === open) this.close();
      });
    } finally {
      open.save = null;
      if (this.open_ === open) this.decodeAnew(open);
    }
  }

  private openFile(
    captureId: number,
    path: string,
    notesFolder: string,
    grows: boolean,
  ): Result<CaptureInfo, OpenError> {
    const opened = openCapture(path, this.registry, {}, grows);
    if (!opened.ok) return opened;
    const loader = opened.value;
    const before = this.open_;
    // Read again after more was captured: under its new size nothing is kept yet.
    const carried =
      before !== null && continues(before.loader.source, loader.source)
        ? recordOf(before.loader.store.annotations)
        : null;
    this.close();
    this.choices.notesFolder = notesFolder;
    this.pace.begin(this.take(captureId, loader, carried));
    const { source, reader } = loader;
    return ok({
      captureId,
      path: source.path,
      name: source.name,
      sizeBytes: source.sizeBytes,
      format: reader.format,
      compression: source.compression,
      unsaved: false,
    });
  }

  /** This capture takes the place of the one that is open; its reading is about to begin. */
  private take(captureId: number, loader: Loader, carried: Carried): OpenCapture {
    const { store } = loader;
    const { relativeNumbers, rules } = this.choices;
    store.preferences.relativeNumbers = relativeNumbers;
    store.decode(rules);
    // The window tells of each packet what the whole capture says.
    store.hindsight = new Hindsight();
    store.hindsight.isWhole = false;
    this.open_ = {
      captureId,
      loader,
      ...this.viewsOf(captureId, loader, carried),
      save: null,
      state: loader.grows ? 'capturing' : 'loading',
      rules,
      startedAt: performance.now(),
      reportedAt: 0,
      reportedPackets: 0,
      elapsedMs: 0,
      error: null,
    };
    return this.open_;
  }

  private viewsOf(captureId: number, loader: Loader, carried: Carried): ReturnType<typeof viewsOf> {
    return viewsOf(captureId, loader, this.choices, this.fields, this.emit, carried);
  }

  private decodeAnew(open: OpenCapture): void {
    const { captureId, loader, rules } = open;
    const { rules: wanted } = this.choices;
    // What is being saved stays open until it is written.
    if (rules === wanted || open.save !== null) return;
    open.rules = wanted;
    if (JSON.stringify(rules) === JSON.stringify(wanted)) return;
    if (loader.store.decode(wanted)) {
      const carried = recordOf(loader.store.annotations);
      open.work.close();
      Object.assign(open, this.viewsOf(captureId, loader, carried));
      this.emit('capture:decoded', { captureId, progress: null });
      if (!isBeingRead(open)) open.work.loaded();
      return;
    }
    this.readAnew(open, loader.bounds);
  }

  /** From the start of the file, with the user's notes. */
  private readAnew(open: OpenCapture, bounds: Bounds): void {
    const { captureId, loader } = open;
    const carried = recordOf(loader.store.annotations);
    const opened = openCapture(loader.source.path, this.registry, bounds, loader.grows);
    if (!opened.ok) {
      this.giveUp(open, 'failed', opened.error);
      return;
    }
    open.work.close();
    loader.source.close();
    const next = this.take(captureId, opened.value, carried);
    this.pace.beginAgain(next, () => this.emit('capture:decoded', { captureId, progress: progressOf(next) }));
  }
}

/** Whether `now` is the same file as `before`, perhaps with more at its end. */
function continues(before: ByteSource, now: ByteSource): boolean {
  return (
    before.path === now.path &&
    now.sizeBytes >= before.sizeBytes &&
    before.head.every((byte, i) => byte === now.head[i])
  );
}
