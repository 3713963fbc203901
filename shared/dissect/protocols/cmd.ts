/** Cisco MetaData: a security group tag. In Ethernet the EtherType of what follows stands last, in GRE first. */
import { Cursor } from '../cursor.ts';
import { etherTypeNames } from '../ether-types.ts';
import { u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

/** True where the first word is an EtherType and not version and length. */
const typeFirst = (word: number): boolean => word >= 0x0600;

export const cmd = defineProtocol('cmd', {
  label: 'Cisco MetaData',
  bind: [{ table: 'ethertype', keys: [0x8909] }],
  fields: {
    version: u8('Version'),
    length: u8('Length'),
    options: u16('Options', { base: 'hex' }),
    sgt: u16('SGT'),
    type: u16('Type', { base: 'hex', values: etherTypeNames }),
  },
  size: 8,
  step(s, size) {
    if (!s.has(size)) return;
    const { bytes: b, at } = s;
    const first = (b[at] << 8) | b[at + 1];
    s.to(s.tables.ethertype, typeFirst(first) ? first : (b[at + 6] << 8) | b[at + 7], at + size);
  },
  dissect(view, out) {
    const c = new Cursor(view, out);
    // Shown last wherever it stands.
    const isFirst = typeFirst(c.peek('type'));
    if (isFirst) c.pass('type');
    c.show('version');
    c.show('length');
    c.show('options');
    c.show('sgt');
    if (isFirst) c.at = 0;
    c.show('type');
  },
});
