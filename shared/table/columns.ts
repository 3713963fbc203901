/** The columns of the packet table: which typed array holds what. One line here; `PacketTable.append` then demands the value. */
export const packetColumns = {
  /** Seconds since 1970, whole (may be negative or beyond 32 bits). */
  sec: Float64Array,
  /** Nanoseconds of the second, 0..999999999. */
  nsec: Uint32Array,
  /** Byte offset of the packet's data in the (decompressed) file: exact past 4 GiB. */
  fileOffset: Float64Array,
  capLen: Uint32Array,
  wireLen: Uint32Array,
  /** Global interface index. */
  iface: Uint16Array,
  /** Innermost protocol that the indexing pass reached: index into the registry's protocols. */
  protocol: Uint8Array,
  /** Address ids of the innermost network layer (link layer where there is none); 0 none. */
  src: Uint32Array,
  dst: Uint32Array,
  srcPort: Uint16Array,
  dstPort: Uint16Array,
  /** IP protocol number that `stream` belongs to: 6 TCP, 17 UDP, 0 none. */
  transport: Uint8Array,
  /** Stream number, -1 none. */
  stream: Int32Array,
  /** Row of the packet before this one in the same stream, -1 none. */
  prevInStream: Int32Array,
  /** 12 bits as on the wire. */
  tcpFlags: Uint16Array,
  /** Raw sequence and acknowledgment numbers, payload bytes on the wire, window as in the header. */
  tcpSeq: Uint32Array,
  tcpAck: Uint32Array,
  payloadLen: Uint32Array,
  tcpWindow: Uint16Array,
  /** `RowMark` bits. */
  marks: Uint8Array,
} as const;

export type PacketColumn = keyof typeof packetColumns;
export type PacketBlock = { readonly [C in PacketColumn]: InstanceType<(typeof packetColumns)[C]> };
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
} as const;
