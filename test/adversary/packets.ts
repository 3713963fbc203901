/**
 * Packets as the world sends them, with where they come from, and their bytes: Ethernet or Linux cooked capture, IPv4
 * or IPv6, TCP or ICMP.
 */
import { TcpFlag } from '../../shared/tcp/segments.ts';

export const { FIN, SYN, RST, PSH, ACK, ECE, CWR, AE } = TcpFlag;

export type Who = 'client' | 'server';

/** What really sent a packet, and why. */
export interface Origin {
  /** Unique to one sending: packets captured with the same number are one packet. */
  readonly number: number;
  readonly by: Who | 'box';
  /** Whose name it bears. */
  readonly as: Who;
  readonly why:
    | 'syn'
    | 'syn-ack'
    | 'third'
    | 'ack'
    | 'data'
    | 'fin'
    | 'keep-alive'
    | 'window-probe'
    | 'challenge'
    | 'abort'
    | 'stranger'
    | 'closed-already'
    | 'gave-up'
    | 'wrong-number'
    | 'probe'
    | 'injected'
    | 'answered-by-box'
    | 'icmp';
  /** The attempt to connect that it belongs to. */
  readonly attempt: number;
  /** The sending that it repeats; -1 none. */
  readonly repeats: number;
}

export interface Address {
  readonly text: string;
  readonly bytes: Uint8Array;
}

export interface Packet {
  readonly src: Address;
  readonly dst: Address;
  readonly ttl: number;
  readonly id: number;
  readonly sport: number;
  readonly dport: number;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  readonly options: readonly number[];
  readonly length: number;
  /** First bytes of the data; the rest is filled up. */
  readonly text?: string;
  /** An ICMP error in place of TCP. */
  readonly icmp?: { readonly type: number; readonly code: number; readonly rest: number; readonly quoted: Packet };
  readonly origin: Origin;
}

export const seqAdd = (seq: number, add: number): number => (seq + add) >>> 0;
/** How far `one` lies beyond `other`, modulo 2^32. */
export const seqDiff = (one: number, other: number): number => (one - other) | 0;
/** Sequence numbers that a segment uses. */
export const seqLength = (p: Packet): number =>
  p.length + ((p.flags & SYN) !== 0 ? 1 : 0) + ((p.flags & FIN) !== 0 ? 1 : 0);

export function address(v6: boolean, host: number): Address {
  const parts = [host >>> 16, (host >>> 8) & 255, host & 255];
  if (!v6) return { text: `10.${parts.join('.')}`, bytes: Uint8Array.of(10, ...parts) };
  const bytes = new Uint8Array(16);
  bytes.set([0x20, 0x01, 0x0d, 0xb8, 0, 1, parts[0], parts[1], 0, 0, 0, 0, 0, 0, 1, parts[2]]);
  const group = (at: number) => ((bytes[at] << 8) | bytes[at + 1]).toString(16);
  return { text: `2001:db8:1:${group(6)}::${group(14)}`, bytes };
}

/** What the link layer of one captured packet looks like. */
export interface Framing {
  readonly linkType: 1 | 113;
  readonly src: number;
  readonly dst: number;
  readonly vlan: number | null;
  /** Linux cooked capture: sent by the capturing host. */
  readonly outgoing: boolean;
}

/** The bytes of a captured packet, every length and checksum right. */
export function bytesOf(packet: Packet, framing: Framing): Uint8Array {
  const inner = packetBytes(packet);
  const v6 = packet.src.bytes.length === 16;
  const etherType = v6 ? 0x86dd : 0x0800;
  if (framing.linkType === 113) {
    const bytes = new Uint8Array(16 + inner.length);
    bytes.set([
      0,
      framing.outgoing ? 4 : 0,
      0,
      1,
      0,
      6,
      2,
      0,
      0,
      0,
      0,
      framing.src,
      0,
      0,
      etherType >> 8,
      etherType & 255,
    ]);
    bytes.set(inner, 16);
    return bytes;
  }
  const tag = framing.vlan === null ? [] : [0x81, 0, framing.vlan >> 8, framing.vlan & 255];
  const bytes = new Uint8Array(14 + tag.length + inner.length);
  bytes.set([2, 0, 0, 0, 0, framing.dst, 2, 0, 0, 0, 0, framing.src, ...tag, etherType >> 8, etherType & 255]);
  bytes.set(inner, 14 + tag.length);
  return bytes;
}

