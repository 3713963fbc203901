import type { CaptureStore } from '../../shared/dissect/capture-store.ts';
import type { Catalogue } from '../../shared/filter/check.ts';
import { readFilter } from '../../shared/filter/filter.ts';
import { Matcher } from '../../shared/query/matcher.ts';

/** Which of the colouring rules a row passes first. Asked for rows on screen only. */
export class RowColours {
  private readonly rules: readonly (Matcher | null)[];

  /** @param filters of the rules, in order; one that is refused, or reads the selected packet, colours nothing */
  constructor(
    private readonly store: CaptureStore,
    catalogue: Catalogue,
    filters: readonly string[],
  ) {
    this.rules = filters.map((text) => {
      const { filter } = readFilter(text, catalogue);
      return filter === null || filter.tree === null || filter.usesSelected ? null : new Matcher(filter, store);
    });
  }

  /** Place of the rule, from 1; 0 where none fits. */
  of(row: number): number {
    if (this.store.annotations.ignored.has(row)) return 0;
    return this.rules.findIndex((rule) => rule?.test(row) === true) + 1;
  }
}
