/** Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2, tcpdump.org). */
import { hexText } from '../../format/address.ts';
import { etherTypeNames } from '../ether-types.ts';
import { bytes, ether, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const packetTypes: Readonly<Record<number, string>> = {
  0: 'Unicast to us',
  1: 'Broadcast',
  2: 'Multicast',
  3: 'Unicast to another host',
  4: 'Sent by us',
};

export const sll2 = defineProtocol('sll2', {
  label: 'Linux cooked capture v2',
  short: 'SLL2',
  layerName: 'sll',
  bind: [{ table: 'link', keys: [276] }],
  fields: {
    '/sll.etype': u16('Protocol', { at: 0, base: 'hex', values: etherTypeNames }),
    '/sll.ifindex': u32('Interface index', { at: 4 }),
    '/sll.hatype': u16('Link-layer address type', { at: 8 }),
    '/sll.pkttype': u16('Packet type', { values: packetTypes }),
    '/sll.halen': u16('Link-layer address length'),
    '/sll.src.eth': ether('Source'),
    '/sll.src.other': bytes('Source'),
    '/sll.unused': bytes('Unused'),
  },
  header: () => 20,
  step(s) {
    if (!s.has(20)) return;
    const { bytes: b, at } = s;
    if (b[at + 11] === 6) s.rowSrc = s.state.addresses.ether(b, at + 12);
    const type = (b[at] << 8) | b[at + 1];
    if (type >= 1536) return s.to(s.tables.ethertype, type, at + 20);
    if (type === 4) return s.to(s.tables.llc, 0, at + 20);
    s.data(at + 20);
  },
  dissect(view, out) {
    out.add('/sll.pkttype', 10, 1, view.u8(10));
    const length = view.u8(11);
    out.add('/sll.halen', 11, 1, length);
    if (length === 6) {
      out.add('/sll.src.eth', 12, 6, view.slice(12, 6));
      out.source(hexText(view.slice(12, 6), ':'));
    } else if (length > 0) out.add('/sll.src.other', 12, Math.min(length, 8), view.slice(12, Math.min(length, 8)));
    if (length < 8) out.add('/sll.unused', 12 + length, 8 - length, view.slice(12 + length, 8 - length));
    if (view.u16(0) >= 1536) view.context.layers.push('ethertype');
  },
});
