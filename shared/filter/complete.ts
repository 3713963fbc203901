import type { FieldFacts } from '../model/field-facts.ts';
import type { Catalogue } from './check.ts';
import { functionNames } from './checked.ts';
import { type GlossaryEntry, glossary } from './glossary.ts';
import { familyOf } from './scalar.ts';

/** One proposal at the caret. */
export type Proposal =
  | { readonly kind: 'field'; readonly text: string; readonly field: FieldFacts }
  | { readonly kind: 'operator'; readonly text: string; readonly meaning: OperatorMeaning }
  | { readonly kind: 'function'; readonly text: string; readonly name: (typeof functionNames)[number] }
  /** A value of the field by its name. */
  | { readonly kind: 'name'; readonly text: string; readonly value: number; readonly name: string }
  /** A whole filter for a word of the glossary. */
  | { readonly kind: 'glossary'; readonly text: string; readonly entry: GlossaryEntry };

export type OperatorMeaning =
  | 'eq'
  | 'ne'
  | 'gt'
  | 'lt'
  | 'ge'
  | 'le'
  | 'contains'
  | 'matches'
  | 'in'
  | 'notIn'
  | 'and'
  | 'or'
  | 'xor'
  | 'not'
  | 'allEq'
  | 'anyNe'
  | 'bits';

export interface Completion {
  /** What the proposals stand in place of: [from, caret). */
  readonly from: number;
  readonly proposals: readonly Proposal[];
  /** Field whose values of this capture would fit here as well; null where none would. */
  readonly valuesOf: string | null;
}

