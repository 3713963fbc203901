/** What the minimap draws: the rows of the packet list, first to last, cut into bands of equal size. */
export interface Overview {
  readonly captureId: number;
  /** Rows that the list showed. */
  readonly count: number;
  /** By band: place of the colouring rule that most of the rows looked at have, from 1; 0 none. */
  readonly tints: Uint8Array;
  /** By band: `BandMark` bits; every row was looked at for them. */
  readonly marks: Uint8Array;
  /** By band: how many of its rows have a finding: 0 none, 1 under 1 %, 2 under 3 %, 3 under 10 %, 4 more. */
  readonly levels: Uint8Array;
}

/** The level of so many findings among so many rows. */
export const levelOf = (found: number, rows: number): number =>
  found === 0 ? 0 : found * 100 < rows ? 1 : found * 100 < rows * 3 ? 2 : found * 10 < rows ? 3 : 4;

export const BandMark = {
  Marked: 1,
  Reference: 2,
  Commented: 4,
  /** A packet whose lengths contradict each other. */
  Malformed: 8,
  /** Sent again, lost, out of order, window full or closed. */
  Warning: 16,
  /** A connection was reset. */
  Reset: 32,
} as const;

/** More bands than any screen has lines. */
export const maxBands = 4096;

/** First row of a band; the next band's is one past its last. */
export const bandStart = (band: number, bands: number, count: number): number => Math.floor((band * count) / bands);
/** The band of a row. */
export const bandOf = (position: number, bands: number, count: number): number =>
  Math.min(bands - 1, Math.floor(((position + 1) * bands - 1) / count));
