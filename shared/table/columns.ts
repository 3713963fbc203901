/**
 * The columns of the packet table. One line here; `PacketTable.append` then demands the value, and `PacketCursor` the
 * place.
 */
export const packetColumns = [
  /** Seconds since 1970, whole (may be negative or beyond 32 bits). */
  'sec',
  /** Nanoseconds of the second, 0..999999999. */
  'nsec',
  /** Byte offset of the packet's data in the (decompressed) file: exact past 4 GiB. */
  'fileOffset',
  'capLen',
  'wireLen',
  /** Global interface index, 16 bits. */
  'iface',
  /** Innermost protocol that the indexing pass reached: index into the registry's protocols, 16 bits. */
  'protocol',
  /** Address ids of the innermost network layer (link layer where there is none); 0 none. */
  'src',
  'dst',
  'srcPort',
  'dstPort',
  /** IP protocol number that `stream` belongs to: 6 TCP, 17 UDP, 0 none; 8 bits. */
  'transport',
  /** Which protocols the packet has: a number of LayerChains, 16 bits. */
  'chain',
  /** Stream number, -1 none. */
  'stream',
  /** Row of the packet before this one in the same stream, -1 none. */
  'prevInStream',
  /** 12 bits as on the wire. */
  'tcpFlags',
  /** Raw sequence and acknowledgment numbers, payload bytes on the wire, window as in the header. */
  'tcpSeq',
  'tcpAck',
  'payloadLen',
  'tcpWindow',
  /** `RowMark` bits, 8. */
  'marks',
] as const;

export type PacketColumn = (typeof packetColumns)[number];
export type PacketRow = { [C in PacketColumn]: number };

/** Facts about a row that are known from the indexing pass. */
export const RowMark = {
  /** Fewer bytes captured than were on the wire. */
  CutShort: 1,
  /** A length or header field contradicts the packet. */
  Malformed: 2,
  /** Sent by the endpoint that sent the stream's first captured segment. */
  FromA: 4,
  /** The transport header came out of a reassembled IP datagram. */
  Reassembled: 8,
  /** A step of ours threw: a bug. */
  Bug: 16,
  /** The transport header was not captured to its end. */
  HeaderCut: 32,
} as const;
