/** Logical link control and SNAP (IEEE 802.2, IEEE 802 clause 9). Not decoded: numbered and supervisory frames beyond their control field. */

import { etherTypeNames } from '../ether-types.ts';
import { u8, u16, u24 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const sapNames: Readonly<Record<number, string>> = {
  0x00: 'NULL LSAP',
  0x06: 'TCP/IP',
  0x42: 'Spanning Tree BPDU',
  0xaa: 'SNAP',
  0xe0: 'NetWare',
  0xf0: 'NetBIOS',
  0xfe: 'ISO Network Layer',
  0xff: 'Global LSAP',
};

const ciscoOui = 0x00000c;

export const llc = defineProtocol('llc', {
  label: 'Logical-Link Control',
  // Key 0 is where 802.3 hands over; link types that begin with LLC come here as well.
  bind: [{ table: 'llc.dsap', keys: [0] }],
  fields: {
    dsap: u8('DSAP', { at: 0, base: 'hex', values: sapNames }),
    ssap: u8('SSAP', { at: 1, base: 'hex', values: sapNames }),
    control: u16('Control field', { base: 'hex' }),
    oui: u24('Organization Code'),
    type: u16('Type', { base: 'hex', values: etherTypeNames }),
    pid: u16('Protocol ID', { base: 'hex' }),
    cisco_pid: u16('PID', { base: 'hex' }),
  },
  step(s) {
    if (!s.has(3)) return;
    const { bytes, at } = s;
    const unnumbered = (bytes[at + 2] & 3) === 3;
    const header = unnumbered ? 3 : 4;
    if (bytes[at] === 0xaa && bytes[at + 1] === 0xaa && unnumbered) {
      if (!s.has(8)) return;
      const oui = (bytes[at + 3] << 16) | (bytes[at + 4] << 8) | bytes[at + 5];
      // Encapsulated Ethernet, Apple's and Cisco's bridging of it.
      if (oui === 0x000000 || oui === 0x0000f8) return s.to(s.tables.ethertype, (bytes[at + 6] << 8) | bytes[at + 7], at + 8);
      return s.data(at + 8);
    }
    if (bytes[at] === 0x06) return s.to(s.tables.ethertype, 0x0800, at + header);
    s.data(at + header);
  },
  dissect(view, out) {
    const control = view.u8(2);
    const unnumbered = (control & 3) === 3;
    out.add('control', 2, unnumbered ? 1 : 2, unnumbered ? control : view.u16le(2));
    const names = (value: number): string => sapNames[value & 0xfe] ?? `0x${value.toString(16).padStart(2, '0')}`;
    out.info(
      `${unnumbered ? 'U' : control & 1 ? 'S' : 'I'}; DSAP ${names(view.get('dsap'))} ${view.get('dsap') & 1 ? 'Group' : 'Individual'}, SSAP ${names(view.get('ssap'))} ${view.get('ssap') & 1 ? 'Response' : 'Command'}`,
    );
    if (view.get('dsap') !== 0xaa || view.get('ssap') !== 0xaa) return;
    out.add('oui', 3, 3, view.u24(3));
    const oui = view.u24(3);
    if (oui === 0 || oui === 0x0000f8) out.add('type', 6, 2, view.u16(6));
    else out.add(oui === ciscoOui ? 'cisco_pid' : 'pid', 6, 2, view.u16(6));
  },
});
