/** A capture in hindsight against `tshark -2`, over the corpus: a packet tells what its whole connection shows. */
import { expect, it, test } from 'vitest';
import { openCapture } from '../../electron/worker/load.ts';
import { Hindsight } from '../../shared/dissect/hindsight.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { wantOf } from '../../shared/dissect/want.ts';
import { Answer } from '../../shared/query/answer.ts';
import { ColumnFields } from '../../shared/query/column-fields.ts';
import { describeWhere } from '../support/needs.ts';
import { corpusFiles, missing, print, shortName } from './oracle.ts';

const registry = createRegistry(protocols);
const name = 'tcp.completeness';
const want = wantOf(registry, new Set([name]), false);
let compared = 0;
let changed = 0;

describeWhere(missing, 'tcp.completeness as tshark -2 has it', () => {
  test.each(corpusFiles().map((path) => [shortName(path), path] as const))('%s', async (_short, path) => {
    const opened = openCapture(path, registry);
    if (!opened.ok) return;
    const { store, source } = opened.value;
    while (opened.value.advance());
    const asItCame = Array.from({ length: store.table.length }, (_, row) => valuesOf(row));
    store.hindsight = new Hindsight();
    const answer = await print(path, ['-2', '-T', 'fields', '-e', name]);
    const theirs = answer === '' ? [] : answer.replace(/\n$/, '').split('\n');
    const columns = new ColumnFields(registry, store).of(name);
    const cursor = store.table.cursor();
    const wrong: string[] = [];
    for (const [row, expected] of theirs.entries()) {
      if (row >= store.table.length) break;
      const ours = valuesOf(row);
      if (ours !== expected) wrong.push(`#${row + 1}: tshark ${expected}, ours ${ours}`);
      if (expected !== '') compared++;
      if (ours !== asItCame[row]) changed++;
      // What the columns tell without the packet is the same.
      cursor.move(row);
      if (columns?.presence(cursor, row) === Answer.Yes) expect(String(columns.valueOf(columns.first(cursor, row)))).toBe(ours);
    }
    source.close();
    expect(wrong.slice(0, 5)).toEqual([]);

    function valuesOf(row: number): string {
      return store.engine
        .read(row, want)
        .found.items.map(({ value }) => String(value))
        .join(',');
    }
  });

  it('was compared often enough, and differs from what was known when the packets came', () => {
    expect(compared).toBeGreaterThan(10_000);
    expect(changed).toBeGreaterThan(5_000);
  });
});
