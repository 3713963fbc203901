/**
 * Dynamic Host Configuration Protocol and BOOTP (RFC 2131, 951; options RFC 2132). Options without a field of their own
 * are shown as bytes; vendor options (43, 125) and relay agent information (82) are not taken apart.
 */

import { utf8Text } from '../../bytes/text.ts';
import { hexText, ipv4Text } from '../../format/address.ts';
import { Cursor } from '../cursor.ts';
import { bool, bytes, ether, guid, i32, ipv4, string, u8, u16, u32 } from '../field.ts';
import type { TreeItem } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';
import { dhcpMessageTypes, dhcpOptionNames, dhcpValueFields, secondsText } from './dhcp-options.ts';

/** Where the client's hardware address, the server's name and the boot file's lie (RFC 2131 section 2). */
const hardwareAt = 28;
const hardwareSize = 16;
const serverAt = 44;
const fileAt = 108;
const cookieAt = 236;
const magic = 0x63825363;
const hardwareTypes: Readonly<Record<number, string>> = { 1: 'Ethernet', 6: 'IEEE 802' };

/** What is left of a text's place is filled with zeros. */
const text = (label: string) => string(label, { coding: 'zero-ended' });
const seconds = (label: string) => u32(label, { text: (v: number) => `${label}: ${secondsText(v)}` });

