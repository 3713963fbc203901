import type { CaptureStore } from '../dissect/capture-store.ts';
import { wantOf } from '../dissect/want.ts';
import type { ValuesExpression } from '../filter/expression.ts';
import { order, type Scalar } from '../filter/scalar.ts';
import type { Value } from '../model/value.ts';
import { AddressKind } from '../table/addresses.ts';
import { Answer } from './answer.ts';
import { ColumnFields } from './column-fields.ts';
import { HeaderFields } from './header-fields.ts';
import { engineForScans } from './matcher.ts';
import { ReadFields } from './read-fields.ts';
import { RowTests } from './row-test.ts';
import { ranksOf, ranksOfNumbers, ranksOfTexts } from './sort.ts';

/** Columns that need no packet to be read. */
export type QuickColumn = 'number' | 'time' | 'length' | 'source' | 'destination';

/** Keys of every row for `sortRows`, from the packet table alone: some dozens of milliseconds for a million rows. */
export function quickKeys(store: CaptureStore, column: QuickColumn): Uint32Array {
  const { table } = store;
  const c = table.cursor();
  const keys = new Uint32Array(table.length);
  switch (column) {
    case 'number':
      return keys.map((_, row) => row);
    case 'length':
      for (let row = 0; row < keys.length; row++) keys[row] = c.move(row).wireLen;
      return keys;
    case 'time': {
      const times = new Float64Array(table.length);
      const start = table.length === 0 ? 0 : c.move(0).sec;
      for (let row = 0; row < times.length; row++) times[row] = (c.move(row).sec - start) * 1e9 + c.nsec;
      return ranksOfNumbers(times);
    }
    default: {
      const ranks = addressRanks(store);
      for (let row = 0; row < keys.length; row++)
        keys[row] = ranks[column === 'source' ? c.move(row).src : c.move(row).dst];
      return keys;
    }
  }
}

/** By address id: none first, then IPv4, IPv6, Ethernet, others; within a kind by number. */
function addressRanks({ addresses }: CaptureStore): Uint32Array {
  const ids = Array.from({ length: addresses.size }, (_, id) => id);
  ids.sort((a, b) => {
    const kind = addresses.kind(a) - addresses.kind(b);
    if (kind !== 0) return kind;
    if (addresses.kind(a) === AddressKind.Other)
      return addresses.text(a) < addresses.text(b) ? -1 : addresses.text(a) > addresses.text(b) ? 1 : 0;
    for (let i = 0; i < 4; i++) {
      const difference = addresses.word(a, i) - addresses.word(b, i);
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const ranks = new Uint32Array(addresses.size);
  for (const [rank, id] of ids.entries()) ranks[id] = rank;
  return ranks;
}

/** Packets that are read between two yields. */
const packetsAtOnce = 64;

/** Distinct texts, and which one each row has. */
class Texts {
  readonly list: string[] = [];
  readonly ids: Uint32Array;
  private readonly known = new Map<string, number>();

  constructor(rows: number) {
    this.ids = new Uint32Array(rows);
  }

  set(row: number, text: string): void {
    let id = this.known.get(text);
    if (id === undefined) {
      id = this.list.length;
      this.list.push(text);
      this.known.set(text, id);
    }
    this.ids[row] = id;
  }

  *ranks(): Generator<void, Uint32Array> {
    this.known.clear();
    const ranks = yield* ranksOfTexts(this.list);
    return this.ids.map((id) => ranks[id]);
  }
}

/**
 * Keys of the two columns whose texts come from reading every packet. Yields often; the value yielded is the number of
 * rows read.
 */
export function* textKeys(
  store: CaptureStore,
): Generator<number, { readonly protocol: Uint32Array; readonly info: Uint32Array }> {
  const engine = engineForScans(store);
  const want = wantOf(store.registry, new Set(), true);
  const bytes = store.packetBytes();
  const rows = store.table.length;
  const protocols = new Texts(rows);
  const infos = new Texts(rows);
  for (let row = 0; row < rows; row++) {
    const { columns } = engine.read(row, want, bytes.of(row));
    protocols.set(row, columns.protocol);
    infos.set(row, columns.info);
    if (row % packetsAtOnce === 0) yield row;
  }
  return { protocol: yield* counted(protocols.ranks(), rows), info: yield* counted(infos.ranks(), rows) };
}

/** The same work; what it yields says that all rows were read. */
function* counted<T>(work: Generator<void, T>, rows: number): Generator<number, T> {
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
    yield rows;
  }
}

/** Longest part of a string of bytes that rows are ordered by. */
const mostBytes = 64;
/** Rows answered from columns between two yields. */
const rowsAtOnce = 4096;

/**
 * Keys by one value of a column's expression in each packet, from the packet table where it holds the value or shows
 * that there is none; packets without it come first.
 * @param occurrence the first is 0 or 1, the last -1
 */
export function* valueKeys(
  store: CaptureStore,
  column: ValuesExpression,
  occurrence: number,
): Generator<number, Uint32Array> {
  const { registry, table, annotations } = store;
  const { expression } = column;
  const columns = new ColumnFields(registry, store);
  const exists = new RowTests(registry, store, columns).of({ kind: 'exists', of: expression });
  const place = occurrence > 0 ? occurrence - 1 : occurrence;
  const headers = new HeaderFields(registry, store, columns);
  const kept =
    expression.kind === 'field' && expression.layers === null && !expression.raw && place === 0
      ? headers.of(expression.field.name)
      : undefined;
  const engine = engineForScans(store);
  const want = wantOf(registry, column.fields, false);
  const bytes = store.packetBytes();
  const cursor = table.cursor();
  const rows = table.length;
  const values: (Scalar | null)[] = new Array(rows).fill(null);
  for (let row = 0, weight = 0; row < rows; row++) {
    const ignored = annotations.ignored.has(row);
    let answer = ignored ? Answer.Unknown : exists(cursor.move(row), row);
    if (answer === Answer.Unknown && headers.usesBytes && !ignored) {
      headers.bytes = bytes.of(row);
      answer = kept?.presence(cursor, row) ?? answer;
      weight += 16;
    }
    if (answer === Answer.Yes && kept !== undefined) values[row] = scalarOf(kept.valueOf(kept.first(cursor, row)));
    else if (answer !== Answer.No) {
      values[row] = scalarOf(column.values(new ReadFields(engine.read(row, want, bytes.of(row)))).at(place));
      weight += rowsAtOnce / packetsAtOnce;
    }
    if (++weight < rowsAtOnce) continue;
    weight = 0;
    yield row;
  }
  if (values.every((value) => value === null || typeof value === 'number'))
    return ranksOfNumbers(Float64Array.from(values, (value) => (typeof value === 'number' ? value : Number.NaN)));
  return yield* counted(ranksOf(values, compare), rows);
}

function compare(a: Scalar | null, b: Scalar | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return order(a, b) || 0;
}

/** Bytes are copied: those that a reading holds are overwritten by the next. */
const scalarOf = (value: Value | undefined): Scalar | null =>
  value === undefined
    ? null
    : typeof value === 'boolean'
      ? value
        ? 1
        : 0
      : value instanceof Uint8Array
        ? value.slice(0, mostBytes)
        : value;
