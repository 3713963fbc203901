import { type AnnotationRecord, recordOf } from '../../shared/dissect/annotation-record.ts';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import { decodeAsOffers, decodeAsTables } from '../../shared/dissect/decode-offers.ts';
import { Hindsight } from '../../shared/dissect/hindsight.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { Completeness } from '../../shared/dissect/tcp-completeness.ts';
import type { CaptureFacts, SaveDone, ToWorker, WorkerEvents, WorkerRequests } from '../../shared/ipc/worker-messages.ts';
import type { AnnotationChange, AnnotationCounts, NoteKind, SaveChoice } from '../../shared/model/annotations.ts';
import type { CaptureInfo, CaptureProgress, LoadState, OpenError } from '../../shared/model/capture.ts';
import type { DecodeAsOffer, DecodeAsRule } from '../../shared/model/decode-as.ts';
import type { FieldFacts } from '../../shared/model/field-facts.ts';
import type { FieldValues, FilterProgress } from '../../shared/model/filter.ts';
import type { FindHit, FindQuery } from '../../shared/model/find.ts';
import { defaultListSettings, type ListSettings } from '../../shared/model/list-settings.ts';
import type { CaptureProblem, DeviceList, DeviceTraffic, LiveOrder, PermissionAdvice } from '../../shared/model/live.ts';
import type { Overview } from '../../shared/model/overview.ts';
import type { PacketDetail, RowPage, RowSelection, DisplayedRows as Shown, SortProgress } from '../../shared/model/packet.ts';
import { fail, ok, type Result } from '../../shared/model/result.ts';
import type { Language } from '../../shared/model/settings.ts';
import type { Ladder, LadderFormat, LadderPage, StreamPage, StreamSortKey } from '../../shared/model/stream.ts';
import { exportLadder } from '../../shared/tcp/export/export.ts';
import { StreamReader } from '../../shared/tcp/from-capture.ts';
import { listDevices } from '../capture/devices.ts';
import { checkCaptureFilter } from '../capture/filter-check.ts';
import { permissionAdvice } from '../capture/permission.ts';
import { type CaptureTools, findTools } from '../capture/tools.ts';
import { deviceTraffic } from '../capture/traffic.ts';
import type { ByteSource } from './byte-source.ts';
import { CaptureSave } from './capture-save.ts';
import { DisplayedRows } from './displayed-rows.ts';
import { LiveCapture } from './live-capture.ts';
import { type Loader, openCapture } from './load.ts';
import { Notes } from './notes.ts';
import { NotesFile } from './notes-file.ts';
import { packetDetail } from './packet-detail.ts';
import { RowTexts } from './row-texts.ts';
import { RowWork } from './row-work.ts';
import { StreamTable } from './stream-table.ts';

/** Milliseconds of reading between two looks at the messages, and between two progress reports. */
const sliceMs = 12;
/** While packets come in: taking them comes before looking at them, so that none is lost when both are not possible. */
const liveSliceMs = 4;
/** How often packets that came in meanwhile are taken before the next slice. */
const takenFirst = 4;
const reportMs = 100;
/** So many packets between two reports of a capture that runs are more than anybody reads: then the window, which follows them, is told more seldom. */
const manyPackets = 1000;
const manyReportMs = 300;
const warmUpRounds = 5;

/** SYN, SYN+ACK and the acknowledgment of it. */
const opened = Completeness.Syn | Completeness.SynAck | Completeness.Ack;

/** What is captured now. */
interface Live {
  readonly captureId: number;
  readonly capture: LiveCapture;
  watches: boolean;
  /** Packets after which it ends. */
  readonly limit: number | null;
  /** What ended it, once it has; what is in the spool is still being read. */
  ended: { readonly problem: CaptureProblem | null } | null;
  /** Everything that was captured is read, or nobody wants it any more. */
  readonly over: Promise<void>;
  readonly finish: () => void;
}

interface Open extends Views {
  readonly captureId: number;
  readonly loader: Loader;
  save: CaptureSave | null;
  state: LoadState;
  /** The user's choices that its rows were made by. */
  rules: readonly DecodeAsRule[];
  readonly startedAt: number;
  reportedAt: number;
  reportedPackets: number;
  elapsedMs: number;
  error: OpenError | null;
}

/** What answers questions about the packets of a capture. Made anew where they are decoded otherwise than before. */
interface Views {
  rows: RowTexts;
  displayed: DisplayedRows;
  notes: Notes;
  work: RowWork;
  streams: StreamTable;
}

