import type { FieldType } from '../model/value.ts';
import type { CheckedItem, CheckedNode, Expression, FieldExpression } from './checked.ts';
import { negative, spanOf } from './literal.ts';
import type { Occurrence, PacketFields } from './packet-fields.ts';
import { containsBytes, order, type Scalar, utf8 } from './scalar.ts';
import { latin1, textOf } from './text-of.ts';
import type { Arithmetic, RangePart } from './tree.ts';

const sizes: Readonly<Record<FieldType, number>> = {
  u8: 1,
  u16: 2,
  u24: 3,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  bool: 0,
  double: 0,
  string: 0,
  bytes: 0,
  ether: 6,
  eui64: 8,
  ipv4: 4,
  ipv6: 16,
  guid: 16,
  absTime: 0,
  relTime: 0,
  frame: 4,
  none: 0,
  protocol: 0,
};

/**
 * Values of a field, or of a calculation, that are looked at in one packet: so many stand in no honest one, and pairs
 * of them are compared.
 */
const mostValues = 4096;

/** Whether a packet passes. `selected` is what `${field}` reads. */
export function passes(node: CheckedNode, packet: PacketFields, selected: PacketFields | null): boolean {
  switch (node.kind) {
    case 'and':
      return passes(node.left, packet, selected) && passes(node.right, packet, selected);
    case 'or':
      return passes(node.left, packet, selected) || passes(node.right, packet, selected);
    case 'xor':
      return passes(node.left, packet, selected) !== passes(node.right, packet, selected);
    case 'not':
      return !passes(node.of, packet, selected);
    case 'exists':
      if (node.of.kind === 'field') return occurrences(node.of, packet).length > 0;
      if (node.of.kind === 'slice')
        return valuesOf(node.of, packet, selected).some((value) => value instanceof Uint8Array && value.length > 0);
      return valuesOf(node.of, packet, selected).some(isNotZero);
    default:
      return quantified(
        node.quantifier,
        node.kind === 'contains' || node.kind === 'matches'
          ? searched(node.left, packet, selected)
          : valuesOf(node.left, packet, selected),
        valueTest(node, packet, selected),
      );
  }
}

const quantified = (quantifier: 'any' | 'all', values: readonly Scalar[], test: (value: Scalar) => boolean): boolean =>
  values.length > 0 && (quantifier === 'any' ? values.some(test) : values.every(test));

export type Test = Extract<CheckedNode, { readonly quantifier: 'any' | 'all' }>;

/** What one value of the left side must satisfy. Packets are only looked at where the right side reads them. */
export function valueTest(node: Test, packet: PacketFields, selected: PacketFields | null): (value: Scalar) => boolean {
  switch (node.kind) {
    case 'compare': {
      const { operator, quantifier } = node;
      const rights = rightValues(node.right, packet, selected);
      if (rights.length === 0) return () => false;
      const holds = (left: Scalar, { value, prefix }: Right): boolean => compares(operator, order(left, value, prefix));
      return quantifier === 'any'
        ? (left) => rights.some((right) => holds(left, right))
        : (left) => rights.every((right) => holds(left, right));
    }
    case 'contains': {
      const rights = searched(node.right, packet, selected);
      const holds = (left: Scalar, right: Scalar): boolean => {
        if (typeof left === 'string')
          return (
            right !== '' &&
            left.includes(
              typeof right === 'string' ? right : right instanceof Uint8Array ? latin1(right) : String(right),
            )
          );
        return (
          left instanceof Uint8Array &&
          (right instanceof Uint8Array || typeof right === 'string') &&
          containsBytes(left, typeof right === 'string' ? utf8(right) : right)
        );
      };
      return (left) => rights.some((right) => holds(left, right));
    }
    case 'matches':
      return (left) => node.test(typeof left === 'string' ? left : left instanceof Uint8Array ? latin1(left) : '');
    case 'in': {
      const items = node.items.map((item) => itemTest(item, node.quantifier, packet, selected));
      return (left) => items.some((test) => test(left));
    }
  }
}

interface Right {
  readonly value: Scalar;
  readonly prefix?: number;
}

function rightValues(right: Expression, packet: PacketFields, selected: PacketFields | null): readonly Right[] {
  return right.kind === 'constant' ? [right.constant] : valuesOf(right, packet, selected).map((value) => ({ value }));
}

