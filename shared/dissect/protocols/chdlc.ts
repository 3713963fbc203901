/** Cisco HDLC (LINKTYPE_C_HDLC, tcpdump.org). */
import { etherTypeNames } from '../ether-types.ts';
import { u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const chdlc = defineProtocol('chdlc', {
  label: 'Cisco HDLC',
  bind: [{ table: 'link', keys: [104] }],
  fields: {
    address: u8('Address', { at: 0, base: 'hex' }),
    control: u8('Control', { at: 1, base: 'hex' }),
    protocol: u16('Protocol', { at: 2, base: 'hex', values: etherTypeNames }),
  },
  step(s) {
    if (s.has(4)) s.to(s.tables.ethertype, (s.bytes[s.at + 2] << 8) | s.bytes[s.at + 3], s.at + 4);
  },
});
