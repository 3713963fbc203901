/** DHCP options (RFC 2132 and IANA's bootp-dhcp-parameters registry): names, and how each one's value is read. */
export const dhcpMessageTypes: Readonly<Record<number, string>> = {
  1: 'Discover', 2: 'Offer', 3: 'Request', 4: 'Decline', 5: 'ACK', 6: 'NAK', 7: 'Release', 8: 'Inform', 9: 'Force Renew', 10: 'Lease query', 11: 'Lease Unassigned', 12: 'Lease Unknown', 13: 'Lease Active',
};

export const dhcpOptionNames: Readonly<Record<number, string>> = {
  0: 'Padding', 1: 'Subnet Mask', 2: 'Time Offset', 3: 'Router', 4: 'Time Server', 5: 'Name Server', 6: 'Domain Name Server', 7: 'Log Server', 8: 'Quotes Server', 9: 'LPR Server', 10: 'Impress Server', 11: 'Resource Location Server', 12: 'Host Name', 13: 'Boot File Size', 14: 'Merit Dump File', 15: 'Domain Name', 16: 'Swap Server', 17: 'Root Path', 18: 'Extensions Path', 19: 'IP Forwarding', 20: 'Non-Local Source Routing', 21: 'Policy Filter', 22: 'Maximum Datagram Reassembly Size', 23: 'Default IP Time-to-Live', 24: 'Path MTU Aging Timeout', 25: 'Path MTU Plateau Table', 26: 'Interface MTU', 27: 'All Subnets are Local', 28: 'Broadcast Address', 29: 'Perform Mask Discovery', 30: 'Mask Supplier', 31: 'Perform Router Discover', 32: 'Router Solicitation Address', 33: 'Static Route', 34: 'Trailer Encapsulation', 35: 'ARP Cache Timeout', 36: 'Ethernet Encapsulation', 37: 'TCP Default TTL', 38: 'TCP Keepalive Interval', 39: 'TCP Keepalive Garbage', 40: 'Network Information Service Domain', 41: 'Network Information Service Servers', 42: 'Network Time Protocol Servers', 43: 'Vendor-Specific Information', 44: 'NetBIOS over TCP/IP Name Server', 45: 'NetBIOS over TCP/IP Datagram Distribution Name Server', 46: 'NetBIOS over TCP/IP Node Type', 47: 'NetBIOS over TCP/IP Scope', 48: 'X Window System Font Server', 49: 'X Window System Display Manager', 50: 'Requested IP Address', 51: 'IP Address Lease Time', 52: 'Option Overload', 53: 'DHCP Message Type', 54: 'DHCP Server Identifier', 55: 'Parameter Request List', 56: 'Message', 57: 'Maximum DHCP Message Size', 58: 'Renewal Time Value', 59: 'Rebinding Time Value', 60: 'Vendor class identifier', 61: 'Client identifier', 62: 'Novell/Netware IP domain', 63: 'Novell Options', 64: 'Network Information Service+ Domain', 65: 'Network Information Service+ Servers', 66: 'TFTP Server Name', 67: 'Bootfile name', 68: 'Mobile IP Home Agent', 69: 'SMTP Server', 70: 'POP3 Server', 71: 'NNTP Server', 72: 'Default WWW Server', 73: 'Default Finger Server', 74: 'Default IRC Server', 75: 'StreetTalk Server', 76: 'StreetTalk Directory Assistance Server', 77: 'User Class Information', 78: 'Directory Agent Information', 79: 'Service Location Agent Scope', 80: 'Rapid commit', 81: 'Client Fully Qualified Domain Name', 82: 'Agent Information Option', 83: 'iSNS', 85: 'Novell Directory Services Servers', 86: 'Novell Directory Services Tree Name', 87: 'Novell Directory Services Context', 90: 'Authentication', 91: 'Client last transaction time', 92: 'Associated IP option', 93: 'Client System Architecture', 94: 'Client Network Device Interface', 95: 'LDAP', 97: 'UUID/GUID-based Client Identifier', 99: 'Civic Addresses Configuration', 100: 'PCode', 101: 'TCode', 108: 'IPv6-Only Preferred', 112: 'NetInfo Parent Server Address', 113: 'NetInfo Parent Server Tag', 114: 'DHCP Captive-Portal', 116: 'DHCP Auto-Configuration', 117: 'Name Service Search', 118: 'Subnet Selection Option', 119: 'Domain Search', 120: 'SIP Servers', 121: 'Classless Static Route', 122: 'CableLabs Client Configuration', 124: 'V-I Vendor Class', 125: 'V-I Vendor-specific Information', 128: 'DOCSIS full security server IP [TODO]', 129: 'PXE - undefined (vendor specific)', 130: 'PXE - undefined (vendor specific)', 131: 'PXE - undefined (vendor specific)', 132: 'PXE - undefined (vendor specific)', 133: 'PXE - undefined (vendor specific)', 134: 'PXE - undefined (vendor specific)', 135: 'PXE - undefined (vendor specific)', 138: 'CAPWAP Access Controllers', 145: 'Forcerenew Nonce Capable', 150: 'TFTP Server Address', 160: 'Unassigned (ex DHCP Captive-Portal)', 161: 'Manufacturer Usage Description', 175: 'Etherboot', 249: 'Private/Classless Static Route (Microsoft)', 252: 'Private/Proxy autodiscovery', 255: 'End',
};