function itemTest(
  { from, to }: CheckedItem,
  quantifier: 'any' | 'all',
  packet: PacketFields,
  selected: PacketFields | null,
): (value: Scalar) => boolean {
  // A member that is a field has all values of the field.
  const holds = (rights: readonly Right[], test: (right: Right) => boolean): boolean =>
    rights.length > 0 && (quantifier === 'any' ? rights.some(test) : rights.every(test));
  const lows = rightValues(from, packet, selected);
  if (to === null) return (value) => holds(lows, (low) => order(value, low.value, low.prefix) === 0);
  const highs = rightValues(to, packet, selected);
  return (value) =>
    holds(lows, (low) => order(value, low.value, low.prefix) >= 0) &&
    holds(highs, (high) => order(value, high.value, high.prefix) <= 0);
}

function compares(operator: string, order: number): boolean {
  switch (operator) {
    case '==':
    case '===':
      return order === 0;
    case '!=':
    case '!==':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    default:
      return order >= 0;
  }
}

function isNotZero(value: Scalar): boolean {
  if (typeof value === 'number') return value !== 0;
  if (typeof value === 'bigint') return value !== 0n;
  if (typeof value === 'string') return value !== '';
  if (value instanceof Uint8Array) return value.some((byte) => byte !== 0);
  return value.sec !== 0 || value.nsec !== 0;
}

function occurrences(
  { field, layers }: Pick<FieldExpression, 'field' | 'layers'>,
  packet: PacketFields,
): readonly Occurrence[] {
  const all = packet.of(field.name);
  const found = all.length > mostValues ? all.slice(0, mostValues) : all;
  if (layers === null || found.length === 0) return found;
  const last = found.reduce((most, { layer }) => Math.max(most, layer), 0);
  return found.filter(({ layer }) => layers.some((part) => inLayers(part, layer, last)));
}

function inLayers({ from, length, last: until }: RangePart, layer: number, last: number): boolean {
  const first = from < 0 ? last + 1 + from : from;
  const end =
    until !== null ? (until < 0 ? last + 1 + until : until) : length === -1 ? last : first + (length ?? 1) - 1;
  return layer >= first && layer <= end;
}

/** Every value that an expression has in a packet. */
export function valuesOf(
  expression: Expression,
  packet: PacketFields,
  selected: PacketFields | null,
): readonly Scalar[] {
  switch (expression.kind) {
    case 'field':
      return fieldValues(expression, packet);
    case 'reference':
      return selected === null ? [] : fieldValues(expression, selected);
    case 'constant':
      return [expression.constant.value];
    case 'slice':
      return valuesOf(expression.of, packet, selected).flatMap((value) => slice(value, expression.parts));
    case 'negative':
      return valuesOf(expression.of, packet, selected).map(negative);
    case 'arithmetic': {
      const rights = valuesOf(expression.right, packet, selected);
      const { operator, family } = expression;
      const results: Scalar[] = [];
      for (const left of valuesOf(expression.left, packet, selected))
        for (const right of rights) {
          if (results.length >= mostValues) return results;
          const result =
            family === 'double' ? double(operator, Number(left), Number(right)) : calculate(operator, left, right);
          if (result !== null) results.push(result);
        }
      return results;
    }
    case 'call':
      return call(expression, packet, selected);
  }
}

/** What is looked through: of a protocol all that it carries, where comparisons and slices see its own bytes. */
const searched = (expression: Expression, packet: PacketFields, selected: PacketFields | null): readonly Scalar[] =>
  expression.kind === 'field' ? fieldValues(expression, packet, false) : valuesOf(expression, packet, selected);

function fieldValues(
  expression: Pick<FieldExpression, 'field' | 'layers' | 'raw' | 'family'>,
  packet: PacketFields,
  own = true,
): readonly Scalar[] {
  const raw = expression.raw || expression.field.type === 'protocol';
  return occurrences(expression, packet).map((occurrence): Scalar => {
    if (raw) return own ? occurrence.ownBytes() : occurrence.bytes();
    const { value } = occurrence;
    return typeof value === 'boolean' ? (value ? 1 : 0) : value;
  });
}

/**
 * The bytes asked for, in the order asked for, up to the first part that is not all there: no bytes at all, perhaps,
 * but a value.
 */
