/**
 * Dynamic Host Configuration Protocol and BOOTP (RFC 2131, 951; options RFC 2132). Options without a field of their own
 * are shown as bytes; vendor options (43, 125) and relay agent information (82) are not taken apart.
 */

import { utf8Text } from '../../bytes/text.ts';
import { hexText, ipv4Text } from '../../format/address.ts';
import { bool, bytes, ether, guid, i32, ipv4, string, u8, u16, u32 } from '../field.ts';
import type { Out, TreeItem } from '../out.ts';
import { defineProtocol } from '../protocol.ts';
import type { View } from '../view.ts';
import { dhcpMessageTypes, dhcpOptionNames, dhcpValueFields, secondsText } from './dhcp-options.ts';

const cookieAt = 236;
const magic = 0x63825363;
const hardwareTypes: Readonly<Record<number, string>> = { 1: 'Ethernet', 6: 'IEEE 802' };

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
  'hw.addr': bytes('Client hardware address'),
  'hw.addr_padding': bytes('Client hardware address padding'),
  server: string('Server host name'),
  file: string('Boot file name'),
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
  'option.hostname': string('Host Name'),
  'option.boot_file_size': u16('Boot File Size'),
  'option.domain_name': string('Domain Name'),
  'option.root_path': string('Root Path'),
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
  'option.nis_domain': string('Network Information Service Domain'),
  'option.nis_server': ipv4('Network Information Service Server'),
  'option.ntp_server': ipv4('Network Time Protocol Server'),
  'option.netbios_over_tcpip_name_server': ipv4('NetBIOS over TCP/IP Name Server'),
  'option.netbios_over_tcpip_dd_name_server': ipv4('NetBIOS over TCP/IP Datagram Distribution Name Server'),
  'option.netbios_over_tcpip_node_type': u8('NetBIOS over TCP/IP Node Type', {
    values: { 1: 'B-node', 2: 'P-node', 4: 'M-node', 8: 'H-node' },
  }),
  'option.netbios_over_tcpip_scope': string('NetBIOS over TCP/IP Scope'),
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
  'option.message': string('Message'),
  'option.dhcp_max_message_size': u16('Maximum DHCP Message Size'),
  'option.renewal_time_value': seconds('Renewal Time Value'),
  'option.rebinding_time_value': seconds('Rebinding Time Value'),
  'option.vendor_class_id': string('Vendor class identifier'),
  'client_id.type': u8('Type'),
  'client_id.undef': string('Client Identifier'),
  'client_id.uuid': guid('Client Identifier (UUID)'),
  'option.tftp_server_name': string('TFTP Server Name'),
  'option.bootfile_name': string('Bootfile name'),
  'option.smtp_server': ipv4('SMTP Server'),
  'fqdn.flags': u8('Flags', { base: 'hex' }),
  'fqdn.rcode1': u8('A-RR result'),
  'fqdn.rcode2': u8('PTR-RR result'),
  'fqdn.name': string('Client name'),
  'option.client_last_transaction_time': seconds('Client last transaction time'),
  'option.client_system_architecture': u16('Client System Architecture'),
  client_network_id_major: u8('Major Version'),
  client_network_id_minor: u8('Minor Version'),
  'option.dhcp_auto_configuration': u8('DHCP Auto-Configuration', {
    values: { 0: 'DoNotAutoConfigure', 1: 'AutoConfigure' },
  }),
  'option.subnet_selection_option': ipv4('Subnet Selection Option'),
} as const;

type DhcpOut = Out<typeof fields>;

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
    const hardware = view.get('hw.len');
    if (hardware > 0 && hardware <= 16) {
      if (hardware === 6 && (view.get('hw.type') === 1 || view.get('hw.type') === 6))
        out.add('hw.mac_addr', 28, 6, view.slice(28, 6));
      else out.add('hw.addr', 28, 16, view.slice(28, 16));
      if (hardware < 16)
        out.add('hw.addr_padding', 28 + hardware, 16 - hardware, view.slice(28 + hardware, 16 - hardware));
    }
    const overload = overloaded(view);
    nameOrOptions(view, out, 'server', 44, 64, (overload & 2) !== 0, 'Server host name');
    nameOrOptions(view, out, 'file', 108, 128, (overload & 1) !== 0, 'Boot file name');
    const cookie = view.u32(cookieAt);
    if (cookie !== magic) view.need(cookieAt, 64);
    out.add('cookie', cookieAt, 4, cookie);
    if (cookie === magic) options(view, out, cookieAt + 4, view.captured);
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

function nameOrOptions(
  view: View,
  out: DhcpOut,
  key: 'server' | 'file',
  at: number,
  size: number,
  overload: boolean,
  label: string,
): void {
  view.need(at, size);
  if (overload) {
    // The options in it stand where the one that says so does.
    out.line(`${label} option overloaded by DHCP`, at, size, { severity: 'note' });
    return;
  }
  const text = zeroEnded(view, at, size);
  out.add(key, at, size, text, { text: text === '' ? `${label} not given` : `${label}: ${text}` });
}

function zeroEnded(view: View, at: number, size: number): string {
  const raw = view.slice(at, size);
  const end = raw.indexOf(0);
  return utf8Text(raw, 0, end < 0 ? size : end);
}

