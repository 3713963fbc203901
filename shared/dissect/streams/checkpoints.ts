/** A tree of streams as it was after some of its rows, so that going back need not begin at the first row. */
import type { SegmentOrder } from './order.ts';
import type { StreamNode, Trunk } from './tree.ts';

/** What a stream knows apart from what its rows turned out to be. */
export interface StreamState {
  /** Last row that was read. */
  fedTo: number;
  readonly trunk: Trunk;
  readonly root: StreamNode;
  readonly orders: readonly [SegmentOrder, SegmentOrder];
}

export interface CheckpointRules {
  /** Rows between two of them. */
  readonly every: number;
  /** How many are kept of one stream. */
  readonly most: number;
  /** With more held than that none is made. */
  readonly bytes: number;
}

/** What one stream's note costs besides its bytes, roughly. */
export const costOfStream = 1024;

const weigh = ({ trunk: { held } }: StreamState): number => held.bytes + held.streams * costOfStream;

/** A stream as it is now, independent of it. States of protocols are never changed, so they are shared. */
export function copied({ fedTo, trunk, root, orders }: StreamState): StreamState {
  const own: Trunk = { ...trunk, held: { bytes: 0, streams: 0 } };
  return { fedTo, trunk: own, root: root.copy(own), orders: [orders[0].copy(), orders[1].copy()] };
}

export class Checkpoints {
  private since = 0;
  private points: StreamState[] = [];
  /** Bytes that they hold. */
  bytes = 0;

  constructor(private readonly rules: CheckpointRules) {}

  /** To be called after each row. */
  passed(state: StreamState): void {
    if (++this.since < this.rules.every || weigh(state) > this.rules.bytes) return;
    this.since = 0;
    const point = copied(state);
    this.points.push(point);
    this.bytes += weigh(point);
    if (this.points.length > this.rules.most) this.thin();
  }

  /** Every second one goes: the rest still stand evenly. */
  thin(): void {
    this.points = this.points.filter((_, i) => i % 2 === 1);
    this.bytes = this.points.reduce((sum, point) => sum + weigh(point), 0);
  }

  /**
   * The stream as it was at the last checkpoint before `row`; undefined where there is none. Those from that row on are
   * forgotten.
   */
  before(row: number): StreamState | undefined {
    this.points = this.points.filter(({ fedTo }) => fedTo < row);
    this.bytes = this.points.reduce((sum, point) => sum + weigh(point), 0);
    this.since = 0;
    const last = this.points.at(-1);
    return last === undefined ? undefined : copied(last);
  }
}
