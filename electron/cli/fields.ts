/** `-T fields`: chosen fields of each packet on a line. */
import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { escapeControls, escapeLineBreaks } from '../../shared/format/escape.ts';
import { plainValue } from '../../shared/format/value.ts';
import { columnNames, columnValue, isColumn } from './column-values.ts';
import type { FieldFormat } from './options.ts';

/**
 * The value of a line as `-T fields` prints it: a protocol's title (its name where it has none of its own), 1 for a
 * field without a value.
 */
export function itemValue(item: TreeItem): string {
  const { field } = item;
  if (field === null) return '';
  if (field.type === 'protocol')
    return item.label === undefined || item.label === field.label ? field.name : escapeControls(item.label);
  if (field.type === 'none') return '1';
  const value = plainValue(field, item.value);
  return field.type === 'string' ? escapeLineBreaks(value) : value;
}

/** Collects the values of wanted fields. */
export class FieldPicker {
  private readonly places = new Map<string, number>();
  private readonly columns: readonly { readonly place: number; readonly name: string }[];

  /** A name given twice is answered at its last place only. */
  constructor(readonly names: readonly string[]) {
    for (const [i, name] of names.entries()) this.places.set(name, i);
    this.columns = [...this.places].filter(([name]) => isColumn(name)).map(([name, place]) => ({ name, place }));
  }

  /** Values of each name, in order of the tree. */
  pick(store: CaptureStore, dissection: Dissection): readonly (readonly string[])[] {
    const cells: string[][] = this.names.map(() => []);
    const visit = (items: readonly TreeItem[]): void => {
      for (const item of items) {
        if (item.field !== null) {
          const place = this.places.get(item.field.name);
          if (place !== undefined) cells[place].push(itemValue(item));
        }
        if (item.children !== null) visit(item.children);
      }
    };
    visit(dissection.items);
    for (const { name, place } of this.columns) cells[place] = [columnValue(name, store, dissection)];
    return cells;
  }
}

export function headerLine(names: readonly string[], format: FieldFormat): string {
  return `${format.bom ? '\ufeff' : ''}${format.header ? `${names.join(format.separator)}\n` : ''}`;
}

/** Fields without a value are empty, without quotes. */
export function fieldsLine(cells: readonly (readonly string[])[], format: FieldFormat): string {
  const { separator, occurrence, aggregator, quote } = format;
  let line = '';
  for (let i = 0; i < cells.length; i++) {
    const values = cells[i];
    if (i > 0) line += separator;
    if (values.length === 0) continue;
    line += quote;
    line += occurrence === 'f' ? values[0] : occurrence === 'l' ? values[values.length - 1] : values.join(aggregator);
    line += quote;
  }
  return `${line}\n`;
}

/** Names that are neither fields nor columns. */
export function unknownFields(names: readonly string[], registry: Registry): string[] {
  return names.filter((name) => !isColumn(name) && !registry.fieldByName.has(name));
}

/** The known names nearest to `name` by edits, letter case aside. */
export function nearest(name: string, registry: Registry): string[] {
  const wanted = name.toLowerCase();
  const scored = [...registry.fieldByName.keys(), ...columnNames].map(
    (known) => [distance(wanted, known.toLowerCase()), known] as const,
  );
  scored.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
  return scored.slice(0, 3).map(([, known]) => known);
}

/** Edits (insert, delete, replace) from one text to the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    previous = row;
  }
  return previous[b.length];
}
