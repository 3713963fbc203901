import type { Damage } from '../model/capture.ts';
import type { Endpoint, EndpointName } from '../model/stream.ts';

/** TCP flag bits as in the header (RFC 9293, section 3.1; AE: RFC 9768). */
export const TcpFlag = {
  FIN: 0x001,
  SYN: 0x002,
  RST: 0x004,
  PSH: 0x008,
  ACK: 0x010,
  URG: 0x020,
  ECE: 0x040,
  CWR: 0x080,
  AE: 0x100,
} as const;

/** What the options of one segment said; null where an option was absent. */
export interface SegmentOptions {
  /** Kind 2: largest segment the sender will take, in bytes. */
  readonly mss: number | null;
  /** Kind 3: shift count as sent (a value over 14 counts as 14: RFC 7323, section 2.3). */
  readonly windowScale: number | null;
  /** Kind 4. */
  readonly sackPermitted: boolean;
  /** Kind 8: TSval and TSecr. */
  readonly timestamp: number | null;
  readonly timestampEcho: number | null;
  /** Kind 34 (or 254 with magic F989): bytes of the cookie; 0 asks for one (RFC 7413). */
  readonly fastOpenCookie: number | null;
  /** Kind 30 is present (RFC 8684). */
  readonly multipath: boolean;
  /** Its subtype (0 MP_CAPABLE, 1 MP_JOIN) and, for MP_CAPABLE, the version it asks for. */
  readonly multipathSubtype: number | null;
  readonly multipathVersion: number | null;
}

/**
 * What the packet around a segment says, read from the file on demand. It tells who sent a segment, and a packet
 * captured twice from one sent twice.
 */
export interface WireFacts {
  readonly version: 4 | 6;
  /** Identification of the IPv4 header (RFC 791); 0 says nothing (RFC 6864), null for IPv6. */
  readonly id: number | null;
  /** Time to live or hop limit of the IP header next to the TCP header. */
  readonly hopLimit: number;
  /**
   * Equal for packets captured on one link by one interface: a number made of MAC addresses without regard to
   * direction, VLAN tags, tunnels around, and capturing interface.
   */
  readonly link: number;
  /** The capturing host itself sent it (Linux cooked capture, pcapng flags), received it, or the file does not say. */
  readonly outgoing: boolean | null;
}

/** All segments of one stream in capture order, struct of arrays. */
export interface StreamSegments {
  readonly count: number;
  /** 0-based packet rows. */
  readonly rows: Uint32Array;
  /** Nanoseconds since the first segment of the stream; can go backwards. */
  readonly timeNs: Float64Array;
  /** 1: sent by endpoint A (the sender of the first captured segment), 0: by B. */
  readonly fromA: Uint8Array;
  /** 12 bits as on the wire. */
  readonly flags: Uint16Array;
  /** Raw numbers. */
  readonly seq: Uint32Array;
  readonly ack: Uint32Array;
  /** TCP payload bytes on the wire. */
  readonly length: Uint32Array;
  /** As in the header. */
  readonly window: Uint16Array;
  readonly a: Endpoint;
  readonly b: Endpoint;
  /**
   * Options of a segment, parsed on demand (SYN segments and the third one are asked for); null where they cannot be
   * read.
   */
  options(index: number): SegmentOptions | null;
  /** What the packet around a segment says, read on demand; null where it is not known. */
  wire?(index: number): WireFacts | null;
  /** The first bytes of a segment's data (at most `max`), read on demand; null where they were not captured. */
  payload?(index: number, max: number): Uint8Array | null;
}

/** What the capture knows about a stream beyond its segments. */
export interface StreamContext {
  readonly captureId: number;
  readonly stream: number;
  /** An earlier stream of the capture used the same addresses and ports. */
  readonly portsReused?: boolean;
  /** The stream that used the same addresses and ports before, and its segments, read only when asked for. */
  readonly previous?: PreviousStream;
  /** Nanoseconds between the last segment of that stream and the first of this one. */
  readonly sincePreviousNs?: number;
  /** The first segment of the stream that used them next. */
  readonly next?: NextStream;
  /** ICMP errors that quote a segment of this stream. */
  readonly icmpErrors?: readonly IcmpError[];
  /**
   * SYN+ACKs of other streams that acknowledge this stream's SYN, and SYNs of other streams that this stream's SYN+ACK
   * acknowledges: an address or port was not translated back.
   */
  readonly elsewhere?: readonly Elsewhere[];
  /** The file ends within a packet, or is damaged, somewhere after the first segment of this stream. */
  readonly damage?: Damage;
  /**
   * Attempts to open connections to this stream's server that were made within seconds of its own and not finished,
   * where there are very many (`floods.ts`).
   */
  readonly flood?: Flood;
  /** Whether servers are known to listen on a port: some protocol is registered for it. */
  readonly knownPort?: (port: number) => boolean;
  /** Raw numbers that relative 0 stands for, where the packet list already chose them. */
  readonly relativeBase?: { readonly a: number | null; readonly b: number | null };
  /** Names of the segments' endpoints, where somebody looked for them. */
  readonly names?: NamesOfEnds;
}

/** A stream that used the same addresses and ports before. */
export interface PreviousStream {
  readonly stream: number;
  /** Its segments, read only when asked for. */
  readonly segments: () => StreamSegments | null;
  /** The one before it. */
  readonly previous?: () => PreviousStream | undefined;
}

/** By the endpoints of `StreamSegments`, whoever is the client. */
export interface NamesOfEnds {
  readonly a: EndpointName | null;
  readonly b: EndpointName | null;
}

export interface NextStream {
  readonly stream: number;
  readonly row: number;
  /** Sent by endpoint A of this stream. */
  readonly fromA: boolean;
  readonly flags: number;
  readonly seq: number;
  /** Nanoseconds since the first segment of this stream. */
  readonly timeNs: number;
  /** All its segments, read only when asked for; and the stream after it. */
  readonly segments?: () => StreamSegments | null;
  readonly next?: () => NextStream | undefined;
}

/** A segment of another stream that belongs to the handshake of this one. */
export interface Elsewhere {
  readonly stream: number;
  readonly row: number;
  /** `syn-ack` answers this stream's SYN from elsewhere; `syn` was sent elsewhere and is answered here. */
  readonly kind: 'syn' | 'syn-ack';
  /** Who sent it. */
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly seq: number;
  readonly ack: number;
  /** Nanoseconds since the first segment of this stream. */
  readonly timeNs: number;
}

export interface Flood {
  readonly attempts: number;
  /** Addresses that they came from. */
  readonly sources: number;
}

export interface IcmpError {
  readonly row: number;
  /** Who sent it. */
  readonly from: string;
  /** Whether the quoted segment was sent by endpoint A of the stream. */
  readonly quotedFromA: boolean;
  readonly version: 4 | 6;
  readonly type: number;
  readonly code: number;
  /** The second 32 bits of the ICMP header: next-hop MTU, pointer or gateway, by type. */
  readonly rest: number;
  /** Sequence number in the quoted TCP header. */
  readonly quotedSeq: number;
  /** Nanoseconds since the first segment of the stream. */
  readonly timeNs: number;
}
