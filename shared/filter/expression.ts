import { hexText, ipv4Text, ipv6Text } from '../format/address.ts';
import { absTimeText, relTimeText } from '../format/time.ts';
import type { Catalogue } from './check.ts';
import type { Expression } from './checked.ts';
import { valuesOf } from './evaluate.ts';
import { type Filter, readFilter } from './filter.ts';
import type { PacketFields } from './packet-fields.ts';
import type { Scalar } from './scalar.ts';

/**
 * What a column can be made of besides a field: something that packets have values of, or a filter that says yes or no.
 */
export type ColumnExpression =
  | ValuesExpression
  | { readonly kind: 'filter'; readonly fields: ReadonlySet<string>; readonly filter: Filter };

/** Something that packets have values of, as texts for people and as what can be ordered. */
export interface ValuesExpression {
  readonly kind: 'values';
  readonly fields: ReadonlySet<string>;
  readonly expression: Expression;
  readonly texts: (packet: PacketFields) => readonly string[];
  readonly values: (packet: PacketFields) => readonly Scalar[];
}

/** Reads `len(tcp.payload)`, `tcp.payload[4:4]`, `ip.proto#1`, `@ip`, or a filter; null where it is neither. */
export function readColumnExpression(text: string, catalogue: Catalogue): ColumnExpression | null {
  const { filter } = readFilter(text, catalogue);
  const tree = filter?.tree ?? null;
  if (filter !== null && tree !== null && (tree.kind !== 'exists' || isProtocol(tree.of)))
    return { kind: 'filter', fields: filter.fields, filter };
  if (filter !== null && tree?.kind === 'exists') return valuesFrom(tree.of, filter.fields);
  if (filter !== null) return null;
  // A function's result is no filter by itself, but it can be compared: what stands on the left of that is what is
  // meant.
  const compared = readFilter(`${text} == ${text}`, catalogue).filter;
  return compared?.tree?.kind === 'compare' ? valuesFrom(compared.tree.left, compared.fields) : null;
}

/** It is there or not: its bytes are asked for as `@ip`. */
const isProtocol = (expression: Expression): boolean =>
  expression.kind === 'field' && expression.field.type === 'protocol' && expression.layers === null && !expression.raw;

function valuesFrom(expression: Expression, fields: ReadonlySet<string>): ValuesExpression {
  const values = (packet: PacketFields): readonly Scalar[] => valuesOf(expression, packet, packet);
  return {
    kind: 'values',
    fields,
    expression,
    values,
    texts: (packet) => values(packet).map((value) => textOfValue(value, expression)),
  };
}

function textOfValue(value: Scalar, expression: Expression): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'bigint':
      return String(value);
    case 'number':
      return expression.family === 'ipv4' ? ipv4Text(value) : String(value);
  }
  if (value instanceof Uint8Array)
    return expression.family === 'ipv6' && value.length === 16 ? ipv6Text(value) : hexText(value);
  return expression.family === 'absTime' ? absTimeText(value) : relTimeText(value);
}
