import type { NetEvent, NetOutcome } from '../../shared/model/net-step.ts';
import type { Endpoint, Side } from '../../shared/model/stream.ts';

export type Tell = (by: Side, event: NetEvent) => void;

/** A lesson whose port is open (or, where that is the lesson, closed again) and whose client has not connected yet. */
export interface Stage {
  readonly at: Endpoint;
  /** Never rejects for what the network does. */
  play(tell: Tell, signal: AbortSignal): Promise<NetOutcome>;
  /** Lets go of everything; more than once does no harm. */
  close(): Promise<void>;
}

/** How long the client may take to connect on loopback. */
export const connectMs = 5000;
