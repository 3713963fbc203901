/** `-T fields`: chosen fields of each packet on a line. */
import type { Dissection } from '../../shared/dissect/engine.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import type { Registry } from '../../shared/dissect/registry.ts';
import { escapeControls } from '../../shared/format/escape.ts';
import { plainValue } from '../../shared/format/value.ts';
import { lineOf } from '../worker/packet-detail.ts';
import { columnValue, isColumn } from './columns.ts';
import type { FieldFormat } from './options.ts';

/** The value of a line as `-T fields` prints it. */
export function itemValue(item: TreeItem): string {
  const { field } = item;
  if (field === null) return '';
  if (field.type === 'protocol' || field.type === 'none') return lineOf(item);
  const value = plainValue(field, item.value);
  return field.type === 'string' ? escapeControls(value) : value;
}

export class FieldLines {
  /** Positions of each wanted field name. */
  private readonly places = new Map<string, number[]>();

  constructor(
    private readonly names: readonly string[],
    private readonly format: FieldFormat,
    private readonly timeDigits: () => number,
  ) {
    for (const [i, name] of names.entries()) {
      const known = this.places.get(name);
      if (known === undefined) this.places.set(name, [i]);
      else known.push(i);
    }
  }

  header(): string {
    return this.format.header ? `${this.names.join(this.format.separator)}\n` : '';
  }

  line(dissection: Dissection, wireLen: number, time: string): string {
    const cells: string[][] = this.names.map(() => []);
    const visit = (items: readonly TreeItem[]): void => {
      for (const item of items) {
        if (item.field !== null) {
          const places = this.places.get(item.field.name);
          if (places !== undefined) for (const place of places) cells[place].push(itemValue(item));
        }
        if (item.children !== null) visit(item.children);
      }
    };
    visit(dissection.items);
    for (const [i, name] of this.names.entries()) {
      if (isColumn(name)) cells[i] = [columnValue(name, dissection, wireLen, time)];
    }
    void this.timeDigits;
    const { separator, occurrence, aggregator, quote } = this.format;
    let line = '';
    for (let i = 0; i < cells.length; i++) {
      const values = cells[i];
      if (i > 0) line += separator;
      if (values.length === 0) continue;
      const text = occurrence === 'f' ? values[0] : occurrence === 'l' ? values[values.length - 1] : values.join(aggregator);
      line += quote === '' ? text : quote + text + quote;
    }
    return `${line}\n`;
  }
}

/** Names that are neither fields nor columns, each with the nearest that are. */
export function unknownFields(names: readonly string[], registry: Registry): string[] {
  return names.filter((name) => !isColumn(name) && !registry.fieldByName.has(name));
}

/** The known names nearest to `name` by edits. */
export function nearest(name: string, registry: Registry): string[] {
  const scored = [...registry.fieldByName.keys()].map((known) => [distance(name, known), known] as const);
  scored.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
  return scored.slice(0, 3).map(([, known]) => known);
}

/** Edits (insert, delete, replace) from one text to the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) row[j] = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    previous = row;
  }
  return previous[b.length];
}
