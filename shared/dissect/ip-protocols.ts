/** Names of IP protocol numbers (IANA protocol-numbers registry) that are met in practice. */
export const ipProtocolNames: Readonly<Record<number, string>> = {
  0: 'IPv6 Hop-by-Hop Option', 1: 'ICMP', 2: 'IGMP', 4: 'IPIP', 6: 'TCP', 8: 'EGP', 9: 'IGRP', 17: 'UDP', 27: 'RDP', 29: 'ISO-TP4', 33: 'DCCP', 41: 'IPv6', 43: 'Routing Header for IPv6', 44: 'Fragment Header for IPv6',
  46: 'RSVP', 47: 'Generic Routing Encapsulation', 50: 'Encap Security Payload', 51: 'Authentication Header', 58: 'ICMPv6', 59: 'No Next Header for IPv6', 60: 'Destination Options for IPv6', 88: 'EIGRP', 89: 'OSPF IGP',
  94: 'IPIP', 97: 'EtherIP', 103: 'PIM', 108: 'IPComp', 112: 'VRRP', 115: 'L2TPv3', 132: 'SCTP', 135: 'Mobile IPv6', 136: 'UDPlite', 137: 'MPLS in IP',
};

/** Short names, as `Fragmented IP protocol (proto=UDP 17, …)` uses them. */
export const ipProtocolShort = (value: number): string => ipProtocolNames[value] ?? 'Unknown';

const dscp: Readonly<Record<number, string>> = {
  0: 'CS0', 1: 'LE', 8: 'CS1', 10: 'AF11', 12: 'AF12', 14: 'AF13', 16: 'CS2', 18: 'AF21', 20: 'AF22', 22: 'AF23', 24: 'CS3', 26: 'AF31', 28: 'AF32', 30: 'AF33', 32: 'CS4', 34: 'AF41', 36: 'AF42', 38: 'AF43', 40: 'CS5', 44: 'Voice Admit', 46: 'EF PHB', 48: 'CS6', 56: 'CS7',
};
export const dscpName = (value: number): string => dscp[value] ?? 'Unknown';
export const ecnNames: Readonly<Record<number, string>> = {
  0: 'Not ECN-Capable Transport', 1: 'ECN-Capable Transport codepoint \'01\'', 2: 'ECN-Capable Transport codepoint \'10\'', 3: 'Congestion Experienced',
};
