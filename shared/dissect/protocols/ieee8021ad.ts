/** Service tags of provider bridges (IEEE 802.1ad, now 802.1Q clause 9.6): the outer tag of Q-in-Q. */
import { etherTypeNames } from '../ether-types.ts';
import { u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const ieee8021ad = defineProtocol('ieee8021ad', {
  label: 'IEEE 802.1ad',
  short: '802.1ad',
  bind: [{ table: 'ethertype', keys: [0x88a8] }],
  fields: {
    priority: u16('Priority', { at: 0, mask: 0xe000 }),
    dei: u16('DEI', { at: 0, mask: 0x1000 }),
    id: u16('ID', { at: 0, mask: 0x0fff }),
    '/ieee8021ah.etype': u16('Type', { at: 2, base: 'hex', values: etherTypeNames }),
  },
  size: 4,
  step(s, size) {
    if (s.has(size)) s.to(s.tables.ethertype, (s.bytes[s.at + 2] << 8) | s.bytes[s.at + 3], s.at + size);
  },
  dissect(view, out) {
    view.context.layers.push('ethertype');
    out.title(`IEEE 802.1ad, ID: ${view.get('id')}`);
    out.info(`PRI: ${view.get('priority')}  DROP: ${view.get('dei')} ID: ${view.get('id')}`);
  },
});
