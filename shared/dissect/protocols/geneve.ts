/** Generic Network Virtualization Encapsulation (RFC 8926). Options are not decoded. */
import { etherTypeNames } from '../ether-types.ts';
import { u8, u16, u24 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const geneve = defineProtocol('geneve', {
  label: 'Generic Network Virtualization Encapsulation',
  short: 'Geneve',
  bind: [{ table: 'udp.port', keys: [6081] }],
  fields: {
    version: u8('Version', { at: 0, mask: 0xc0 }),
    proto_type: u16('Protocol Type', { at: 2, base: 'hex', values: etherTypeNames }),
    vni: u24('Virtual Network Identifier (VNI)', { at: 4, base: 'hex-dec' }),
  },
  begin(_view, out) {
    out.protocol('Geneve');
    out.info('');
  },
  dissect(view, out) {
    const type = view.get('proto_type');
    out.info(`Encapsulated ${etherTypeNames[type] ?? `0x${type.toString(16).padStart(4, '0')} (unknown)`}`);
  },
  size: (b, at) => 8 + (b[at] & 0x3f) * 4,
  step(s, size) {
    if (!s.has(8)) return;
    const { bytes: b, at } = s;
    s.to(s.tables.ethertype, (b[at + 2] << 8) | b[at + 3], at + size);
  },
});