/** @param overloading the server's name or the boot file's, which options share with zeros that nothing is said of */
function options(view: View, out: DhcpOut, from: number, to: number, overloading = false): void {
  for (let at = from; at < to; ) {
    const code = view.u8(at);
    const start = at;
    if (code === 0) {
      while (at < to && view.u8(at) === 0) at++;
      out.group(out.line(`Padding: ${hexText(view.slice(start, at - start))}`, start, at - start), () =>
        out.add('option.padding', start, at - start, view.slice(start, at - start), { hidden: true }),
      );
      out.add('option.type', start, 0, 0, { hidden: true });
      continue;
    }
    if (code === 255) {
      // The end option is filed under type 0, as tshark does.
      out.group(out.add('option.type', start, 1, 0, { text: 'Option: (255) End' }), () =>
        out.add('option.end', start, 1, 255),
      );
      at++;
      if (at < to && !overloading) out.add('option.padding', at, to - at, view.slice(at, to - at));
      return;
    }
    const line = out.add('option.type', at, Math.min(2, view.captured - at), code, {
      text: `Option: (${code}) ${optionName(code)}`,
    });
    at = option(view, out, line, code, start, to);
    if (code !== 52 || overloading) continue;
    const overload = overloaded(view);
    if (overload & 2) options(view, out, 44, 108, true);
    if (overload & 1) options(view, out, 108, 236, true);
  }
}

/** @returns offset after the option */
function option(view: View, out: DhcpOut, line: TreeItem, code: number, at: number, to: number): number {
  const length = view.u8(at + 1);
  const value = at + 2;
  const next = value + length;
  out.group(line, () => {
    out.add('option.length', at + 1, 1, length);
    if (next > to) view.need(value, length + (to < view.captured ? view.captured : 0));
    out.add('option.value', value, length, view.slice(value, length));
    line.length = 2 + length;
    const plain = valueField(view, out, line, code, value, length);
    if (!plain) special(view, out, code, value, length);
  });
  return next;
}

/** Shows the value of an option that is one field; false where it is none, or its length does not fit. */
function valueField(view: View, out: DhcpOut, line: TreeItem, code: number, at: number, length: number): boolean {
  if (!Object.hasOwn(dhcpValueFields, code)) return code === 2 && length === 4 && timeOffset(view, out, at);
  const [name, kind] = dhcpValueFields[code as keyof typeof dhcpValueFields];
  const key = `option.${name}` as const;
  const add = (p: number, size: number, value: number | string | boolean): TreeItem =>
    out.add(key, p, size, value as never);
  switch (kind) {
    case 'address':
      if (length !== 4) return false;
      add(at, 4, view.u32(at));
      line.label += ` (${ipv4Text(view.u32(at))})`;
      return true;
    case 'addresses':
      if (length === 0 || length % 4 !== 0) return false;
      for (let p = at; p < at + length; p += 4) add(p, 4, view.u32(p));
      return true;
    case 'text':
      if (length > 0) add(at, length, zeroEnded(view, at, length));
      return true;
    case 'u8':
      if (code === 53) {
        if (length === 0) view.malformed(at, 'no message type');
        line.label += ` (${dhcpMessageTypes[view.u8(at)] ?? 'Unknown'})`;
      } else if (length !== 1) return false;
      add(at, 1, view.u8(at));
      return true;
    case 'u8s':
      for (let p = at; p < at + length; p++) add(p, 1, view.u8(p));
      return true;
    case 'u16':
      if (length !== 2) return false;
      add(at, 2, view.u16(at));
      return true;
    case 'u16s':
      if (length === 0 || length % 2 !== 0) return false;
      for (let p = at; p < at + length; p += 2) add(p, 2, view.u16(p));
      return true;
    case 'bool':
      if (length !== 1) return false;
      add(at, 1, view.u8(at) !== 0);
      return true;
    case 'seconds':
      if (length !== 4) return false;
      add(at, 4, view.u32(at));
      return true;
  }
}

function timeOffset(view: View, out: DhcpOut, at: number): true {
  out.add('option.time_offset', at, 4, view.i32(at));
  return true;
}

function special(view: View, out: DhcpOut, code: number, at: number, length: number): void {
  if (code === 33 && length > 0 && length % 8 === 0) {
    for (let p = at; p < at + length; p += 8) {
      out.add('option.static_route.ip', p, 4, view.u32(p));
      out.add('option.static_route.router', p + 4, 4, view.u32(p + 4));
    }
  } else if (code === 61 && length > 0) clientIdentifier(view, out, at, length);
  else if (code === 81 && length >= 3) {
    out.add('fqdn.flags', at, 1, view.u8(at));
    out.add('fqdn.rcode1', at + 1, 1, view.u8(at + 1));
    out.add('fqdn.rcode2', at + 2, 1, view.u8(at + 2));
    if (length > 3)
      out.add(
        'fqdn.name',
        at + 3,
        length - 3,
        (view.u8(at) & 4) === 0 ? zeroEnded(view, at + 3, length - 3) : labels(view, at + 3, at + length),
      );
  } else if (code === 94 && length === 3) {
    out.add('client_network_id_major', at + 1, 1, view.u8(at + 1));
    out.add('client_network_id_minor', at + 2, 1, view.u8(at + 2));
  } else if (code === 97 && length === 17) out.add('client_id.uuid', at + 1, 16, view.slice(at + 1, 16));
  else out.line(`Value: ${length === 0 ? '<MISSING>' : hexText(view.slice(at, length))}`, at, length);
}

/**
 * RFC 2132 section 9.14: a hardware type and address, or something of the client's own. DUIDs (RFC 4361) are shown as
 * bytes.
 */
function clientIdentifier(view: View, out: DhcpOut, at: number, length: number): void {
  const type = view.u8(at);
  if (type > 0 && type < 48 && length === 7) {
    out.add('hw.type', at, 1, type);
    out.add('hw.mac_addr', at + 1, 6, view.slice(at + 1, 6));
  } else if (type === 0 && length > 1) {
    out.add('client_id.type', at, 1, type);
    out.add('client_id.undef', at + 1, length - 1, zeroEnded(view, at + 1, length - 1));
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
