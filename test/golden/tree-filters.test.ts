/** The filter that a line of the tree gives finds the packet of that line: over real captures, for every line. */
import { expect, it } from 'vitest';
import { packetDetail } from '../../electron/worker/packet-detail.ts';
import { catalogueOf } from '../../shared/dissect/catalogue.ts';
import { wantOf } from '../../shared/dissect/want.ts';
import { readFilter } from '../../shared/filter/filter.ts';
import { filterOfNode } from '../../shared/filter/of-node.ts';
import type { TreeNode } from '../../shared/model/packet.ts';
import { ReadFields } from '../../shared/query/read-fields.ts';
import { describeWhere } from '../support/needs.ts';
import { load, registry } from './compare.ts';
import { corpusFiles, missingCorpus } from './oracle.ts';

const catalogue = new Map(catalogueOf(registry).map((facts) => [facts.name, facts]));
const files = corpusFiles();

describeWhere(missingCorpus, 'filters of tree lines', () => {
  it('are accepted and find their own packet', () => {
    const wrong: string[] = [];
    let tried = 0;
    for (const path of files) {
      const loader = load(path);
      if (loader === null) continue;
      const { store } = loader;
      for (let row = 0; row < Math.min(store.table.length, 12); row++) {
        const detail = packetDetail(1, store.engine.dissect(row));
        const bytes = detail.sources[0]?.bytes ?? new Uint8Array(0);
        const walk = (nodes: readonly TreeNode[]): void => {
          for (const node of nodes) {
            walk(node.children);
            const text = filterOfNode(node, catalogue, bytes);
            if (text === '') continue;
            tried++;
            const { filter, problems } = readFilter(text, catalogue);
            if (filter === null) wrong.push(`refused: ${text} (${problems[0]?.code})`);
            else if (!filter.test(new ReadFields(store.engine.read(row, wantOf(registry, filter.fields, false))), null))
              wrong.push(`not found: ${text}`);
          }
        };
        walk(detail.tree);
      }
      loader.source.close();
    }
    expect(tried).toBeGreaterThan(3000);
    expect(wrong.slice(0, 30)).toEqual([]);
  });
});
