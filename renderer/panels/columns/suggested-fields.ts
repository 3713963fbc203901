import type { FieldFacts } from '../../../shared/model/field-facts.ts';
import { fitting } from '../../widgets/combobox.tsx';

const most = 8;

/** Fields that somebody may mean who has typed so much, short names first. */
export const suggestedFields = (catalogue: ReadonlyMap<string, FieldFacts>, typed: string): readonly FieldFacts[] =>
  fitting(catalogue.values(), typed, (a, b) => a.name.length - b.name.length || (a.name < b.name ? -1 : 1)).slice(
    0,
    most,
  );
