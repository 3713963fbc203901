/** Virtual eXtensible LAN (RFC 7348). */
import { u8, u16, u24 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const vxlan = defineProtocol('vxlan', {
  label: 'Virtual eXtensible Local Area Network',
  bind: [{ table: 'udp.port', keys: [4789] }],
  fields: {
    flags: u16('Flags', { at: 0, base: 'hex' }),
    gbp: u16('Group Policy ID', { at: 2 }),
    vni: u24('VXLAN Network Identifier (VNI)', { at: 4 }),
    reserved8: u8('Reserved', { at: 7 }),
  },
  size: 8,
  step(s, size) {
    if (s.has(size)) s.to(s.tables.eth, 0, s.at + size);
  },
});
