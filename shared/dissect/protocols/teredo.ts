/**
 * Teredo: IPv6 in UDP through address translators (RFC 4380). Authentication and origin indications are passed over.
 */
import { defineProtocol } from '../protocol.ts';

/** Offset of the IPv6 header, -1 where the bytes are no Teredo packet. */
function innerAt(b: Uint8Array, at: number, end: number): number {
  let p = at;
  if (p + 4 <= end && b[p] === 0 && b[p + 1] === 1) p += 13 + b[p + 2] + b[p + 3];
  if (p + 8 <= end && b[p] === 0 && b[p + 1] === 0) p += 8;
  return p + 40 <= end && b[p] >> 4 === 6 ? p : -1;
}

export const teredo = defineProtocol('teredo', {
  label: 'Teredo IPv6 over UDP tunneling',
  short: 'Teredo',
  bind: [{ table: 'udp.port', keys: [3544] }],
  fields: {},
  step(s) {
    const inner = innerAt(s.bytes, s.at, s.end);
    if (inner >= 0) s.to(s.tables.ipv6, 0, inner);
  },
});
