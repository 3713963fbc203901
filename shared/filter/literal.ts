import type { FieldFacts } from '../model/field-facts.ts';
import type { TimeValue } from '../model/value.ts';
import type { ProblemCode } from './problem.ts';
import { type Constant, type Family, utf8 } from './scalar.ts';
import type { Operand } from './tree.ts';

/** Why a literal does not fit, for the sentence. */
export interface Misfit {
  readonly code: ProblemCode;
  readonly params: Readonly<Record<string, string>>;
}
type Converted = Constant | Misfit;
export const isMisfit = (converted: Converted): converted is Misfit => 'code' in converted;

export type Literal = Extract<Operand, { readonly kind: 'word' | 'string' | 'char' }>;

const largest: Readonly<Record<string, number>> = {
  u8: 0xff,
  u16: 0xffff,
  u24: 0xff_ffff,
  u32: 0xffff_ffff,
  frame: 0xffff_ffff,
};
const signed: Readonly<Record<string, number>> = { i8: 0x7f, i16: 0x7fff, i32: 0x7fff_ffff };

/**
 * A literal as a value of the family.
 * @param field that it is compared with, where it is one: names of values, and how many bits there are
 * @param text of the literal as written
 */
export function convert(literal: Literal, family: Family, field: FieldFacts | null, text: string): Converted {
  switch (family) {
    case 'integer':
      return integer(literal, field, text);
    case 'boolean':
      return boolean(literal, field, text);
    case 'double':
      return double(literal, text);
    case 'string':
      return { value: literal.kind === 'word' ? literal.text : literal.value };
    case 'bytes':
      return bytes(literal, field, text);
    case 'ipv4':
      return literal.kind === 'word' ? ipv4(literal.text) : misfit(text, 'ipv4');
    case 'ipv6':
      return literal.kind === 'word' ? ipv6(literal.text) : misfit(text, 'ipv6');
    case 'guid':
      return literal.kind === 'word' ? guid(literal.text) : misfit(text, 'guid');
    case 'absTime':
      return absTime(literal.kind === 'word' ? literal.text : literal.value);
    case 'relTime':
      return literal.kind === 'word' ? relTime(literal.text) : misfit(text, 'relTime');
    case 'label':
      return misfit(text, 'label');
  }
}

const misfit = (text: string, family: string): Misfit => ({ code: 'literal', params: { text, family } });

/** Decimal, 0x…, 0b…, or octal after a 0; null where it is none. */
export function integerOf(text: string): bigint | null {
  if (/^0[xX][0-9A-Fa-f]+$/.test(text) || /^0[bB][01]+$/.test(text)) return BigInt(text.toLowerCase());
  if (/^0[0-7]*$/.test(text)) return BigInt(`0o0${text.slice(1)}`);
  return /^[1-9]\d*$/.test(text) ? BigInt(text) : null;
}

function integer(literal: Literal, field: FieldFacts | null, text: string): Converted {
  if (literal.kind === 'char') return { value: literal.value.charCodeAt(0) };
  const written = literal.kind === 'word' ? literal.text : literal.value;
  const value = literal.kind === 'word' ? integerOf(written) : null;
  if (value === null) return named(written, field) ?? misfit(text, 'integer');
  if (value > 0xffff_ffff_ffff_ffffn) return { code: 'too-large', params: { text, largest: '18446744073709551615' } };
  const limit = field === null ? undefined : (largest[field.type] ?? signed[field.type]);
  if (limit !== undefined && value > BigInt(limit))
    return { code: 'too-large', params: { text, largest: String(limit) } };
  return { value: value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value };
}

/** A value by one of its names; upper and lower case are the same. */
function named(name: string, field: FieldFacts | null): Converted | null {
  if (field?.values === undefined) return null;
  const wanted = name.toLowerCase();
  const found = field.values.find(([, text]) => text.toLowerCase() === wanted);
  return found === undefined ? { code: 'value-name', params: { text: name, field: field.name } } : { value: found[0] };
}

