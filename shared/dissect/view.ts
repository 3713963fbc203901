import { latin1Text, utf8Text } from '../bytes/text.ts';
import type { FieldType, Value, ValueTypes } from '../model/value.ts';
import { ReadPastEnd } from './diagnostic.ts';
import type { PacketContext } from './packet-context.ts';

/** As much of declared fields as reading them takes; `Fields` and `FieldInfo` of field.ts hold more. */
export type FieldTypes = Readonly<Record<string, { readonly type: FieldType; readonly at?: number }>>;

export interface FixedField {
  readonly name: string;
  readonly type: FieldType;
  readonly at: number | undefined;
  readonly length: number;
  readonly mask: number;
  readonly shift: number;
  readonly scale: number;
  readonly little: boolean;
  readonly coding: Coding;
}

/** How the bytes of a text are read: up to their end, one character per byte, or up to a zero byte. */
export type Coding = 'utf8' | 'latin1' | 'zero-ended';

/** Keys of the fields that stand at a fixed offset: only these can be read by name. */
export type FixedKeys<F extends FieldTypes> = {
  [K in keyof F]: F[K] extends { readonly at: number } ? K : never;
}[keyof F] &
  string;
export type ValueOf<F extends FieldTypes, K extends keyof F> = F[K]['type'] extends keyof ValueTypes
  ? ValueTypes[F[K]['type']]
  : never;

/**
 * One layer of one packet, read-only and bounds-checked. All offsets are relative to the layer's start; integers are
 * big-endian unless the name says otherwise. A read past the end raises ReadPastEnd, which the engine turns into "cut
 * short" or "malformed".
 *
 * A layer has two ends: `captured` bytes are here, `reported` bytes are claimed on the wire.
 */
export class View<F extends FieldTypes = FieldTypes> {
  constructor(
    readonly source: Uint8Array,
    /** Index of `source` among the packet's byte sources: 0 is the frame. */
    readonly sourceIndex: number,
    /** Absolute offset of the layer in `source`. */
    readonly start: number,
    /** Bytes of this layer that were captured. */
    readonly captured: number,
    /** Bytes of this layer on the wire; never less than `captured`. */
    readonly reported: number,
    readonly context: PacketContext,
    private readonly fixed: ReadonlyMap<string, FixedField>,
    private readonly sizeOf: ((bytes: Uint8Array, at: number) => number) | undefined = undefined,
  ) {}

  /** Bytes of the header, as the protocol declares its `size`; they need not be there. */
  get size(): number {
    return this.sizeOf?.(this.source, this.start) ?? 0;
  }

  /** Makes sure that `length` bytes at `at` can be read. */
  need(at: number, length: number): number {
    if (at < 0 || length < 0 || at + length > this.captured) {
      throw new ReadPastEnd(
        this.start + at,
        length,
        Math.max(0, this.captured - at),
        at < 0 || length < 0 || at + length > this.reported,
      );
    }
    return this.start + at;
  }
  /** The layer contradicts itself: what was decoded stays, the rest is marked malformed. */
  malformed(at: number, reason: string): never {
    throw new ReadPastEnd(this.start + at, 0, 0, true, reason);
  }
  has(at: number, length: number): boolean {
    return at >= 0 && length >= 0 && at + length <= this.captured;
  }

  u8(at: number): number {
    return this.source[this.need(at, 1)];
  }
  u16(at: number): number {
    const p = this.need(at, 2);
    return (this.source[p] << 8) | this.source[p + 1];
  }
  u24(at: number): number {
    const p = this.need(at, 3);
    return (this.source[p] << 16) | (this.source[p + 1] << 8) | this.source[p + 2];
  }
  u32(at: number): number {
    const p = this.need(at, 4);
    return ((this.source[p] << 24) | (this.source[p + 1] << 16) | (this.source[p + 2] << 8) | this.source[p + 3]) >>> 0;
  }
  u64(at: number): bigint {
    this.need(at, 8);
    return (BigInt(this.u32(at)) << 32n) | BigInt(this.u32(at + 4));
  }
  u16le(at: number): number {
    const p = this.need(at, 2);
    return this.source[p] | (this.source[p + 1] << 8);
  }
  u32le(at: number): number {
    const p = this.need(at, 4);
    return (this.source[p] | (this.source[p + 1] << 8) | (this.source[p + 2] << 16) | (this.source[p + 3] << 24)) >>> 0;
  }
  u64le(at: number): bigint {
    this.need(at, 8);
    return (BigInt(this.u32le(at + 4)) << 32n) | BigInt(this.u32le(at));
  }
  i32(at: number): number {
    return this.u32(at) | 0;
  }
  /** A window on the bytes, not a copy. */
  slice(at: number, length: number): Uint8Array {
    const p = this.need(at, length);
    return this.source.subarray(p, p + length);
  }
  /** One character per byte (ISO 8859-1): for text that protocols define as ASCII. */
  latin1(at: number, length: number): string {
    const p = this.need(at, length);
    return latin1Text(this.source, p, p + length);
  }