const fields = {
  bootp: bool('Frame is BOOTP', { hidden: true }),
  type: u8('Message type', { at: 0, values: { 1: 'Boot Request', 2: 'Boot Reply' } }),
  'hw.type': u8('Hardware type', { at: 1, base: 'hex', values: hardwareTypes }),
  'hw.len': u8('Hardware address length', { at: 2 }),
  hops: u8('Hops', { at: 3 }),
  id: u32('Transaction ID', { at: 4, base: 'hex' }),
  secs: u16('Seconds elapsed', { at: 8, get: elapsed }),
  flags: u16('Bootp flags', {
    at: 10,
    base: 'hex',
    text: (v: number) =>
      `Bootp flags: 0x${v.toString(16).padStart(4, '0')}${v & 0x8000 ? ', Broadcast flag (Broadcast)' : ' (Unicast)'}`,
  }),
  'flags.bc': bool('Broadcast flag', {
    at: 10,
    length: 2,
    mask: 0x8000,
    parent: 'flags',
    tfs: ['Broadcast', 'Unicast'],
  }),
  'flags.reserved': u16('Reserved flags', { at: 10, mask: 0x7fff, parent: 'flags', base: 'hex' }),
  'ip.client': ipv4('Client IP address', { at: 12 }),
  'ip.your': ipv4('Your (client) IP address', { at: 16 }),
  'ip.server': ipv4('Next server IP address', { at: 20 }),
  'ip.relay': ipv4('Relay agent IP address', { at: 24 }),
  'hw.mac_addr': ether('Client MAC address'),
  'hw.addr': bytes('Client hardware address', { length: hardwareSize }),
  'hw.addr_padding': bytes('Client hardware address padding'),
  server: string('Server host name', { length: 64, coding: 'zero-ended' }),
  file: string('Boot file name', { length: 128, coding: 'zero-ended' }),
  cookie: ipv4('Magic cookie', {
    text: (v: number) => (v === magic ? 'Magic cookie: DHCP' : `Magic cookie: ${ipv4Text(v)}`),
  }),
  'option.type': u8('Option'),
  'option.length': u8('Length'),
  'option.value': bytes('Value', { hidden: true }),
  'option.end': u8('Option End'),
  'option.padding': bytes('Padding'),
  'option.subnet_mask': ipv4('Subnet Mask'),
  'option.time_offset': i32('Time Offset', { text: (v: number) => `Time Offset: ${secondsText(v)}` }),
  'option.router': ipv4('Router'),
  'option.time_server': ipv4('Time Server'),
  'option.name_server': ipv4('Name Server'),
  'option.domain_name_server': ipv4('Domain Name Server'),
  'option.log_server': ipv4('Log Server'),
  'option.lpr_server': ipv4('LPR Server'),
  'option.hostname': text('Host Name'),
  'option.boot_file_size': u16('Boot File Size'),
  'option.domain_name': text('Domain Name'),
  'option.root_path': text('Root Path'),
  'option.ip_forwarding': bool('IP Forwarding', { tfs: ['Enabled', 'Disabled'] }),
  'option.default_ip_ttl': u8('Default IP Time-to-Live'),
  'option.interface_mtu': u16('Interface MTU'),
  'option.broadcast_address': ipv4('Broadcast Address'),
  'option.perform_router_discover': bool('Perform Router Discover', { tfs: ['Enabled', 'Disabled'] }),
  'option.static_route.ip': ipv4('Destination IP Address'),
  'option.static_route.router': ipv4('Destination Router'),
  'option.arp_cache_timeout': seconds('ARP Cache Timeout'),
  'option.tcp_default_ttl': u8('TCP Default TTL'),
  'option.tcp_keepalive_interval': seconds('TCP Keepalive Interval'),
  'option.nis_domain': text('Network Information Service Domain'),
  'option.nis_server': ipv4('Network Information Service Server'),
  'option.ntp_server': ipv4('Network Time Protocol Server'),
  'option.netbios_over_tcpip_name_server': ipv4('NetBIOS over TCP/IP Name Server'),
  'option.netbios_over_tcpip_dd_name_server': ipv4('NetBIOS over TCP/IP Datagram Distribution Name Server'),
  'option.netbios_over_tcpip_node_type': u8('NetBIOS over TCP/IP Node Type', {
    values: { 1: 'B-node', 2: 'P-node', 4: 'M-node', 8: 'H-node' },
  }),
  'option.netbios_over_tcpip_scope': text('NetBIOS over TCP/IP Scope'),
  'option.requested_ip_address': ipv4('Requested IP Address'),
  'option.ip_address_lease_time': seconds('IP Address Lease Time'),
  'option.option_overload': u8('Option Overload', {
    values: {
      1: 'Boot file holds options',
      2: 'Server host names hold options',
      3: 'Boot file and server host names hold options',
    },
  }),
  'option.dhcp': u8('DHCP', { values: dhcpMessageTypes }),
  'option.dhcp_server_id': ipv4('DHCP Server Identifier'),
  'option.request_list_item': u8('Parameter Request List Item', {
    text: (v: number) => `Parameter Request List Item: (${v}) ${optionName(v)}`,
  }),
  'option.message': text('Message'),
  'option.dhcp_max_message_size': u16('Maximum DHCP Message Size'),
  'option.renewal_time_value': seconds('Renewal Time Value'),
  'option.rebinding_time_value': seconds('Rebinding Time Value'),
  'option.vendor_class_id': text('Vendor class identifier'),
  'client_id.type': u8('Type'),
  'client_id.undef': text('Client Identifier'),
  'client_id.uuid': guid('Client Identifier (UUID)'),
  'option.tftp_server_name': text('TFTP Server Name'),
  'option.bootfile_name': text('Bootfile name'),
  'option.smtp_server': ipv4('SMTP Server'),
  'fqdn.flags': u8('Flags', { base: 'hex' }),
  'fqdn.rcode1': u8('A-RR result'),
  'fqdn.rcode2': u8('PTR-RR result'),
  'fqdn.name': text('Client name'),
  'option.client_last_transaction_time': seconds('Client last transaction time'),
  'option.client_system_architecture': u16('Client System Architecture'),
  client_network_id_major: u8('Major Version'),
  client_network_id_minor: u8('Minor Version'),
  'option.dhcp_auto_configuration': u8('DHCP Auto-Configuration', {
    values: { 0: 'DoNotAutoConfigure', 1: 'AutoConfigure' },
  }),
  'option.subnet_selection_option': ipv4('Subnet Selection Option'),
} as const;

type DhcpCursor = Cursor<typeof fields>;

const optionName = (code: number): string => dhcpOptionNames[code] ?? 'Unassigned';

/** Some clients send the seconds in the wrong byte order: a low byte of 0 under a value that big gives them away. */
function elapsed(view: View): number {
  const value = view.u16(8);
  return value > 255 && (value & 0xff) === 0 ? value >> 8 : value;
}

