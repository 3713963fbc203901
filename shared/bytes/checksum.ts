/**
 * The Internet checksum (RFC 1071): ones' complement of the ones' complement sum of big-endian 16-bit words.
 * Over data that holds its own right checksum the result is 0.
 */
export function internetChecksum(bytes: Uint8Array, start: number, length: number, sum = 0): number {
  return foldChecksum(addWords(bytes, start, length, sum));
}

/** Running sum; `start` must be at an even offset of what is summed. Exact: a double holds 2^37 words. */
export function addWords(bytes: Uint8Array, start: number, length: number, sum = 0): number {
  const end = start + length - (length & 1);
  for (let at = start; at < end; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  return length & 1 ? sum + (bytes[end] << 8) : sum;
}

export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
