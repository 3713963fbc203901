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
import { corpusFiles, hindsightOnly, missing, print, shortName } from './oracle.ts';

const registry = createRegistry(protocols);
const names = ['tcp.completeness', ...hindsightOnly] as const;
const want = wantOf(registry, new Set(names), false);
/** Pairs of packet and field with a value, by field. */
const met = new Map<string, number>();
let changed = 0;
/** `differences.md`: what tshark takes for a test of Teredo it does not look for an answer to. */
const differences = new Set(['zeek/testing__btest__Traces__tunnels__Teredo.pcap #30']);

describeWhere(missing, 'fields that later packets change, as tshark -2 has them', () => {
  test.each(corpusFiles().map((path) => [shortName(path), path] as const))('%s', async (short, path) => {
    const opened = openCapture(path, registry);
    if (!opened.ok) return;
    const { store, source } = opened.value;
    while (opened.value.advance());
    const asItCame = Array.from({ length: store.table.length }, (_, row) => valuesOf(row));
    store.hindsight = new Hindsight();
    const answer = await print(path, ['-2', '-T', 'fields', ...names.flatMap((name) => ['-e', name])]);
    const theirs = answer === '' ? [] : answer.replace(/\n$/, '').split('\n');
    const columns = new ColumnFields(registry, store).of('tcp.completeness');
    const cursor = store.table.cursor();
    const wrong: string[] = [];
    for (const [row, expected] of theirs.entries()) {
      if (row >= store.table.length) break;
      const ours = valuesOf(row);
      if (ours !== expected && !differences.has(`${short} #${row + 1}`))
        wrong.push(`#${row + 1}: tshark ${expected}, ours ${ours}`);
      for (const [n, value] of expected.split('\t').entries())
        if (value !== '') met.set(names[n], (met.get(names[n]) ?? 0) + 1);
      if (ours !== asItCame[row]) changed++;
      // What the columns tell without the packet is the same.
      cursor.move(row);
      if (columns?.presence(cursor, row) === Answer.Yes)
        expect(String(columns.valueOf(columns.first(cursor, row)))).toBe(ours.split('\t')[0]);
    }
    source.close();
    expect(wrong.slice(0, 5)).toEqual([]);

    function valuesOf(row: number): string {
      const { items } = store.engine.read(row, want).found;
      return names
        .map((name) =>
          items
            .flatMap((item) => (item.field?.name === name ? [item.value === true ? '1' : String(item.value)] : []))
            .join(','),
        )
        .join('\t');
    }
  });

  it('was compared often enough, and differs from what was known when the packets came', () => {
    expect(met.get('tcp.completeness')).toBeGreaterThan(10_000);
    expect(met.get('icmp.resp_in')).toBeGreaterThan(30);
    expect(changed).toBeGreaterThan(5_000);
  });
});
