/** Reading only some fields of a packet gives what the whole tree holds of them. */
import { expect, test } from 'vitest';
import { openCapture } from '../../electron/worker/load.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import { protocols } from '../../shared/dissect/protocols/index.ts';
import { createRegistry } from '../../shared/dissect/registry.ts';
import { wantOf } from '../../shared/dissect/want.ts';
import { plainValue } from '../../shared/format/value.ts';
import { describeWhere } from '../support/needs.ts';
import { corpusFiles, missingCorpus, shortName } from './oracle.ts';

const registry = createRegistry(protocols);
const packetsOfFile = 120;
const namesAtOnce = 3;

interface Seen {
  readonly name: string;
  readonly value: string;
}

const seen = (item: TreeItem): Seen[] =>
  item.field === null
    ? []
    : [
        {
          name: item.field.name,
          value: `${plainValue(item.field, item.value)}@${item.field.type === 'none' || item.field.name.startsWith('_ws.') ? '' : item.start}`,
        },
      ];

/** Every field of the tree, in order of names. */
function flat(items: readonly TreeItem[]): Seen[] {
  return items.flatMap((item) => [...seen(item), ...flat(item.children ?? [])]);
}

const sorted = (list: readonly Seen[]): string[] => list.map(({ name, value }) => `${name}=${value}`).sort();

describeWhere(missingCorpus, 'some fields and the columns are as in the whole tree', () => {
  test.each(corpusFiles().map((path) => [shortName(path), path] as const))(
    '%s',
    (_name, path) => {
      const opened = openCapture(path, registry);
      if (!opened.ok) return;
      const { store, source } = opened.value;
      while (opened.value.advance());
      const rows = Math.min(packetsOfFile, store.table.length);
      const whole = Array.from({ length: rows }, (_, row) => store.engine.dissect(row));
      const fields = whole.map((dissection) => flat(dissection.items));
      const names = [...new Set(fields.flatMap((list) => list.map(({ name }) => name)))].filter((name) => name !== '');
      const bytes = store.packetBytes();
      // Fields that other packets have must not turn up in these.
      names.push(
        ...['tcp.seq', 'tcp.flags', 'udp.length', 'ip.ttl', 'ipv6.hlim', 'dns.id'].filter(
          (name) => !names.includes(name),
        ),
      );
      const differing: string[] = [];
      for (let first = 0; first < names.length; first += namesAtOnce) {
        const chosen = new Set(names.slice(first, first + namesAtOnce));
        const columns = first % 2 === 0;
        const want = wantOf(registry, chosen, columns);
        for (let row = 0; row < rows; row++) {
          const expected = sorted(fields[row].filter(({ name }) => chosen.has(name)));
          const reading = store.engine.read(row, want, bytes.of(row));
          const got = sorted(reading.found.items.flatMap(seen));
          if (got.join('\n') !== expected.join('\n'))
            differing.push(
              `#${row + 1}: ${got.filter((g) => !expected.includes(g)).slice(0, 3)} for ${expected.filter((e) => !got.includes(e)).slice(0, 3)}`,
            );
          if (columns && JSON.stringify(reading.columns) !== JSON.stringify(whole[row].columns))
            differing.push(`#${row + 1}: ${JSON.stringify(reading.columns)} for ${JSON.stringify(whole[row].columns)}`);
          if (differing.length > 10) break;
        }
      }
      source.close();
      expect(differing).toEqual([]);
    },
    60_000,
  );
});
