import { recordOf } from '../../shared/dissect/annotation-record.ts';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import type { CaptureFacts, SaveDone, ToWorker, WorkerEvents, WorkerRequests } from '../../shared/ipc/worker-messages.ts';
import type { AnnotationChange, AnnotationCounts, NoteKind, SaveChoice } from '../../shared/model/annotations.ts';
import type { CaptureInfo, LoadState, OpenError } from '../../shared/model/capture.ts';
import type { FieldFacts } from '../../shared/model/field-facts.ts';
import type { FieldValues, FilterProgress } from '../../shared/model/filter.ts';
import type { FindHit, FindQuery } from '../../shared/model/find.ts';
import { defaultListSettings, type ListSettings } from '../../shared/model/list-settings.ts';
import type { Overview } from '../../shared/model/overview.ts';
import type { PacketDetail, RowPage, RowSelection, DisplayedRows as Shown, SortProgress } from '../../shared/model/packet.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Language } from '../../shared/model/settings.ts';
import type { Ladder, LadderFormat, LadderPage, StreamPage, StreamSortKey } from '../../shared/model/stream.ts';
import { exportLadder } from '../../shared/tcp/export/export.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import type { ByteSource } from './byte-source.ts';
import { CaptureSave } from './capture-save.ts';
import { DisplayedRows } from './displayed-rows.ts';
import { type Loader, openCapture } from './load.ts';
import { Notes } from './notes.ts';
import { NotesFile } from './notes-file.ts';
import { packetDetail } from './packet-detail.ts';
import { RowTexts } from './row-texts.ts';
import { RowWork } from './row-work.ts';
import { StreamTable } from './stream-table.ts';

/** Milliseconds of reading between two looks at the messages, and between two progress reports. */
const sliceMs = 12;
const reportMs = 100;
const warmUpRounds = 5;

interface Open {
  readonly captureId: number;
  readonly loader: Loader;
  readonly rows: RowTexts;
  readonly displayed: DisplayedRows;
  readonly notes: Notes;
  save: CaptureSave | null;
  readonly work: RowWork;
  readonly streams: StreamTable;
  state: LoadState;
  readonly startedAt: number;
  reportedAt: number;
  elapsedMs: number;
  error: OpenError | null;
}

/** The one open capture: read in slices, so that questions about what is loaded are answered in between. */
export class Session {
  private open_: Open | null = null;
  private relativeNumbers = true;
  private list = defaultListSettings;
  private notesFolder = '';

  private colours: readonly string[] = [];
  readonly catalogue: readonly FieldFacts[];
  private readonly fields: ReadonlyMap<string, FieldFacts>;

  constructor(
    private readonly registry: Registry,
    private readonly emit: <N extends keyof WorkerEvents>(name: N, value: WorkerEvents[N]) => void,
  ) {
    this.catalogue = catalogueOf(registry);
    this.fields = new Map(this.catalogue.map((field) => [field.name, field]));
  }

  open(captureId: number, path: string, notesFolder: string): Result<CaptureInfo, OpenError> {
    const opened = openCapture(path, this.registry);
    if (!opened.ok) return opened;
    const loader = opened.value;
    const before = this.open_;
    // Read again after more was captured: under its new size nothing is kept yet.
    const carried = before !== null && continues(before.loader.source, loader.source) ? recordOf(before.loader.store.annotations) : null;
    this.close();
    loader.store.preferences.relativeNumbers = this.relativeNumbers;
    const displayed = new DisplayedRows(captureId, loader.store, new StreamReader(loader.store, this.registry, captureId));
    const rows = new RowTexts(captureId, loader.store, displayed, this.fields);
    const open: Open = {
      captureId,
      loader,
      rows,
      displayed,
      notes: new Notes(captureId, loader.store, displayed, notesFolder === '' ? null : new NotesFile(notesFolder, loader.source), carried),
      save: null,
      work: new RowWork(captureId, loader.store, displayed, this.fields, rows, this.emit),
      streams: new StreamTable(captureId, loader.store),
      state: 'loading',
      startedAt: performance.now(),
      reportedAt: 0,
      elapsedMs: 0,
      error: null,
    };
    this.open_ = open;
    this.notesFolder = notesFolder;
    open.rows.show(this.list);
    open.rows.colour(this.colours);
    loader.store.displayedBefore = (row) => displayed.before(row);
    // The first piece at once: its rows are there when the window asks.
    this.slice(open, 0);
    return ok({
      captureId,
      path: loader.source.path,
      name: loader.source.name,
      sizeBytes: loader.source.sizeBytes,
      format: loader.reader.format,
      compression: loader.source.compression,
    });
  }

  /** Filters of the colouring rules, in order; for this capture and those after it. */
  colour(filters: readonly string[]): void {
    this.colours = filters;
    this.open_?.rows.colour(filters);
  }

