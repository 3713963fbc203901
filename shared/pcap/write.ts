/**
 * Writes capture files piece by piece: a header, then a record per packet. The pieces joined are the file.
 * pcap after draft-ietf-opsawg-pcap, pcapng after draft-ietf-opsawg-pcapng. Little-endian unless asked otherwise.
 */
import { utf8Bytes } from '../bytes/text.ts';
import { BlockType, byteOrderMagic, OptionCode, pcapMagic } from './format.ts';

/** A packet to write. */
export interface PacketToWrite {
  /** Whole seconds since 1970. */
  readonly sec: number;
  /** Nanoseconds of the second, 0..999999999. A microsecond file keeps their thousands. */
  readonly nsec: number;
  readonly bytes: Uint8Array;
  /** Length on the wire; that of `bytes` where left out. */
  readonly wireLen?: number;
  /** Index of the pcapng section's interface; 0 where left out. */
  readonly interfaceId?: number;
  /** pcapng only. */
  readonly comment?: string;
}

export interface PcapOptions {
  /** LINKTYPE_ number; the upper bits may hold the length of a frame check sequence. */
  readonly linkType: number;
  readonly nano?: boolean;
  readonly bigEndian?: boolean;
  readonly snapLength?: number;
}

export interface InterfaceToWrite {
  readonly linkType: number;
  readonly snapLength?: number;
  readonly name?: string;
  readonly description?: string;
  readonly filter?: string;
  readonly os?: string;
  /** Option if_tsresol as it is written; 9 (nanoseconds) where left out. */
  readonly resolution?: number;
  readonly offsetSeconds?: number;
}

/** An option of a pcapng block: its code and its value. */
export type BlockOption = readonly [code: number, value: Uint8Array];

const largestSnapLength = 262_144;

export function pcapHeader(options: PcapOptions): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  const little = options.bigEndian !== true;
  view.setUint32(0, options.nano === true ? pcapMagic.nano : pcapMagic.micro, little);
  view.setUint16(4, 2, little);
  view.setUint16(6, 4, little);
  view.setUint32(16, options.snapLength ?? largestSnapLength, little);
  view.setUint32(20, options.linkType, little);
  return bytes;
}

export function pcapRecord(packet: PacketToWrite, options: PcapOptions): Uint8Array {
  const bytes = new Uint8Array(16 + packet.bytes.length);
  const view = new DataView(bytes.buffer);
  const little = options.bigEndian !== true;
  view.setUint32(0, packet.sec, little);
  view.setUint32(4, options.nano === true ? packet.nsec : Math.floor(packet.nsec / 1000), little);
  view.setUint32(8, packet.bytes.length, little);
  view.setUint32(12, packet.wireLen ?? packet.bytes.length, little);
  bytes.set(packet.bytes, 16);
  return bytes;
}

/** A block of any type: `body` is what lies between its two lengths, without the options. */
export function pcapngBlock(
  type: number,
  body: Uint8Array,
  options: readonly BlockOption[] = [],
  bigEndian = false,
): Uint8Array {
  const bodyLength = padded(body.length);
  const optionsLength =
    options.length === 0 ? 0 : options.reduce((sum, [, value]) => sum + 4 + padded(value.length), 4);
  const length = 12 + bodyLength + optionsLength;
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  const little = !bigEndian;
  view.setUint32(0, type, little);
  view.setUint32(4, length, little);
  bytes.set(body, 8);
  let at = 8 + bodyLength;
  for (const [code, value] of options) {
    view.setUint16(at, code, little);
    view.setUint16(at + 2, value.length, little);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(length - 4, length, little);
  return bytes;
}

/** Section header block: the beginning of every file. */
export function pcapngHeader(
  options: { readonly comment?: string; readonly application?: string; readonly bigEndian?: boolean } = {},
): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  const little = options.bigEndian !== true;
  view.setUint32(0, byteOrderMagic, little);
  view.setUint16(4, 1, little);
  view.setUint16(6, 0, little);
  // Length of the section: not known, -1.
  view.setUint32(8, 0xffffffff, little);
  view.setUint32(12, 0xffffffff, little);
  return pcapngBlock(
    BlockType.SectionHeader,
    body,
    textOptions([OptionCode.Comment, options.comment], [OptionCode.SectionApplication, options.application]),
    !little,
  );
}

export function pcapngInterface(face: InterfaceToWrite, bigEndian = false): Uint8Array {
  const body = new Uint8Array(8);
  const view = new DataView(body.buffer);
  view.setUint16(0, face.linkType, !bigEndian);
  view.setUint32(4, face.snapLength ?? largestSnapLength, !bigEndian);
  const options: BlockOption[] = [
    ...textOptions(
      [OptionCode.InterfaceName, face.name],
      [OptionCode.InterfaceDescription, face.description],
      [OptionCode.InterfaceOs, face.os],
    ),
    [OptionCode.InterfaceResolution, Uint8Array.of(face.resolution ?? 9)],
  ];
  // The first byte says what the filter is: 0, a text as libpcap reads it.
  if (face.filter !== undefined)
    options.push([OptionCode.InterfaceFilter, Uint8Array.of(0, ...utf8Bytes(face.filter))]);
  if (face.offsetSeconds !== undefined) {
    const value = new Uint8Array(8);
    new DataView(value.buffer).setBigInt64(0, BigInt(face.offsetSeconds), !bigEndian);
    options.push([OptionCode.InterfaceOffset, value]);
  }
  return pcapngBlock(BlockType.InterfaceDescription, body, options, bigEndian);
}

/** Enhanced packet block. `ticksPerSecond` must be what the interface says; the offset is not subtracted. */
export function pcapngPacket(packet: PacketToWrite, ticksPerSecond = 1_000_000_000, bigEndian = false): Uint8Array {
  const body = new Uint8Array(20 + packet.bytes.length);
  const view = new DataView(body.buffer);
  const little = !bigEndian;
  const ticks = BigInt.asUintN(
    64,
    BigInt(packet.sec) * BigInt(ticksPerSecond) + (BigInt(packet.nsec) * BigInt(ticksPerSecond)) / 1_000_000_000n,
  );
  view.setUint32(0, packet.interfaceId ?? 0, little);
  view.setUint32(4, Number(ticks >> 32n), little);
  view.setUint32(8, Number(ticks & 0xffffffffn), little);
  view.setUint32(12, packet.bytes.length, little);
  view.setUint32(16, packet.wireLen ?? packet.bytes.length, little);
  body.set(packet.bytes, 20);
  return pcapngBlock(BlockType.EnhancedPacket, body, textOptions([OptionCode.Comment, packet.comment]), bigEndian);
}

export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function textOptions(...texts: readonly (readonly [code: number, text: string | undefined])[]): BlockOption[] {
  return texts.flatMap(([code, text]) => (text === undefined ? [] : [[code, utf8Bytes(text)] as const]));
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
