/** GPRS Tunnelling Protocol, user plane (3GPP TS 29.281): G-PDUs carry IP. Control messages are named only. */
import { u8, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

/** Offset of the payload of the G-PDU at `at`, -1 where it is cut. */
function payloadAt(b: Uint8Array, at: number, end: number): number {
  if ((b[at] & 7) === 0) return at + 8;
  let next = b[at + 11];
  let p = at + 12;
  if ((b[at] & 4) === 0) return p;
  // Extension headers: length in 4-byte units, the type of the next one last.
  while (next !== 0) {
    if (p >= end || b[p] === 0) return -1;
    const size = b[p] * 4;
    if (p + size > end) return -1;
    next = b[p + size - 1];
    p += size;
  }
  return p;
}

const messages: Readonly<Record<number, string>> = {
  1: 'Echo request',
  2: 'Echo response',
  26: 'Error indication',
  31: 'Supported extension header notification',
  254: 'End Marker',
  255: 'T-PDU',
};

export const gtp = defineProtocol('gtp', {
  label: 'GPRS Tunneling Protocol',
  bind: [{ table: 'udp.port', keys: [2152] }],
  fields: {
    flags: u8('Flags', { at: 0, base: 'hex' }),
    message: u8('Message Type', { at: 1, base: 'hex' }),
    length: u16('Length', { at: 2 }),
    teid: u32('TEID', { at: 4, base: 'hex' }),
  },
  step(s) {
    if (!s.has(8)) return;
    const { bytes: b, at } = s;
    if (b[at] >> 5 !== 1 || b[at + 1] !== 0xff || !s.has(12)) return;
    const payload = payloadAt(b, at, s.end);
    if (payload < 0 || payload >= s.end) return;
    const version = b[payload] >> 4;
    if (version === 4) return s.to(s.tables.ip, 0, payload);
    if (version === 6) return s.to(s.tables.ipv6, 0, payload);
    s.data(payload);
  },
  after(view, out) {
    if (view.get('message') === 0xff && out.protocolSoFar !== 'GTP') out.protocol(`GTP <${out.protocolSoFar}>`);
  },
  dissect(view, out) {
    const message = view.get('message');
    out.info(messages[message] ?? `Message 0x${message.toString(16).padStart(2, '0')}`);
  },
});