function slice(value: Scalar, parts: readonly RangePart[]): readonly Scalar[] {
  const whole =
    typeof value === 'string'
      ? utf8(value)
      : value instanceof Uint8Array
        ? value
        : typeof value === 'number'
          ? ipv4Bytes(value)
          : null;
  if (whole === null) return [];
  const pieces: Uint8Array[] = [];
  for (const { from, length, last } of parts) {
    const first = from < 0 ? whole.length + from : from;
    const end =
      last !== null
        ? (last < 0 ? whole.length + last : last) + 1
        : length === -1
          ? whole.length
          : first + (length ?? 1);
    if (first < 0 || end > whole.length || first >= end) break;
    pieces.push(whole.slice(first, end));
  }
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return [bytes];
}

const ipv4Bytes = (address: number): Uint8Array =>
  Uint8Array.of(address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255);

/** Null where it cannot be worked out: division by 0. Integers beyond 53 bits are exact. */
function calculate(operator: Arithmetic, a: Scalar, b: Scalar): Scalar | null {
  if (a instanceof Uint8Array && b instanceof Uint8Array)
    return operator === '&' ? a.slice(0, Math.min(a.length, b.length)).map((byte, i) => byte & b[i]) : null;
  if (typeof a === 'object' && typeof b === 'object' && !(a instanceof Uint8Array) && !(b instanceof Uint8Array)) {
    return operator === '+'
      ? spanOf(a.sec + b.sec, a.nsec + b.nsec)
      : operator === '-'
        ? spanOf(a.sec - b.sec, a.nsec - b.nsec)
        : null;
  }
  if ((typeof a !== 'number' && typeof a !== 'bigint') || (typeof b !== 'number' && typeof b !== 'bigint')) return null;
  const [x, y] = [BigInt(a), BigInt(b)];
  switch (operator) {
    case '+':
      return integer(x + y);
    case '-':
      return integer(x - y);
    case '*':
      return integer(x * y);
    case '/':
      return y === 0n ? null : integer(x / y);
    case '%':
      return y === 0n ? null : integer(x % y);
    case '&':
      return integer(x & y);
  }
}

/** Products of products keep their last 128 bits: a filter may have hundreds of factors. */
const integer = (value: bigint): Scalar =>
  value >= -0x1f_ffff_ffff_ffffn && value <= 0x1f_ffff_ffff_ffffn ? Number(value) : BigInt.asIntN(128, value);

function double(operator: Arithmetic, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? null : a / b;
    case '%':
      return b === 0 ? null : a % b;
    case '&':
      return null;
  }
}

function call(
  expression: Extract<Expression, { readonly kind: 'call' }>,
  packet: PacketFields,
  selected: PacketFields | null,
): readonly Scalar[] {
  const [first] = expression.args;
  const values = (): readonly Scalar[] => valuesOf(first, packet, selected);
  switch (expression.name) {
    case 'upper':
      return values().map((value) =>
        typeof value === 'string' ? value.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) : value,
      );
    case 'lower':
      return values().map((value) =>
        typeof value === 'string' ? value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : value,
      );
    case 'len':
      return first.kind === 'field'
        ? occurrences(first, packet).map((occurrence) => lengthOf(first.field.type, occurrence))
        : [];
    case 'count': {
      const count = first.kind === 'field' ? occurrences(first, packet).length : 0;
      return count === 0 ? [] : [count];
    }
    case 'string':
      return first.kind === 'field' ? values().map((value) => textOf(first.field, value)) : [];
    case 'abs':
      return values().map((value) => (order(value, zeroLike(value)) < 0 ? negative(value) : value));
    case 'max':
    case 'min': {
      const all = expression.args.flatMap((arg) => valuesOf(arg, packet, selected));
      if (all.length === 0) return [];
      const sign = expression.name === 'max' ? 1 : -1;
      return [all.reduce((best, value) => (sign * order(value, best) > 0 ? value : best))];
    }
  }
}

/**
 * Bytes of strings and byte strings; of everything else those that its type has, none for booleans, times and floating
 * point, as in Wireshark.
 */
function lengthOf(type: FieldType, occurrence: Occurrence): number {
  const { value } = occurrence;
  if (typeof value === 'string') return utf8(value).length;
  if (value instanceof Uint8Array) return value.length;
  return type === 'protocol' ? occurrence.ownBytes().length : sizes[type];
}

const zeroLike = (value: Scalar): Scalar =>
  typeof value === 'object' && !(value instanceof Uint8Array) ? { sec: 0, nsec: 0 } : 0;
