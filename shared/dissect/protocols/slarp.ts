/** Cisco's Serial Line Address Resolution Protocol: address requests and keepalives on HDLC lines. */
import { ipv4Text } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
import { ipv4, u16, u32 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const types: Readonly<Record<number, string>> = { 0: 'Address request', 1: 'Address reply', 2: 'Line keepalive' };

export const slarp = defineProtocol('slarp', {
  label: 'Cisco SLARP',
  bind: [{ table: 'chdlc.protocol', keys: [0x8035] }],
  fields: {
    ptype: u32('Packet type', { at: 0, values: types }),
    address: ipv4('Address'),
    netmask: ipv4('Netmask'),
    mysequence: u32('Outgoing sequence number'),
    yoursequence: u32('Returned sequence number'),
    reliability: u16('Reliability', { base: 'hex' }),
  },
  dissect(view, out) {
    const type = view.get('ptype');
    const c = new Cursor(view, out, 4);
    const [first, second] = [c.peek('mysequence'), c.peek('yoursequence', 4)];
    if (type === 2) {
      out.info(`Line keepalive, outgoing sequence ${first}, returned sequence ${second}`);
      c.show('mysequence');
      c.show('yoursequence');
      c.show('reliability');
    } else if (type < 2) {
      out.info(`${types[type]}, from ${ipv4Text(first)}, mask ${ipv4Text(second)}`);
      c.show('address');
      c.show('netmask');
    } else out.info(`Unknown packet type 0x${type.toString(16).padStart(8, '0')}`);
  },
});
