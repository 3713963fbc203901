/**
 * Packets that begin with the IP header (LINKTYPE_RAW and its relatives, tcpdump.org): the version nibble tells which.
 */
import { defineProtocol } from '../protocol.ts';

export const raw = defineProtocol('raw', {
  label: 'Raw packet data',
  short: 'Raw IP',
  bind: [{ table: 'link', keys: [101, 12, 14, 7] }],
  fields: {},
  size: 0,
  step(s) {
    if (!s.has(1)) return;
    const version = s.bytes[s.at] >> 4;
    if (version === 4) return s.to(s.tables.ip, 0, s.at);
    if (version === 6) return s.to(s.tables.ipv6, 0, s.at);
    s.data(s.at);
  },
  dissect(_view, out) {
    out.info('Raw packet data');
  },
});
