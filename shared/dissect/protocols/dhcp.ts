/** Dynamic Host Configuration Protocol and BOOTP (RFC 2131, 951; options RFC 2132). Options without a field of their own are shown as bytes. */
import { hexText, ipv4Text } from '../../format/address.ts';
import { bool, bytes, ether, ipv4, string, u16, u32, u8 } from '../field.ts';
import { defineProtocol } from '../protocol.ts';

const messageTypes: Readonly<Record<number, string>> = { 1: 'Discover', 2: 'Offer', 3: 'Request', 4: 'Decline', 5: 'ACK', 6: 'NAK', 7: 'Release', 8: 'Inform', 9: 'Force Renew', 10: 'Lease query', 11: 'Lease Unassigned', 12: 'Lease Unknown', 13: 'Lease Active' };
const optionNames: Readonly<Record<number, string>> = {
  0: 'Padding', 1: 'Subnet Mask', 2: 'Time Offset', 3: 'Router', 4: 'Time Server', 6: 'Domain Name Server', 12: 'Host Name', 15: 'Domain Name', 26: 'Interface MTU', 28: 'Broadcast Address', 31: 'Perform Router Discover', 33: 'Static Route', 42: 'Network Time Protocol Servers', 43: 'Vendor-Specific Information', 44: 'NetBIOS over TCP/IP Name Server', 46: 'NetBIOS over TCP/IP Node Type', 47: 'NetBIOS over TCP/IP Scope', 50: 'Requested IP Address', 51: 'IP Address Lease Time', 52: 'Option Overload', 53: 'DHCP Message Type', 54: 'DHCP Server Identifier', 55: 'Parameter Request List', 56: 'Message', 57: 'Maximum DHCP Message Size', 58: 'Renewal Time Value', 59: 'Rebinding Time Value', 60: 'Vendor class identifier', 61: 'Client identifier', 66: 'TFTP Server Name', 67: 'Bootfile name', 81: 'Client Fully Qualified Domain Name', 82: 'Agent Information Option', 116: 'DHCP Auto-Configuration', 119: 'Domain Search', 121: 'Classless Static Route', 249: 'Private/Classless Static Route (Microsoft)', 252: 'Private/Proxy autodiscovery', 255: 'End',
};
const magic = 0x63825363;

