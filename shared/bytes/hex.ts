/**
 * The bytes that a text of hexadecimal digits stands for; blanks, line ends, `:` and `-` between pairs are skipped.
 * Null where something else is in it.
 */
export function hexBytes(text: string): Uint8Array | null {
  const digits = text.replace(/[\s:-]+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) return null;
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
