import type { Value } from '../model/value.ts';
import type { FieldInfo, Fields } from './field.ts';
import type { Out, TreeItem } from './out.ts';
import { readField, type ValueOf, type View } from './view.ts';

/** Types that no run of bytes says by itself: `put` takes their values. */
type Computed = 'double' | 'frame' | 'absTime' | 'relTime' | 'protocol';
/** Keys of the fields that can be read where they stand. */
type ReadableKeys<F extends Fields> = {
  [K in keyof F]: F[K]['type'] extends Computed ? never : K;
}[keyof F] &
  string;
/** Keys of the fields that tell by themselves how long they are: bytes and texts do where they are declared with it. */
type SizedKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { readonly length: number }
    ? K
    : F[K]['type'] extends Computed | 'bytes' | 'string' | 'none'
      ? never
      : K;
}[keyof F] &
  string;
/** Keys of the fields that are numbers, and so may say how long another is. */
type NumberKeys<F extends Fields> = {
  [K in keyof F]: F[K]['type'] extends 'u8' | 'u16' | 'u24' | 'u32' ? K : never;
}[keyof F] &
  string;
type Length<F extends Fields, K> = K extends SizedKeys<F> ? [length?: number] : [length: number];

/**
 * Reads the fields of a layer one behind the other. Where a field lies is where the cursor stands; its width, byte
 * order, mask and type are what it was declared with, so that nothing is said twice. Each is added to the tree as it is
 * read. A read past the end raises what reads of the view raise, before anything is added or moved.
 */
export class Cursor<F extends Fields> {
  /** Line of the field that was read last: to be given other words, or lines under it. */
  line: TreeItem;

  constructor(
    readonly view: View,
    readonly out: Out<F>,
    /** Where the next field lies, from the layer's start. */
    public at = 0,
  ) {
    this.line = out.layer;
  }

  /** The field at the cursor: adds it, moves on behind it and answers its value. */
  read<K extends ReadableKeys<F>>(key: K, ...length: Length<F, K>): ValueOf<F, K>;
  read(key: keyof F & string, length?: number): Value {
    return this.reading(this.out.field(key), length);
  }

  /** As `read`, for whoever needs no value: it is made where somebody asks for the field, and only then. */
  show<K extends ReadableKeys<F>>(key: K, ...length: Length<F, K>): TreeItem;
  show(key: keyof F & string, length?: number): TreeItem {
    return this.showing(this.out.field(key), length);
  }

  /** As `read`, but the cursor stays: for fields that share their bytes with the next. */
  part<K extends ReadableKeys<F>>(key: K, ...length: Length<F, K>): ValueOf<F, K>;
  part(key: keyof F & string, length?: number): Value {
    const { at } = this;
    const value = this.reading(this.out.field(key), length);
    this.at = at;
    return value;
  }

  /** Fields that share their bytes: the cursor moves on behind the last. */
  parts(...keys: readonly SizedKeys<F>[]): void {
    const { at } = this;
    for (const key of keys) {
      this.at = at;
      this.showing(this.out.field(key));
    }
  }

  /** A word of bits, and under its line the fields that are parts of it. */
  word<K extends SizedKeys<F>>(key: K, ...parts: readonly SizedKeys<F>[]): ValueOf<F, K> {
    const { at } = this;
    const value = this.reading(this.out.field(key));
    const { line, at: behind } = this;
    this.at = at;
    this.out.group(line, () => this.parts(...parts));
    this.at = behind;
    this.line = line;
    return value as ValueOf<F, K>;
  }

  /** A field behind the one that says its length. */
  counted<K extends ReadableKeys<F>>(lengthKey: NumberKeys<F>, key: K): ValueOf<F, K> {
    const length = Number(this.reading(this.out.field(lengthKey)));
    return this.reading(this.out.field(key), length) as ValueOf<F, K>;
  }

  /** One field after the other, as long as a whole one fits before `end`. */
  list(key: SizedKeys<F>, end: number): void {
    const field = this.out.field(key);
    while (this.at + field.length <= end) this.showing(field);
  }

  /**
   * Walks a list of items that carry their own length, as `View.items`: from the cursor, which stands at an item when
   * its size is asked for and when it is to be read.
   */
  items(to: number, size: () => number, each: (length: number) => boolean | void): void {
    this.view.items(
      this.at,
      to,
      (at) => {
        this.at = at;
        return size();
      },
      (at, length) => {
        const goesOn = each(length);
        this.at = at + length;
        return goesOn;
      },
    );
  }

  /** A field whose value the bytes do not say, or not as it is declared; in `length` bytes where that tells no width. */
  put<K extends keyof F & string>(key: K, value: ValueOf<F, K>, length?: number): TreeItem {
    const field = this.out.field(key);
    return this.take(field, length ?? field.length, value);
  }

  /** What the field at the cursor, or `ahead` of it, says: adds nothing and does not move. */
  peek<K extends SizedKeys<F>>(key: K, ahead = 0): ValueOf<F, K> {
    const field = this.out.field(key);
    return readField(this.view, field, this.at + ahead, field.length) as ValueOf<F, K>;
  }

  /** Moves on behind a field that nobody is to see here. */
  pass(key: SizedKeys<F>): void {
    this.at += this.out.field(key).length;
  }

  private reading(field: FieldInfo, length = field.length): Value {
    const value = readField(this.view, field, this.at, length);
    this.take(field, length, value);
    return value;
  }

  private showing(field: FieldInfo, length = field.length): TreeItem {
    const { view, out, at } = this;
    if (out.asksFor(field)) return this.take(field, length, readField(view, field, at, length));
    // It has to be there all the same: a layer ends where the first of its fields does not.
    view.need(at, length);
    return this.take(field, length, true);
  }

  private take(field: FieldInfo, length: number, value: Value): TreeItem {
    this.line = this.out.addField(field, this.at, length, value);
    this.at += length;
    return this.line;
  }
}
