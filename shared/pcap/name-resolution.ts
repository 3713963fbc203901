import { ipv4Text, ipv6Text } from '../format/address.ts';
import type { TextBudget } from './text-budget.ts';

/** Entries kept of all name resolution blocks of a file: a bound, not a limit that anybody meets. */
const maxNames = 100_000;

/**
 * Reads the records of a pcapng name resolution block, `bytes[from, to)`, into `names`: address as text → its first
 * name.
 */
export function readNames(
  bytes: Uint8Array,
  view: DataView,
  little: boolean,
  from: number,
  to: number,
  names: Map<string, string>,
  texts: TextBudget,
  cut: () => void,
): void {
  let at = from;
  while (at + 4 <= to) {
    const type = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    const start = at + 4;
    if (type === 0 || start + length > to) return;
    const addressLength = type === 1 ? 4 : type === 2 ? 16 : 0;
    if (addressLength > 0 && length > addressLength && names.size < maxNames) {
      const address = type === 1 ? ipv4Text(view.getUint32(start, false)) : ipv6Text(bytes, start);
      if (!names.has(address)) {
        const name = texts.ofAddress(bytes, start + addressLength, length - addressLength, cut);
        if (name !== '') names.set(address, name);
      }
    }
    at = start + ((length + 3) & ~3);
  }
}
