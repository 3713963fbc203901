/** VN-Tag (IEEE 802.1BR's predecessor): 4 bytes of interface numbers, then an EtherType. */
import { etherTypeNames } from '../ether-types.ts';
import { u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const vntag = defineProtocol('vntag', {
  label: 'VN-Tag',
  bind: [{ table: 'ethertype', keys: [0x8926] }],
  fields: {
    dst: u32('Destination', { at: 0, mask: 0x3fff0000 }),
    src: u32('Source', { at: 0, mask: 0x00000fff }),
    etype: u16('Type', { at: 4, base: 'hex', values: etherTypeNames }),
  },
  size: 6,
  step(s, size) {
    if (s.has(size)) s.to(s.tables.ethertype, (s.bytes[s.at + 4] << 8) | s.bytes[s.at + 5], s.at + size);
  },
  dissect(view) {
    view.context.layers.push('ethertype');
  },
});
