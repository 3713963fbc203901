import type { Value } from '../model/value.ts';

/** One value of a field in one packet. */
export interface Occurrence {
  readonly value: Value;
  /** Which layer of its protocol it stands in, from 1: `ip.addr#2` asks for the second IP header. */
  readonly layer: number;
  /** The bytes that stand for it, as captured; none for what was worked out. */
  bytes(): Uint8Array;
  /**
   * Of a protocol only what is its own, where it ends before what it carries: `len(ip)`, `ip[0:4]` and `ip > udp` are
   * about the header, `ip contains` and `ip matches` about everything in it.
   */
  ownBytes(): Uint8Array;
}

/** One packet as a filter sees it. */
export interface PacketFields {
  /** Every occurrence of a field or protocol, in the order of the tree. */
  of(name: string): readonly Occurrence[];
}
