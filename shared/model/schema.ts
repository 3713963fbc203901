/**
 * Pieces of the schemas by which the model says what may come from elsewhere: from the page, a file of settings, an
 * imported file. A type is inferred from its schema, so that there is one description of both. Everything is bounded,
 * and lists and texts are measured before they are gone through.
 */
import * as v from 'valibot';

/** A text of at most so many UTF-16 units, without zero bytes. */
export const text = (most: number) =>
  v.pipe(
    v.string(),
    v.maxLength(most),
    v.check((value) => !value.includes('\0')),
  );

export const notEmpty = (most: number) => v.pipe(text(most), v.minLength(1));

/** A whole number. */
export const between = (least: number, most: number) =>
  v.pipe(v.number(), v.safeInteger(), v.minValue(least), v.maxValue(most));
export const count = (most: number) => between(0, most);

/** A row of the packet table: 32 bits. */
export const row = count(0xffff_ffff);
/** A row, or -1 for none. */
export const rowOrNone = between(-1, 0xffff_ffff);

type Schema<I, O> = v.BaseSchema<I, O, v.BaseIssue<unknown>>;

export const listOf = <I, O>(most: number, item: Schema<I, O>, least = 0) =>
  v.pipe(
    v.custom<I[]>((value) => Array.isArray(value) && value.length >= least && value.length <= most),
    v.array(item),
    v.readonly(),
  );

/** No two of a list are the same. */
export const allDifferent = <T>(keyOf: (item: T) => unknown) =>
  v.check<readonly T[]>((list) => new Set(list.map(keyOf)).size === list.length);

/** An object as an object literal makes it: with nothing inherited. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** An object of exactly these properties. */
export const exact = <const E extends v.ObjectEntries>(entries: E) =>
  v.pipe(v.custom<v.InferInput<v.StrictObjectSchema<E, undefined>>>(isPlain), v.strictObject(entries), v.readonly());

type SomeOf<E extends v.ObjectEntries> = { readonly [K in keyof E]: v.ExactOptionalSchema<E[K], undefined> };
/** An object of some of these properties and no other. */
export const someOf = <const E extends v.ObjectEntries>(entries: E) =>
  exact(
    Object.fromEntries(
      Object.entries(entries).map(([key, schema]) => [key, v.exactOptional(schema)]),
    ) as unknown as SomeOf<E>,
  );

/** Numbers from 0 on, by names. */
export const numbersByName = (most: number) =>
  v.pipe(
    v.custom<Record<string, number>>((value) => isPlain(value) && Object.keys(value as object).length <= 64),
    v.record(v.string(), v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(most))),
    v.readonly(),
  );

/** What a JSON text says, where it is what the schema asks for; null where it is not, or no JSON. */
export function readJson<O>(schema: Schema<unknown, O>, json: string): O | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const { success, output } = v.safeParse(schema, value);
  return success ? output : null;
}
