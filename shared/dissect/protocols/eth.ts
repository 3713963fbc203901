/** Ethernet II and IEEE 802.3 (IEEE 802.3-2022, clause 3). */
import { ether, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const eth = defineProtocol('eth', {
  label: 'Ethernet II',
  short: 'Ethernet',
  bind: [{ table: 'link', keys: [1] }],
  fields: {
    dst: ether('Destination', { at: 0 }),
    src: ether('Source', { at: 6 }),
    type: u16('Type', { base: 'hex' }),
  },
  step(s) {
    if (!s.has(14)) return;
    const { bytes, at } = s;
    if (!s.quoted) {
      s.rowDst = s.state.addresses.ether(bytes, at);
      s.rowSrc = s.state.addresses.ether(bytes, at + 6);
    }
    s.to(s.tables.ethertype, (bytes[at + 12] << 8) | bytes[at + 13], at + 14);
  },
  dissect(view, out) {
    out.add('type', 12, 2, view.u16(12));
  },
});