function boolean(literal: Literal, field: FieldFacts | null, text: string): Converted {
  if (literal.kind === 'char') return { value: literal.value === '\0' ? 0 : 1 };
  const written = literal.kind === 'word' ? literal.text : literal.value;
  if (literal.kind === 'word') {
    const value = integerOf(written);
    if (value !== null) return { value: value === 0n ? 0 : 1 };
    if (written.toLowerCase() === 'true') return { value: 1 };
    if (written.toLowerCase() === 'false') return { value: 0 };
  }
  const [yes, no] = field?.tfs ?? ['True', 'False'];
  if (written.toLowerCase() === yes.toLowerCase()) return { value: 1 };
  if (written.toLowerCase() === no.toLowerCase()) return { value: 0 };
  return field === null
    ? misfit(text, 'boolean')
    : { code: 'value-name', params: { text: written, field: field.name } };
}

function double(literal: Literal, text: string): Converted {
  if (literal.kind !== 'word' || !/^(?:\d+(?:\.\d+)?(?:[eE]-?\d+)?|0[xX][0-9A-Fa-f]+)$/.test(literal.text))
    return misfit(text, 'double');
  const value = Number(literal.text);
  return Number.isFinite(value) ? { value } : { code: 'too-large', params: { text, largest: '1.8e308' } };
}

function bytes(literal: Literal, field: FieldFacts | null, text: string): Converted {
  const isAddress = field?.type === 'ether' || field?.type === 'eui64';
  if (literal.kind !== 'word')
    return isAddress
      ? misfit(text, 'address')
      : { value: literal.kind === 'char' ? Uint8Array.of(literal.value.charCodeAt(0)) : utf8(literal.value) };
  const value = byteString(literal.text);
  if (value === null) return misfit(text, isAddress ? 'address' : 'bytes');
  const size = field?.type === 'ether' ? 6 : field?.type === 'eui64' ? 8 : 0;
  return size > 0 && value.length !== size ? misfit(text, 'address') : { value };
}

/**
 * `0a:0b`, `0a-0b`, `0a.0b`, `0a0b.0c0d`, `0a0b`, one byte as `0x0a`; of an odd number of digits the last stands alone.
 * Null where it is none.
 */
