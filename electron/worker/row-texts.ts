import { AddressNames } from '../../shared/dissect/address-names.ts';
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Engine } from '../../shared/dissect/engine.ts';
import { readsHindsight } from '../../shared/dissect/hindsight.ts';
import type { Columns } from '../../shared/dissect/out.ts';
import type { PacketBytes } from '../../shared/dissect/packet-bytes.ts';
import type { Catalogue } from '../../shared/filter/check.ts';
import { RowNote } from '../../shared/model/annotations.ts';
import {
  type ColumnSetting,
  defaultListSettings,
  type ListSettings,
  visibleColumns,
} from '../../shared/model/list-settings.ts';
import type { RowPage } from '../../shared/model/packet.ts';
import type { DisplayedRows } from './displayed-rows.ts';
import { type ColumnPlan, planColumns } from './list-columns.ts';
import { RowColours } from './row-colours.ts';
import { timeText } from './time-column.ts';

/** Rows whose texts are kept: some screens back and forth. */
const keptRows = 4000;

/** What is kept of a row: the texts that its packet had to be read for. */
interface Kept {
  readonly columns: Columns;
  /** Of the columns of fields, in the order of the plan. */
  readonly fields: readonly string[];
  /** Place of the colouring rule, from 1; 0 none. */
  readonly colour: number;
}

/** Texts of the packet list, made for the rows that are looked at. */
export class RowTexts {
  private readonly kept = new Map<number, Kept>();
  private settings: ListSettings = defaultListSettings;
  private visible: readonly ColumnSetting[] = visibleColumns(defaultListSettings.columns);
  private plan: ColumnPlan;
  readonly names: AddressNames;
  private coloursReadHindsight = false;
  private colours: RowColours;

  constructor(
    private readonly captureId: number,
    private readonly store: CaptureStore,
    private readonly displayed: DisplayedRows,
    private readonly catalogue: Catalogue,
  ) {
    this.plan = this.planOf();
    this.names = new AddressNames(store);
    this.colours = new RowColours(store, catalogue, []);
  }

  /** Whether addresses are shown by their names. */
  get showsNames(): boolean {
    return this.settings.addressNames;
  }

  /** Columns or colours show what packets to come change. */
  get readsHindsight(): boolean {
    return this.coloursReadHindsight || this.settings.columns.some(({ field }) => readsHindsight(field));
  }

  /** Filters of the colouring rules, in order. */
  colour(filters: readonly string[]): void {
    this.coloursReadHindsight = filters.some(readsHindsight);
    this.colours = new RowColours(this.store, this.catalogue, filters);
    this.forget();
  }

  /** Which columns, and how times are written, from now on. */
  show(settings: ListSettings): void {
    const planned = JSON.stringify(settings.columns) !== JSON.stringify(this.settings.columns);
    this.settings = settings;
    if (!planned) return;
    this.visible = visibleColumns(settings.columns);
    this.plan = this.planOf();
    this.forget();
  }

  page(first: number, count: number): RowPage {
    const { table } = this.store;
    const size = Math.max(0, Math.min(count, this.displayed.count - first));
    const cells: string[][] = this.visible.map(() => []);
    const writers = this.visible.map((column) => this.writer(column));
    const rows = new Uint32Array(size);
    const streams = new Int32Array(size);
    const tints = new Uint8Array(size);
    const notes = new Uint8Array(size);
    for (let i = 0; i < size; i++) {
      const position = first + i;
      const row = this.displayed.rowAt(position);
      rows[i] = row;
      streams[i] = table.get('transport', row) === 6 ? table.get('stream', row) : -1;
      const kept = this.of(row);
      for (let c = 0; c < cells.length; c++) cells[c].push(writers[c](kept, row, position));
      tints[i] = this.store.annotations.ignored.has(row) ? 0 : kept.colour;
      notes[i] = this.notes(row);
    }
    return {
      captureId: this.captureId,
      first,
      columns: this.visible.map((column) => column.id),
      rows,
      cells,
      names: this.namesIn(cells),
      streams,
      tints,
      notes,
    };
  }

  /** Names of the addresses among the cells, where they are wanted. */
  private namesIn(cells: readonly (readonly string[])[]): ReadonlyMap<string, string> {
    const names = new Map<string, string>();
    if (!this.showsNames) return names;
    for (const [c, { kind }] of this.visible.entries()) {
      if (kind !== 'source' && kind !== 'destination') continue;
      for (const address of cells[c]) {
        const name = this.names.of(address);
        if (name !== undefined) names.set(address, name);
      }
    }
    return names;
  }

  /**
   * Reads what the list shows of a row, for searches over many rows: nothing of it is kept. Without numbers of packets,
   * times and lengths: their digits would answer to any number that is looked for.
   */
  searched(engine: Engine, bytes: PacketBytes): (row: number) => readonly string[] {
    const writers = this.visible
      .filter(({ kind }) => kind !== 'number' && kind !== 'time' && kind !== 'length')
      .map((column) => this.writer(column));
    const { want, columns: fields } = this.plan;
    return (row) => {
      const reading = engine.read(row, want, bytes.of(row));
      const kept: Kept = { columns: reading.columns, fields: fields.map((column) => column.text(reading)), colour: 0 };
      const texts = writers.map((write) => write(kept, row, -1));
      return this.showsNames
        ? texts.concat([kept.columns.source, kept.columns.destination].map((address) => this.names.of(address) ?? ''))
        : texts;
    };
  }

  /** Place of the colouring rule of a row, from 1; 0 none. */
  tintOf(row: number): number {
    return this.store.annotations.ignored.has(row) ? 0 : (this.kept.get(row)?.colour ?? this.colours.of(row));
  }

  /** The texts are made anew: something about how packets are shown has changed. */
  forget(): void {
    this.kept.clear();
  }

  private planOf(): ColumnPlan {
    return planColumns(this.visible, this.store.registry, this.catalogue);
  }

  /** What writes a column's cell. */
  private writer(column: ColumnSetting): (kept: Kept, row: number, position: number) => string {
    const { store, displayed, settings, plan } = this;
    switch (column.kind) {
      case 'number':
        return (_, row) => String(row + 1);
      case 'time':
        return (_, row, position) =>
          timeText(store, row, settings, () => (position > 0 ? displayed.rowAt(position - 1) : -1));
      case 'length':
        return (_, row) => String(store.table.get('wireLen', row));
      case 'field': {
        const place = plan.columns.findIndex(({ id }) => id === column.id);
        return ({ fields }) => fields[place] ?? '';
      }
      default: {
        const { kind } = column;
        return ({ columns }) => columns[kind];
      }
    }
  }

  private of(row: number): Kept {
    const known = this.kept.get(row);
    if (known !== undefined) return known;
    const reading = this.store.engine.read(row, this.plan.want);
    const kept = {
      columns: reading.columns,
      fields: this.plan.columns.map((column) => column.text(reading)),
      colour: this.colours.of(row),
    };
    if (this.kept.size >= keptRows) {
      const oldest = this.kept.keys().next().value;
      if (oldest !== undefined) this.kept.delete(oldest);
    }
    this.kept.set(row, kept);
    return kept;
  }

  private notes(row: number): number {
    const { annotations } = this.store;
    return (
      (annotations.marked.has(row) ? RowNote.Marked : 0) |
      (annotations.ignored.has(row) ? RowNote.Ignored : 0) |
      (annotations.references.has(row) ? RowNote.Reference : 0) |
      (annotations.comments(row).length > 0 ? RowNote.Comment : 0)
    );
  }
}
