/**
 * Chromium caps the height of an element at about 33.5 million pixels, which is 1.4 million rows of 24. Beyond
 * `maxHeight` the scrollbar therefore moves a shorter element than the list is high: its position is a proportion,
 * while wheel and keys move the list itself and stay exact to the pixel.
 */
export const maxHeight = 15_000_000;

export interface ScrollScale {
  /** Height of the list as if there were no cap. */
  readonly virtualHeight: number;
  /** Height that the element has. */
  readonly realHeight: number;
  /** The furthest both can be scrolled. */
  readonly virtualMax: number;
  readonly realMax: number;
}

export function scrollScale(rows: number, rowHeight: number, viewport: number, cap = maxHeight): ScrollScale {
  const virtualHeight = rows * rowHeight;
  const realHeight = Math.min(virtualHeight, cap);
  return {
    virtualHeight,
    realHeight,
    virtualMax: Math.max(0, virtualHeight - viewport),
    realMax: Math.max(0, realHeight - viewport),
  };
}

export const isScaled = (scale: ScrollScale): boolean => scale.realHeight < scale.virtualHeight;

export function toVirtual(scale: ScrollScale, real: number): number {
  if (!isScaled(scale)) return clamp(real, scale.virtualMax);
  return scale.realMax === 0 ? 0 : clamp((real / scale.realMax) * scale.virtualMax, scale.virtualMax);
}

export function toReal(scale: ScrollScale, virtual: number): number {
  if (!isScaled(scale)) return clamp(virtual, scale.realMax);
  return scale.virtualMax === 0 ? 0 : clamp((virtual / scale.virtualMax) * scale.realMax, scale.realMax);
}

export function clamp(value: number, max: number): number {
  return Math.min(Math.max(0, value), max);
}

/** First and last row of which at least a pixel shows, `overscan` more on either side; last is -1 for an empty list. */
export function visibleRows(
  top: number,
  viewport: number,
  rows: number,
  rowHeight: number,
  overscan = 0,
): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const last = Math.min(rows - 1, Math.ceil((top + Math.max(viewport, rowHeight)) / rowHeight) - 1 + overscan);
  return { first: Math.min(first, Math.max(0, last)), last };
}

/** Where to scroll so that a row shows whole, moving as little as possible; far away it comes to the middle. */
export function revealTop(row: number, top: number, viewport: number, rowHeight: number): number {
  const rowTop = row * rowHeight;
  const bottom = rowTop + rowHeight;
  if (rowTop >= top && bottom <= top + viewport) return top;
  const far = rowTop < top - viewport || bottom > top + 2 * viewport;
  if (far) return Math.max(0, rowTop - Math.floor((viewport - rowHeight) / 2));
  return rowTop < top ? rowTop : bottom - viewport;
}