/** The one open capture: read in slices, so that questions about what is loaded are answered in between. */
export class Session {
  private open_: Open | null = null;
  private relativeNumbers = true;
  private list = defaultListSettings;
  private rules: readonly DecodeAsRule[] = [];
  private notesFolder = '';
  private live: Live | null = null;
  private tools: Promise<CaptureTools> | null = null;
  /** The next slice of reading waits for its turn. */
  private waits = false;
  /** Packets came in since the last slice, and how often they went before it. */
  private arrived = false;
  private passed = 0;
  private telling: NodeJS.Timeout | null = null;

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
    return this.openFile(captureId, path, notesFolder, false);
  }

  private openFile(captureId: number, path: string, notesFolder: string, grows: boolean): Result<CaptureInfo, OpenError> {
    const opened = openCapture(path, this.registry, undefined, grows);
    if (!opened.ok) return opened;
    const loader = opened.value;
    const before = this.open_;
    // Read again after more was captured: under its new size nothing is kept yet.
    const carried = before !== null && continues(before.loader.source, loader.source) ? recordOf(before.loader.store.annotations) : null;
    this.close();
    this.notesFolder = notesFolder;
    // The first piece at once: its rows are there when the window asks.
    this.slice(this.begin(captureId, loader, carried), 0);
    return ok({
      captureId,
      path: loader.source.path,
      name: loader.source.name,
      sizeBytes: loader.source.sizeBytes,
      format: loader.reader.format,
      compression: loader.source.compression,
      unsaved: false,
    });
  }

  /** A capture whose reading begins. It takes the place of the one that is open. */
  private begin(captureId: number, loader: Loader, carried: AnnotationRecord | null): Open {
    const { store } = loader;
    store.preferences.relativeNumbers = this.relativeNumbers;
    store.decode(this.rules);
    // The window tells of each packet what the whole capture says.
    store.hindsight = new Hindsight();
    store.hindsight.isWhole = false;
    const open: Open = {
      captureId,
      loader,
      ...this.viewsOf(captureId, loader, carried),
      save: null,
      state: loader.grows ? 'capturing' : 'loading',
      rules: this.rules,
      startedAt: performance.now(),
      reportedAt: 0,
      reportedPackets: 0,
      elapsedMs: 0,
      error: null,
    };
    this.open_ = open;
    return open;
  }

  private viewsOf(captureId: number, { store, source }: Loader, carried: AnnotationRecord | null): Views {
    const displayed = new DisplayedRows(captureId, store, new StreamReader(store, this.registry, captureId));
    const rows = new RowTexts(captureId, store, displayed, this.fields);
    rows.show(this.list);
    rows.colour(this.colours);
    store.displayedBefore = (row) => displayed.before(row);
    return {
      rows,
      displayed,
      notes: new Notes(captureId, store, displayed, this.notesFolder === '' ? null : new NotesFile(this.notesFolder, source), carried),
      work: new RowWork(captureId, store, displayed, this.fields, rows, this.emit),
      streams: new StreamTable(captureId, store),
    };
  }

  /** What the user chose to be decoded otherwise: for this capture and those after it. All of its rows are shown then, in file order. */
  decodeAs(rules: readonly DecodeAsRule[]): void {
    this.rules = rules;
    if (this.open_ !== null) this.decodeAnew(this.open_);
  }

  private decodeAnew(open: Open): void {
    const { captureId, loader, rules } = open;
    // What is being saved stays open until it is written.
    if (rules === this.rules || open.save !== null) return;
    open.rules = this.rules;
    if (JSON.stringify(rules) === JSON.stringify(this.rules)) return;
    const carried = recordOf(loader.store.annotations);
    const goesOn = open.state === 'loading' || open.state === 'capturing';
    if (loader.store.decode(this.rules)) {
      open.work.close();
      Object.assign(open, this.viewsOf(captureId, loader, carried));
      this.emit('capture:decoded', { captureId, progress: null });
      if (!goesOn) open.work.loaded();
      return;
    }
    const opened = openCapture(loader.source.path, this.registry, undefined, loader.grows);
    if (!opened.ok) {
      open.state = 'failed';
      open.error = opened.error;
      this.tell(open);
      return;
    }
    open.work.close();
    loader.source.close();
    const next = this.begin(captureId, opened.value, carried);
    // What is told of it has its first rows already: a small file is never seen empty.
    const caughtUp = this.read(next, sliceMs);
    this.emit('capture:decoded', { captureId, progress: progressOf(next) });
    this.sliced(next, sliceMs, caughtUp);
  }

  decodeAsOffers(captureId: number, row: number): readonly DecodeAsOffer[] {
    const store = this.get(captureId)?.loader.store;
    return store === undefined || row >= store.table.length ? [] : decodeAsOffers(store, row);
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
    this.open_?.work.readNames();
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
    void this.live?.capture.stop();
    this.live?.finish();
    this.live = null;
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

  /**
   * Captures into a file and opens it as it grows. Answers when the first bytes are there; what is captured then goes on, see `live:counts` and `live:ended`.
   * @param script the bundled capture child
   */
  startLive(captureId: number, order: LiveOrder, script: string): Promise<Result<CaptureInfo, CaptureProblem>> {
    return new Promise((resolve) => {
      void this.captureTools(script, order.asking)
        .then((tools) => {
          let packetsBefore = 0;
          const live = new LiveCapture(tools, order, {
            opened: () => {
              const opened = this.openFile(captureId, order.spool, '', true);
              if (!opened.ok) {
                void live.stop();
                resolve(fail({ code: 'failed', detail: opened.error.detail ?? opened.error.code }));
                return;
              }
              let finish: () => void = () => undefined;
              const over = new Promise<void>((done) => {
                finish = done;
              });
              this.live = { captureId, capture: live, watches: order.watches, limit: order.limits.packets, ended: null, over, finish };
              resolve(ok({ ...opened.value, name: order.name, unsaved: true }));
            },
            grew: () => this.grown(captureId),
            counts: (counts, bytes) => {
              const packets = this.get(captureId)?.loader.store.table.length ?? 0;
              this.emit('live:counts', { captureId, ...counts, bytes, rate: Math.max(0, packets - packetsBefore) });
              packetsBefore = packets;
            },
            ended: (problem) => {
              const open = this.get(captureId);
              if (open === null || this.live?.captureId !== captureId) {
                resolve(fail(problem ?? { code: 'failed', detail: '' }));
                return;
              }
              // To its end: what was captured last counts.
              this.live.ended = { problem };
              open.loader.grows = false;
              if (open.state === 'capturing') this.sliceSoon();
              else this.endLive(open);
            },
          });
        })
        // A file that cannot be made, for example.
        .catch((error: unknown) => resolve(fail({ code: 'failed', detail: error instanceof Error ? error.message : String(error) })));
    });
  }

  /** Ends the capture that runs; everything that was captured is indexed when it resolves. */
  async stopLive(captureId: number): Promise<void> {
    const { live } = this;
    if (live?.captureId !== captureId) return;
    await live.capture.stop();
    await live.over;
  }

  private endLive(open: Open): void {
    const { live } = this;
    if (live?.captureId !== open.captureId || live.ended === null) return;
    this.live = null;
    this.emit('live:ended', { captureId: open.captureId, packets: open.loader.store.table.length, problem: live.ended.problem });
    live.finish();
  }

  /** Process that captures, for tests; null none. */
  livePid(): number | null {
    return this.live?.capture.pid ?? null;
  }

  /** The stream of a connection between two ports, the latest where there are several; -1 none yet. */
  streamOfPorts(captureId: number, client: number, server: number): number {
    const open = this.get(captureId);
    if (open === null) return -1;
    const { tcp, table } = open.loader.store;
    for (let stream = tcp.length - 1; stream >= 0; stream--) {
      const c = table.cursor().move(tcp.lastRow[stream]);
      if ((c.srcPort === client && c.dstPort === server) || (c.srcPort === server && c.dstPort === client)) return stream;
    }
    return -1;
  }

  async captureDevices(script: string): Promise<DeviceList> {
    return listDevices(await this.captureTools(script, true));
  }

  deviceTraffic(): Promise<readonly DeviceTraffic[] | null> {
    return deviceTraffic();
  }

  async checkCaptureFilter(script: string, filter: string): Promise<string | null> {
    return checkCaptureFilter(await this.captureTools(script, false), filter);
  }

  async permissionAdvice(script: string): Promise<PermissionAdvice> {
    return permissionAdvice(await this.captureTools(script, true));
  }

  /** What can capture here: looked for once, and again where the user may have changed it. */
  private captureTools(script: string, again: boolean): Promise<CaptureTools> {
    if (again || this.tools === null) this.tools = findTools(script);
    return this.tools;
  }

  private grown(captureId: number): void {
    const open = this.get(captureId);
    if (open === null || open.state !== 'capturing') return;
    this.arrived = true;
    this.sliceSoon();
  }

  /** While packets come in: the first connection that opens, and the number of packets after which it ends. */
  private watch(open: Open): void {
    const { live } = this;
    if (live === null || live.captureId !== open.captureId) return;
    const { table, tcp } = open.loader.store;
    if (live.limit !== null && table.length >= live.limit) void live.capture.stop();
    if (!live.watches) return;
    for (let stream = 0; stream < tcp.length; stream++) {
      if ((open.loader.store.tcpStreams.completeness.now(stream) & opened) !== opened) continue;
      live.watches = false;
      this.emit('live:handshake', { captureId: open.captureId, stream });
      return;
    }
  }

  async save(captureId: number, path: string, choice: SaveChoice): Promise<Result<SaveDone, string> | null> {
    const open = this.get(captureId);
    if (open === null || open.save !== null) return null;
    if (open.state !== 'complete' && (open.state !== 'capturing' || choice !== 'all')) return fail('the file is not read to its end');
    const rows = choice === 'all' ? null : choice === 'displayed' ? open.displayed.inFileOrder.slice() : open.loader.store.annotations.marked.rows().slice();
    open.save = new CaptureSave(open.loader, rows, path, this.notesFolder, (done, total) => this.emit('capture:saving', { captureId, done, total }));
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
    if (this.open_ !== open || (open.state !== 'loading' && open.state !== 'capturing')) return;
    this.sliced(open, budgetMs, this.read(open, budgetMs));
  }

  /** Reads on for so long. True: everything that there is of a file that grows was read. */
  private read(open: Open, budgetMs: number): boolean {
    const until = performance.now() + budgetMs;
    let caughtUp = false;
    try {
      do {
        if (!open.loader.advance()) {
          if (open.loader.grows) caughtUp = true;
          else open.state = 'complete';
          break;
        }
      } while (performance.now() < until);
    } catch (error) {
      open.state = 'failed';
      open.error = { code: 'io', path: open.loader.source.path, detail: error instanceof Error ? error.message : String(error) };
    }
    open.elapsedMs = performance.now() - open.startedAt;
    return caughtUp;
  }

  /** What follows a piece of reading: reports, work on what is here, the next piece. */
  private sliced(open: Open, budgetMs: number, caughtUp: boolean): void {
    if (open.state === 'capturing') this.watch(open);
    const goesOn = open.state === 'loading' || open.state === 'capturing';
    const came = open.loader.store.table.length - open.reportedPackets;
    if (!goesOn || performance.now() - open.reportedAt >= (open.state === 'capturing' && came >= manyPackets ? manyReportMs : reportMs)) {
      open.reportedAt = performance.now();
      if (budgetMs === 0) setImmediate(() => this.tell(open));
      else this.tell(open);
    } else if (caughtUp) this.tellSoon(open);
    if (!goesOn) {
      open.work.loaded();
      this.endLive(open);
    } else {
      open.work.grew();
      if (!caughtUp) this.sliceSoon();
    }
  }

  /** One slice, after what waits to be taken: while packets keep coming they go first several times. */
  private sliceSoon(): void {
    if (this.waits) return;
    this.waits = true;
    setImmediate(() => {
      this.waits = false;
      const open = this.open_;
      if (open === null) return;
      const isLive = open.state === 'capturing' && open.loader.grows;
      if (isLive && this.arrived && this.passed < takenFirst) {
        this.arrived = false;
        this.passed++;
        this.sliceSoon();
        return;
      }
      this.arrived = false;
      this.passed = 0;
      this.slice(open, isLive ? liveSliceMs : sliceMs);
    });
  }

  /** What came in since the last report is told of although nothing more comes. */
  private tellSoon(open: Open): void {
    if (this.telling !== null) return;
    this.telling = setTimeout(() => {
      this.telling = null;
      if (open.state !== 'capturing') return;
      open.reportedAt = performance.now();
      this.tell(open);
    }, reportMs);
  }

  private tell(open: Open): void {
    if (this.open_ !== open) return;
    open.reportedPackets = open.loader.store.table.length;
    this.emit('capture:progress', progressOf(open));
  }
}

