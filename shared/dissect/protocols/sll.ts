/** Linux cooked capture, version 1 (LINKTYPE_LINUX_SLL, tcpdump.org): what the "any" device gives. */
import { hexText } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
import { etherTypeNames } from '../ether-types.ts';
import { bytes, ether, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';
import { paddingLength } from '../trailer.ts';

const packetTypes: Readonly<Record<number, string>> = {
  0: 'Unicast to us',
  1: 'Broadcast',
  2: 'Multicast',
  3: 'Unicast to another host',
  4: 'Sent by us',
};

/** The address has a place of 8 bytes, whatever length it is said to have. */
const addressAt = 6;
const addressSize = 8;

export const sll = defineProtocol('sll', {
  label: 'Linux cooked capture v1',
  bind: [{ table: 'link', keys: [113] }],
  fields: {
    pkttype: u16('Packet type', { at: 0, values: packetTypes }),
    hatype: u16('Link-layer address type', { at: 2 }),
    halen: u16('Link-layer address length', { at: 4 }),
    'src.eth': ether('Source'),
    'src.other': bytes('Source'),
    unused: bytes('Unused'),
    etype: u16('Protocol', { base: 'hex', values: etherTypeNames }),
    ltype: u16('Protocol', { base: 'hex' }),
    trailer: bytes('Trailer'),
    '/eth.padding': bytes('Padding'),
  },
  size: 16,
  step(s, size) {
    if (!s.has(size)) return;
    const { bytes: b, at } = s;
    if (((b[at + 4] << 8) | b[at + 5]) === 6) s.rowSrc = s.state.addresses.ether(b, at + 6);
    const type = (b[at + 14] << 8) | b[at + 15];
    if (type >= 1536) return s.to(s.tables.ethertype, type, at + size);
    if (type === 4) return s.to(s.tables.llc, 0, at + size);
    s.data(at + size);
  },
  after(view, out, innerEnd) {
    const from = innerEnd - view.start;
    const left = view.captured - from;
    if (from < view.size || left <= 0 || view.captured < view.reported) return;
    const padding = paddingLength(view, from);
    const c = new Cursor(view, out, from);
    if (padding > 0) c.show('/eth.padding', padding);
    if (left > padding) c.show('trailer', left - padding);
  },
  dissect(view, out) {
    const length = view.get('halen');
    const c = new Cursor(view, out, addressAt);
    if (length === 6) out.source(hexText(c.read('src.eth'), ':'));
    else if (length > 0) c.show('src.other', Math.min(length, addressSize));
    if (length < addressSize) c.show('unused', addressAt + addressSize - c.at);
    const type = c.peek('etype');
    if (type < 1536) {
      c.show('ltype');
      return;
    }
    view.context.layers.push('ethertype');
    c.show('etype');
    out.protocol(`0x${type.toString(16).padStart(4, '0')}`);
  },
});
