import type { Ladder, LadderBand, LadderImplied, LadderSegment, TcpState } from '../../../shared/model/stream.ts';
import { connectionStarts, type InjectedReset, injectedResets } from './ladder-rows.ts';
import { type TimeScale, timeScale } from './time-scale.ts';

interface Box {
  readonly top: number;
  readonly height: number;
}
interface Step {
  /** Index into the ladder's items: what play mode counts. */
  readonly item: number;
  /** 0-based number among all steps: what the keyboard and screen readers count. */
  readonly place: number;
  readonly showClient: boolean;
  readonly showServer: boolean;
}

/** Where the parts of a step lie, in pixels from its top. */
export interface StepArt {
  /** The line with flags and numbers. */
  readonly head: number;
  readonly leaves: number;
  readonly arrives: number;
  /** Options and equations. */
  readonly below: number;
}

/** What is drawn below each other, with its place in pixels from the top. */
export type LadderEntry = Box &
  (
    | { readonly kind: 'section'; readonly phase: LadderSegment['phase'] }
    | { readonly kind: 'initial' }
    | {
        readonly kind: 'connection';
        readonly number: number;
        readonly of: number;
        readonly afterNs: number;
        readonly item: number;
      }
    | { readonly kind: 'gap'; readonly ns: number; readonly broken: boolean; readonly item: number }
    | (Step & {
        readonly kind: 'segment';
        readonly segment: LadderSegment;
        readonly art: StepArt;
        readonly injected: InjectedReset | null;
      })
    | (Step & { readonly kind: 'implied'; readonly implied: LadderImplied })
    | { readonly kind: 'band'; readonly band: LadderBand; readonly item: number; readonly open: boolean }
    | {
        readonly kind: 'rows';
        readonly band: LadderBand;
        readonly item: number;
        readonly place: number;
        readonly count: number;
        readonly hidden: number;
      }
  );
export type StepEntry = Extract<LadderEntry, { kind: 'segment' }>;
export type ImpliedEntry = Extract<LadderEntry, { kind: 'implied' }>;
export type BandEntry = Extract<LadderEntry, { kind: 'band' }>;
export type RowsEntry = Extract<LadderEntry, { kind: 'rows' }>;

export interface LadderLayout {
  readonly entries: readonly LadderEntry[];
  readonly height: number;
  /** How many steps there are, those of open bands included. */
  readonly places: number;
  /** Entries that hold steps, in order of their places. */
  readonly steps: readonly (StepEntry | ImpliedEntry | RowsEntry)[];
  readonly placeOfRow: ReadonlyMap<number, number>;
}

export interface LayoutOptions {
  readonly openBands?: ReadonlySet<number>;
  readonly bandTotals?: ReadonlyMap<number, number>;
  readonly toScale?: boolean;
}

export const heights = {
  connection: 40,
  section: 25,
  initial: 24,
  segment: 52,
  note: 17,
  check: 18,
  gap: 7,
  band: 54,
  row: 30,
  more: 30,
} as const;
/** Lines of equations below an arrow at most; the rest is counted. */
export const maxChecks = 2;
/** Segments of an open band that get a line at most: more would be taller than Chromium can scroll. */
export const maxRows = 500_000;

export const plainArt: StepArt = { head: 2, leaves: 28, arrives: 43, below: heights.segment - 1 };

/**
 * A segment that crosses another on the way arrives only after that one has left. Its words stand above its arrow,
 * those of the other below, so that the two arrows meet on free ground.
 */
function artOf(crossing: boolean, crossed: boolean, words: number): { readonly art: StepArt; readonly height: number } {
  const leaves = crossed ? 12 : crossing ? 30 + words : plainArt.leaves;
  const head = crossed ? 55 : plainArt.head;
  const below = crossed ? 75 : crossing ? 21 : plainArt.below;
  const height = (crossed ? 77 : heights.segment) + words + heights.gap;
  return { art: { head, leaves, arrives: crossing ? height + 44 : leaves + 15 + (crossed ? 18 : 0), below }, height };
}

/** Whether a line of words stands below the arrow: what the SYN offered, that it was sent again, or in whose name. */
export const hasNote = (segment: LadderSegment, injected: InjectedReset | null): boolean =>
  segment.retransmission || segment.duplicate || segment.options.length > 0 || injected !== null;

/** What is known of who sent a reset, where it was perhaps not the side named in it. */
export function injectedAs(segment: LadderSegment, resets: ReadonlyMap<number, InjectedReset>): InjectedReset | null {
  const found = segment.step === 'rst' ? resets.get(segment.row) : undefined;
  return found?.by === segment.from ? found : null;
}

