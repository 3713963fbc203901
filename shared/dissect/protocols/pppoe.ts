/** PPP over Ethernet, discovery and session (RFC 2516). Discovery tags are not decoded. */
import { u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const codes: Readonly<Record<number, string>> = {
  0x00: 'Session Data',
  0x07: 'Active Discovery Offer (PADO)',
  0x09: 'Active Discovery Initiation (PADI)',
  0x19: 'Active Discovery Request (PADR)',
  0x65: 'Active Discovery Session-confirmation (PADS)',
  0xa7: 'Active Discovery Terminate (PADT)',
};
const fields = {
  '/pppoe.version': u8('Version', { at: 0, mask: 0xf0 }),
  '/pppoe.type': u8('Type', { at: 0, mask: 0x0f }),
  '/pppoe.code': u8('Code', { at: 1, base: 'hex', values: codes }),
  '/pppoe.session_id': u16('Session ID', { at: 2, base: 'hex' }),
  '/pppoe.payload_length': u16('Payload Length', { at: 4 }),
} as const;

export const pppoeDiscovery = defineProtocol('pppoed', {
  label: 'PPP-over-Ethernet Discovery',
  short: 'PPPoED',
  bind: [{ table: 'ethertype', keys: [0x8863] }],
  fields,
  size: 6,
  begin(view, out) {
    out.protocol('PPPoED');
    out.info(view.has(0, 2) ? (codes[view.get('/pppoe.code')] ?? 'Unknown') : '');
  },
  dissect(view) {
    view.need(view.size, view.get('/pppoe.payload_length'));
  },
});

export const pppoeSession = defineProtocol('pppoes', {
  label: 'PPP-over-Ethernet Session',
  short: 'PPPoES',
  bind: [{ table: 'ethertype', keys: [0x8864] }],
  fields,
  size: 6,
  step(s, size) {
    if (!s.has(size)) return;
    s.limitPayload(size + ((s.bytes[s.at + 4] << 8) | s.bytes[s.at + 5]));
    s.to(s.tables.ppp, 0, s.at + size);
  },
  begin(view, out) {
    out.protocol('PPPoES');
    out.info(view.has(0, 2) ? (codes[view.get('/pppoe.code')] ?? 'Unknown') : '');
  },
  // What fills the frame up behind the session's payload is shown nowhere, as in tshark.
  after: () => undefined,
});
