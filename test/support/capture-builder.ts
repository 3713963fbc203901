/**
 * Packets and capture files for tests, from nothing: `pcap([packet().eth().ip().tcp({ flags: 'S' }).bytes()])`.
 * Every length and checksum is right unless a test asks for another.
 */
import { addWords, foldChecksum, internetChecksum } from '../../shared/bytes/checksum.ts';
import { hexBytes } from '../../shared/bytes/hex.ts';
import { utf8Bytes } from '../../shared/bytes/text.ts';
import { BlockType } from '../../shared/pcap/format.ts';
import {
  type BlockOption,
  type InterfaceToWrite,
  joinBytes,
  type PacketToWrite,
  type PcapOptions,
  pcapHeader,
  pcapngBlock,
  pcapngHeader,
  pcapngInterface,
  pcapngPacket,
  pcapRecord,
} from '../../shared/pcap/write.ts';

export { joinBytes } from '../../shared/pcap/write.ts';

/** Bytes, or a text that stands for its UTF-8. */
export type Payload = Uint8Array | string;

const bytesOf = (payload: Payload): Uint8Array => (typeof payload === 'string' ? utf8Bytes(payload) : payload);

/** Bytes written as hexadecimal digits. */
export function hex(text: string): Uint8Array {
  const bytes = hexBytes(text);
  if (bytes === null) throw new Error(`not hexadecimal: ${text}`);
  return bytes;
}

// ---- files
// ------------------------------------------------------------------------------------------------------------------------------------

/**
 * A packet's bytes, or with its time and length on the wire. What has no time comes a millisecond after the packet
 * before it.
 */
export type Frame = Uint8Array | (Partial<PacketToWrite> & { readonly bytes: Uint8Array });

/** Time of the first packet that has none of its own. */
export const firstSecond = 1_700_000_000;

function timed(frame: Frame, index: number): PacketToWrite {
  const given = frame instanceof Uint8Array ? { bytes: frame } : frame;
  return { sec: firstSecond + Math.floor(index / 1000), nsec: (index % 1000) * 1_000_000, ...given };
}

export interface PcapFile extends Partial<PcapOptions> {
  /** Kuznetzov's record headers, 24 bytes. */
  readonly modified?: boolean;
}

export function pcap(frames: readonly Frame[], options: PcapFile = {}): Uint8Array {
  const full: PcapOptions = { linkType: 1, ...options };
  const header = pcapHeader(full);
  const records = frames.map((frame, index) => pcapRecord(timed(frame, index), full));
  if (options.modified !== true) return joinBytes([header, ...records]);
  new DataView(header.buffer).setUint32(0, 0xa1b2cd34, full.bigEndian !== true);
  const between = new Uint8Array(8);
  return joinBytes([header, ...records.flatMap((record) => [record.subarray(0, 16), between, record.subarray(16)])]);
}

/** A pcapng file block by block; without a call of `section` it begins with a little-endian one. */
export class PcapngBuilder {
  private readonly parts: Uint8Array[] = [];
  private bigEndian = false;
  private resolutions: number[] = [];
  private packets = 0;

  section(options: { readonly bigEndian?: boolean; readonly comment?: string } = {}): this {
    this.bigEndian = options.bigEndian === true;
    this.resolutions = [];
    this.parts.push(pcapngHeader(options));
    return this;
  }

  interface(face: Partial<InterfaceToWrite> = {}): this {
    this.begin();
    this.resolutions.push(face.resolution ?? 9);
    this.parts.push(pcapngInterface({ linkType: 1, ...face }, this.bigEndian));
    return this;
  }

  packet(frame: Frame): this {
    this.begin();
    if (this.resolutions.length === 0) this.interface();
    const packet = timed(frame, this.packets++);
    const resolution = this.resolutions[packet.interfaceId ?? 0] ?? 9;
    this.parts.push(
      pcapngPacket(packet, resolution & 0x80 ? 2 ** (resolution & 0x7f) : 10 ** resolution, this.bigEndian),
    );
    return this;
  }

  /** Enhanced packet block with its time as the 64 bits that are written. */
  packetAtTicks(bytes: Uint8Array, ticks: bigint, interfaceId = 0): this {
    const body = joinBytes([
      this.u32(interfaceId),
      this.u32(Number(ticks >> 32n)),
      this.u32(Number(ticks & 0xffffffffn)),
      this.u32(bytes.length),
      this.u32(bytes.length),
      bytes,
    ]);
    return this.block(BlockType.EnhancedPacket, body);
  }