function packetBytes(packet: Packet): Uint8Array {
  const v6 = packet.src.bytes.length === 16;
  const header = v6 ? 40 : 20;
  const protocol = packet.icmp === undefined ? 6 : v6 ? 58 : 1;
  const body = packet.icmp === undefined ? tcpBytes(packet) : icmpBytes(packet.icmp);
  const bytes = new Uint8Array(header + body.length);
  const view = new DataView(bytes.buffer);
  if (v6) {
    view.setUint32(0, 0x6000_0000);
    view.setUint16(4, body.length);
    bytes[6] = protocol;
    bytes[7] = packet.ttl;
    bytes.set(packet.src.bytes, 8);
    bytes.set(packet.dst.bytes, 24);
  } else {
    bytes[0] = 0x45;
    view.setUint16(2, bytes.length);
    view.setUint16(4, packet.id);
    view.setUint16(6, 0x4000);
    bytes[8] = packet.ttl;
    bytes[9] = protocol;
    bytes.set(packet.src.bytes, 12);
    bytes.set(packet.dst.bytes, 16);
    view.setUint16(10, fold(sum(bytes, 0, 20, 0)));
  }
  bytes.set(body, header);
  const pseudo = protocol === 1 ? 0 : sum(bytes, v6 ? 8 : 12, header, protocol + body.length);
  view.setUint16(header + (protocol === 6 ? 16 : 2), fold(sum(bytes, header, bytes.length, pseudo)));
  return bytes;
}

function tcpBytes(packet: Packet): Uint8Array {
  const options = (packet.options.length + 3) & ~3;
  const bytes = new Uint8Array(20 + options + packet.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, packet.sport);
  view.setUint16(2, packet.dport);
  view.setUint32(4, packet.seq);
  view.setUint32(8, packet.ack);
  view.setUint16(12, ((5 + options / 4) << 12) | packet.flags);
  view.setUint16(14, packet.window);
  bytes.set(packet.options, 20);
  // By the sequence number, so that a segment sent again carries the same data.
  bytes.fill(0x61 + (packet.seq % 26), 20 + options);
  const { text } = packet;
  if (text !== undefined)
    for (let k = 0; k < text.length && k < packet.length; k++) bytes[20 + options + k] = text.charCodeAt(k);
  return bytes;
}

function icmpBytes(icmp: NonNullable<Packet['icmp']>): Uint8Array {
  const quoted = packetBytes(icmp.quoted);
  const bytes = new Uint8Array(8 + Math.min(quoted.length, 88));
  bytes[0] = icmp.type;
  bytes[1] = icmp.code;
  new DataView(bytes.buffer).setUint32(4, icmp.rest);
  bytes.set(quoted.subarray(0, 88), 8);
  return bytes;
}

function sum(bytes: Uint8Array, from: number, to: number, start: number): number {
  let total = start;
  for (let k = from; k + 1 < to; k += 2) total += (bytes[k] << 8) | bytes[k + 1];
  if (((to - from) & 1) !== 0) total += bytes[to - 1] << 8;
  return total;
}

function fold(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 65_536);
  return ~folded & 0xffff;
}

const names: readonly (readonly [bit: number, name: string])[] = [
  [SYN, 'SYN'],
  [FIN, 'FIN'],
  [RST, 'RST'],
  [PSH, 'PSH'],
  [ACK, 'ACK'],
  [ECE, 'ECE'],
  [CWR, 'CWR'],
  [AE, 'AE'],
];

export function flagText(flags: number): string {
  return (
    names
      .filter(([bit]) => (flags & bit) !== 0)
      .map(([, name]) => name)
      .join(',') || '-'
  );
}