function progressOf({ captureId, state, elapsedMs, error, loader: { store, source, reader } }: Open): CaptureProgress {
  return {
    captureId,
    state,
    packets: store.table.length,
    bytesRead: source.consumed,
    bytesTotal: source.sizeBytes,
    elapsedMs,
    tcpStreams: store.tcp.length,
    udpStreams: store.udp.length,
    interfaces: [...reader.interfaces],
    health: store.healthIssues,
    comments: [...reader.comments],
    ...(error !== null && { error }),
  };
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
    decodeAs: (...args) => session.decodeAs(...args),
    decodeAsTables: () => decodeAsTables(registry),
    decodeAsOffers: (...args) => session.decodeAsOffers(...args),
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
    startLive: (...args) => session.startLive(...args),
    stopLive: (...args) => session.stopLive(...args),
    livePid: () => session.livePid(),
    streamOfPorts: (...args) => session.streamOfPorts(...args),
    captureDevices: (...args) => session.captureDevices(...args),
    deviceTraffic: () => session.deviceTraffic(),
    checkCaptureFilter: (...args) => session.checkCaptureFilter(...args),
    permissionAdvice: (...args) => session.permissionAdvice(...args),
  };
  return (message) => (methods[message.name] as (...args: readonly unknown[]) => unknown)(...message.args);
}
