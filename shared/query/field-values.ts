import type { CaptureStore } from '../dissect/capture-store.ts';
import type { FieldInfo } from '../dissect/field.ts';
import { wantOf } from '../dissect/want.ts';
import { quoted } from '../filter/combine.ts';
import { plainValue } from '../format/value.ts';
import type { Value } from '../model/value.ts';
import { Answer } from './answer.ts';
import { ColumnFields } from './column-fields.ts';
import { engineForScans } from './matcher.ts';
import { Presence } from './presence.ts';

/** Distinct values that are counted at most: a field with more has none that stands out. */
const maxDistinct = 20_000;
const rowsAtOnce = 4096;
const packetsAtOnce = 32;

/** A value as a filter writes it. */
export function filterText(field: FieldInfo, value: Value): string {
  return typeof value === 'string' ? quoted(value) : plainValue(field, value);
}

/**
 * Counts the values of a field over the capture. Yields with the number of rows looked at; the counts so far are good
 * at any time.
 */
export function* countValues(
  store: CaptureStore,
  field: FieldInfo,
  counts: Map<string, number>,
): Generator<number, void> {
  const { registry, table } = store;
  const add = (text: string): void => {
    const known = counts.get(text);
    if (known !== undefined) counts.set(text, known + 1);
    else if (counts.size < maxDistinct) counts.set(text, 1);
  };
  const column = new ColumnFields(registry, store).of(field.name);
  const owners = registry.protocols
    .filter((p) => p.self.name === field.name || [...p.fields.values()].some((f) => f.name === field.name))
    .map((p) => new Presence(p, registry, store));
  const engine = engineForScans(store);
  const want = wantOf(registry, new Set([field.name]), false);
  const bytes = store.packetBytes();
  const c = table.cursor();
  /** Numbers of a column are counted first, and written as text once. */
  const numbers = new Map<number, number>();
  const count = (n: number): void => void numbers.set(n, (numbers.get(n) ?? 0) + 1);
  let weight = 0;
  for (let row = 0; row < table.length; row++) {
    c.move(row);
    const answer =
      column?.presence(c, row) ?? (owners.some((owner) => owner.of(c) !== Answer.No) ? Answer.Unknown : Answer.No);
    weight++;
    if (answer === Answer.Yes && column !== undefined) {
      count(column.first(c, row));
      if (column.second !== undefined) count(column.second(c, row));
    } else if (answer === Answer.Unknown) {
      weight += rowsAtOnce / packetsAtOnce;
      for (const item of engine.read(row, want, bytes.of(row)).found.items)
        if (item.value !== undefined) add(filterText(field, item.value));
    }
    if (weight >= rowsAtOnce) {
      weight = 0;
      yield row + 1;
    }
  }
  if (column === undefined) return;
  const most = [...numbers].sort((a, b) => b[1] - a[1]).slice(0, maxDistinct);
  for (const [n, times] of most) {
    const text = filterText(field, column.valueOf(n));
    counts.set(text, (counts.get(text) ?? 0) + times);
  }
}