  /** The value of a field that is declared with a fixed offset. */
  get<K extends FixedKeys<F>>(key: K): ValueOf<F, K> {
    const field = this.fixed.get(key);
    if (field === undefined) throw new Error(`no fixed field ${key}`);
    return readFixed(this, field) as ValueOf<F, K>;
  }

  /**
   * Walks a list of items that carry their own length (TLV), refusing one that does not advance or runs over the end.
   * @param size length of the item at `at`, its own header included
   * @param each called for each whole item; return false to stop
   */
  items(
    from: number,
    to: number,
    size: (at: number) => number,
    each: (at: number, length: number) => boolean | void,
  ): void {
    let at = from;
    while (at < to) {
      const length = size(at);
      if (!(length > 0)) this.malformed(at, 'length does not advance');
      if (at + length > to) this.malformed(at, 'item runs over the end of its list');
      if (each(at, length) === false) return;
      at += length;
    }
  }
}

/** Reads a field at its declared offset, masked, shifted and scaled. */
export function readFixed(view: View, field: FixedField): Value {
  return readField(view, field, field.at ?? 0, field.length);
}

/** Reads a field that stands in `length` bytes at `at`. */
export function readField(view: View, field: FixedField, at: number, length: number): Value {
  switch (field.type) {
    case 'u8':
    case 'u16':
    case 'u24':
    case 'u32': {
      const value = unsigned(view, field, at, length);
      return (field.mask === 0 ? value : (value & field.mask) >>> field.shift) * field.scale;
    }
    case 'i8':
    case 'i16':
    case 'i32': {
      const unused = 32 - length * 8;
      return (unsigned(view, field, at, length) << unused) >> unused;
    }
    case 'u64':
      return field.little ? view.u64le(at) : view.u64(at);
    case 'i64':
      return BigInt.asIntN(64, field.little ? view.u64le(at) : view.u64(at));
    case 'bool': {
      const value = unsigned(view, field, at, length);
      return (field.mask === 0 ? value : (value & field.mask) >>> 0) !== 0;
    }
    case 'ipv4':
      return view.u32(at);
    case 'ipv6':
    case 'ether':
    case 'eui64':
    case 'guid':
    case 'bytes':
      return view.slice(at, length);
    case 'string':
      return readText(view, field.coding, at, length);
    case 'none':
    case 'protocol':
      view.need(at, length);
      return true;
    case 'double':
    case 'frame':
    case 'absTime':
    case 'relTime':
      throw new Error(`${field.name}: a ${field.type} has no fixed form`);
  }
}

/** An integer has the width of its type, unless its declaration or whoever reads it says another. */
function unsigned(view: View, { name, little }: FixedField, at: number, length: number): number {
  switch (length) {
    case 1:
      return view.u8(at);
    case 2:
      return little ? view.u16le(at) : view.u16(at);
    case 3:
      if (!little) return view.u24(at);
      break;
    case 4:
      return little ? view.u32le(at) : view.u32(at);
  }
  throw new Error(`${name}: no number is read from ${length} bytes`);
}

function readText(view: View, coding: Coding, at: number, length: number): string {
  if (coding === 'latin1') return view.latin1(at, length);
  const raw = view.slice(at, length);
  const end = coding === 'zero-ended' ? raw.indexOf(0) : -1;
  return utf8Text(raw, 0, end < 0 ? length : end);
}
