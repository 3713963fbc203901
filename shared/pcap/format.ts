/** The numbers of the two file formats: draft-ietf-opsawg-pcap and draft-ietf-opsawg-pcapng. */

/** First word of a pcap file, in the file's own byte order. */
export const pcapMagic = {
  micro: 0xa1b2c3d4,
  nano: 0xa1b23c4d,
  /** Alexey Kuznetzov's variant of libpcap: eight more bytes before each packet. */
  modified: 0xa1b2cd34,
} as const;

/** Tells the byte order of a pcapng section. */
export const byteOrderMagic = 0x1a2b3c4d;

/** pcapng block types. */
export const BlockType = {
  SectionHeader: 0x0a0d0d0a,
  InterfaceDescription: 1,
  /** Obsolete, before the enhanced packet block. */
  Packet: 2,
  SimplePacket: 3,
  NameResolution: 4,
  InterfaceStatistics: 5,
  EnhancedPacket: 6,
  DecryptionSecrets: 10,
  /** Custom blocks: that a program may copy into a new file, and that it may not. */
  CustomCopied: 0x0bad,
  CustomKept: 0x40000bad,
} as const;

/** pcapng option codes; what a code means depends on the block, but for the first two. */
export const OptionCode = {
  End: 0,
  Comment: 1,
  PacketFlags: 2,
  SectionHardware: 2,
  SectionOs: 3,
  SectionApplication: 4,
  InterfaceName: 2,
  InterfaceDescription: 3,
  InterfaceResolution: 9,
  InterfaceFilter: 11,
  InterfaceOs: 12,
  InterfaceFcsLength: 13,
  InterfaceOffset: 14,
  StatisticsReceived: 4,
  StatisticsDropped: 5,
} as const;

/**
 * Bytes of the longest packet that a pcap file may hold, by LINKTYPE_ number: what libpcap and Wireshark write and
 * read.
 */
export function largestPacket(linkType: number): number {
  switch (linkType) {
    case 231: // D-Bus messages
    case 249: // USBPcap
      return 128 << 20;
    case 279: // EBHSCR
      return 8 << 20;
    default:
      return 256 << 10;
  }
}