const maxProposals = 60;
const wordBefore = /[A-Za-z_.][A-Za-z0-9_.-]*$/;
/** Letters that are no part of the language: words of the glossary. */
const searchBefore = /[\p{Script=Han}A-Za-z][\p{Script=Han}A-Za-z0-9_.-]*$/u;
const comparisonBefore =
  /([A-Za-z_][A-Za-z0-9_.-]*)(?:#(?:\d+|\[[^\]]*\]))?\s*(===|!==|==|!=|>=|<=|>|<|\b(?:eq|ne|gt|lt|ge|le|any_eq|all_ne|all_eq|any_ne|contains)\b)\s*("?[^"\s(){},]*)$/;
const setBefore = /([A-Za-z_][A-Za-z0-9_.-]*)\s*(?:not\s+)?in\s*\{[^}]*?("?[^"\s(){},]*)$/;
const operandBefore = /(?:^|[\s(!{])([A-Za-z_][A-Za-z0-9_.-]*)\s+([a-z!=<>&|^]*)$/;

/** What could stand at the caret. Pure and quick: the catalogue is gone through once. */
export function complete(text: string, caret: number, catalogue: Catalogue): Completion {
  const before = text.slice(0, caret);
  if (insideString(before)) {
    const string = comparisonBefore.exec(before) ?? setBefore.exec(before);
    const field = string === null ? undefined : catalogue.get(string[1]);
    return field === undefined
      ? { from: caret, proposals: [], valuesOf: null }
      : valuesAt(field, caret, string?.at(-1) ?? '');
  }
  const compared = comparisonBefore.exec(before) ?? setBefore.exec(before);
  if (compared !== null) {
    const field = catalogue.get(compared[1]);
    if (field !== undefined) return valuesAt(field, caret, compared.at(-1) ?? '');
  }
  const operand = operandBefore.exec(before);
  if (operand !== null) {
    const field = catalogue.get(operand[1]);
    // After a field comes an operator.
    if (field !== undefined)
      return {
        from: caret - operand[2].length,
        proposals: operators(field).filter(({ text: symbol }) => symbol.startsWith(operand[2])),
        valuesOf: null,
      };
  }
  const afterValue = /[\w")}\]]\s+([a-z&|^]*)$/.exec(before);
  const word = wordBefore.exec(before)?.[0] ?? '';
  const search = searchBefore.exec(before)?.[0] ?? '';
  if (word === '' && search === '') return { from: caret, proposals: [], valuesOf: null };
  const connectors: readonly Proposal[] =
    afterValue === null
      ? []
      : (['and', 'or', 'xor'] as const)
          .filter((c) => c.startsWith(afterValue[1]))
          .map((c) => ({ kind: 'operator', text: c, meaning: c }));
  const from = caret - Math.max(word.length, search.length);
  const found = search.length > word.length ? [] : fields(word, catalogue);
  const functions: readonly Proposal[] =
    word === ''
      ? []
      : functionNames
          .filter((name) => name.startsWith(word))
          .map((name) => ({ kind: 'function', text: `${name}(`, name }));
  const words: readonly Proposal[] = [
    ...connectors,
    ...('not'.startsWith(word) && word !== '' ? [{ kind: 'operator', text: 'not', meaning: 'not' } as const] : []),
  ];
  return {
    from,
    proposals: [
      ...glossed(search, text.slice(0, from).trim() !== '' || text.slice(caret).trim() !== ''),
      ...words,
      ...found,
      ...functions,
    ].slice(0, maxProposals),
    valuesOf: null,
  };
}

function insideString(before: string): boolean {
  return (before.replace(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1;
}

function valuesAt(field: FieldFacts, caret: number, typed: string): Completion {
  const wanted = typed.replaceAll('"', '').toLowerCase();
  const names =
    field.type === 'bool'
      ? (field.tfs ?? ['True', 'False']).map((name, i): readonly [number, string] => [1 - i, name])
      : (field.values ?? []);
  const proposals = names
    .filter(([value, name]) => wanted === '' || name.toLowerCase().includes(wanted) || String(value).startsWith(wanted))
    .slice(0, maxProposals)
    .map(([value, name]): Proposal => ({ kind: 'name', text: String(value), value, name }));
  return {
    from: caret - typed.length,
    proposals,
    valuesOf: field.type === 'none' || field.type === 'protocol' ? null : field.name,
  };
}

/** By how well the name fits: begins with it, a part of it does, or it is somewhere inside. Shorter names first. */
function fields(word: string, catalogue: Catalogue): readonly Proposal[] {
  const wanted = word.toLowerCase();
  const ranked: { readonly rank: number; readonly field: FieldFacts }[] = [];
  for (const field of catalogue.values()) {
    const name = field.name.toLowerCase();
    const rank = name.startsWith(wanted)
      ? 0
      : name.includes(`.${wanted}`)
        ? 1
        : wanted.length > 2 && name.includes(wanted)
          ? 2
          : wanted.length > 2 && field.label.toLowerCase().includes(wanted)
            ? 3
            : -1;
    if (rank >= 0) ranked.push({ rank, field });
  }
  ranked.sort(
    (a, b) => a.rank - b.rank || depth(a.field.name) - depth(b.field.name) || (a.field.name < b.field.name ? -1 : 1),
  );
  return ranked.slice(0, maxProposals).map(({ field }) => ({ kind: 'field', text: field.name, field }));
}

const depth = (name: string): number => name.split('.').length;

function operators(field: FieldFacts): readonly Proposal[] {
  const make = (text: string, meaning: OperatorMeaning): Proposal => ({ kind: 'operator', text, meaning });
  const family = familyOf[field.type];
  const both = [make('and', 'and'), make('or', 'or')];
  if (family === 'label') return both;
  const equal = [make('==', 'eq'), make('!=', 'ne'), make('in {', 'in'), make('not in {', 'notIn')];
  const search =
    family === 'string' || family === 'bytes' ? [make('contains', 'contains'), make('matches', 'matches')] : [];
  const ordered = family === 'boolean' ? [] : [make('>', 'gt'), make('<', 'lt'), make('>=', 'ge'), make('<=', 'le')];
  const bits = family === 'integer' || family === 'bytes' ? [make('&', 'bits')] : [];
  if (field.type === 'protocol') return [...search, ...both];
  return [
    ...equal.slice(0, 2),
    ...search,
    ...equal.slice(2),
    ...ordered,
    make('===', 'allEq'),
    make('!==', 'anyNe'),
    ...bits,
    ...both,
  ];
}

/** @param joined it becomes a part of a longer filter */
function glossed(word: string, joined: boolean): readonly Proposal[] {
  if (word === '') return [];
  const wanted = word.toLowerCase();
  const isHan = /\p{Script=Han}/u.test(word);
  if (!isHan && wanted.length < 3) return [];
  return glossary
    .filter(({ words }) =>
      words.some((known) => (isHan ? known.includes(wanted) || wanted.includes(known) : known.startsWith(wanted))),
    )
    .map((entry) => ({
      kind: 'glossary',
      text: joined && / (?:and|or) /.test(entry.filter) ? `(${entry.filter})` : entry.filter,
      entry,
    }));
}
