import type { LadderItem } from '../../../shared/model/stream.ts';

/** The room that a span of time gets; `broken`: too long to draw, a break mark stands for it. */
export type TimeScale = (ns: number) => { readonly px: number; readonly broken: boolean };

const usualPx = 36;
const maxPx = 150;
const brokenPx = 46;
const perDoublingPx = 12;
const maxBrokenPx = 130;

/**
 * A scale on which the usual gap of this connection can be seen: a LAN's microseconds as well as a satellite's half
 * second.
 */
export function timeScale(items: readonly LadderItem[]): TimeScale {
  const gaps: number[] = [];
  for (const item of items) if (item.kind !== 'implied' && item.deltaNs > 0) gaps.push(item.deltaNs);
  const sorted = Float64Array.from(gaps).sort();
  // Not the median: in most handshakes every other gap is a round trip and the rest is next to nothing.
  const usual = sorted.at(Math.floor(sorted.length * 0.7)) ?? 1;
  return (ns) => {
    const px = Math.max(0, (ns / usual) * usualPx);
    if (px <= maxPx) return { px: Math.round(px), broken: false };
    // Broken, and yet a wait of twice the time is a little taller.
    return { px: Math.round(Math.min(maxBrokenPx, brokenPx + perDoublingPx * Math.log2(px / maxPx))), broken: true };
  };
}
