/**
 * Control word of an Ethernet pseudowire (RFC 4448 section 4.6): zero bits and a sequence number, then an Ethernet
 * frame.
 */
import { u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

export const pwethcw = defineProtocol('pwethcw', {
  label: 'PW Ethernet Control Word',
  short: 'PW EthCW',
  bind: [{ table: 'mpls', keys: [0] }],
  fields: { '/pweth.cw.sequence_number': u16('Sequence Number', { at: 2 }) },
  size: 4,
  step(s, size) {
    if (s.has(size)) s.to(s.tables.eth, 0, s.at + size);
  },
});
