/**
 * UTF-8 to text (RFC 3629); a sequence that is not valid becomes U+FFFD. Written out because this code has no platform
 * to ask.
 */
export function utf8Text(bytes: Uint8Array, start: number, length: number): string {
  const end = Math.min(bytes.length, start + length);
  let at = start;
  while (at < end && bytes[at] < 0x80) at++;
  let text = latin1Text(bytes, start, at);
  // A text that grows by single characters takes 32 bytes for each until it is looked at.
  let units: number[] = [];
  while (at < end) {
    if (units.length >= piece) {
      text += String.fromCharCode(...units);
      units = [];
    }
    const first = bytes[at];
    if (first < 0x80) {
      units.push(first);
      at++;
      continue;
    }
    const more = first >= 0xf0 && first < 0xf5 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    if (first >= 0xf5 || more === 0) {
      units.push(0xfffd);
      at++;
      continue;
    }
    let code = first & (0x3f >> more);
    let taken = 1;
    while (taken <= more && at + taken < end && (bytes[at + taken] & 0xc0) === 0x80) {
      code = (code << 6) | (bytes[at + taken] & 0x3f);
      taken++;
    }
    const valid =
      taken === more + 1 &&
      !(more === 2 && (code < 0x800 || (code >= 0xd800 && code < 0xe000))) &&
      !(more === 3 && (code < 0x10000 || code > 0x10ffff));
    if (!valid) units.push(0xfffd);
    else if (code < 0x10000) units.push(code);
    else units.push(0xd7c0 + (code >> 10), 0xdc00 + (code & 0x3ff));
    at += valid ? taken : Math.max(1, taken - 1);
  }
  return units.length === 0 ? text : text + String.fromCharCode(...units);
}

/** Characters that are put together at once: as many as fit into one call's arguments. */
const piece = 4096;
/** Up to this length text is put together in less time than bytes are handed to a function. */
const shortText = 64;

/** One character per byte (ISO 8859-1). */
export function latin1Text(bytes: Uint8Array, start: number, stop: number): string {
  const end = Math.min(stop, bytes.length);
  let text = '';
  if (end - start <= shortText) {
    let at = start;
    for (; at + 4 <= end; at += 4) text += String.fromCharCode(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
    for (; at < end; at++) text += String.fromCharCode(bytes[at]);
    return text;
  }
  for (let at = start; at < end; at += piece)
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(end, at + piece)) as unknown as number[]);
  return text;
}

/** Text to UTF-8 (RFC 3629); half of a surrogate pair becomes U+FFFD. */
export function utf8Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) bytes[length++] = code;
    else {
      if (code < 0x800) bytes[length++] = 0xc0 | (code >> 6);
      else {
        if (code < 0x10000) bytes[length++] = 0xe0 | (code >> 12);
        else {
          bytes[length++] = 0xf0 | (code >> 18);
          bytes[length++] = 0x80 | ((code >> 12) & 0x3f);
        }
        bytes[length++] = 0x80 | ((code >> 6) & 0x3f);
      }
      bytes[length++] = 0x80 | (code & 0x3f);
    }
  }
  return bytes.slice(0, length);
}