export function byteString(text: string): Uint8Array | null {
  const one = /^0[xX]([0-9A-Fa-f]{1,2})$/.exec(text);
  if (one !== null) return Uint8Array.of(Number.parseInt(one[1], 16));
  const separators = new Set(text.replace(/[0-9A-Fa-f]/g, ''));
  if (text === '' || separators.size > 1 || !/^(?:[0-9A-Fa-f]|[:.-](?![:.-]))*$/.test(text) || /^[:.-]/.test(text))
    return null;
  return Uint8Array.from(text.match(/[0-9A-Fa-f]{1,2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function ipv4(text: string): Converted {
  const found = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d+))?$/.exec(text);
  const parts = found?.slice(1, 5).map(Number);
  if (found === null || parts === undefined || parts.some((part) => part > 255))
    return /^[A-Za-z][\w.-]*$/.test(text) ? { code: 'hostname', params: { text } } : misfit(text, 'ipv4');
  const value = ((parts[0] << 24) | (parts[1] << 16) | (parts[2] << 8) | parts[3]) >>> 0;
  if (found[5] === undefined) return { value };
  const prefix = Number(found[5]);
  return prefix > 32 ? { code: 'too-large', params: { text: found[5], largest: '32' } } : { value, prefix };
}

/** RFC 4291 section 2.2. */
function ipv6(text: string): Converted {
  const [address, prefixText] = text.split('/');
  const prefix = prefixText === undefined ? undefined : Number(prefixText);
  if (prefix !== undefined && (!/^\d+$/.test(prefixText) || prefix > 128))
    return { code: 'too-large', params: { text: prefixText, largest: '128' } };
  const dotted = /^(.*:)(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  const parts = dotted?.slice(2).map(Number) ?? [];
  if (parts.some((part) => part > 255)) return misfit(text, 'ipv6');
  const plain =
    dotted === null
      ? address
      : `${dotted[1]}${((parts[0] << 8) | parts[1]).toString(16)}:${((parts[2] << 8) | parts[3]).toString(16)}`;
  const halves = plain.split('::');
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'));
  const [head, tail] = [groups(halves[0]), groups(halves[1] ?? '')];
  const given = [...head, ...tail];
  const fits = halves.length === 2 ? given.length <= 7 : halves.length === 1 && given.length === 8;
  if (!fits || given.some((group) => !/^[0-9A-Fa-f]{1,4}$/.test(group)))
    return /^[A-Za-z][\w.-]*$/.test(text) && !/^[0-9A-Fa-f]+$/.test(text)
      ? { code: 'hostname', params: { text } }
      : misfit(text, 'ipv6');
  const all = [...head, ...Array.from({ length: 8 - given.length }, () => '0'), ...tail];
  const value = new Uint8Array(16);
  for (const [i, group] of all.entries()) {
    const number = Number.parseInt(group, 16);
    value[2 * i] = number >> 8;
    value[2 * i + 1] = number & 0xff;
  }
  return prefix === undefined ? { value } : { value, prefix };
}

function guid(text: string): Converted {
  return /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/.test(text)
    ? { value: Uint8Array.from(text.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) }
    : misfit(text, 'guid');
}

function relTime(text: string): Converted {
  const found = /^(\d+)(?:\.(\d{0,9}))?$/.exec(text);
  return found === null ? misfit(text, 'relTime') : { value: { sec: Number(found[1]), nsec: fraction(found[2]) } };
}

const fraction = (digits: string | undefined): number => Number((digits ?? '').slice(0, 9).padEnd(9, '0'));
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** ISO 8601 or `Sep 26, 2004 23:18:04.954975`; without a zone in the zone of this machine. */
function absTime(text: string): Converted {
  const iso =
    /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?)?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text.trim(),
    );
  const named =
    /^([A-Za-z]{3}) +(\d{1,2}), (\d{4}) +(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?\s*(Z|UTC|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text.trim(),
    );
  const [year, month, day, hour, minute, second, digits, zone] =
    iso !== null
      ? [iso[1], iso[2], ...iso.slice(3)]
      : named !== null
        ? [named[3], String(months.indexOf(named[1].toLowerCase()) + 1), named[2], ...named.slice(4)]
        : [];
  const [y, mo, d, h, mi, s] = [year, month, day, hour ?? '0', minute ?? '0', second ?? '0'].map(Number);
  if (year === undefined || !(mo >= 1 && mo <= 12 && d >= 1 && d <= 31 && h < 24 && mi < 60 && s < 62))
    return misfit(text, 'absTime');
  const utc = Date.UTC(y, mo - 1, d, h, mi, s);
  let millis = utc;
  if (zone === undefined || zone === '') millis = new Date(y, mo - 1, d, h, mi, s).getTime();
  else if (zone !== 'Z' && zone !== 'UTC') {
    const sign = zone[0] === '-' ? -1 : 1;
    millis = utc - sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3).replace(':', ''))) * 60_000;
  }
  return { value: { sec: millis / 1000, nsec: fraction(digits) } };
}

/** The negative of a number or span. */
export function negative(value: Constant['value']): Constant['value'] {
  if (typeof value === 'number' || typeof value === 'bigint') return -value;
  return typeof value === 'object' && !(value instanceof Uint8Array) ? spanOf(-value.sec, -value.nsec) : value;
}

/** Whole seconds and the rest, whatever signs they come with. */
export function spanOf(sec: number, nsec: number): TimeValue {
  const carry = Math.floor(nsec / 1e9);
  return { sec: sec + carry, nsec: nsec - carry * 1e9 };
}
