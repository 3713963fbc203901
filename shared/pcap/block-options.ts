import { utf8Text } from '../bytes/text.ts';

/**
 * Calls `each` for the options in `bytes[from, to)`; one whose length lies ends them. Code and length are read in the
 * section's byte order.
 */
export function eachOption(
  view: DataView,
  little: boolean,
  from: number,
  to: number,
  each: (code: number, start: number, length: number) => void,
): void {
  let at = from;
  while (at + 4 <= to) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === 0 || at + 4 + length > to) return;
    each(code, at + 4, length);
    at += 4 + ((length + 3) & ~3);
  }
}

/** Text of an option. The format wants no zero at its end, but some programs write one. */
export function optionText(bytes: Uint8Array, start: number, length: number): string {
  const zero = bytes.subarray(start, start + length).indexOf(0);
  return utf8Text(bytes, start, zero < 0 ? length : zero);
}