  simplePacket(bytes: Uint8Array, wireLen = bytes.length): this {
    return this.block(BlockType.SimplePacket, joinBytes([this.u32(wireLen), bytes]));
  }

  /** The packet block that the enhanced one replaced. */
  obsoletePacket(bytes: Uint8Array, ticks: bigint, interfaceId = 0, drops = 0): this {
    const body = joinBytes([
      this.u16(interfaceId),
      this.u16(drops),
      this.u32(Number(ticks >> 32n)),
      this.u32(Number(ticks & 0xffffffffn)),
      this.u32(bytes.length),
      this.u32(bytes.length),
      bytes,
    ]);
    return this.block(BlockType.Packet, body);
  }

  block(type: number, body: Uint8Array, options: readonly BlockOption[] = []): this {
    this.begin();
    this.parts.push(pcapngBlock(type, body, options, this.bigEndian));
    return this;
  }

  /** Bytes as they are, for what no builder would write. */
  raw(bytes: Uint8Array): this {
    this.parts.push(bytes);
    return this;
  }

  bytes(): Uint8Array {
    this.begin();
    return joinBytes(this.parts);
  }

  /** Numbers in the byte order of the section. */
  u16(value: number): Uint8Array {
    return this.bigEndian ? u16(value) : u16(value).reverse();
  }
  u32(value: number): Uint8Array {
    return this.bigEndian ? u32(value) : u32(value).reverse();
  }

  private begin(): void {
    if (this.parts.length === 0) this.section();
  }
}

export function pcapng(): PcapngBuilder {
  return new PcapngBuilder();
}

// ---- packets
// ----------------------------------------------------------------------------------------------------------------------------------

export interface IpOptions {
  readonly src?: string;
  readonly dst?: string;
  readonly ttl?: number;
  readonly id?: number;
  readonly tos?: number;
  readonly dontFragment?: boolean;
  readonly moreFragments?: boolean;
  /** In units of 8 bytes, as in the header. */
  readonly fragmentOffset?: number;
  /** IP protocol number; that of the layer inside where left out. */
  readonly protocol?: number;
  /** IPv4 options, padded with zeros to 4 bytes. */
  readonly options?: Uint8Array;
  readonly totalLength?: number;
  readonly badChecksum?: boolean;
}

export interface Ipv6Options {
  readonly src?: string;
  readonly dst?: string;
  readonly hopLimit?: number;
  readonly trafficClass?: number;
  readonly flowLabel?: number;
  readonly nextHeader?: number;
  readonly payloadLength?: number;
}

export interface TcpOptions {
  readonly sport?: number;
  readonly dport?: number;
  readonly seq?: number;
  readonly ack?: number;
  /** Letters: F S R P A U E C, and N for the AccECN bit. */
  readonly flags?: string;
  readonly win?: number;
  readonly urgent?: number;
  /** Made by `mss`, `windowScale`, `sackPermitted`, `sack`, `timestamps`, `nop`; padded with end-of-list bytes. */
  readonly options?: readonly (readonly number[])[];
  readonly payload?: Payload;
  /** In units of 4 bytes; the right one where left out. */
  readonly dataOffset?: number;
  readonly badChecksum?: boolean;
}

export interface UdpOptions {
  readonly sport?: number;
  readonly dport?: number;
  readonly payload?: Payload;
  readonly length?: number;
  readonly badChecksum?: boolean;
  /** Checksum 0: none was computed (RFC 768). */
  readonly noChecksum?: boolean;
}

// TCP options (RFC 9293 3.1, RFC 7323, RFC 2018).
export const nop: readonly number[] = [1];
export const mss = (size: number): readonly number[] => [2, 4, ...u16(size)];
export const windowScale = (shift: number): readonly number[] => [3, 3, shift];
export const sackPermitted: readonly number[] = [4, 2];
export const sack = (...blocks: readonly (readonly [left: number, right: number])[]): readonly number[] => [
  5,
  2 + blocks.length * 8,
  ...blocks.flat().flatMap((edge) => [...u32(edge)]),
];
export const timestamps = (value: number, echo: number): readonly number[] => [8, 10, ...u32(value), ...u32(echo)];

