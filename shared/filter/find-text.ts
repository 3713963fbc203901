import type { FindQuery } from '../model/find.ts';
import { compilePattern } from './pattern.ts';
import { containsBytes, utf8 } from './scalar.ts';
import { latin1 } from './text-of.ts';

/** What is looked for, ready to be held against texts and bytes. */
export interface Sought {
  inText(text: string): boolean;
  inBytes(bytes: Uint8Array): boolean;
  /** The first occurrence at `from` or later. */
  placeInBytes(bytes: Uint8Array, from: number): { readonly start: number; readonly length: number } | null;
}

/** Why nothing can be looked for: key of the catalogue `find.problem.<code>`. */
export type FindProblem = 'empty' | 'hex' | 'pattern' | 'pattern-size' | 'pattern-unsupported';

/** The reason where the text is not what its kind asks for. Display filters are read elsewhere. */
export function soughtOf({
  kind,
  text,
  caseSensitive,
}: FindQuery): { readonly sought: Sought } | { readonly problem: FindProblem; readonly detail: string } {
  if (text === '') return { problem: 'empty', detail: '' };
  if (kind === 'hex') {
    const bytes = hexBytes(text);
    return bytes === null ? { problem: 'hex', detail: text } : { sought: ofBytes(bytes, bytes) };
  }
  if (kind === 'regex') {
    const pattern = compilePattern(caseSensitive ? `(?-i)${text}` : text);
    if (!pattern.ok)
      return {
        problem: pattern.code === 'pattern-size' || pattern.code === 'pattern-unsupported' ? pattern.code : 'pattern',
        detail: pattern.detail,
      };
    return {
      sought: {
        inText: pattern.test,
        inBytes: (bytes) => pattern.test(latin1(bytes)),
        placeInBytes(bytes, from) {
          const found = pattern.find(latin1(bytes), from);
          return found === null ? null : { start: found.start, length: found.end - found.start };
        },
      },
    };
  }
  const small = text.toLowerCase();
  const cases = [...text].map(caseSensitive ? (character) => [utf8(character), utf8(character)] : bothCases);
  return {
    sought: {
      ...ofBytes(joined(cases.map(([lower]) => lower)), joined(cases.map(([, upper]) => upper))),
      inText: caseSensitive ? (line) => line.includes(text) : (line) => line.toLowerCase().includes(small),
    },
  };
}

const joined = (parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

/**
 * A character as a small and as a capital letter in UTF-8; itself twice where the two are not of one length, as `ı` and
 * `I`.
 */
function bothCases(character: string): readonly Uint8Array[] {
  const [lower, upper] = [utf8(character.toLowerCase()), utf8(character.toUpperCase())];
  return lower.length === upper.length ? [lower, upper] : [utf8(character), utf8(character)];
}

/**
 * `16 03 01`, `160301`, `16:03:01`, `0x1603`: two digits each, so that nothing is guessed while one is still missing.
 * Null where it is none.
 */
function hexBytes(text: string): Uint8Array | null {
  const groups = text
    .trim()
    .replace(/^0x/i, '')
    .split(/\s+|[:.,-]/);
  if (!groups.every((group) => /^(?:[0-9a-f]{2})+$/i.test(group))) return null;
  return Uint8Array.from(groups.join('').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Bytes that may be either of two at each place: small and capital letters. */
function ofBytes(a: Uint8Array, b: Uint8Array): Sought {
  const place = (bytes: Uint8Array, from: number): number => {
    const last = bytes.length - a.length;
    for (let at = from; at <= last; at++) {
      let i = 0;
      while (i < a.length && (bytes[at + i] === a[i] || bytes[at + i] === b[i])) i++;
      if (i === a.length) return at;
    }
    return -1;
  };
  const same = a.every((byte, i) => byte === b[i]);
  return {
    inText: () => false,
    inBytes: same ? (bytes) => containsBytes(bytes, a) : (bytes) => place(bytes, 0) >= 0,
    placeInBytes(bytes, from) {
      const start = place(bytes, from);
      return start < 0 ? null : { start, length: a.length };
    },
  };
}
