import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { readsHindsight } from '../../shared/dissect/hindsight.ts';
import type { Catalogue } from '../../shared/filter/check.ts';
import { readColumnExpression, type ValuesExpression } from '../../shared/filter/expression.ts';
import { type Filter, readFilter } from '../../shared/filter/filter.ts';
import type { Emit } from '../../shared/ipc/worker-messages.ts';
import type { FieldValues, FilterProgress } from '../../shared/model/filter.ts';
import type { FindHit, FindQuery } from '../../shared/model/find.ts';
import type { Overview } from '../../shared/model/overview.ts';
import type { ListOrder, RowSelection, DisplayedRows as Shown, SortProgress } from '../../shared/model/packet.ts';
import { countValues } from '../../shared/query/field-values.ts';
import { Matcher } from '../../shared/query/matcher.ts';
import { type QuickColumn, quickKeys, textKeys, valueKeys } from '../../shared/query/sort-keys.ts';
import type { DisplayedRows } from './displayed-rows.ts';
import { FilterRun } from './filter-run.ts';
import { finder, lookedAtOnce } from './finder.ts';
import { type Job, Jobs, Priority } from './jobs.ts';
import { overviewOf } from './overview.ts';
import type { RowTexts } from './row-texts.ts';

/** Milliseconds between two reports of one job. */
const reportMs = 100;
/** What is done before the first answer, so that a quick filter is applied at once. */
const firstMs = 12;
/** Sorted rows are put in order anew at most this often while a filter runs. */
const resortMs = 1000;
/**
 * Names that were found are shown at most this often while more are looked for, and so many DNS responses are read
 * between two looks at the clock.
 */
const renamedMs = 500;
const answersAtOnce = 32;
/** Counting the values of a field ends after this long. */
const valuesMs = 3000;
/**
 * Texts of captures up to this size are read ahead when there is nothing else to do, so that sorting by them is quick.
 */
const readAhead = 2_000_000;

const quickColumns: ReadonlySet<string> = new Set<QuickColumn>(['number', 'time', 'length', 'source', 'destination']);

/**
 * Long work over the rows of one capture: filtering, counting, sorting. In slices, the most urgent first; everything
 * can be given up at any moment.
 */
