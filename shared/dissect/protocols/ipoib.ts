/**
 * IP over InfiniBand as captured on Linux (LINKTYPE_IPOIB, tcpdump.org): 40 bytes of header and addresses, then RFC
 * 4391's.
 */
import { etherTypeNames } from '../ether-types.ts';
import { ipv6, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const ipoib = defineProtocol('ipoib', {
  label: 'IP over Infiniband',
  short: 'IPoIB',
  bind: [{ table: 'link', keys: [242] }],
  fields: {
    dgid: ipv6('Destination GID', { at: 24 }),
    type: u16('Type', { at: 40, base: 'hex', values: etherTypeNames }),
  },
  size: 44,
  step(s, size) {
    if (s.has(size)) s.to(s.tables.ethertype, (s.bytes[s.at + 40] << 8) | s.bytes[s.at + 41], s.at + size);
  },
});
