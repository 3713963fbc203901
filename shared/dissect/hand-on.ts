import type { Out } from './out.ts';
import type { View } from './view.ts';

/**
 * Who asked for one of some keys, the first of them that anybody did; '' nobody, or the bytes are not his own.
 * @param keys pairs of a table of texts and a key in it
 */
export function whoAsked(
  { context: { registry, state } }: Pick<View, 'context'>,
  keys: readonly (readonly [table: string, key: string])[],
  bytes: Uint8Array,
): string {
  for (const [name, key] of keys) {
    const table = registry.tables.get(name);
    const found = table === undefined || key === '' ? -1 : state.decodeAs.find(table, key);
    if (found < 0) continue;
    const protocol = registry.protocols[found];
    return protocol.refuses?.(bytes, 0, bytes.length) === true ? '' : protocol.name;
  }
  return '';
}

/** Hands `length` bytes of a layer at `at` to whoever asked for one of some keys. False where nobody did. */
export function handOn(
  view: View,
  out: Pick<Out, 'call'>,
  keys: readonly (readonly [table: string, key: string])[],
  at: number,
  length: number,
): boolean {
  const name = whoAsked(view, keys, view.slice(at, length));
  if (name === '') return false;
  const end = view.start + at + length;
  out.call(name, view.source, view.sourceIndex, view.start + at, end, end);
  return true;
}
