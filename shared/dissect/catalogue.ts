import type { FieldFacts } from '../model/field-facts.ts';
import { type FieldInfo, nameOfValue } from './field.ts';
import type { Registry } from './registry.ts';

/** Names of a field's values are listed up to this one where they come from a function. */
const listedUpTo = 0xffff;

/**
 * Every field and protocol once, in order of declaration: what the filter language and the window know of the
 * dissectors.
 */
export function catalogueOf(registry: Registry): readonly FieldFacts[] {
  const listed: Listed = new Map();
  return [...registry.fieldByName.values()].map((field) => {
    const { name, label, type, base, protocol } = field;
    const values = namesOf(field, listed);
    return {
      name,
      label,
      type,
      base,
      protocol,
      ...(values.length > 0 && { values }),
      ...(type === 'bool' && { tfs: field.tfs }),
      ...(field.at !== undefined && { fixed: true as const }),
    };
  });
}

type Names = readonly (readonly [number, string])[];
/** Many fields have their names from one function: it is asked for all of them once. */
type Listed = Map<unknown, Names>;

function namesOf(field: FieldInfo, listed: Listed): Names {
  const { values } = field;
  if (values === undefined) return [];
  if (typeof values !== 'function')
    return Object.entries(values)
      .map(([value, name]) => [Number(value), name] as const)
      .sort((a, b) => a[0] - b[0]);
  const last = field.type === 'u8' ? 0xff : listedUpTo;
  const known = last === listedUpTo ? listed.get(values) : undefined;
  if (known !== undefined) return known;
  const names: (readonly [number, string])[] = [];
  for (let value = 0; value <= last; value++) {
    const name = nameOfValue(values, value);
    if (name !== undefined) names.push([value, name]);
  }
  if (last === listedUpTo) listed.set(values, names);
  return names;
}
