/**
 * Logical link control and SNAP (IEEE 802.2, IEEE 802 clause 9). Not decoded: numbered and supervisory frames beyond
 * their control field.
 */

import { Cursor } from '../cursor.ts';
import { door, hexNumbers } from '../dispatch.ts';
import { etherTypeNames } from '../ether-types.ts';
import { bool, u8, u16, u24 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const sapNames: Readonly<Record<number, string>> = {
  0x00: 'NULL LSAP',
  0x02: 'LLC Sub-Layer Management',
  0x04: 'SNA Path Control',
  0x06: 'TCP/IP',
  0x42: 'Spanning Tree BPDU',
  0xaa: 'SNAP',
  0xe0: 'NetWare',
  0xf0: 'NetBIOS',
  0xfe: 'ISO Network Layer',
  0xff: 'Global LSAP',
};

const snap = 0xaa;
const ciscoOui = 0x00000c;
const ouiNames: Readonly<Record<number, string>> = {
  0x000000: 'Officially Xerox, but 0:0:0:0:0:0 is more common',
  0x00000c: 'Cisco Systems, Inc',
};
const unnumberedNames: Readonly<Record<number, string>> = {
  0x03: 'UI',
  0x0f: 'DM',
  0x43: 'DISC',
  0x63: 'UA',
  0x6f: 'SABME',
  0x87: 'FRMR',
  0xaf: 'XID',
  0xe3: 'TEST',
};
const supervisoryNames = ['RR', 'RNR', 'REJ', 'SREJ'];

/** Unnumbered frames have one byte of control field, others two. */
const headerLength = (control: number): number => ((control & 3) === 3 ? 3 : 4);

/** The control field (IEEE 802.2 clause 5.4) in words. */
function controlText(first: number, second: number, isResponse: boolean): string {
  const unnumbered = (first & 3) === 3;
  const poll = (unnumbered ? first & 0x10 : second & 1) ? (isResponse ? ' F' : ' P') : '';
  if (unnumbered) return `U${poll}, func=${unnumberedNames[first & 0xef] ?? 'Unknown'}`;
  if (first & 1) return `S${poll}, func=${supervisoryNames[(first >> 2) & 3]}, N(R)=${second >> 1}`;
  return `I${poll}, N(R)=${second >> 1}, N(S)=${first >> 1}`;
}

export const llc = defineProtocol('llc', {
  label: 'Logical-Link Control',
  // Through the door come those whose payload begins with LLC.
  tables: { 'llc.dsap': hexNumbers('LLC SAP'), llc: door('Logical-Link Control') },
  bind: [{ table: 'llc', keys: [0] }],
  fields: {
    dsap: u8('DSAP', { at: 0, base: 'hex', values: sapNames }),
    'dsap.sap': u8('SAP', { at: 0, mask: 0xfe, parent: 'dsap' }),
    'dsap.ig': bool('IG Bit', { at: 0, mask: 0x01, parent: 'dsap', tfs: ['Group', 'Individual'] }),
    ssap: u8('SSAP', { at: 1, base: 'hex', values: sapNames }),
    'ssap.sap': u8('SAP', { at: 1, mask: 0xfe, parent: 'ssap' }),
    'ssap.cr': bool('CR Bit', { at: 1, mask: 0x01, parent: 'ssap', tfs: ['Response', 'Command'] }),
    control: u16('Control field', { base: 'hex', little: true }),
    oui: u24('Organization Code'),
    type: u16('Type', { base: 'hex', values: etherTypeNames }),
    pid: u16('Protocol ID', { base: 'hex' }),
    cisco_pid: u16('PID', { base: 'hex' }),
  },
  step(s) {
    if (!s.has(3)) return;
    const { bytes, at } = s;
    const header = headerLength(bytes[at + 2]);
    if (bytes[at] === snap && bytes[at + 1] === snap) {
      const type = at + header + 3;
      if (!s.has(header + 5)) return;
      const oui = (bytes[at + header] << 16) | (bytes[at + header + 1] << 8) | bytes[at + header + 2];
      // Encapsulated Ethernet, and Cisco's bridging of it.
      if (oui === 0x000000 || oui === 0x0000f8)
        return s.to(s.tables.ethertype, (bytes[type] << 8) | bytes[type + 1], type + 2);
      return s.data(type + 2);
    }
    s.to(s.tables['llc.dsap'], bytes[at], at + header);
  },
  begin(_view, out) {
    out.protocol('LLC');
    out.info('');
  },
  dissect(view, out) {
    const c = new Cursor(view, out, 2);
    const [dsap, ssap] = [view.get('dsap'), view.get('ssap')];
    const header = headerLength(view.u8(2));
    const control = c.read('control', header - 2);
    const function_ = controlText(control & 0xff, control >> 8, (ssap & 1) !== 0);
    if (dsap !== snap || ssap !== snap) {
      const name = (value: number): string =>
        sapNames[value & 0xfe] ?? `0x${(value & 0xfe).toString(16).padStart(2, '0')}`;
      out.info(
        `${function_}; DSAP ${name(dsap)} ${dsap & 1 ? 'Group' : 'Individual'}, SSAP ${name(ssap)} ${ssap & 1 ? 'Response' : 'Command'}`,
      );
      return;
    }
    const [oui, number] = [c.peek('oui'), c.peek('pid', 3)];
    c.show('oui');
    const hex = (value: number, digits: number): string =>
      `0x${value.toString(16).toUpperCase().padStart(digits, '0')}`;
    out.info(`${function_}; SNAP, OUI ${hex(oui, 6)} (${ouiNames[oui] ?? 'Unknown'}), PID ${hex(number, 4)}`);
    c.show(oui === 0 || oui === 0x0000f8 ? 'type' : oui === ciscoOui ? 'cisco_pid' : 'pid');
  },
});