export const dhcp = defineProtocol('dhcp', {
  label: 'Dynamic Host Configuration Protocol',
  bind: [{ table: 'udp.port', keys: [67, 68, 4011] }],
  fields: {
    type: u8('Message type', { at: 0, values: { 1: 'Boot Request', 2: 'Boot Reply' } }),
    'hw.type': u8('Hardware type', { at: 1, base: 'hex', values: { 1: 'Ethernet' } }),
    'hw.len': u8('Hardware address length', { at: 2 }),
    hops: u8('Hops', { at: 3 }),
    id: u32('Transaction ID', { at: 4, base: 'hex' }),
    secs: u16('Seconds elapsed', { at: 8 }),
    flags: u16('Bootp flags', { at: 10, base: 'hex' }),
    'flags.bc': bool('Broadcast flag', { at: 10, length: 2, mask: 0x8000, parent: 'flags', tfs: ['Broadcast', 'Unicast'] }),
    'flags.reserved': u16('Reserved flags', { at: 10, mask: 0x7fff, parent: 'flags', base: 'hex' }),
    'ip.client': ipv4('Client IP address', { at: 12 }),
    'ip.your': ipv4('Your (client) IP address', { at: 16 }),
    'ip.server': ipv4('Next server IP address', { at: 20 }),
    'ip.relay': ipv4('Relay agent IP address', { at: 24 }),
    'hw.mac_addr': ether('Client MAC address'),
    'hw.addr_padding': bytes('Client hardware address padding'),
    server: string('Server host name'),
    file: string('Boot file name'),
    cookie: ipv4('Magic cookie', { text: (v) => (v === magic ? 'Magic cookie: DHCP' : `Magic cookie: ${ipv4Text(v)}`) }),
    'option.type': u8('Option'),
    'option.length': u8('Length'),
    'option.dhcp': u8('DHCP', { values: messageTypes }),
    'option.dhcp_server_id': ipv4('DHCP Server Identifier'),
    'option.requested_ip_address': ipv4('Requested IP Address'),
    'option.ip_address_lease_time': u32('IP Address Lease Time', { unit: 's' }),
    'option.renewal_time_value': u32('Renewal Time Value', { unit: 's' }),
    'option.rebinding_time_value': u32('Rebinding Time Value', { unit: 's' }),
    'option.subnet_mask': ipv4('Subnet Mask'),
    'option.router': ipv4('Router'),
    'option.domain_name_server': ipv4('Domain Name Server'),
    'option.domain_name': string('Domain Name'),
    'option.hostname': string('Host Name'),
    'option.vendor_class_id': string('Vendor class identifier'),
    'option.request_list_item': u8('Parameter Request List Item', { values: optionNames }),
    'option.dhcp_max_message_size': u16('Maximum DHCP Message Size'),
    'option.value': bytes('Value'),
    'option.end': u8('Option End'),
    'option.padding': bytes('Padding'),
  },
  dissect(view, out) {
    out.protocol('BOOTP');
    const id = `0x${view.get('id').toString(16)}`;
    out.info(view.get('type') === 1 ? 'Boot Request' : 'Boot Reply');
    if (view.get('hw.type') === 1 && view.get('hw.len') === 6) {
      out.add('hw.mac_addr', 28, 6, view.slice(28, 6));
      const mac = hexText(view.slice(28, 6), ':');
      if (view.get('type') === 1) out.info(`Boot Request from ${mac} (${mac})`);
      out.add('hw.addr_padding', 34, 10, view.slice(34, 10));
    }
    const zeroEnded = (at: number, size: number): string => {
      const value = view.latin1(at, size);
      const end = value.indexOf('\0');
      return end < 0 ? value : value.slice(0, end);
    };
    const server = zeroEnded(44, 64);
    if (server !== '') out.add('server', 44, 64, server);
    else out.line('Server host name not given', 44, 64);
    const file = zeroEnded(108, 128);
    if (file !== '') out.add('file', 108, 128, file);
    else out.line('Boot file name not given', 108, 128);
    if (view.captured < 240) return;
    out.add('cookie', 236, 4, view.u32(236));
    if (view.u32(236) !== magic) return;
    let at = 240;
    while (at < view.captured) {
      const code = view.u8(at);
      const start = at;
      if (code === 0) {
        while (at < view.captured && view.u8(at) === 0) at++;
        out.add('option.padding', start, at - start, view.slice(start, at - start));
        continue;
      }
      if (code === 255) {
        out.group(out.line('Option: (255) End', at, 1), () => out.add('option.type', start, 1, 255));
        at++;
        if (at < view.captured) out.add('option.padding', at, view.captured - at, view.slice(at, view.captured - at));
        break;
      }
      const length = view.u8(at + 1);
      const name = optionNames[code] ?? 'Unknown';
      const line = out.line(`Option: (${code}) ${name}`, at, Math.min(2 + length, view.captured - at));
      const value = at + 2;
      out.group(line, () => {
        out.add('option.type', start, 1, code);
        out.add('option.length', start + 1, 1, length);
        view.need(value, length);
        const addresses = (key: 'option.router' | 'option.domain_name_server'): void => {
          for (let p = value; p + 4 <= value + length; p += 4) out.add(key, p, 4, view.u32(p));
        };
        switch (code) {
          case 53: {
            const type = view.u8(value);
            out.add('option.dhcp', value, 1, type);
            const text = messageTypes[type] ?? 'Unknown';
            line.label += ` (${text})`;
            out.title(`Dynamic Host Configuration Protocol (${text})`);
            out.protocol('DHCP');
            out.info(`DHCP ${text.padEnd(8)} - Transaction ID ${id}`);
            return;
          }
          case 1:
            if (length === 4) return void out.add('option.subnet_mask', value, 4, view.u32(value));
            break;
          case 3:
            return addresses('option.router');
          case 6:
            return addresses('option.domain_name_server');
          case 12:
            return void out.add('option.hostname', value, length, zeroEnded(value, length));
          case 15:
            return void out.add('option.domain_name', value, length, zeroEnded(value, length));
          case 50:
            if (length === 4) return void out.add('option.requested_ip_address', value, 4, view.u32(value));
            break;
          case 51:
          case 58:
          case 59:
            if (length === 4) return void out.add(code === 51 ? 'option.ip_address_lease_time' : code === 58 ? 'option.renewal_time_value' : 'option.rebinding_time_value', value, 4, view.u32(value));
            break;
          case 54:
            if (length === 4) return void out.add('option.dhcp_server_id', value, 4, view.u32(value));
            break;
          case 55:
            for (let p = value; p < value + length; p++) out.add('option.request_list_item', p, 1, view.u8(p));
            return;
          case 57:
            if (length === 2) return void out.add('option.dhcp_max_message_size', value, 2, view.u16(value));
            break;
          case 60:
            return void out.add('option.vendor_class_id', value, length, zeroEnded(value, length));
          case 61:
            if (length === 7 && view.u8(value) === 1) {
              out.add('hw.mac_addr', value + 1, 6, view.slice(value + 1, 6));
              return;
            }
            break;
          default:
            break;
        }
        if (length > 0) out.add('option.value', value, length, view.slice(value, length));
      });
      at += 2 + length;
    }
  },
});
