/**
 * IP addresses from text (RFC 4291, section 2.2; four decimal numbers for IPv4), strictly: no octal, no shortened
 * forms.
 */
import { ipv6GroupsText } from './address.ts';

/** Four numbers of 0–255, without leading zeros; null where it is no such address. */
export function ipv4Parts(text: string): readonly number[] | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return null;
  const parts = match.slice(1).map(Number);
  return parts.every((part, i) => part <= 255 && String(part) === match[i + 1]) ? parts : null;
}

/** Eight numbers of 16 bits; null where it is no such address. Without zone. */
export function ipv6Groups(text: string): readonly number[] | null {
  if (text.length > 45) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half, i) => groupsOf(half, i === halves.length - 1));
  if (head === null || tail === null) return null;
  if (tail === undefined) return head.length === 8 ? head : null;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? null : [...head, ...new Array<number>(missing).fill(0), ...tail];
}

/** @param isEnd the last two may be written as an IPv4 address */
function groupsOf(text: string, isEnd: boolean): number[] | null {
  if (text === '') return [];
  const words = text.split(':');
  const groups: number[] = [];
  for (const [i, word] of words.entries()) {
    const quad = isEnd && i === words.length - 1 ? ipv4Parts(word) : null;
    if (quad !== null) groups.push((quad[0] << 8) | quad[1], (quad[2] << 8) | quad[3]);
    else if (/^[0-9a-f]{1,4}$/i.test(word)) groups.push(Number.parseInt(word, 16));
    else return null;
  }
  return groups.length <= 8 ? groups : null;
}

/**
 * An address in its one canonical form (RFC 5952), an IPv4-mapped one as IPv4; null where it is none. A zone is left
 * out.
 */
export function canonicalAddress(text: string): string | null {
  const ipv4 = ipv4Parts(text);
  if (ipv4 !== null) return ipv4.join('.');
  const groups = ipv6Groups(text.replace(/%.*$/s, ''));
  if (groups === null) return null;
  const canonical = ipv6GroupsText(groups);
  return canonical.startsWith('::ffff:') && canonical.includes('.') ? canonical.slice('::ffff:'.length) : canonical;
}
