import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Filter } from '../../shared/filter/filter.ts';
import type { FilterProgress } from '../../shared/model/filter.ts';
import { Matcher } from '../../shared/query/matcher.ts';
import type { Job } from './jobs.ts';

/** One filter on its way through the capture. Rows that pass are kept in file order, or only counted. */
export class FilterRun {
  private matched = 0;
  private rows = new Uint32Array(1024);
  private scanned = 0;
  private state: FilterProgress['state'] = 'scanning';
  private readonly matcher: Matcher;

  constructor(
    readonly serial: number,
    readonly filter: Filter,
    private readonly captureId: number,
    private readonly store: CaptureStore,
    selectedRow: number,
    private readonly keepsRows: boolean,
  ) {
    this.matcher = new Matcher(filter, store, selectedRow);
  }

  get count(): number {
    return this.matched;
  }

  get isDone(): boolean {
    return this.state !== 'scanning';
  }

  /** In file order; good until the run goes on. */
  get matches(): Uint32Array {
    return this.rows.subarray(0, this.matched);
  }

  get progress(): FilterProgress {
    const { captureId, serial, matched, scanned, state } = this;
    return { captureId, serial, filter: this.filter.text, matched, scanned, total: this.store.table.length, state };
  }

  /** Everything is looked at once more: packets that came later have changed what earlier ones tell. */
  again(): void {
    if (this.state !== 'scanning') return;
    this.matched = 0;
    this.scanned = 0;
    // Who goes through the rows so far does so at leisure.
    this.rows = new Uint32Array(1024);
  }

  cancel(): void {
    if (this.state === 'scanning') this.state = 'cancelled';
  }

  /** Looks at what is loaded and was not looked at yet. */
  *work(): Job {
    if (this.state !== 'scanning') return;
    const end = this.store.table.length;
    const found = this.keepsRows ? (row: number) => this.keep(row) : () => void this.matched++;
    for (const next of this.matcher.scan(this.scanned, end, found)) {
      this.scanned = next;
      yield;
      if (this.isDone) return;
    }
    this.scanned = end;
  }

  /** Everything was looked at, and nothing more will be loaded. */
  finish(): void {
    if (this.state === 'scanning') this.state = 'done';
  }

  /** All that is loaded was looked at. */
  get caughtUp(): boolean {
    return this.scanned === this.store.table.length;
  }

  private keep(row: number): void {
    if (this.matched === this.rows.length) {
      const rows = new Uint32Array(this.rows.length * 2);
      rows.set(this.rows);
      this.rows = rows;
    }
    this.rows[this.matched++] = row;
  }
}
