import type { FieldFacts } from '../../../shared/model/field-facts.ts';

const most = 8;

/** Fields that somebody may mean who has typed so much: names that begin with it, then names and labels that hold it. */
export function suggestedFields(catalogue: ReadonlyMap<string, FieldFacts>, typed: string): readonly FieldFacts[] {
  const text = typed.trim().toLowerCase();
  const found: { readonly field: FieldFacts; readonly rank: number }[] = [];
  for (const field of catalogue.values()) {
    const name = field.name.toLowerCase();
    const rank = name.startsWith(text) ? 0 : name.includes(text) ? 1 : field.label.toLowerCase().includes(text) ? 2 : -1;
    if (rank >= 0) found.push({ field, rank });
  }
  return found
    .sort((a, b) => a.rank - b.rank || a.field.name.length - b.field.name.length || (a.field.name < b.field.name ? -1 : 1))
    .slice(0, most)
    .map(({ field }) => field);
}
