export interface Difference {
  readonly file: string;
  readonly frame: number;
  readonly theirs: string;
  readonly ours: string;
}

export interface Tally {
  /** Packets for which tshark prints the field; those with the same value. */
  pairs: number;
  equal: number;
  /** Packets for which only we print it: mostly inside of protocols that tshark decodes and we do not. */
  extra: number;
  /** A few of them. */
  readonly differences: Difference[];
}
