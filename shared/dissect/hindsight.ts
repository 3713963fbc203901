/**
 * Fields that packets to come change: where they are asked for while a capture still grows, the answer holds for what
 * is known until then.
 */
const changing = ['tcp.completeness', '.resp_in', '.response_in', '.no_resp', '_ws.'] as const;

/** Whether a filter or a column's expression reads such a field. */
export const readsHindsight = (text: string): boolean => changing.some((name) => text.includes(name));

/**
 * A capture that is known to its end, looked at once more: what later packets tell is told of earlier ones, too.
 * Without it packets are shown as they came, knowing only what was captured before.
 */
export class Hindsight {
  /** Everything that there will be was read: what is not there is missing. */
  isWhole = true;

  /**
   * @param kept rows that a read filter let through, ascending; they count from 1 then, as if there were no others.
   * Null: all
   */
  constructor(private readonly kept: Uint32Array | null = null) {}

  keeps(row: number): boolean {
    return this.kept === null || this.kept[this.placeOf(row)] === row;
  }

  /** Frame number. */
  numberOf(row: number): number {
    return (this.kept === null ? row : this.placeOf(row)) + 1;
  }

  /** The row before, among those kept: `row` itself where there is none. */
  before(row: number): number {
    if (this.kept === null) return row - 1;
    const place = this.placeOf(row);
    return place === 0 ? row : this.kept[place - 1];
  }

  private placeOf(row: number): number {
    const { kept } = this;
    if (kept === null) return row;
    let low = 0;
    let high = kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (kept[middle] < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
