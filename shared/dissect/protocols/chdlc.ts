/** Cisco HDLC (LINKTYPE_C_HDLC, tcpdump.org). */

import { hexNumbers } from '../dispatch.ts';
import { etherTypeNames } from '../ether-types.ts';
import { u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const chdlc = defineProtocol('chdlc', {
  label: 'Cisco HDLC',
  tables: { 'chdlc.protocol': hexNumbers('Cisco HDLC protocol') },
  bind: [{ table: 'link', keys: [104] }],
  fields: {
    address: u8('Address', { at: 0, base: 'hex' }),
    control: u8('Control', { at: 1, base: 'hex' }),
    protocol: u16('Protocol', { at: 2, base: 'hex', values: etherTypeNames }),
  },
  size: 4,
  step(s, size) {
    if (!s.has(size)) return;
    const protocol = (s.bytes[s.at + 2] << 8) | s.bytes[s.at + 3];
    const own = s.tables['chdlc.protocol'];
    s.to(own[protocol] >= 0 ? own : s.tables.ethertype, protocol, s.at + size);
  },
  dissect(_view, out) {
    // A line between two ends has no addresses.
    out.source('N/A');
    out.destination('N/A');
  },
});
