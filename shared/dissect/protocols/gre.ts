/**
 * Generic Routing Encapsulation (RFC 2784, 2890; version 1 for PPTP RFC 2637). Routing entries of RFC 1701 are passed
 * over.
 */

import { Cursor } from '../cursor.ts';
import { hexNumbers } from '../dispatch.ts';
import { etherTypeNames } from '../ether-types.ts';
import { bool, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

/** Header bytes that the flags announce. */
function headerLength(b: Uint8Array, at: number): number {
  const flags = (b[at] << 8) | b[at + 1];
  return (
    4 +
    (flags & 0xc000 ? 4 : 0) +
    (flags & 0x2000 ? 4 : 0) +
    (flags & 0x1000 ? 4 : 0) +
    ((flags & 7) === 1 && flags & 0x0080 ? 4 : 0)
  );
}

/** Beside the EtherTypes, and 0 for the packets that a router sends to see whether they come back. */
const ownNames: Readonly<Record<number, string>> = {
  0: 'Possible GRE keepalive packet',
  0x22eb: 'ERSPAN III',
  0x88be: 'ERSPAN',
};
const protocolNames = (value: number): string | undefined => ownNames[value] ?? etherTypeNames[value];

export const gre = defineProtocol('gre', {
  label: 'Generic Routing Encapsulation',
  // Asked before the EtherTypes.
  tables: { 'gre.proto': hexNumbers('GRE protocol type') },
  bind: [{ table: 'ip.proto', keys: [47] }],
  fields: {
    flags_and_version: u16('Flags and Version', { at: 0, base: 'hex' }),
    'flags.checksum': bool('Checksum Bit', {
      at: 0,
      length: 2,
      mask: 0x8000,
      parent: 'flags_and_version',
      tfs: ['Yes', 'No'],
    }),
    'flags.routing': bool('Routing Bit', {
      at: 0,
      length: 2,
      mask: 0x4000,
      parent: 'flags_and_version',
      tfs: ['Yes', 'No'],
    }),
    'flags.key': bool('Key Bit', { at: 0, length: 2, mask: 0x2000, parent: 'flags_and_version', tfs: ['Yes', 'No'] }),
    'flags.sequence_number': bool('Sequence Number Bit', {
      at: 0,
      length: 2,
      mask: 0x1000,
      parent: 'flags_and_version',
      tfs: ['Yes', 'No'],
    }),
    'flags.strict_source_route': bool('Strict Source Route Bit', {
      at: 0,
      length: 2,
      mask: 0x0800,
      parent: 'flags_and_version',
      tfs: ['Yes', 'No'],
    }),
    'flags.recursion_control': u16('Recursion control', { at: 0, mask: 0x0700, parent: 'flags_and_version' }),
    'flags.version': u16('Version', {
      at: 0,
      mask: 0x0007,
      parent: 'flags_and_version',
      values: { 0: 'GRE', 1: 'Enhanced GRE' },
    }),
    proto: u16('Protocol Type', { at: 2, base: 'hex', values: protocolNames }),
    checksum: u16('Checksum', { base: 'hex' }),
    offset: u16('Offset'),
    key: u32('Key', { base: 'hex' }),
    sequence_number: u32('Sequence Number'),
  },
  size: headerLength,
  step(s, size) {
    if (!s.has(4)) return;
    const { bytes: b, at } = s;
    const flags = (b[at] << 8) | b[at + 1];
    const protocol = (b[at + 2] << 8) | b[at + 3];
    const payload = at + size;
    // Four bytes and nothing else carry nothing.
    if (flags & 0x4000 || payload > s.end || at + 4 === s.reported) return;
    if (protocol === 0x880b) return s.to(s.tables.ppp, 0, payload);
    s.greFlags = flags;
    s.greProtocol = protocol;
    s.to(s.tables['gre.proto'][protocol] >= 0 ? s.tables['gre.proto'] : s.tables.ethertype, protocol, payload);
  },
  dissect(view, out) {
    const flags = view.get('flags_and_version');
    const protocol = view.get('proto');
    const number = `0x${protocol.toString(16).padStart(4, '0')}`;
    out.title(`Generic Routing Encapsulation (${protocolNames(protocol) ?? number})`);
    out.info(`Encapsulated ${protocolNames(protocol) ?? `${number} (unknown)`}`);
    const c = new Cursor(view, out, 4);
    if (flags & 0xc000) {
      c.show('checksum');
      c.show('offset');
    }
    if (flags & 0x2000) c.show('key');
    if (flags & 0x1000) c.show('sequence_number');
  },
});
