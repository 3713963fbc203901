import type { Damage, InterfaceInfo } from '../model/capture.ts';
import type { AddressTable } from '../table/addresses.ts';
import type { PacketTable } from '../table/packet-table.ts';
import type { Annotations } from './annotations.ts';
import type { Conversations } from './conversation.ts';
import type { DecodeAs } from './decode-as.ts';
import type { NumberTables } from './dispatch.ts';
import type { DnsAnswers } from './dns-answers.ts';
import type { Expected } from './expected.ts';
import type { FragmentStore } from './fragments.ts';
import type { Hindsight } from './hindsight.ts';
import type { IcmpErrors } from './icmp-errors.ts';
import type { LayerChains } from './layer-chains.ts';
import type { StreamMessages, StreamQuestions } from './streams/contents.ts';
import type { TcpStreams } from './tcp-streams.ts';
import type { AllTransactions } from './transactions.ts';

/**
 * What the user chooses of how packets are shown. May change while a capture is open: nothing that depends on it is
 * kept.
 */
export interface Preferences {
  /**
   * Sequence numbers count from each side's first (`tcp.relative_sequence_numbers`); else they are shown as on the
   * wire.
   */
  relativeNumbers: boolean;
}

/**
 * Everything that is kept about a capture while it is open. Filled in file order by the indexing pass; the tree only
 * reads it.
 */
export interface CaptureState {
  readonly table: PacketTable;
  readonly addresses: AddressTable;
  readonly tcp: Conversations;
  readonly udp: Conversations;
  readonly tcpStreams: TcpStreams;
  readonly fragments: FragmentStore;
  readonly icmpErrors: IcmpErrors;
  readonly dnsAnswers: DnsAnswers;
  /** Questions and answers of datagrams that belong together. */
  readonly transactions: AllTransactions;
  readonly preferences: Preferences;
  readonly chains: LayerChains;
  /** Number tables in force for this capture. */
  readonly tables: NumberTables;
  /** What the user chose to be decoded otherwise. */
  readonly decodeAs: DecodeAs;
  /** Protocol of the lower of two ports, else of the higher; -1 where neither has one. */
  portProtocol(table: 'tcp.port' | 'udp.port', a: number, b: number): number;
  /** Connections that were announced. */
  readonly expected: { readonly 'tcp.port': Expected; readonly 'udp.port': Expected };
  /** TCP payloads put back in order, per stream, built on demand. */
  readonly contents: StreamMessages;
  /** Where questions of TCP streams are answered. */
  readonly streamAnswers: StreamQuestions;
  /** Grows while a pcapng file is read. */
  readonly interfaces: readonly InterfaceInfo[];
  /**
   * Where packets may be missing because the file is cut short or damaged: the first such place that was met so far.
   */
  readonly damage: Damage | null;
  /** The captured bytes of a packet, re-read from the file: a fresh copy. */
  readBytes(row: number): Uint8Array;
  readonly isPcapng: boolean;
  /** Whether a protocol asked for this LINKTYPE_ number. */
  registeredLink(linkType: number): boolean;
  /** Rows that are pcapng custom blocks. */
  readonly customBlocks: ReadonlyMap<number, { readonly enterprise: number; readonly copied: boolean }>;
  /** The flags word of a packet's options (pcapng), read from the file when asked for; undefined where it has none. */
  packetFlags(row: number): number | undefined;
  /** Comments that the file has on packets, pcapng only; what the user made of them is in `annotations`. */
  readonly packetComments: ReadonlyMap<number, readonly string[]>;
  /** Marks, ignored packets, time references and comments. */
  readonly annotations: Annotations;
  /** How the capture is looked at: in hindsight, or (null) as it came. */
  readonly hindsight: Hindsight | null;
  /** The row displayed before a row, -1 none; null while all are displayed. */
  displayedBefore: ((row: number) => number) | null;
}