  preferences(relativeNumbers: boolean, list: ListSettings): void {
    this.relativeNumbers = relativeNumbers;
    this.list = list;
    this.open_?.rows.show(list);
    if (this.open_ === null || this.open_.loader.store.preferences.relativeNumbers === relativeNumbers) return;
    this.open_.loader.store.preferences.relativeNumbers = relativeNumbers;
    this.open_.rows.forget();
    this.open_.work.textsChanged();
  }

  cancel(captureId: number): void {
    const open = this.get(captureId);
    if (open === null || open.state !== 'loading') return;
    open.state = 'cancelled';
    open.work.loaded();
    this.tell(open);
  }

  close(): void {
    this.open_?.work.close();
    this.open_?.save?.cancel();
    this.open_?.loader.source.close();
    this.open_ = null;
  }

  rows(captureId: number, first: number, count: number): RowPage | null {
    return this.get(captureId)?.rows.page(first, count) ?? null;
  }

  showRows(captureId: number, selection: RowSelection | null): Shown | null {
    return this.get(captureId)?.work.show(selection) ?? null;
  }

  cancelFilter(captureId: number): void {
    this.get(captureId)?.work.cancel();
  }

  countFilter(captureId: number, text: string, selectedRow: number): FilterProgress | null {
    return this.get(captureId)?.work.count(text, selectedRow) ?? null;
  }

  fieldValues(captureId: number, field: string, limit: number): Promise<FieldValues | null> {
    return this.get(captureId)?.work.values(field, limit) ?? Promise.resolve(null);
  }

  find(captureId: number, query: FindQuery, fromRow: number, backwards: boolean): Promise<FindHit | null> {
    return this.get(captureId)?.work.find(query, fromRow, backwards) ?? Promise.resolve(null);
  }

  countHits(captureId: number, query: FindQuery | null, serial: number): void {
    this.get(captureId)?.work.countHits(query, serial);
  }

  sortRows(captureId: number, column: string | null, descending: boolean): SortProgress | null {
    return this.get(captureId)?.work.sort(column, descending) ?? null;
  }

  overview(captureId: number, bands: number): Promise<Overview | null> {
    return this.get(captureId)?.work.overview(bands) ?? Promise.resolve(null);
  }

  rowPosition(captureId: number, row: number): number {
    return this.get(captureId)?.displayed.positionOf(row) ?? -1;
  }

  detail(captureId: number, row: number): PacketDetail | null {
    const open = this.get(captureId);
    if (open === null || row >= open.loader.store.table.length) return null;
    return packetDetail(captureId, open.loader.store.engine.dissect(row));
  }

  changeNotes(captureId: number, change: AnnotationChange): AnnotationCounts | null {
    const open = this.get(captureId);
    if (open === null) return null;
    const counts = open.notes.change(change);
    open.rows.forget();
    open.work.textsChanged();
    return counts;
  }

  noteCounts(captureId: number): AnnotationCounts | null {
    return this.get(captureId)?.notes.counts() ?? null;
  }

  comments(captureId: number, row: number): readonly string[] {
    return this.get(captureId)?.notes.comments(row) ?? [];
  }

  nextNote(captureId: number, kind: Exclude<NoteKind, 'ignore'>, row: number, forward: boolean): number {
    return this.get(captureId)?.notes.next(kind, row, forward) ?? -1;
  }

  inConversation(captureId: number, row: number, forward: boolean): number {
    return this.get(captureId)?.notes.inConversation(row, forward) ?? -1;
  }

  async save(captureId: number, path: string, choice: SaveChoice): Promise<Result<SaveDone, string> | null> {
    const open = this.get(captureId);
    if (open === null || open.save !== null) return null;
    if (open.state !== 'complete') return fail('the file is not read to its end');
    const rows = choice === 'all' ? null : choice === 'displayed' ? open.displayed.inFileOrder.slice() : open.loader.store.annotations.marked.rows().slice();
    open.save = new CaptureSave(open.loader, rows, path, this.notesFolder, (done, total) => this.emit('capture:saving', { captureId, done, total }));
    try {
      return await open.save.run(() => {
        // A file that is open cannot be replaced everywhere.
        if (this.open_ === open) this.close();
      });
    } finally {
      open.save = null;
    }
  }

  cancelSave(captureId: number): void {
    this.get(captureId)?.save?.cancel();
  }

  streams(captureId: number, sort: StreamSortKey, descending: boolean, first: number, count: number): StreamPage | null {
    return this.get(captureId)?.streams.page(sort, descending, first, count) ?? null;
  }

  streamPosition(captureId: number, sort: StreamSortKey, descending: boolean, stream: number): number {
    return this.get(captureId)?.streams.position(sort, descending, stream) ?? -1;
  }

  ladder(captureId: number, stream: number): Ladder | null {
    return this.get(captureId)?.streams.ladder(stream) ?? null;
  }

  segments(captureId: number, stream: number, firstRow: number, lastRow: number, first: number, count: number): LadderPage | null {
    return this.get(captureId)?.streams.segments(stream, firstRow, lastRow, first, count) ?? null;
  }

