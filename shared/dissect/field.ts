/**
 * Fields as data. A protocol declares each of its fields once; tree, labels, `-T fields`, filters, columns and
 * completion are derived from that.
 *
 * Names and types follow Wireshark's (`tshark -G fields`), so that a user's filters carry over.
 */
import type { Base, FieldType, Value, ValueTypes } from '../model/value.ts';
import type { Coding, View } from './view.ts';

/** Names of values; a function where a table will not do. `undefined` means unknown. */
export type ValueNames = Readonly<Record<number, string>> | ((value: number) => string | undefined);

export interface FieldOptions<V> {
  /** Byte offset from the start of the layer: the engine shows the field by itself, in declared order. */
  readonly at?: number;
  /** Bytes covered; the type's own width where not given. What has none of its own (`bytes`, `string`) and no length
   * here is read with one. */
  readonly length?: number;
  /** Bits of the value that are this field's; shifted down by its trailing zeros. */
  readonly mask?: number;
  /** Multiplies the masked value (header length in words → bytes). */
  readonly scale?: number;
  readonly base?: Base;
  readonly values?: ValueNames;
  /** Words for true and false. */
  readonly tfs?: readonly [whenTrue: string, whenFalse: string];
  /** What follows an unknown value in place of `Unknown`. */
  readonly unknown?: string;
  /** Written after the number: ' bytes'. */
  readonly unit?: string;
  /** For `bytes`: so many are an address and written with colons. */
  readonly colons?: number;
  /** For `bytes`: what `-e` prints for none of them. */
  readonly empty?: string;
  /** Key of the field, declared before, that this one is shown under. */
  readonly parent?: string;
  /** Computed, not in the bytes: shown in [brackets]. */
  readonly generated?: boolean;
  /** Not drawn in the tree, but there for filters and `-e` (`ip.addr`, `tcp.port`). */
  readonly hidden?: boolean;
  /** For fields without `at` that every packet has: their value, undefined where this packet has none. */
  get?(view: View): V | undefined;
  /** Overrides the whole line. Untrusted parts of it are escaped when shown. */
  text?(value: V): string;
  readonly little?: boolean;
  /** For `string`: UTF-8 where not given. */
  readonly coding?: Coding;
}

export interface FieldSpec<T extends FieldType = FieldType> extends FieldOptions<ValueTypes[T]> {
  readonly type: T;
  readonly label: string;
}
export type AnyFieldSpec = { [T in FieldType]: FieldSpec<T> }[FieldType];
export type Fields = Readonly<Record<string, AnyFieldSpec>>;

type Make<T extends FieldType> = <const O extends FieldOptions<ValueTypes[T]> = Record<never, never>>(
  label: string,
  options?: O,
) => { readonly type: T; readonly label: string } & O;

const maker =
  <T extends FieldType>(type: T): Make<T> =>
  (label, options) =>
    ({ type, label, ...options }) as never;

export const u8 = maker('u8');
export const u16 = maker('u16');
export const u24 = maker('u24');
export const u32 = maker('u32');
export const u64 = maker('u64');
export const i8 = maker('i8');
export const i16 = maker('i16');
export const i32 = maker('i32');
/** @public No field of today's protocols has it. */
export const i64 = maker('i64');
export const bool = maker('bool');
export const double = maker('double');
export const string = maker('string');
export const bytes = maker('bytes');
export const ether = maker('ether');
/** @public No field of today's protocols has it. */
export const eui64 = maker('eui64');
export const ipv4 = maker('ipv4');
export const ipv6 = maker('ipv6');
export const guid = maker('guid');
export const absTime = maker('absTime');
export const relTime = maker('relTime');
export const frameNumber = maker('frame');
export const none = maker('none');

/** Bytes a type covers by itself; 0 where it must be said. */
export const widthOf: Readonly<Record<FieldType, number>> = {
  u8: 1,
  u16: 2,
  u24: 3,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  bool: 1,
  double: 8,
  string: 0,
  bytes: 0,
  ether: 6,
  eui64: 8,
  ipv4: 4,
  ipv6: 16,
  guid: 16,
  absTime: 0,
  relTime: 0,
  frame: 0,
  none: 0,
  protocol: 0,
};

/** A declared field with everything derived from its declaration. Built once by `createRegistry`. */
export interface FieldInfo {
  /** Position in the registry's catalogue. */
  readonly id: number;
  /** Filter name: `tcp.flags.syn`. */
  readonly name: string;
  readonly key: string;
  readonly protocol: string;
  readonly type: FieldType;
  readonly label: string;
  readonly at: number | undefined;
  readonly length: number;
  readonly mask: number;
  /** Trailing zeros of the mask. */
  readonly shift: number;
  readonly scale: number;
  readonly base: Base;
  readonly values: ValueNames | undefined;
  readonly tfs: readonly [string, string];
  readonly unknown: string;
  readonly unit: string;
  readonly colons: number;
  readonly empty: string;
  readonly parent: string | undefined;
  readonly generated: boolean;
  readonly hidden: boolean;
  readonly little: boolean;
  readonly coding: Coding;
  readonly get: ((view: View) => Value | undefined) | undefined;
  readonly text: ((value: never) => string) | undefined;
}

export function nameOfValue(names: ValueNames | undefined, value: number): string | undefined {
  if (names === undefined) return undefined;
  return typeof names === 'function' ? names(value) : Object.hasOwn(names, value) ? names[value] : undefined;
}

export function compileField(id: number, protocol: string, key: string, spec: AnyFieldSpec): FieldInfo {
  const mask = spec.mask ?? 0;
  return {
    id,
    name: key === '' ? protocol : key.startsWith('/') ? key.slice(1) : `${protocol}.${key}`,
    key,
    protocol,
    type: spec.type,
    label: spec.label,
    at: spec.at,
    length: spec.length ?? widthOf[spec.type],
    mask,
    shift: mask === 0 ? 0 : 31 - Math.clz32(mask & -mask),
    scale: spec.scale ?? 1,
    base: spec.base ?? 'dec',
    values: spec.values,
    tfs: spec.tfs ?? ['True', 'False'],
    unknown: spec.unknown ?? 'Unknown',
    unit: spec.unit ?? '',
    colons: spec.colons ?? -1,
    empty: spec.empty ?? '<MISSING>',
    parent: spec.parent,
    generated: spec.generated ?? false,
    hidden: spec.hidden ?? false,
    little: spec.little ?? false,
    coding: spec.coding ?? 'utf8',
    get: spec.get as FieldInfo['get'],
    text: spec.text as FieldInfo['text'],
  };
}
