/**
 * What happens on a connection that Handshark itself makes, step by step. Plain data: crosses IPC by structured clone.
 */
import type { Endpoint, Side } from './stream.ts';

/** Why it went no further; the sentences are `live.problem.<code>`. */
export const netProblemCodes = [
  'cancelled',
  'name-not-found',
  'name-server',
  'name-timeout',
  'refused',
  'unreachable',
  'no-route',
  'timeout',
  'reset',
  'closed-early',
  'denied',
  'no-address',
  'busy',
  'tls-certificate',
  'tls',
  'not-http',
  'not-crossed',
  'other',
] as const;
export type NetProblemCode = (typeof netProblemCodes)[number];

export interface NetProblem {
  readonly code: NetProblemCode;
  /**
   * What the system or the other side called it, for those who know such names; '' where there is nothing to add. May
   * come from the network: not to be trusted.
   */
  readonly detail: string;
}

export type NetEvent =
  | { readonly kind: 'resolving'; readonly host: string }
  | { readonly kind: 'resolved'; readonly host: string; readonly addresses: readonly string[] }
  | { readonly kind: 'listening'; readonly at: Endpoint }
  | { readonly kind: 'connecting'; readonly to: Endpoint }
  /** `ms`: from asking the system to connect until it says that the connection stands. */
  | { readonly kind: 'connected'; readonly to: Endpoint; readonly from: Endpoint; readonly ms: number }
  | { readonly kind: 'accepted'; readonly from: Endpoint }
  /**
   * TLS stands. `verified`: whether a certificate that is not good would have ended it. `fault`: what is wrong with the
   * certificate; '' where it is good.
   */
  | {
      readonly kind: 'secured';
      readonly protocol: string;
      readonly verified: boolean;
      readonly fault: string;
      readonly ms: number;
    }
  /** `line`: the first line of it, where it is text. */
  | { readonly kind: 'sent'; readonly bytes: number; readonly line: string }
  /** `ms`: since the request was sent. */
  | { readonly kind: 'first-byte'; readonly ms: number }
  | { readonly kind: 'received'; readonly bytes: number; readonly line: string }
  /** One of several connections, since luck is needed. */
  | { readonly kind: 'try'; readonly number: number; readonly of: number }
  | { readonly kind: 'waiting'; readonly ms: number }
  /** Its own direction is closed: the system was told to send the FIN. */
  | { readonly kind: 'fin-sent' }
  | { readonly kind: 'fin-received' }
  | { readonly kind: 'reset-sent' }
  | { readonly kind: 'reset-received' }
  /** Over. `first`: who ended it, by FIN or reset; null where that is not known, or both did at once. */
  | { readonly kind: 'closed'; readonly first: Side | null }
  | { readonly kind: 'failed'; readonly problem: NetProblem };

/** `atMs`: since the beginning. `by`: whose step it is; Handshark's own connections are made by the client. */
export type NetStep = NetEvent & { readonly atMs: number; readonly by: Side };

/** How it went: the ends by which its stream can be found in a capture, and what was wrong. */
export interface NetOutcome {
  /** Null before there was a connection; the port may be known even where it failed. */
  readonly client: Endpoint | null;
  readonly server: Endpoint | null;
  /** Who ended it first; null where nobody did, or that is not known. */
  readonly first: Side | null;
  readonly problem: NetProblem | null;
}
