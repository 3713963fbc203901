import type { RoleEvidence, TcpState } from '../model/stream.ts';
import type { StreamSegments } from './segments.ts';

/**
 * A state that one side was in for a while. Shared by all events of that while, so that a later proof reaches them all.
 */
export interface StateSpan {
  state: TcpState;
  /** A captured segment proves it; otherwise it is what RFC 9293 says must follow if the segment arrived. */
  proved: boolean;
}

/** Why a segment matters for the opening or the closing. */
export type EventKind =
  | 'syn'
  | 'syn-ack'
  | 'handshake-ack'
  | 'fin'
  | 'fin-acked'
  | 'rst'
  | 'challenge'
  | 'again'
  | 'other';

/** A segment worth drawing, with the states it leaves behind. */
export interface ConnectionEvent {
  /** Index in the stream's segments. */
  readonly index: number;
  readonly kind: EventKind;
  /** Index of the segment that this one repeats; -1 none. */
  readonly original: number;
  readonly duplicate: boolean;
  crossing: boolean;
  a: StateSpan;
  b: StateSpan;
}

/** What a reset means to its receiver (RFC 9293, section 3.5.3; RFC 5961, section 3.2). */
export type ResetFit = 'exact' | 'inexact' | 'unknown';
export type ResetPhase = 'syn' | 'handshake' | 'established' | 'fin' | 'closed';

export interface Reset {
  readonly index: number;
  readonly fromA: boolean;
  readonly fit: ResetFit;
  readonly phase: ResetPhase;
  /**
   * No ACK flag, and the number is the one that the other side's last segment acknowledged: the answer of a host that
   * knows no such connection.
   */
  readonly answersStranger: boolean;
  /** Raw number that the receiver expects, -1 unknown. */
  readonly expected: number;
  /** Both sides went on after it, so it had no effect. */
  readonly ignored: boolean;
  /** The side that it names did not send it: that side went on. */
  readonly injected: boolean;
  /**
   * The receiver's next segment, where that repeats what it expects: a challenge ACK (RFC 5961, section 3.2); -1 none.
   */
  readonly challenge: number;
}

/** Which side is the client, and how that is known. */
export interface Roles {
  readonly clientIsA: boolean;
  readonly evidence: RoleEvidence;
  /** The segment that tells, -1 none, and the protocol by which it tells. */
  readonly index: number;
  readonly protocol: string | null;
  /** Row of the packet that tells, where it stands in another stream. */
  readonly row?: number | undefined;
}

/** What one endpoint did. Indices are of the stream's segments, -1 none; numbers are raw. */
export interface SideFacts {
  readonly isA: boolean;
  readonly initial: StateSpan;
  readonly span: StateSpan;
  readonly packets: number;
  readonly bytes: number;
  readonly retransmissions: number;
  readonly duplicates: number;
  /** SYN segments without ACK, at most 64. */
  readonly syns: readonly number[];
  readonly synCount: number;
  readonly synAcks: readonly number[];
  readonly isnKnown: boolean;
  readonly isn: number;
  /** Number that relative 0 stands for. */
  readonly base: number;
  readonly baseKnown: boolean;
  /** First segment of this side after the other's SYN+ACK that acknowledges it. */
  readonly handshakeAck: number;
  readonly fins: readonly number[];
  readonly fin: number;
  readonly finEnd: number;
  readonly finAckedAt: number;
  readonly firstData: number;
  /** The span in which this side was ESTABLISHED, null never. */
  readonly openSpan: StateSpan | null;
  /** Next number this side will send and the highest number it acknowledged, by what was captured. */
  readonly nextKnown: boolean;
  readonly next: number;
  readonly ackKnown: boolean;
  /**
   * Numbers that it used, or the other side acknowledged, after `next`: it sent something that was not captured, maybe
   * a FIN.
   */
  readonly unseen: boolean;
  readonly acked: number;
  /** Index of the segment that acknowledged it. */
  readonly ackIndex: number;
  /** Keep-alive probes (RFC 9293, section 3.8.4), at most 64 of them, and how many there were. */
  readonly keepAlives: readonly number[];
  readonly keepAliveCount: number;
  /** Those at the end that the other side was not seen to answer. */
  readonly keepAliveUnanswered: number;
  /** The last segment of the other side that answered one, -1 none. */
  readonly keepAliveAnswer: number;
  /** New data sent after this side acknowledged the other's FIN: half-close. */
  readonly halfCloseBytes: number;
  readonly halfCloseFirst: number;
  readonly halfCloseLast: number;
}

/** Everything the opening, closing, checks and ladder are made from. */
export interface Connection {
  readonly segments: StreamSegments;
  readonly a: SideFacts;
  readonly b: SideFacts;
  readonly clientIsA: boolean;
  readonly client: SideFacts;
  readonly server: SideFacts;
  readonly roleEvidence: RoleEvidence;
  readonly roles: Roles;
  readonly events: readonly ConnectionEvent[];
  readonly resets: readonly Reset[];
  readonly resetCount: number;
  /**
   * SYN that the valid SYN+ACK answers (the last one before it), that SYN+ACK, and the client's answer; -1 not
   * captured.
   */
  readonly syn: number;
  readonly synAck: number;
  readonly handshakeAck: number;
  /** First SYN+ACK that acknowledges no SYN captured before it. */
  readonly strangeSynAck: number;
  /** The SYN+ACK stands before its SYN in the capture. */
  readonly swapped: boolean;
  /** ACK that answered a SYN without acknowledging it: the receiver believed the connection to be open. */
  readonly challenge: number;
  /** Pure ACK of the SYN that came before the receiver's own SYN. */
  readonly bareAck: number;
  /** Both sides sent a SYN without ACK. */
  readonly bothSyn: boolean;
  /** A FIN was captured, be it that it is no part of this connection by its numbers: what it closed was not captured. */
  readonly anyFin: boolean;
  readonly simultaneousClose: boolean;
  /** Packets captured again, at most 64, with the first capture of each. */
  readonly copies: readonly { readonly index: number; readonly original: number }[];
  /** Acknowledgments of what was not captured before them, or not at all. */
  readonly ahead: number;
  /** The order of the capture contradicts itself. */
  readonly disordered: boolean;
  readonly duplicates: number;
  /** Those of them that carry SYN, FIN or RST. */
  readonly controlDuplicates: number;
  /** Per segment: bit 0 retransmission, bit 1 duplicate; null where it was not asked for. */
  readonly marks: Uint8Array | null;
}

export const SegmentMark = { Retransmission: 1, Duplicate: 2 } as const;