/** Sum of the pseudo header before a transport's checksum. */
type PseudoHeader = (protocol: number, length: number) => number;

interface Layer {
  /** EtherType of this layer in the one around it, where it has one. */
  readonly etherType?: number;
  /** IP protocol number of this layer. */
  readonly protocol?: number;
  /** The same in IPv6, where it differs. */
  readonly nextHeader?: number;
  readonly pseudo?: PseudoHeader;
  build(payload: Uint8Array, inner: Layer | undefined, outer: Layer | undefined): Uint8Array;
}

export function packet(): PacketBuilder {
  return new PacketBuilder();
}

/** Layers from the outside in. */
export class PacketBuilder {
  private readonly layers: Layer[] = [];

  eth(options: { readonly src?: string; readonly dst?: string; readonly type?: number } = {}): this {
    const { src = '02:00:00:00:00:01', dst = '02:00:00:00:00:02', type } = options;
    return this.add({
      build: (payload, inner) => joinBytes([hex(dst), hex(src), u16(type ?? inner?.etherType ?? 0x88b5), payload]),
    });
  }

  /** A tag of IEEE 802.1Q; `etherType` 0x88a8 for the outer one of 802.1ad. */
  vlan(id: number, options: { readonly priority?: number; readonly etherType?: number } = {}): this {
    return this.add({
      etherType: options.etherType ?? 0x8100,
      build: (payload, inner) =>
        joinBytes([u16(((options.priority ?? 0) << 13) | id), u16(inner?.etherType ?? 0x88b5), payload]),
    });
  }

  ip(options: IpOptions = {}): this {
    const { src = '10.0.0.1', dst = '10.0.0.2', ttl = 64, id = 1, tos = 0 } = options;
    const addresses = joinBytes([ipv4(src), ipv4(dst)]);
    return this.add({
      etherType: 0x0800,
      protocol: 4,
      pseudo: (protocol, length) => addWords(addresses, 0, 8, protocol + length),
      build: (payload, inner) => {
        const extra = paddedTo4(options.options ?? new Uint8Array(0));
        const header = new Uint8Array(20 + extra.length);
        header[0] = 0x40 | (header.length / 4);
        header[1] = tos;
        header.set(u16(options.totalLength ?? header.length + payload.length), 2);
        header.set(u16(id), 4);
        header.set(
          u16(
            (options.dontFragment === true ? 0x4000 : 0) |
              (options.moreFragments === true ? 0x2000 : 0) |
              (options.fragmentOffset ?? 0),
          ),
          6,
        );
        header[8] = ttl;
        header[9] = options.protocol ?? inner?.protocol ?? 253;
        header.set(addresses, 12);
        header.set(extra, 20);
        header.set(u16(internetChecksum(header, 0, header.length) ^ (options.badChecksum === true ? 1 : 0)), 10);
        return joinBytes([header, payload]);
      },
    });
  }

  ipv6(options: Ipv6Options = {}): this {
    const { src = '2001:db8::1', dst = '2001:db8::2', hopLimit = 64, trafficClass = 0, flowLabel = 0 } = options;
    const addresses = joinBytes([ipv6(src), ipv6(dst)]);
    return this.add({
      etherType: 0x86dd,
      protocol: 41,
      pseudo: (protocol, length) => addWords(addresses, 0, 32, protocol + length),
      build: (payload, inner) =>
        joinBytes([
          u32(((6 << 28) | (trafficClass << 20) | flowLabel) >>> 0),
          u16(options.payloadLength ?? payload.length),
          Uint8Array.of(options.nextHeader ?? inner?.nextHeader ?? inner?.protocol ?? 59, hopLimit),
          addresses,
          payload,
        ]),
    });
  }

