import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import { type Want, wantOf } from '../../shared/dissect/want.ts';
import type { Catalogue } from '../../shared/filter/check.ts';
import { type Filter, readFilter } from '../../shared/filter/filter.ts';
import { Answer } from '../../shared/query/answer.ts';
import { ColumnFields } from '../../shared/query/column-fields.ts';
import { ReadFields } from '../../shared/query/read-fields.ts';
import { type RowTest, RowTests } from '../../shared/query/row-test.ts';

interface Rule {
  readonly known: RowTest;
  readonly filter: Filter;
}

/**
 * Which of the colouring rules a row passes first. Asked for rows on screen only; a packet is read once, whatever the
 * number of rules.
 */
export class RowColours {
  private readonly rules: readonly (Rule | null)[];
  private readonly want: Want;

  /** @param filters of the rules, in order; one that is refused, or reads the selected packet, colours nothing */
  constructor(
    private readonly store: CaptureStore,
    catalogue: Catalogue,
    filters: readonly string[],
  ) {
    const tests = new RowTests(store.registry, store, new ColumnFields(store.registry, store));
    const names = new Set<string>();
    this.rules = filters.map((text) => {
      const { filter } = readFilter(text, catalogue);
      if (filter === null || filter.tree === null || filter.usesSelected) return null;
      for (const name of filter.fields) names.add(name);
      return { known: tests.of(filter.tree), filter };
    });
    this.want = wantOf(store.registry, names, false);
  }

  /** Place of the rule, from 1; 0 where none fits. */
  of(row: number): number {
    const { store } = this;
    if (this.rules.length === 0 || store.annotations.ignored.has(row)) return 0;
    const c = store.table.cursor().move(row);
    let fields: ReadFields | null = null;
    for (const [i, rule] of this.rules.entries()) {
      if (rule === null) continue;
      const answer = rule.known(c, row);
      if (answer === Answer.Yes) return i + 1;
      if (answer === Answer.No) continue;
      fields ??= new ReadFields(store.engine.read(row, this.want));
      if (rule.filter.test(fields, null)) return i + 1;
    }
    return 0;
  }
}
