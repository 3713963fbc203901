import { utf8Text } from '../bytes/text.ts';
import { ipv4Text, ipv6Text } from '../format/address.ts';

/** Records of one response that are looked at, questions that are passed over. */
const maxRecords = 64;
const maxQuestions = 16;
/** Aliases that are followed from an address back to the name that was asked for. */
const maxAliases = 16;
/** RFC 1035, section 2.3.4: a name has at most 255 bytes, so more pointers than that is a loop. */
const maxName = 255;
const maxPointers = 128;

/**
 * The names that a DNS response, `b[at, end)`, gives to the wanted addresses (as text; null all): each the one that was
 * asked for, from the owner of the address record back along the CNAME records (RFC 1034, section 3.6.2). Glue beside
 * the answer is left out; multicast DNS answers in any section (RFC 6762, section 6). Reads without making a tree,
 * since thousands of responses may be looked through for one name. Never throws: what lies past the end is not there.
 */
export function namesOfAddresses(
  b: Uint8Array,
  at: number,
  end: number,
  multicast: boolean,
  wanted: ReadonlySet<string> | null,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  if (end - at < 12) return names;
  const u16 = (position: number): number => (b[position] << 8) | b[position + 1];
  const questions = u16(at + 4);
  const records = u16(at + 6) + (multicast ? u16(at + 8) + u16(at + 10) : 0);
  let position = at + 12;
  if (questions > maxQuestions) return names;
  for (let i = 0; i < questions; i++) {
    position = afterName(b, position, end) + 4;
    if (position > end) return names;
  }
  const owners: { readonly address: string; readonly owner: number }[] = [];
  const aliases: { readonly owner: number; readonly target: number }[] = [];
  for (let i = 0; i < Math.min(records, maxRecords); i++) {
    const owner = position;
    const head = afterName(b, owner, end);
    const data = head + 10;
    if (data > end) break;
    const type = u16(head);
    const length = u16(head + 8);
    position = data + length;
    if (position > end) break;
    if ((u16(head + 2) & 0x7fff) !== 1) continue;
    if (type === 5) aliases.push({ owner, target: data });
    else if (type === 1 && length === 4)
      owners.push({ address: ipv4Text(((b[data] << 24) | (b[data + 1] << 16) | u16(data + 2)) >>> 0), owner });
    else if (type === 28 && length === 16) owners.push({ address: ipv6Text(b.subarray(data, data + 16)), owner });
  }
  const found = wanted === null ? owners : owners.filter(({ address }) => wanted.has(address));
  if (found.length === 0) return names;
  const askedFor = new Map<string, string>();
  for (const { owner, target } of aliases) {
    const alias = nameAt(b, at, target, end).toLowerCase();
    if (alias !== '' && !askedFor.has(alias)) askedFor.set(alias, nameAt(b, at, owner, end));
  }
  for (const { address, owner } of found) {
    let name = nameAt(b, at, owner, end);
    for (let steps = 0; steps < maxAliases; steps++) {
      const asked = askedFor.get(name.toLowerCase());
      if (asked === undefined || asked === '') break;
      name = asked;
    }
    if (name !== '' && !names.has(address)) names.set(address, name);
  }
  return names;
}

/** Offset after the name at `position`; past `end` where there is none. */
function afterName(b: Uint8Array, position: number, end: number): number {
  for (let p = position; p < end; ) {
    const size = b[p];
    if (size === 0) return p + 1;
    if (size >= 0xc0) return p + 2;
    if (size >= 0x40) break;
    p += size + 1;
  }
  return end + 1;
}

/** '' for a name that loops, is too long, or leaves the message, and for the root. */
function nameAt(b: Uint8Array, base: number, position: number, end: number): string {
  const labels: string[] = [];
  let length = 0;
  let pointers = 0;
  for (let p = position; p < end; ) {
    const size = b[p];
    if (size === 0) return labels.join('.');
    if (size >= 0xc0) {
      if (++pointers > maxPointers || p + 1 >= end) return '';
      p = base + (((size & 0x3f) << 8) | b[p + 1]);
      continue;
    }
    length += size + 1;
    if (size >= 0x40 || length > maxName || p + 1 + size > end) return '';
    labels.push(utf8Text(b, p + 1, size));
    p += size + 1;
  }
  return '';
}