export const dhcp = defineProtocol('dhcp', {
  label: 'Dynamic Host Configuration Protocol',
  bind: [{ table: 'udp.port', keys: [67, 68, 4011] }],
  fields,
  begin(view, out) {
    const type = messageType(view);
    out.protocol(type < 0 ? 'BOOTP' : 'DHCP');
    if (view.captured < 1) return;
    const reply = view.u8(0) === 2;
    if (type < 0) {
      // The address is all zeros past the end of a cut packet's bytes: it is named only where it is there.
      const address = view.has(28, 6) ? hexText(view.slice(28, 6), ':') : '';
      out.info(reply ? 'Boot Reply' : address === '' ? 'Boot Request' : `Boot Request from ${address} (${address})`);
      if (view.captured >= cookieAt) out.add('bootp', 0, 0, true);
      return;
    }
    const name = dhcpMessageTypes[type] ?? `Unknown Message Type (0x${type.toString(16).padStart(2, '0')})`;
    out.title(`Dynamic Host Configuration Protocol (${dhcpMessageTypes[type] ?? 'Unknown'})`);
    out.info(`DHCP ${name.padEnd(8)} - Transaction ID 0x${view.u32(4).toString(16)}`);
  },
  dissect(view, out) {
    const c = new Cursor(view, out, hardwareAt);
    const hardware = view.get('hw.len');
    if (hardware > 0 && hardware <= hardwareSize) {
      if (hardware === 6 && (view.get('hw.type') === 1 || view.get('hw.type') === 6)) c.show('hw.mac_addr');
      else c.part('hw.addr');
      c.at = hardwareAt + hardware;
      if (hardware < hardwareSize) c.show('hw.addr_padding', hardwareSize - hardware);
    }
    c.at = hardwareAt + hardwareSize;
    const overload = overloaded(view);
    nameOrOptions(c, 'server', (overload & 2) !== 0, 'Server host name');
    nameOrOptions(c, 'file', (overload & 1) !== 0, 'Boot file name');
    const cookie = c.peek('cookie');
    if (cookie !== magic) view.need(c.at, 64);
    c.show('cookie');
    if (cookie === magic) options(c, view.captured);
  },
});

/** Calls `each` for the options that are whole; lists that contradict themselves end early. */
function scan(view: View, each: (code: number, at: number, length: number) => boolean): void {
  if (!view.has(cookieAt, 4) || view.u32(cookieAt) !== magic) return;
  for (let at = cookieAt + 4; at < view.captured; ) {
    const code = view.u8(at);
    if (code === 255) return;
    if (code === 0) {
      at++;
      continue;
    }
    if (!view.has(at, 2)) return;
    const length = view.u8(at + 1);
    if (!each(code, at + 2, length)) return;
    at += 2 + length;
  }
}

function messageType(view: View): number {
  let type = -1;
  scan(view, (code, at, length) => {
    if (code !== 53) return true;
    type = length > 0 && view.has(at, 1) ? view.u8(at) : 255;
    return false;
  });
  return type;
}

/** Which of the two name fields hold options (RFC 2132 section 9.3): bit 0 the file name, bit 1 the server name. */
function overloaded(view: View): number {
  let bits = 0;
  scan(view, (code, at, length) => {
    if (code === 52 && length === 1 && view.has(at, 1)) bits = view.u8(at) & 3;
    return true;
  });
  return bits;
}

function nameOrOptions(c: DhcpCursor, key: 'server' | 'file', overload: boolean, label: string): void {
  if (!overload) {
    const name = c.read(key);
    c.line.label = name === '' ? `${label} not given` : `${label}: ${name}`;
    return;
  }
  // The options in it stand where the one that says so does.
  const { view, out, at } = c;
  c.pass(key);
  view.need(at, c.at - at);
  out.line(`${label} option overloaded by DHCP`, at, c.at - at, { severity: 'note' });
}

/** @param overloading the server's name or the boot file's, which options share with zeros that nothing is said of */
function options(c: DhcpCursor, to: number, overloading = false): void {
  const { view, out } = c;
  while (c.at < to) {
    const { at } = c;
    const code = view.u8(at);
    if (code === 0) {
      let end = at;
      while (end < to && view.u8(end) === 0) end++;
      out.group(out.line(`Padding: ${hexText(view.slice(at, end - at))}`, at, end - at), () => {
        c.show('option.padding', end - at).hidden = true;
      });
      out.add('option.type', at, 0, 0, { hidden: true });
      continue;
    }
    if (code === 255) {
      // The end option is filed under type 0, as tshark does.
      out.group(out.add('option.type', at, 1, 0, { text: 'Option: (255) End' }), () => c.show('option.end'));
      if (c.at < to && !overloading) c.show('option.padding', to - c.at);
      return;
    }
    const line = out.add('option.type', at, Math.min(2, view.captured - at), code, {
      text: `Option: (${code}) ${optionName(code)}`,
    });
    c.pass('option.type');
    option(c, line, code, to);
    if (code !== 52 || overloading) continue;
    const overload = overloaded(view);
    if (overload & 2) options(new Cursor(view, out, serverAt), fileAt, true);
    if (overload & 1) options(new Cursor(view, out, fileAt), cookieAt, true);
  }
}