  exportLadder(captureId: number, stream: number, format: LadderFormat, language: Language, raw: boolean): string | null {
    const ladder = this.ladder(captureId, stream);
    return ladder === null ? null : exportLadder(ladder, format, language, raw);
  }

  facts(captureId: number): CaptureFacts | null {
    return this.get(captureId)?.streams.facts() ?? null;
  }

  private get(captureId: number): Open | null {
    return this.open_?.captureId === captureId ? this.open_ : null;
  }

  private slice(open: Open, budgetMs: number): void {
    if (this.open_ !== open || open.state !== 'loading') return;
    const until = performance.now() + budgetMs;
    try {
      do {
        if (!open.loader.advance()) {
          open.state = 'complete';
          break;
        }
      } while (performance.now() < until);
    } catch (error) {
      open.state = 'failed';
      open.error = { code: 'io', path: open.loader.source.path, detail: error instanceof Error ? error.message : String(error) };
    }
    open.elapsedMs = performance.now() - open.startedAt;
    if (open.state !== 'loading' || performance.now() - open.reportedAt >= reportMs) {
      open.reportedAt = performance.now();
      if (budgetMs === 0) setImmediate(() => this.tell(open));
      else this.tell(open);
    }
    if (open.state === 'loading') {
      open.work.grew();
      setImmediate(() => this.slice(open, sliceMs));
    } else open.work.loaded();
  }

  private tell(open: Open): void {
    if (this.open_ !== open) return;
    const { store, source, reader } = open.loader;
    this.emit('capture:progress', {
      captureId: open.captureId,
      state: open.state,
      packets: store.table.length,
      bytesRead: source.consumed,
      bytesTotal: source.sizeBytes,
      elapsedMs: open.elapsedMs,
      tcpStreams: store.tcp.length,
      udpStreams: store.udp.length,
      interfaces: [...reader.interfaces],
      health: store.healthIssues,
      comments: [...reader.comments],
      ...(open.error !== null && { error: open.error }),
    });
  }
}

/** Whether `now` is the same file as `before`, perhaps with more at its end. */
function continues(before: ByteSource, now: ByteSource): boolean {
  return before.path === now.path && now.sizeBytes >= before.sizeBytes && before.head.every((byte, i) => byte === now.head[i]);
}

/** Goes through what an opened capture needs, in a session of its own that nobody hears of. */
function warmUp(registry: Registry, path: string): void {
  for (let round = 0; round < warmUpRounds; round++) {
    const session = new Session(registry, () => undefined);
    session.open(0, path, '');
    const rows = session.rows(0, 0, 200)?.rows.length ?? 0;
    for (let row = 0; row < rows; row++) session.detail(0, row);
    session.streams(0, 'stream', false, 0, 200);
    session.ladder(0, 0);
    session.close();
  }
}

/** Calls the session's method of the message's name. */
export function answerer(registry: Registry, emit: <N extends keyof WorkerEvents>(name: N, value: WorkerEvents[N]) => void): (message: ToWorker) => unknown {
  const session = new Session(registry, emit);
  const methods: { readonly [N in keyof WorkerRequests]: (...args: Parameters<WorkerRequests[N]>) => unknown } = {
    warmUp: (path) => warmUp(registry, path),
    open: (...args) => session.open(...args),
    preferences: (...args) => session.preferences(...args),
    cancel: (...args) => session.cancel(...args),
    close: () => session.close(),
    rows: (...args) => session.rows(...args),
    showRows: (...args) => session.showRows(...args),
    overview: (...args) => session.overview(...args),
    rowPosition: (...args) => session.rowPosition(...args),
    catalogue: () => session.catalogue,
    colour: (...args) => session.colour(...args),
    cancelFilter: (...args) => session.cancelFilter(...args),
    countFilter: (...args) => session.countFilter(...args),
    fieldValues: (...args) => session.fieldValues(...args),
    find: (...args) => session.find(...args),
    countHits: (...args) => session.countHits(...args),
    sortRows: (...args) => session.sortRows(...args),
    changeNotes: (...args) => session.changeNotes(...args),
    noteCounts: (...args) => session.noteCounts(...args),
    comments: (...args) => session.comments(...args),
    nextNote: (...args) => session.nextNote(...args),
    inConversation: (...args) => session.inConversation(...args),
    save: (...args) => session.save(...args),
    cancelSave: (...args) => session.cancelSave(...args),
    detail: (...args) => session.detail(...args),
    streams: (...args) => session.streams(...args),
    streamPosition: (...args) => session.streamPosition(...args),
    ladder: (...args) => session.ladder(...args),
    segments: (...args) => session.segments(...args),
    exportLadder: (...args) => session.exportLadder(...args),
    facts: (...args) => session.facts(...args),
  };
  return (message) => (methods[message.name] as (...args: readonly unknown[]) => unknown)(...message.args);
}
