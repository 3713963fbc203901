/** Measures of the hex pane in CSS pixels, at 12 px of the monospaced font. */
export const hexMeasures = { line: 20, byte: 18, half: 7, character: 7.2, gap: 11, padding: 9 } as const;

export function offsetDigits(length: number): number {
  return Math.max(4, Math.max(0, length - 1).toString(16).length);
}

export function widthFor(columns: number, digits: number): number {
  const { byte, half, character, gap, padding } = hexMeasures;
  return padding * 2 + digits * character + gap + columns * byte + (columns / 8 - 1) * half + gap + columns * character;
}

/** Bytes in a line: as many of 8, 16, 32 as fit. */
export function columnsFor(width: number, length: number): 8 | 16 | 32 {
  const digits = offsetDigits(length);
  if (widthFor(32, digits) <= width) return 32;
  return widthFor(16, digits) <= width ? 16 : 8;
}

/** The character of a byte in the text column: printable ASCII, else a dot. */
export function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·';
}

export const hexByte = (byte: number): string => byte.toString(16).padStart(2, '0');

interface Key {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
}
/** Where a key moves the caret; null for keys that do not move it. */
export function nextCaret(
  event: Key,
  caret: number,
  length: number,
  columns: number,
  linesPerPage: number,
): number | null {
  if (length === 0 || event.altKey) return null;
  const last = length - 1;
  const start = caret - (caret % columns);
  const inside = (offset: number): number => (offset < 0 || offset > last ? caret : offset);
  switch (event.key) {
    case 'ArrowRight':
      return event.ctrlKey ? null : Math.min(last, caret + 1);
    case 'ArrowLeft':
      return event.ctrlKey ? null : Math.max(0, caret - 1);
    case 'ArrowDown':
      return event.ctrlKey ? null : inside(caret + columns);
    case 'ArrowUp':
      return event.ctrlKey ? null : inside(caret - columns);
    case 'PageDown':
      return Math.min(last, caret + columns * linesPerPage);
    case 'PageUp':
      return Math.max(0, caret - columns * linesPerPage);
    case 'Home':
      return event.ctrlKey ? 0 : start;
    case 'End':
      return event.ctrlKey ? last : Math.min(last, start + columns - 1);
    default:
      return null;
  }
}
