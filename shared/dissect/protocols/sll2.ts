/** Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2, tcpdump.org). */
import { hexText } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
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

/** The address has a place of 8 bytes, whatever length it is said to have. */
const addressSize = 8;

export const sll2 = defineProtocol('sll2', {
  label: 'Linux cooked capture v2',
  short: 'SLL2',
  layerName: 'sll',
  bind: [{ table: 'link', keys: [276] }],
  fields: {
    '/sll.etype': u16('Protocol', { at: 0, base: 'hex', values: etherTypeNames }),
    '/sll.ifindex': u32('Interface index', { at: 4 }),
    '/sll.hatype': u16('Link-layer address type', { at: 8 }),
    '/sll.pkttype': u16('Packet type', { length: 1, values: packetTypes }),
    '/sll.halen': u16('Link-layer address length', { length: 1 }),
    '/sll.src.eth': ether('Source'),
    '/sll.src.other': bytes('Source'),
    '/sll.unused': bytes('Unused'),
  },
  size: 20,
  step(s, size) {
    if (!s.has(size)) return;
    const { bytes: b, at } = s;
    if (b[at + 11] === 6) s.rowSrc = s.state.addresses.ether(b, at + 12);
    const type = (b[at] << 8) | b[at + 1];
    if (type >= 1536) return s.to(s.tables.ethertype, type, at + size);
    if (type === 4) return s.to(s.tables.llc, 0, at + size);
    s.data(at + size);
  },
  dissect(view, out) {
    const c = new Cursor(view, out, 10);
    c.show('/sll.pkttype');
    const length = c.read('/sll.halen');
    const end = c.at + addressSize;
    if (length === 6) out.source(hexText(c.read('/sll.src.eth'), ':'));
    else if (length > 0) c.show('/sll.src.other', Math.min(length, addressSize));
    if (length < addressSize) c.show('/sll.unused', end - c.at);
    if (view.get('/sll.etype') >= 1536) view.context.layers.push('ethertype');
  },
});