export class RowWork {
  private readonly jobs = new Jobs();
  private applied: FilterRun | null = null;
  private counted: FilterRun | null = null;
  private serial = 0;
  private isLoaded = false;
  private order: ListOrder = { column: null, descending: false };
  /** Keys by column, for as many rows as there were. */
  private readonly keys = new Map<string, Uint32Array>();

  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
    private readonly displayed: DisplayedRows,
    private readonly catalogue: Catalogue,
    private readonly rows: RowTexts,
    private readonly emit: Emit,
  ) {}

  /** Null where the filter is refused. */
  show(selection: RowSelection | null): Shown | null {
    this.jobs.stop(Priority.Find);
    if (selection === null) {
      this.giveUpFilter();
      return this.displayed.showAll();
    }
    if ('stream' in selection) {
      this.giveUpFilter();
      return this.displayed.showStream(selection);
    }
    const run = this.runOf(selection.filter, selection.selectedRow, true);
    if (run === null) return null;
    this.giveUpFilter();
    if (run.filter.tree === null) return this.displayed.showAll();
    this.applied = run;
    this.begin(run);
    this.displayed.showMatches(run);
    if (!run.isDone) this.jobs.start(Priority.Filter, this.applying(run));
    return this.displayed.shown;
  }

  /** What was found until now stays. */
  cancel(): void {
    this.jobs.stop(Priority.Filter);
    if (this.applied === null || this.applied.isDone) return;
    this.applied.cancel();
    this.displayed.changed();
    this.emit('filter:progress', this.applied.progress);
  }

  /** How many packets a filter would show; '' gives up counting. Null where it is refused. */
  count(text: string, selectedRow: number): FilterProgress | null {
    this.jobs.stop(Priority.Count);
    const run = this.runOf(text, selectedRow, false);
    this.counted = run;
    if (run === null) return null;
    this.begin(run);
    if (!run.isDone) this.jobs.start(Priority.Count, this.counting(run));
    return run.progress;
  }

  /**
   * The next packet in the list that has what is looked for, from a row on; the search goes on at the other end. What
   * was looked for before is given up.
   */
  find(query: FindQuery, fromRow: number, backwards: boolean): Promise<FindHit> {
    const { captureId, displayed } = this;
    const none: FindHit = { captureId, row: -1, wrapped: false, cancelled: false };
    this.jobs.stop(Priority.Find);
    const has = finder(query, this.store, this.catalogue, this.rows);
    const { count } = displayed;
    if (has === null || count === 0) return Promise.resolve(none);
    const begin = fromRow < 0 ? (backwards ? count : -1) : this.startOf(fromRow, backwards);
    return new Promise((resolve) => {
      const job = function* (): Job {
        let hit: FindHit = { ...none, cancelled: true };
        try {
          yield;
          for (let step = 1; step <= count; step++) {
            const at = begin + (backwards ? -step : step);
            const position = ((at % count) + count) % count;
            // Sorted anew, the list may hold fewer rows for a while.
            const row = position < displayed.count ? displayed.rowAt(position) : -1;
            if (row >= 0 && has(row)) {
              hit = { captureId, row, wrapped: at < 0 || at >= count, cancelled: false };
              return;
            }
            if (step % lookedAtOnce === 0) yield;
          }
          hit = none;
        } finally {
          resolve(hit);
        }
      };
      const search = job();
      // Given up before it has begun, it would never answer.
      search.next();
      this.jobs.start(Priority.Find, search);
    });
  }

  /**
   * Counts the packets in the list that have what is looked for; null gives up. The serial names the count in what is
   * told of it.
   */
  countHits(query: FindQuery | null, serial: number): void {
    this.jobs.stop(Priority.FindCount);
    const has = query === null ? null : finder(query, this.store, this.catalogue, this.rows);
    if (has === null) return;
    const { captureId, displayed, store, emit } = this;
    const job = function* (): Job {
      let found = 0;
      let reportedAt = performance.now();
      const rows = displayed.chosen;
      const total = rows?.length ?? store.table.length;
      for (let at = 0; at < total; at++) {
        if (has(rows?.[at] ?? at)) found++;
        if (at % lookedAtOnce !== 0) continue;
        if (performance.now() - reportedAt >= reportMs) {
          reportedAt = performance.now();
          emit('find:counted', { captureId, serial, found, scanned: at + 1, total, done: false });
        }
        yield;
      }
      emit('find:counted', { captureId, serial, found, scanned: total, total, done: true });
    };
    this.jobs.start(Priority.FindCount, job());
  }

  values(name: string, limit: number): Promise<FieldValues | null> {
    const field = this.store.registry.fieldByName.get(name);
    if (field === undefined) return Promise.resolve(null);
    const counts = new Map<string, number>();
    let scanned = 0;
    const { store, captureId } = this;
    return new Promise((resolve) => {
      const job = function* (): Job {
        const until = performance.now() + valuesMs;
        try {
          yield;
          for (const row of countValues(store, field, counts)) {
            scanned = row;
            yield;
            if (performance.now() > until) return;
          }
          scanned = store.table.length;
        } finally {
          const values = [...counts].sort((a, b) => b[1] - a[1]).slice(0, limit);
          resolve({
            captureId,
            field: name,
            values: values.map(([text, count]) => ({ text, count })),
            scanned,
            total: store.table.length,
          });
        }
      };
      const counting = job();
      counting.next();
      this.jobs.start(Priority.Values, counting);
    });
  }

  /** Looks at all rows shown, for the minimap. Null where another look takes its place. */
  overview(bands: number): Promise<Overview | null> {
    const { captureId, store, displayed, rows } = this;
    return new Promise((resolve) => {
      const job = function* (): Job {
        let seen: Overview | null = null;
        try {
          yield;
          seen = yield* overviewOf(captureId, store, displayed, (row) => rows.tintOf(row), bands);
        } finally {
          resolve(seen);
        }
      };
      const look = job();
      look.next();
      this.jobs.start(Priority.Overview, look);
    });
  }

  sort(column: string | null, descending: boolean): SortProgress {
    this.jobs.stop(Priority.Sort);
    const total = this.store.table.length;
    this.order = { column, descending };
    const progress = (state: SortProgress['state'], done: number): SortProgress => ({
      captureId: this.captureId,
      column,
      descending,
      done,
      total,
      state,
    });
    if (column === null) {
      this.displayed.sort(null);
      return progress('done', total);
    }
    const known = this.keysOf(column);
    if (known !== null) {
      this.displayed.sort({ keys: known, descending });
      return progress('done', total);
    }
    const preparation = this.preparation(column);
    if (preparation === null) {
      this.order = { column: null, descending: false };
      this.displayed.sort(null);
      return progress('refused', total);
    }
    this.jobs.stop(Priority.Background);
    const work = function* (this: RowWork): Job {
      let reportedAt = performance.now();
      for (;;) {
        const next = preparation.next();
        if (next.done === true) break;
        if (performance.now() - reportedAt >= reportMs) {
          reportedAt = performance.now();
          this.emit('rows:sorted', progress('preparing', next.value));
        }
        yield;
      }
      const keys = this.keysOf(column);
      if (keys !== null) this.displayed.sort({ keys, descending });
      this.emit('rows:sorted', progress('done', total));
    };
    this.jobs.start(Priority.Sort, work.call(this));
    return progress('preparing', 0);
  }

  /**
   * What columns show has changed, other than by new packets: sort keys made from it are dropped, and made again with
   * the next sort.
   */
  textsChanged(): void {
    this.jobs.stop(Priority.Background);
    for (const column of this.keys.keys()) if (!quickColumns.has(column)) this.keys.delete(column);
    // Half of its keys would be of the old texts.
    if (this.jobs.isRunning(Priority.Sort)) this.sort(this.order.column, this.order.descending);
  }

  /** Reads the DNS responses that were not read yet, where the list shows names for addresses. */
  readNames(): void {
    const { names, showsNames } = this.rows;
    if (!showsNames) this.jobs.stop(Priority.Names);
    else if (names.waits && !this.jobs.isRunning(Priority.Names)) this.jobs.start(Priority.Names, this.naming());
  }

  /** More of the file was read. */
  grew(): void {
    this.readNames();
    if (this.applied !== null && !this.applied.isDone && !this.jobs.isRunning(Priority.Filter))
      this.jobs.start(Priority.Filter, this.applying(this.applied));
    if (this.counted !== null && !this.counted.isDone && !this.jobs.isRunning(Priority.Count))
      this.jobs.start(Priority.Count, this.counting(this.counted));
  }

  /** Nothing more will be read of the file. */
  loaded(): void {
    this.isLoaded = true;
    this.lookBack();
    this.grew();
    if (this.order.column !== null) this.emit('rows:sorted', this.sort(this.order.column, this.order.descending));
    const { length } = this.store.table;
    if (length > 0 && length <= readAhead && this.keysOf('info') === null) {
      const texts = this.texts();
      const ahead = function* (): Job {
        while (texts.next().done !== true) yield;
      };
      this.jobs.start(Priority.Background, ahead());
    }
  }

  /** What was answered while packets still came is answered anew, where these may have changed it. */
  private lookBack(): void {
    if (this.store.hindsight !== null) this.store.hindsight.isWhole = true;
    for (const [run, priority] of [
      [this.applied, Priority.Filter],
      [this.counted, Priority.Count],
    ] as const) {
      if (run === null || run.isDone || !readsHindsight(run.filter.text)) continue;
      this.jobs.stop(priority);
      run.again();
    }
    for (const column of this.keys.keys()) if (readsHindsight(column)) this.keys.delete(column);
    if (
      !this.rows.readsHindsight &&
      !this.store.transactions.any &&
      !(this.applied !== null && readsHindsight(this.applied.filter.text))
    )
      return;
    this.rows.forget();
    this.emit('rows:named', this.captureId);
  }

  close(): void {
    this.jobs.stopAll();
  }

  /**
   * The position that a search goes on from. A hidden row stands between two that are shown: the one before it is still
   * to be looked at on the way back.
   */
  private startOf(row: number, backwards: boolean): number {
    const at = this.displayed.positionOf(row);
    const isHidden = at < 0 || this.displayed.rowAt(at) !== row;
    return isHidden && backwards ? at + 1 : at;
  }

  private runOf(text: string, selectedRow: number, keepsRows: boolean): FilterRun | null {
    const { filter } = readFilter(text, this.catalogue);
    return filter === null
      ? null
      : new FilterRun(++this.serial, filter, this.captureId, this.store, selectedRow, keepsRows);
  }

  private giveUpFilter(): void {
    this.jobs.stop(Priority.Filter);
    this.applied = null;
  }

  /** The first look, before anybody is answered. */
  private begin(run: FilterRun): void {
    const until = performance.now() + firstMs;
    const work = run.work();
    while (performance.now() < until) if (work.next().done === true) break;
    if (this.isLoaded && run.caughtUp) run.finish();
  }

  private *applying(run: FilterRun): Job {
    let reportedAt = performance.now();
    let sortedAt = 0;
    let found = run.count > 0;
    for (const _ of run.work()) {
      const now = performance.now();
      if (now - reportedAt >= reportMs || (!found && run.count > 0)) {
        reportedAt = now;
        found = run.count > 0;
        if (!this.displayed.isSorted || now - sortedAt >= resortMs) {
          sortedAt = now;
          this.displayed.changed();
        }
        this.emit('filter:progress', run.progress);
      }
      yield;
    }
    if (this.isLoaded) run.finish();
    this.displayed.changed();
    this.emit('filter:progress', run.progress);
  }

  private *naming(): Job {
    const { names } = this.rows;
    let told = names.count;
    let reportedAt = performance.now();
    const tell = (): void => {
      if (names.count === told) return;
      told = names.count;
      reportedAt = performance.now();
      this.emit('rows:named', this.captureId);
    };
    while (names.waits) {
      names.advance(answersAtOnce);
      if (performance.now() - reportedAt >= renamedMs) tell();
      yield;
    }
    tell();
  }

  private *counting(run: FilterRun): Job {
    let reportedAt = performance.now();
    for (const _ of run.work()) {
      if (performance.now() - reportedAt >= reportMs) {
        reportedAt = performance.now();
        this.emit('filter:counted', run.progress);
      }
      yield;
    }
    if (this.isLoaded) run.finish();
    this.emit('filter:counted', run.progress);
  }

  /** Keys of all rows there are now; null where packets must be read for them. */
  private keysOf(column: string): Uint32Array | null {
    const known = this.keys.get(column);
    if (known !== undefined && known.length === this.store.table.length) return known;
    if (!quickColumns.has(column)) return null;
    const keys = quickKeys(this.store, column as QuickColumn);
    this.keys.set(column, keys);
    return keys;
  }

  private preparation(column: string): Generator<number, void> | null {
    if (column === 'protocol' || column === 'info') return this.texts();
    const [, occurrence = '0', text] = /^field(?:@(-?\d+))?:(.+)$/s.exec(column) ?? [];
    const expression = text === undefined ? null : readColumnExpression(text, this.catalogue);
    if (expression === null) return null;
    return expression.kind === 'filter'
      ? this.keysOfFilter(column, expression.filter)
      : this.keysOfValues(column, expression, Number(occurrence));
  }

  private *texts(): Generator<number, void> {
    const { protocol, info } = yield* textKeys(this.store);
    this.keys.set('protocol', protocol);
    this.keys.set('info', info);
  }

  /** Packets that pass come after those that do not. */
  private *keysOfFilter(column: string, filter: Filter): Generator<number, void> {
    const keys = new Uint32Array(this.store.table.length);
    yield* new Matcher(filter, this.store).scan(0, keys.length, (row) => {
      keys[row] = 1;
    });
    this.keys.set(column, keys);
  }

  private *keysOfValues(column: string, expression: ValuesExpression, occurrence: number): Generator<number, void> {
    this.keys.set(column, yield* valueKeys(this.store, expression, occurrence));
  }
}
