import { plainValue } from '../format/value.ts';
import type { FieldFacts } from '../model/field-facts.ts';
import type { Scalar } from './scalar.ts';

/** One character per byte. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 4096) text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
}

/** What `string()` makes of a value: as `-T fields` prints it, but numbers in decimal. */
export function textOf(field: FieldFacts, value: Scalar): string {
  const shape = {
    type: field.type,
    label: field.label,
    base: 'dec',
    length: 0,
    mask: 0,
    shift: 0,
    values: undefined,
    tfs: ['True', 'False'],
    unknown: '',
    unit: '',
  } as const;
  return plainValue(shape, field.type === 'bool' ? value !== 0 : value);
}
