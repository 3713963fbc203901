import type { Ladder, LadderBand, LadderSegment } from '../../../shared/model/stream.ts';

/** What is drawn below each other, with its place in pixels from the top. */
export type LadderEntry =
  | { readonly kind: 'section'; readonly phase: LadderSegment['phase']; readonly top: number; readonly height: number }
  | { readonly kind: 'initial'; readonly top: number; readonly height: number }
  | { readonly kind: 'segment'; readonly segment: LadderSegment; readonly showClient: boolean; readonly showServer: boolean; readonly top: number; readonly height: number }
  | { readonly kind: 'band'; readonly band: LadderBand; readonly top: number; readonly height: number };

export interface LadderLayout {
  readonly entries: readonly LadderEntry[];
  readonly height: number;
  /** How many segments are drawn. */
  readonly segments: number;
}

export const heights = { section: 30, initial: 26, segment: 58, check: 19, gap: 8, band: 58 } as const;
/** Lines of equations below an arrow at most; the rest is counted. */
export const maxChecks = 2;

/** Heights follow from the data alone, so that 20,000 segments can be laid out without drawing them. */
export function layOut(ladder: Ladder): LadderLayout {
  const entries: LadderEntry[] = [];
  let top = 0;
  let segments = 0;
  let phase: LadderSegment['phase'] | null = null;
  let client = ladder.initialClientState;
  let server = ladder.initialServerState;
  for (const item of ladder.items) {
    if (item.kind === 'band') {
      // A band stands between sections and belongs to none.
      entries.push({ kind: 'band', band: item, top, height: heights.band });
      top += heights.band;
      phase = phase === 'opening' ? 'data' : phase;
      continue;
    }
    if (item.kind === 'implied') continue;
    if (item.phase !== phase) {
      const afterBand = entries.at(-1)?.kind === 'band';
      if (!(item.phase === 'data' && afterBand)) {
        entries.push({ kind: 'section', phase: item.phase, top, height: heights.section });
        top += heights.section;
      }
      if (phase === null) {
        entries.push({ kind: 'initial', top, height: heights.initial });
        top += heights.initial;
      }
      phase = item.phase;
    }
    const height = heights.segment + Math.min(item.checks.length, maxChecks) * heights.check + heights.gap;
    entries.push({ kind: 'segment', segment: item, showClient: item.clientState !== client, showServer: item.serverState !== server, top, height });
    client = item.clientState;
    server = item.serverState;
    top += height;
    segments++;
  }
  return { entries, height: top, segments };
}

/** Index of the first entry that reaches below `y`. */
export function entryAt(entries: readonly LadderEntry[], y: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = entries[middle];
    if (entry.top + entry.height <= y) low = middle + 1;
    else high = middle;
  }
  return low;
}
