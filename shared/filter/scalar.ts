import type { FieldType, TimeValue } from '../model/value.ts';

/** A value while a filter is evaluated: booleans are 0 and 1, protocols are their bytes. */
export type Scalar = number | bigint | string | Uint8Array | TimeValue;

/** Types that can be compared with each other. */
export type Family =
  | 'integer'
  | 'boolean'
  | 'double'
  | 'string'
  | 'bytes'
  | 'ipv4'
  | 'ipv6'
  | 'guid'
  | 'absTime'
  | 'relTime'
  | 'label';

export const familyOf: Readonly<Record<FieldType, Family>> = {
  u8: 'integer',
  u16: 'integer',
  u24: 'integer',
  u32: 'integer',
  u64: 'integer',
  i8: 'integer',
  i16: 'integer',
  i32: 'integer',
  i64: 'integer',
  frame: 'integer',
  bool: 'boolean',
  double: 'double',
  string: 'string',
  bytes: 'bytes',
  ether: 'bytes',
  eui64: 'bytes',
  protocol: 'bytes',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  guid: 'guid',
  absTime: 'absTime',
  relTime: 'relTime',
  none: 'label',
};

/** A literal, converted to the type of what it is compared with. */
export interface Constant {
  readonly value: Scalar;
  /** Bits of an address that count, where not all do. */
  readonly prefix?: number;
}

/**
 * Negative, 0 or positive, as a comes before, with or after b; NaN where they cannot be compared. Only `prefix` bits
 * count of addresses.
 */
export function order(a: Scalar, b: Scalar, prefix?: number): number {
  if (typeof a === 'string') return typeof b === 'string' ? (a < b ? -1 : a > b ? 1 : 0) : Number.NaN;
  if (typeof a === 'number' || typeof a === 'bigint') {
    if (typeof b !== 'number' && typeof b !== 'bigint') return Number.NaN;
    if (prefix !== undefined && typeof a === 'number' && typeof b === 'number') {
      const mask = prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0;
      return ((a & mask) >>> 0) - ((b & mask) >>> 0);
    }
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (a instanceof Uint8Array) return b instanceof Uint8Array ? orderBytes(a, b, prefix) : Number.NaN;
  if (typeof b !== 'object' || b instanceof Uint8Array) return Number.NaN;
  return a.sec - b.sec || a.nsec - b.nsec;
}

function orderBytes(a: Uint8Array, b: Uint8Array, prefix: number | undefined): number {
  // The longer one is the greater one, as in Wireshark.
  if (prefix === undefined && a.length !== b.length) return a.length - b.length;
  const whole = prefix === undefined ? a.length : prefix >> 3;
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return a[i] - b[i];
  if (prefix === undefined) return 0;
  const mask = (0xff00 >> (prefix & 7)) & 0xff;
  return mask === 0 ? 0 : (a[whole] & mask) - (b[whole] & mask);
}

/** UTF-8, as strings are on the wire. */
export function utf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes.push(code);
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  }
  return Uint8Array.from(bytes);
}

/** Whether `inner` stands somewhere in `outer`; nothing stands nowhere. */
export function containsBytes(outer: Uint8Array, inner: Uint8Array): boolean {
  if (inner.length === 0) return false;
  const last = outer.length - inner.length;
  const first = inner[0];
  for (let at = outer.indexOf(first); at >= 0 && at <= last; at = outer.indexOf(first, at + 1)) {
    let i = 1;
    while (i < inner.length && outer[at + i] === inner[i]) i++;
    if (i === inner.length) return true;
  }
  return false;
}
