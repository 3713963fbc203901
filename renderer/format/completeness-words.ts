import type { Translate } from '../../shared/i18n/translate.ts';

/** The bits of `tcp.completeness`, in its order. */
export const completenessParts = ['SYN', 'SYN, ACK', 'ACK', 'data', 'FIN', 'RST'] as const;
type Part = (typeof completenessParts)[number];
const bits: Readonly<Record<Part, number>> = { SYN: 1, 'SYN, ACK': 2, ACK: 4, data: 8, FIN: 16, RST: 32 };
const opening = 7;
const closing = bits.FIN | bits.RST;

export const partSeen = (completeness: number, part: Part): boolean => (completeness & bits[part]) !== 0;
export const partText = (t: Translate, part: Part): string => (part === 'data' ? t('completeness.data') : part);

/** One word for how much of a connection was captured. */
export function completenessText(t: Translate, completeness: number): string {
  const opened = (completeness & opening) === opening;
  const closed = (completeness & closing) !== 0;
  // A refused connection is whole: a SYN and the reset that answered it.
  if (closed && (opened || (completeness & bits.RST) !== 0))
    return (completeness & bits.SYN) === 0 ? t('completeness.noOpen') : t('completeness.complete');
  if (opened) return t('completeness.noClose');
  return (completeness & opening) === 0 ? t('completeness.noOpen') : t('completeness.partial');
}

/** What was captured of a connection and what was not, in words. */
export function completenessHint(t: Translate, completeness: number): string {
  const list = (seen: boolean): string =>
    completenessParts
      .filter((part) => partSeen(completeness, part) === seen && (seen || part !== 'RST'))
      .map((part) => (part === 'SYN, ACK' ? 'SYN+ACK' : partText(t, part)))
      .join(t('text.comma'));
  const [parts, missing] = [list(true), list(false)];
  const value = completeness;
  return missing === ''
    ? t('completeness.seen.all', { parts, value })
    : t('completeness.seen', { parts: parts === '' ? '–' : parts, missing, value });
}
