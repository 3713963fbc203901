import type { ClosingFacts } from './closing.ts';
import type { Connection } from './connection.ts';
import type { CopyFinder } from './copies.ts';
import type { Merged } from './merged.ts';
import type { OpeningFacts } from './opening.ts';
import type { StreamContext } from './segments.ts';
import type { Spoken } from './spoken.ts';

/** One connection, judged. Indices are of `connection.segments`, which may stand in another order than the file. */
export interface Judgement {
  readonly connection: Connection;
  readonly opening: OpeningFacts;
  readonly closing: ClosingFacts;
  /** Who sent each reset that matters, in their order. */
  readonly spoken: readonly Spoken[];
  readonly merged: Merged | null;
  readonly finder: CopyFinder;
  /** The segments stand in the order in which they were sent, which is not the file's. */
  readonly reordered: boolean;
  /** It went on in the stream of this number, into which a SYN without effect had led the rest of its segments. */
  readonly continuedIn: number | null;
  readonly context: StreamContext;
}