/** Heights follow from the data alone, in one pass, so that 100,000 segments can be laid out without drawing them. */
export function layOut(ladder: Ladder, { openBands, bandTotals, toScale = false }: LayoutOptions = {}): LadderLayout {
  const entries: LadderEntry[] = [];
  const steps: (StepEntry | ImpliedEntry | RowsEntry)[] = [];
  const placeOfRow = new Map<number, number>();
  const scale: TimeScale | null = toScale ? timeScale(ladder.items) : null;
  const starts = connectionStarts(ladder);
  const resets = injectedResets(ladder);
  let top = 0;
  let place = 0;
  let phase = null as LadderSegment['phase'] | null;
  let client: TcpState | null = ladder.initialClientState;
  let server: TcpState | null = ladder.initialServerState;
  const section = (next: LadderSegment['phase']): void => {
    if (next === phase) return;
    const afterBand = entries.at(-1)?.kind === 'band' || entries.at(-1)?.kind === 'rows';
    if (!(next === 'data' && afterBand)) {
      entries.push({ kind: 'section', phase: next, top, height: heights.section });
      top += heights.section;
    }
    if (phase === null && !entries.some((entry) => entry.kind === 'initial' || entry.kind === 'connection')) {
      entries.push({ kind: 'initial', top, height: heights.initial });
      top += heights.initial;
    }
    phase = next;
  };
  /** Another connection of the same stream: sections, steps and states begin anew. */
  const connection = (number: number, item: number): void => {
    entries.push({
      kind: 'connection',
      number,
      of: ladder.connections.length,
      afterNs: pauseBefore(ladder, item),
      item,
      top,
      height: heights.connection,
    });
    top += heights.connection;
    phase = null;
    client = null;
    server = null;
  };
  const wait = (ns: number, item: number): void => {
    const gap = scale?.(ns);
    if (gap === undefined || gap.px < 1) return;
    entries.push({ kind: 'gap', ns, broken: gap.broken, item, top, height: gap.px });
    top += gap.px;
  };
  for (const [item, at] of ladder.items.entries()) {
    const begins = starts.find((start) => start.item === item);
    if (begins !== undefined && item > 0) connection(begins.number, item);
    if (at.kind === 'band') {
      // A band stands between sections and belongs to none.
      wait(at.deltaNs, item);
      const open = openBands?.has(at.firstRow) === true;
      entries.push({ kind: 'band', band: at, item, open, top, height: heights.band });
      top += heights.band;
      if (open) {
        const total = bandTotals?.get(at.firstRow) ?? at.segments;
        const count = Math.min(total, maxRows);
        const rows: RowsEntry = {
          kind: 'rows',
          band: at,
          item,
          place,
          count,
          hidden: total - count,
          top,
          height: count * heights.row + (total > count ? heights.more : 0) + heights.gap,
        };
        entries.push(rows);
        steps.push(rows);
        place += count;
        top += rows.height;
      }
      phase = phase === 'opening' ? 'data' : phase;
      continue;
    }
    // What was known a moment ago is not unknown now: there is just nothing new to say of it.
    const changes = {
      showClient: at.clientState !== client && at.clientState !== 'UNKNOWN',
      showServer: at.serverState !== server && at.serverState !== 'UNKNOWN',
    };
    client = at.clientState;
    server = at.serverState;
    if (at.kind === 'implied') {
      section(phaseOfImplied(ladder, item, starts.find((start) => start.item > item)?.item ?? ladder.items.length));
      const entry: ImpliedEntry = {
        kind: 'implied',
        implied: at,
        item,
        place,
        ...changes,
        top,
        height: heights.segment + heights.note + heights.gap,
      };
      entries.push(entry);
      steps.push(entry);
      place++;
      top += entry.height;
      continue;
    }
    section(at.phase);
    wait(at.deltaNs, item);
    const before = ladder.items[item - 1];
    const injected = injectedAs(at, resets);
    const words = (hasNote(at, injected) ? heights.note : 0) + Math.min(at.checks.length, maxChecks) * heights.check;
    const next = ladder.items[item + 1];
    const { art, height } = artOf(
      at.crossing && next?.kind === 'segment',
      before?.kind === 'segment' && before.crossing,
      words,
    );
    const entry: StepEntry = { kind: 'segment', segment: at, art, injected, item, place, ...changes, top, height };
    entries.push(entry);
    steps.push(entry);
    placeOfRow.set(at.row, place);
    place++;
    top += height;
  }
  return { entries, height: top, places: place, steps, placeOfRow };
}

/** What was not captured belongs where the captured segments around it do. */
function phaseOfImplied(ladder: Ladder, item: number, end: number): LadderSegment['phase'] {
  const at = ladder.items[item];
  if (at.kind === 'implied' && (at.step === 'syn' || at.step === 'syn-ack')) return 'opening';
  for (let i = item + 1; i < end; i++) {
    const next = ladder.items[i];
    if (next.kind === 'segment') return next.phase;
    if (next.kind === 'band') return 'opening';
  }
  return 'closing';
}

/** Nanoseconds between the last drawn segment before an item and that item; 0 where one of the two is not drawn. */
function pauseBefore({ items }: Ladder, item: number): number {
  const [before, at] = [items[item - 1], items[item]];
  return before?.kind === 'segment' && at.kind === 'segment' ? Math.max(0, at.timeNs - before.timeNs) : 0;
}

/** Index of the first entry that reaches below `y`. */
export function entryAt(entries: readonly Box[], y: number): number {
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

/** The entry that holds the step at this place, and where on the page that step lies. */
export function stepAt(
  layout: LadderLayout,
  place: number,
): { readonly entry: StepEntry | ImpliedEntry | RowsEntry; readonly top: number; readonly height: number } | undefined {
  let low = 0;
  let high = layout.steps.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (layout.steps[middle].place <= place) low = middle;
    else high = middle - 1;
  }
  const entry = layout.steps.at(low);
  if (entry === undefined || place < 0 || place >= layout.places) return undefined;
  if (entry.kind !== 'rows') return { entry, top: entry.top, height: entry.height };
  return { entry, top: entry.top + (place - entry.place) * heights.row, height: heights.row };
}