/** How a value is read: one of its kind, or as many as fit. */
export type DhcpKind = 'address' | 'addresses' | 'text' | 'u8' | 'u8s' | 'u16' | 'u16s' | 'u32' | 'seconds' | 'i32' | 'bool';

/** Options whose value is one field: its key after `option.`, and its kind. */
export const dhcpValueFields = {
  1: ['subnet_mask', 'address'], 3: ['router', 'addresses'], 4: ['time_server', 'addresses'], 5: ['name_server', 'addresses'], 6: ['domain_name_server', 'addresses'], 7: ['log_server', 'addresses'], 9: ['lpr_server', 'addresses'],
  12: ['hostname', 'text'], 13: ['boot_file_size', 'u16'], 15: ['domain_name', 'text'], 17: ['root_path', 'text'], 19: ['ip_forwarding', 'bool'], 23: ['default_ip_ttl', 'u8'], 26: ['interface_mtu', 'u16'], 28: ['broadcast_address', 'address'],
  31: ['perform_router_discover', 'bool'], 35: ['arp_cache_timeout', 'seconds'], 37: ['tcp_default_ttl', 'u8'], 38: ['tcp_keepalive_interval', 'seconds'], 40: ['nis_domain', 'text'], 41: ['nis_server', 'addresses'], 42: ['ntp_server', 'addresses'],
  44: ['netbios_over_tcpip_name_server', 'addresses'], 45: ['netbios_over_tcpip_dd_name_server', 'addresses'], 46: ['netbios_over_tcpip_node_type', 'u8'], 47: ['netbios_over_tcpip_scope', 'text'], 50: ['requested_ip_address', 'address'],
  51: ['ip_address_lease_time', 'seconds'], 52: ['option_overload', 'u8'], 53: ['dhcp', 'u8'], 54: ['dhcp_server_id', 'address'], 55: ['request_list_item', 'u8s'], 56: ['message', 'text'], 57: ['dhcp_max_message_size', 'u16'], 58: ['renewal_time_value', 'seconds'],
  59: ['rebinding_time_value', 'seconds'], 60: ['vendor_class_id', 'text'], 66: ['tftp_server_name', 'text'], 67: ['bootfile_name', 'text'], 69: ['smtp_server', 'addresses'], 91: ['client_last_transaction_time', 'seconds'],
  93: ['client_system_architecture', 'u16s'], 116: ['dhcp_auto_configuration', 'u8'], 118: ['subnet_selection_option', 'address'],
} as const satisfies Readonly<Record<number, readonly [string, DhcpKind]>>;

/** `(900s) 15 minutes`. */
export function secondsText(seconds: number): string {
  if (seconds === 0xffffffff) return 'infinity';
  const rest = Math.abs(seconds);
  const parts: string[] = [];
  for (const [size, name] of [[86_400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']] as const) {
    const count = size === 86_400 ? Math.floor(rest / size) : Math.floor(rest / size) % (size === 3600 ? 24 : 60);
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return `(${seconds}s) ${seconds < 0 ? '-' : ''}${parts.length === 0 ? '0 seconds' : parts.join(', ')}`;
}
