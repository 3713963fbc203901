/** Address Resolution Protocol (RFC 826) and RARP (RFC 903). Decoded for Ethernet and IPv4; other sizes as bytes. */
import { hexText, ipv4Text } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
import { bool, bytes, ether, ipv4, u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const opcodes: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  8: 'inverse request',
  9: 'inverse reply',
};
const hardware: Readonly<Record<number, string>> = {
  1: 'Ethernet',
  6: 'IEEE 802',
  7: 'ARCNET',
  15: 'Frame Relay',
  32: 'InfiniBand',
};

export const arp = defineProtocol('arp', {
  label: 'Address Resolution Protocol',
  bind: [{ table: 'ethertype', keys: [0x0806, 0x8035] }],
  fields: {
    'hw.type': u16('Hardware type', { at: 0, values: hardware }),
    'proto.type': u16('Protocol type', { at: 2, base: 'hex', values: { 0x0800: 'IPv4' } }),
    'hw.size': u8('Hardware size', { at: 4 }),
    'proto.size': u8('Protocol size', { at: 5 }),
    opcode: u16('Opcode', { at: 6, values: opcodes }),
    isgratuitous: bool('Is gratuitous', { generated: true }),
    isprobe: bool('Is probe', { generated: true }),
    isannouncement: bool('Is announcement', { generated: true }),
    'src.hw_mac': ether('Sender MAC address'),
    'src.hw': bytes('Sender hardware address'),
    'src.proto_ipv4': ipv4('Sender IP address'),
    'src.proto': bytes('Sender protocol address'),
    'dst.hw_mac': ether('Target MAC address'),
    'dst.hw': bytes('Target hardware address'),
    'dst.proto_ipv4': ipv4('Target IP address'),
    'dst.proto': bytes('Target protocol address'),
  },
  size: (b, at) => 8 + 2 * (b[at + 4] + b[at + 5]),
  step(s, size) {
    if (s.has(8)) s.limit(size);
  },
  begin(_view, out) {
    out.protocol('ARP');
    out.info('');
  },
  dissect(view, out) {
    const hardwareSize = view.get('hw.size');
    const protocolSize = view.get('proto.size');
    const opcode = view.get('opcode');
    const isMac = hardwareSize === 6 && (view.get('hw.type') === 1 || view.get('hw.type') === 6);
    const isIp = protocolSize === 4 && view.get('proto.type') === 0x0800;
    const reverse = opcode === 3 || opcode === 4;
    if (reverse) out.protocol('RARP');
    // Hardware and protocol address of the sender, then those of the target.
    const c = new Cursor(view, out, 8);
    const srcHw = c.at;
    const srcProto = srcHw + hardwareSize;
    const dstHw = srcProto + protocolSize;
    const dstProto = dstHw + hardwareSize;
    view.need(0, view.size);
    const mac = (at: number): string => hexText(view.slice(at, hardwareSize), isMac ? ':' : '');
    const ip = (at: number): string => (isIp ? ipv4Text(view.u32(at)) : hexText(view.slice(at, protocolSize), ':'));
    const senderIp = ip(srcProto);
    const targetIp = ip(dstProto);
    const gratuitous = (opcode === 1 || opcode === 2) && isIp && senderIp === targetIp;
    const probe = opcode === 1 && isIp && view.u32(srcProto) === 0;
    const announcement = gratuitous && opcode === 1;
    if (gratuitous) out.add('isgratuitous', 0, 0, true);
    if (probe) out.add('isprobe', 0, 0, true);
    if (announcement) out.add('isannouncement', 0, 0, true);
    const name = opcodes[opcode] ?? 'unknown';
    out.title(
      `${reverse ? 'Reverse ' : ''}Address Resolution Protocol (${name}${probe ? '/ARP Probe' : announcement ? '/ARP Announcement' : gratuitous ? '/gratuitous ARP' : ''})`,
    );
    for (const end of ['src', 'dst'] as const) {
      if (isMac) c.show(`${end}.hw_mac`);
      else if (hardwareSize > 0) c.show(`${end}.hw`, hardwareSize);
      if (isIp) c.show(`${end}.proto_ipv4`);
      else if (protocolSize > 0) c.show(`${end}.proto`, protocolSize);
    }
    switch (opcode) {
      case 1:
        out.info(
          probe
            ? `Who has ${targetIp}? (ARP Probe)`
            : announcement
              ? `ARP Announcement for ${senderIp}`
              : `Who has ${targetIp}? Tell ${senderIp}`,
        );
        break;
      case 2:
        out.info(gratuitous ? `Gratuitous ARP for ${senderIp} (Reply)` : `${senderIp} is at ${mac(srcHw)}`);
        break;
      case 3:
        out.info(`Who is ${mac(dstHw)}? Tell ${mac(srcHw)}`);
        break;
      case 4:
        out.info(`${mac(dstHw)} is at ${targetIp}`);
        break;
      case 8:
        out.info(`Who is ${mac(dstHw)}? Tell ${mac(srcHw)}`);
        break;
      case 9:
        out.info(`${mac(srcHw)} is at ${senderIp}`);
        break;
      default:
        out.info(`Unknown ARP opcode 0x${opcode.toString(16).padStart(4, '0')}`);
    }
  },
});
