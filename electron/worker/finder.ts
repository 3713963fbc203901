import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { TreeItem } from '../../shared/dissect/out.ts';
import type { Catalogue } from '../../shared/filter/check.ts';
import { readFilter } from '../../shared/filter/filter.ts';
import { soughtOf } from '../../shared/filter/find-text.ts';
import type { FindQuery } from '../../shared/model/find.ts';
import { engineForScans, Matcher } from '../../shared/query/matcher.ts';
import { lineOf } from './packet-detail.ts';
import type { RowTexts } from './row-texts.ts';

/** Packets of each kind that are looked at between two looks at the clock. */
export const lookedAtOnce = 16;

/** Whether a packet has what is looked for. Null where the query makes no sense: the window has said why. */
export function finder(
  query: FindQuery,
  store: CaptureStore,
  catalogue: Catalogue,
  rows: RowTexts,
): ((row: number) => boolean) | null {
  if (query.kind === 'filter') {
    const { filter } = readFilter(query.text, catalogue);
    if (filter === null || filter.tree === null) return null;
    const matcher = new Matcher(filter, store);
    return (row) => matcher.test(row);
  }
  const made = soughtOf(query);
  if ('problem' in made) return null;
  const { sought } = made;
  const bytes = store.packetBytes();
  if (query.place === 'bytes' || query.kind === 'hex') return (row) => sought.inBytes(bytes.of(row));
  const engine = engineForScans(store);
  if (query.place === 'list') {
    const texts = rows.searched(engine, bytes);
    return (row) => texts(row).some((text) => sought.inText(text));
  }
  const inLines = (items: readonly TreeItem[]): boolean =>
    items.some(
      (item) => !item.hidden && (sought.inText(lineOf(item)) || (item.children !== null && inLines(item.children))),
    );
  return (row) => inLines(engine.dissect(row).items);
}