  tcp(options: TcpOptions = {}): this {
    const { sport = 40_000, dport = 80, seq = 0, ack = 0, flags = 'A', win = 64_240, urgent = 0 } = options;
    const data = bytesOf(options.payload ?? '');
    return this.add({
      protocol: 6,
      build: (payload, _inner, outer) => {
        const extra = paddedTo4(Uint8Array.from((options.options ?? []).flat()));
        const header = new Uint8Array(20 + extra.length);
        header.set(
          joinBytes([
            u16(sport),
            u16(dport),
            u32(seq),
            u32(ack),
            u16((((options.dataOffset ?? header.length / 4) << 12) & 0xffff) | tcpFlags(flags)),
            u16(win),
            u16(0),
            u16(urgent),
            extra,
          ]),
        );
        const segment = joinBytes([header, data, payload]);
        segment.set(u16(checksum(segment, 6, outer) ^ (options.badChecksum === true ? 1 : 0)), 16);
        return segment;
      },
    });
  }

  udp(options: UdpOptions = {}): this {
    const { sport = 40_000, dport = 9999 } = options;
    const data = bytesOf(options.payload ?? '');
    return this.add({
      protocol: 17,
      build: (payload, _inner, outer) => {
        const datagram = joinBytes([
          u16(sport),
          u16(dport),
          u16(options.length ?? 8 + data.length + payload.length),
          u16(0),
          data,
          payload,
        ]);
        // A sum of 0 is written as its other form: 0 means that there is none.
        const sum = checksum(datagram, 17, outer) || 0xffff;
        if (options.noChecksum !== true) datagram.set(u16(sum ^ (options.badChecksum === true ? 1 : 0)), 6);
        return datagram;
      },
    });
  }

  /** ICMP, or ICMPv6 inside IPv6. `body` is what follows the checksum. */
  icmp(type: number, code: number, body: Payload = new Uint8Array(4)): this {
    return this.add({
      protocol: 1,
      nextHeader: 58,
      build: (payload, _inner, outer) => {
        const message = joinBytes([Uint8Array.of(type, code, 0, 0), bytesOf(body), payload]);
        message.set(
          u16(
            outer?.etherType === 0x86dd ? checksum(message, 58, outer) : internetChecksum(message, 0, message.length),
          ),
          2,
        );
        return message;
      },
    });
  }

  arp(
    options: {
      readonly operation?: number;
      readonly senderMac?: string;
      readonly senderIp?: string;
      readonly targetMac?: string;
      readonly targetIp?: string;
    } = {},
  ): this {
    const {
      operation = 1,
      senderMac = '02:00:00:00:00:01',
      senderIp = '10.0.0.1',
      targetMac = '00:00:00:00:00:00',
      targetIp = '10.0.0.2',
    } = options;
    return this.add({
      etherType: 0x0806,
      build: (payload) =>
        joinBytes([
          hex('0001 0800 06 04'),
          u16(operation),
          hex(senderMac),
          ipv4(senderIp),
          hex(targetMac),
          ipv4(targetIp),
          payload,
        ]),
    });
  }

  /** What follows, as it is. */
  payload(payload: Payload): this {
    return this.add({ build: (inside) => joinBytes([bytesOf(payload), inside]) });
  }

  bytes(): Uint8Array {
    let payload: Uint8Array = new Uint8Array(0);
    for (let at = this.layers.length - 1; at >= 0; at--)
      payload = this.layers[at].build(payload, this.layers[at + 1], this.layers[at - 1]);
    return payload;
  }

  private add(layer: Layer): this {
    this.layers.push(layer);
    return this;
  }
}

function checksum(bytes: Uint8Array, protocol: number, outer: Layer | undefined): number {
  return foldChecksum(addWords(bytes, 0, bytes.length, outer?.pseudo?.(protocol, bytes.length) ?? 0));
}

function tcpFlags(letters: string): number {
  let bits = 0;
  for (const letter of letters) {
    const bit = 'FSRPAUECN'.indexOf(letter);
    if (bit < 0) throw new Error(`no TCP flag ${letter}`);
    bits |= 1 << bit;
  }
  return bits;
}

function paddedTo4(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array((bytes.length + 3) & ~3);
  whole.set(bytes);
  return whole;
}

/** Numbers as on the wire, big-endian. */
export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}
export function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

export function ipv4(text: string): Uint8Array {
  return Uint8Array.from(text.split('.'), Number);
}

export function ipv6(text: string): Uint8Array {
  const [head, tail] = text.split('::').map((side) => side.split(':').filter((group) => group !== ''));
  const groups =
    tail === undefined ? head : [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail];
  return joinBytes(groups.map((group) => u16(Number.parseInt(group, 16))));
}
