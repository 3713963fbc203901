/** Texts that must fit: measured, cut and broken into lines without a browser, and escaped for XML. */
import { safeText } from '../../format/safe-text.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** For content and attributes alike. What XML 1.0 (section 2.2) allows in no document becomes U+FFFD. */
export function xml(text: string): string {
  return safeText(text)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]);
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/**
 * About how wide a proportional text is, in units of its size: generous, so that nothing sticks out in another font.
 */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text)
    width += wide.test(character)
      ? 1.02
      : /[A-ZMWmw@%–—→]/.test(character)
        ? 0.72
        : /[ iljtfr.,:;'|!()[\]]/.test(character)
          ? 0.34
          : 0.57;
  return width;
}

/** Monospaced: every character as wide as the next, East Asian ones twice. */
export function monoWidthOf(text: string): number {
  let width = 0;
  for (const character of text) width += wide.test(character) ? 1.05 : 0.61;
  return width;
}

/**
 * Lines of at most `max` units; breaks at spaces, and between East Asian characters. At most `lines` of them, the last
 * cut with an ellipsis.
 */
export function wrapped(
  text: string,
  max: number,
  lines: number,
  measure: (text: string) => number = widthOf,
): readonly string[] {
  const pieces =
    safeText(text).match(
      /[\u2e80-\ua4cf\uf900-\ufaff\uff00-\uff60][\u3001\u3002\uff0c\uff1a\uff1b\uff09”]?|\s+|[^\s\u2e80-\ua4cf\uf900-\ufaff\uff00-\uff60]+/gu,
    ) ?? [];
  const result: string[] = [];
  let line = '';
  for (const piece of pieces) {
    if (line !== '' && measure(line + piece.trimEnd()) > max) {
      result.push(line.trimEnd());
      line = '';
      if (result.length === lines) break;
    }
    if (line !== '' || piece.trim() !== '') line += piece;
  }
  if (line.trim() !== '' && result.length < lines) {
    result.push(line.trimEnd());
    line = '';
  }
  if (line !== '') result[lines - 1] += '…';
  return result.map((one) => cutTo(one, max + 0.7, measure));
}

/** A text that is longer than `max` units loses its middle: the end of an address says as much as its beginning. */
export function cutTo(text: string, max: number, measure: (text: string) => number = widthOf): string {
  if (measure(text) <= max) return text;
  const characters = [...text];
  let keep = characters.length - 1;
  const shortened = (): string =>
    `${characters.slice(0, Math.ceil(keep / 2)).join('')}…${characters.slice(characters.length - Math.floor(keep / 2)).join('')}`;
  // Halving first keeps a hostile text of thousands of characters cheap.
  while (keep > 1 && measure(shortened()) > max * 2) keep = keep >> 1;
  while (keep > 1 && measure(shortened()) > max) keep--;
  return shortened();
}
