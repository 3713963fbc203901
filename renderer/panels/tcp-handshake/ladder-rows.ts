/**
 * Rows of the packet list and items of a ladder. Items stand in the order in which segments were sent; that is not
 * always the order of the file (copies, merged or reordered captures), so rows need not rise from item to item, nor
 * inside a band.
 */
import type { Ladder, LadderBand, LadderItem, Side } from '../../../shared/model/stream.ts';

/** Where a connection begins among the items of a ladder; `number` counts the ladder's connections from 1. */
export interface ConnectionStart {
  readonly item: number;
  readonly number: number;
}

export function connectionStarts({ items, connections }: Ladder): readonly ConnectionStart[] {
  const starts = [{ item: 0, number: 1 }];
  for (const [n, { open }] of connections.entries()) {
    const row = (open.frames.at(0) ?? 0) - 1;
    const found =
      n === 0 || row < 0
        ? -1
        : items.findIndex((at, i) => i > starts[starts.length - 1].item && firstRowOf(at) === row);
    // Without its first frame nothing tells where it begins: it goes on below the one before.
    if (found >= 0) starts.push({ item: found, number: n + 1 });
  }
  return starts;
}

/** Row of an item's first segment; -1 for one that was not captured. */
export function firstRowOf(item: LadderItem): number {
  if (item.kind === 'implied') return -1;
  return item.kind === 'band' ? item.firstRow : item.row;
}

/** Whether the rows of the items rise from top to bottom, so that a row's place is known from its number. */
export function rowsRise({ items }: Ladder): boolean {
  let last = -1;
  for (const item of items) {
    if (item.kind === 'implied') continue;
    if (firstRowOf(item) <= last) return false;
    if (item.kind === 'band' && item.lastRow - item.firstRow + 1 < item.segments) return false;
    last = item.kind === 'band' ? item.lastRow : item.row;
  }
  return true;
}

/** The band between whose ends the row lies, in a ladder whose rows rise. */
export function bandAround({ items }: Ladder, row: number): LadderBand | null {
  return (
    items.find((item): item is LadderBand => item.kind === 'band' && row >= item.firstRow && row <= item.lastRow) ??
    null
  );
}

/**
 * A connection of the ladder as a run of segments: each item stands for one, a band for several, one that was not
 * captured for none.
 */
export interface Run {
  readonly firstRow: number;
  /**
   * The band that holds the segment of this number, and its number in there; null where it is an arrow of its own, or
   * past the end.
   */
  readonly bandAt: (index: number) => { readonly band: LadderBand; readonly index: number } | null;
}

export function runsOf(ladder: Ladder): readonly Run[] {
  const starts = connectionStarts(ladder);
  return starts.flatMap((start, n): Run[] => {
    const items = ladder.items.slice(start.item, starts[n + 1]?.item);
    const first = items.find((item) => item.kind !== 'implied');
    if (first === undefined) return [];
    return [
      {
        firstRow: firstRowOf(first),
        bandAt(index) {
          let before = 0;
          for (const item of items) {
            const count = item.kind === 'band' ? item.segments : item.kind === 'segment' ? 1 : 0;
            if (index < before + count) return item.kind === 'band' ? { band: item, index: index - before } : null;
            before += count;
          }
          return null;
        },
      },
    ];
  });
}

/** A reset that the side named in it did not send. */
export interface InjectedReset {
  readonly by: Side;
  /** False: another reading exists. */
  readonly proved: boolean;
}

/**
 * By row, every segment that a claim of a reset in another's name rests on: resets among them, and what shows that it
 * is so.
 */
export function injectedResets({ connections }: Ladder): ReadonlyMap<number, InjectedReset> {
  const found = new Map<number, InjectedReset>();
  for (const { what, by, supports, refutedBy, proved } of connections.flatMap((one) => one.claims)) {
    if (what !== 'reset-injected' || refutedBy.length > 0 || by === null || by === 'both') continue;
    for (const frame of supports) if (found.get(frame - 1)?.proved !== true) found.set(frame - 1, { by, proved });
  }
  return found;
}
