/** IPsec in UDP (RFC 3948): ESP, or IKE behind four zero bytes. IKE itself is not decoded. */
import { none } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const udpencap = defineProtocol('udpencap', {
  label: 'UDP Encapsulation of IPsec Packets',
  short: 'UDPENCAP',
  bind: [{ table: 'udp.port', keys: [4500] }],
  fields: { nat_keepalive: none('NAT-keepalive packet'), non_esp_marker: none('Non-ESP Marker') },
  step(s) {
    if (!s.has(4)) return;
    const { bytes: b, at } = s;
    if ((b[at] | b[at + 1] | b[at + 2] | b[at + 3]) === 0) s.data(at + 4);
    else s.to(s.tables.esp, 0, at);
  },
  dissect(view, out) {
    if (view.reported === 1) {
      out.add('nat_keepalive', 0, 1, true);
      out.info('NAT-keepalive');
    } else if (view.u32(0) === 0) out.add('non_esp_marker', 0, 4, true);
  },
});
