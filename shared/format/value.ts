import { hexText, ipv4Text, ipv6Text } from './address.ts';
import { absTimeText, relTimeText } from './time.ts';

/** What the texts of a field depend on: a part of FieldInfo, so that this module stands below the dissectors. */
export interface FieldShape {
  readonly type: string;
  readonly label: string;
  readonly base: 'dec' | 'hex' | 'dec-hex' | 'hex-dec' | 'oct';
  readonly length: number;
  readonly mask: number;
  readonly shift: number;
  readonly values: Readonly<Record<number, string>> | ((value: number) => string | undefined) | undefined;
  readonly tfs: readonly [string, string];
  readonly unknown: string;
  readonly unit: string;
  /** Bytes are written with colons between them where there are so many. */
  readonly colons?: number;
  /** What stands for a field that is there without a byte. */
  readonly empty?: string;
}
type AnyValue =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | { readonly sec: number; readonly nsec: number }
  | undefined;

/** 1900-01-01, where NTP counts from: its zero means that no time is given (RFC 5905 section 6). */
const ntpEra = -2_208_988_800;

const hexDigits: Readonly<Record<string, number>> = {
  u8: 2,
  u16: 4,
  u24: 6,
  u32: 8,
  u64: 16,
  i8: 2,
  i16: 4,
  i32: 8,
  i64: 16,
};

/** Hexadecimal padded to the width of the field's type: `0x0800`. */
export function hexNumber(type: string, value: number | bigint): string {
  return `0x${value.toString(16).padStart(hexDigits[type] ?? 0, '0')}`;
}

function isHex(base: FieldShape['base']): boolean {
  return base === 'hex' || base === 'hex-dec';
}

/** The value as `tshark -T fields` prints it. Strings are not escaped here. */
export function plainValue(field: FieldShape, value: AnyValue): string {
  switch (typeof value) {
    case 'undefined':
      return '';
    case 'boolean':
      return field.type === 'bool' ? (value ? '1' : '0') : '';
    case 'string':
      return value;
    case 'number':
      if (field.type === 'ipv4') return ipv4Text(value);
      return isHex(field.base)
        ? hexNumber(field.type, value)
        : field.base === 'oct'
          ? `0${value.toString(8)}`
          : String(value);
    case 'bigint':
      return isHex(field.base) ? hexNumber(field.type, value) : String(value);
  }
  if (value instanceof Uint8Array) {
    if (field.type === 'ipv6') return ipv6Text(value);
    if (field.type === 'guid') return hexText(value).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    if (value.length === 0) return field.empty ?? '<MISSING>';
    return hexText(value, field.type === 'ether' || field.type === 'eui64' || value.length === field.colons ? ':' : '');
  }
  if (field.type === 'absTime') return value.sec === ntpEra && value.nsec === 0 ? 'NULL' : absTimeText(value);
  return relTimeText(value);
}

function nameOf(names: FieldShape['values'], value: number): string | undefined {
  if (names === undefined) return undefined;
  return typeof names === 'function' ? names(value) : Object.hasOwn(names, value) ? names[value] : undefined;
}

/** `.... ..1.`: the bits of a masked field in their place. Width in bits comes from the bytes covered. */
export function bitPattern(field: Pick<FieldShape, 'mask' | 'length'>, raw: number): string {
  const bits = Math.max(8, field.length * 8);
  let text = '';
  for (let i = bits - 1; i >= 0; i--) {
    const inMask = i < 32 && (field.mask >>> i) & 1;
    text += inMask ? String((raw >>> i) & 1) : '.';
    if (i % 4 === 0 && i > 0) text += ' ';
  }
  return text;
}

/** The line of a field in the tree: `Source Port: 443`, `.... ..1. = Syn: Set`. Not escaped. */
export function fieldLabel(field: FieldShape, value: AnyValue): string {
  const body = labelBody(field, value);
  if (field.mask === 0) return body;
  const raw =
    typeof value === 'boolean'
      ? value
        ? field.mask
        : 0
      : typeof value === 'number'
        ? (value << field.shift) >>> 0
        : 0;
  return `${bitPattern(field, raw)} = ${body}`;
}

function labelBody(field: FieldShape, value: AnyValue): string {
  if (value === undefined || field.type === 'none' || field.type === 'protocol') return field.label;
  if (typeof value === 'boolean') return `${field.label}: ${value ? field.tfs[0] : field.tfs[1]}`;
  if (typeof value === 'number' && field.type !== 'ipv4') {
    const number =
      field.base === 'dec-hex'
        ? `${value} (${hexNumber(field.type, value)})`
        : field.base === 'hex-dec'
          ? `${hexNumber(field.type, value)} (${value})`
          : plainValue(field, value);
    if (field.values !== undefined)
      return `${field.label}: ${nameOf(field.values, value) ?? field.unknown} (${number})`;
    return `${field.label}: ${number}${field.unit}`;
  }
  if (field.type === 'relTime') return `${field.label}: ${plainValue(field, value)} seconds`;
  return `${field.label}: ${plainValue(field, value)}${field.unit}`;
}
