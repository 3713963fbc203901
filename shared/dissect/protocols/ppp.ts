/**
 * Point-to-Point Protocol (RFC 1661, framing RFC 1662). What it carries is found by the protocol number; LCP and its
 * kin are not decoded.
 */
import { Cursor } from '../cursor.ts';
import { door, hexNumbers } from '../dispatch.ts';
import { u8, u16 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const names: Readonly<Record<number, string>> = {
  0x0021: 'Internet Protocol version 4',
  0x0057: 'Internet Protocol version 6',
  0x0281: 'MPLS Unicast',
  0xc021: 'Link Control Protocol',
  0x8021: 'Internet Protocol Control Protocol',
  0xc023: 'Password Authentication Protocol',
  0xc223: 'Challenge Handshake Authentication Protocol',
};

/** Bytes of address, control and protocol at `at`. */
function headerLength(b: Uint8Array, at: number): number {
  const framing = b[at] === 0xff ? 2 : 0;
  // Protocol numbers end in an odd byte; an odd first byte is the whole, compressed.
  return framing + (b[at + framing] & 1 ? 1 : 2);
}

export const ppp = defineProtocol('ppp', {
  label: 'Point-to-Point Protocol',
  // Through the door come PPPoE and the like.
  tables: { 'ppp.protocol': hexNumbers('PPP protocol'), ppp: door('Point-to-Point Protocol') },
  bind: [
    { table: 'link', keys: [9, 50] },
    { table: 'ppp', keys: [0] },
    { table: 'ethertype', keys: [0x880b] },
  ],
  fields: {
    address: u8('Address', { base: 'hex' }),
    control: u8('Control', { base: 'hex' }),
    protocol: u16('Protocol', { base: 'hex', values: names }),
  },
  size: headerLength,
  step(s, size) {
    if (!s.has(4)) return;
    const { bytes: b, at } = s;
    const protocol = b[at + size - 1] | ((size & 1) === 0 ? b[at + size - 2] << 8 : 0);
    s.to(s.tables['ppp.protocol'], protocol, at + size);
  },
  dissect(view, out) {
    view.need(0, 4);
    const { size } = view;
    const c = new Cursor(view, out);
    if (size > 2) {
      c.show('address');
      c.show('control');
    }
    const protocol = c.read('protocol', size - c.at);
    const number = `0x${protocol.toString(16).padStart(4, '0')}`;
    if (names[protocol] === undefined) out.protocol(number);
    out.info(names[protocol] ?? `PPP Unknown (${number})`);
    if (view.context.layers.length > 1) return;
    // A line between two ends has no addresses.
    out.source('N/A');
    out.destination('N/A');
  },
});
