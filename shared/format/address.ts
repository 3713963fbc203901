/** Addresses as text, as RFC 5952 (IPv6) and everyday use have them. */

const hexByte: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'));

export function ipv4Text(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** @param bytes 16 bytes at `at` */
export function ipv6Text(bytes: ArrayLike<number>, at = 0): string {
  const groups: number[] = [];
  for (let i = 0; i < 8; i++) groups.push((bytes[at + i * 2] << 8) | bytes[at + i * 2 + 1]);
  return ipv6GroupsText(groups);
}

/**
 * RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`; IPv4-mapped and
 * -compatible in dotted form.
 */
export function ipv6GroupsText(groups: readonly number[]): string {
  const dotted = (): string => `${groups[6] >> 8}.${groups[6] & 255}.${groups[7] >> 8}.${groups[7] & 255}`;
  if (groups.slice(0, 5).every((g) => g === 0)) {
    if (groups[5] === 0xffff) return `::ffff:${dotted()}`;
    if (groups[5] === 0 && groups[6] !== 0) return `::${dotted()}`;
  }
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; ) {
    if (groups[i] !== 0) {
      i++;
      continue;
    }
    let j = i;
    while (j < 8 && groups[j] === 0) j++;
    if (j - i > bestLength) {
      best = i;
      bestLength = j - i;
    }
    i = j;
  }
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((g) => g.toString(16))
      .join(':');
  return best < 0 ? hex(0, 8) : `${hex(0, best)}::${hex(best + bestLength, 8)}`;
}

/** Bytes in hexadecimal with `separator` between them: `02:00:0a` for addresses, '' for byte strings. */
export function hexText(bytes: ArrayLike<number>, separator = ''): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += (i > 0 ? separator : '') + hexByte[bytes[i]];
  return text;
}