/** An option from its length on. */
function option(c: DhcpCursor, line: TreeItem, code: number, to: number): void {
  const { view, out } = c;
  out.group(line, () => {
    const length = c.read('option.length');
    const end = c.at + length;
    if (end > to) view.need(c.at, length + (to < view.captured ? view.captured : 0));
    c.part('option.value', length);
    line.length = 2 + length;
    if (!valueField(c, line, code, length)) special(c, code, length);
    c.at = end;
  });
}

/** Shows the value of an option that is one field; false where it is none, or its length does not fit. */
function valueField(c: DhcpCursor, line: TreeItem, code: number, length: number): boolean {
  if (!Object.hasOwn(dhcpValueFields, code)) return false;
  const [name, kind] = dhcpValueFields[code as keyof typeof dhcpValueFields];
  if (kind === 'text') {
    if (length > 0) c.show(`option.${name}`, length);
    return true;
  }
  const key = `option.${name}` as const;
  const field = c.out.field(key);
  if (kind === 'list') {
    // Nothing is asked for by a list of nothing; what should be addresses or numbers is shown as bytes then.
    if (length % field.length !== 0 || (length === 0 && field.length > 1)) return false;
    c.list(key, c.at + length);
    return true;
  }
  if (code === 53) {
    if (length === 0) c.view.malformed(c.at, 'no message type');
    line.label += ` (${dhcpMessageTypes[c.read('option.dhcp')] ?? 'Unknown'})`;
    return true;
  }
  if (length !== field.length) return false;
  if (field.type === 'ipv4') line.label += ` (${ipv4Text(c.view.u32(c.at))})`;
  c.show(key);
  return true;
}

function special(c: DhcpCursor, code: number, length: number): void {
  const { view, out, at } = c;
  const end = at + length;
  if (code === 33 && length > 0 && length % 8 === 0) {
    while (c.at < end) {
      c.show('option.static_route.ip');
      c.show('option.static_route.router');
    }
  } else if (code === 61 && length > 0) clientIdentifier(c, length);
  else if (code === 81 && length >= 3) {
    const flags = c.read('fqdn.flags');
    c.show('fqdn.rcode1');
    c.show('fqdn.rcode2');
    if (c.at === end) return;
    if (flags & 4) c.put('fqdn.name', labels(view, c.at, end), end - c.at);
    else c.show('fqdn.name', end - c.at);
  } else if (code === 94 && length === 3) {
    c.at++;
    c.show('client_network_id_major');
    c.show('client_network_id_minor');
  } else if (code === 97 && length === 17) {
    c.at++;
    c.show('client_id.uuid');
  } else out.line(`Value: ${length === 0 ? '<MISSING>' : hexText(view.slice(at, length))}`, at, length);
}

/**
 * RFC 2132 section 9.14: a hardware type and address, or something of the client's own. DUIDs (RFC 4361) are shown as
 * bytes.
 */
function clientIdentifier(c: DhcpCursor, length: number): void {
  const { view, out, at } = c;
  const type = view.u8(at);
  if (type > 0 && type < 48 && length === 7) {
    c.show('hw.type');
    c.show('hw.mac_addr');
  } else if (type === 0 && length > 1) {
    c.show('client_id.type');
    c.show('client_id.undef', length - 1);
  } else out.line(`Value: ${hexText(view.slice(at, length))}`, at, length);
}

/** A domain name in wire form, without compression. */
function labels(view: View, from: number, to: number): string {
  const names: string[] = [];
  for (let p = from; p < to; ) {
    const size = view.u8(p);
    if (size === 0 || p + 1 + size > to) break;
    names.push(utf8Text(view.slice(p + 1, size), 0, size));
    p += 1 + size;
  }
  return names.join('.');
}
