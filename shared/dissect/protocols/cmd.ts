/** Cisco MetaData: a security group tag before the EtherType of what follows. */
import { etherTypeNames } from '../ether-types.ts';
import { u16, u8 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const cmd = defineProtocol('cmd', {
  label: 'Cisco MetaData',
  bind: [{ table: 'ethertype', keys: [0x8909] }],
  fields: {
    type: u16('Type', { at: 6, base: 'hex', values: etherTypeNames }),
    version: u8('Version', { at: 0 }),
    length: u8('Length', { at: 1 }),
    options: u16('Options', { at: 2, base: 'hex' }),
    sgt: u16('SGT', { at: 4 }),
  },
  step(s) {
    if (s.has(8)) s.to(s.tables.ethertype, (s.bytes[s.at + 6] << 8) | s.bytes[s.at + 7], s.at + 8);
  },
});
