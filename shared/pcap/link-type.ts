/**
 * Link types as capture files name them: numbers, names and what they stand for, from the public registry of the
 * tcpdump group (https://www.tcpdump.org/linktypes.html).
 */
export interface LinkType {
  readonly name: string;
  readonly description: string;
}

const rawIp: LinkType = { name: 'RAW', description: 'Raw IPv4 or IPv6' };

const known: Readonly<Record<number, LinkType>> = {
  0: { name: 'NULL', description: 'BSD loopback' },
  1: { name: 'ETHERNET', description: 'Ethernet' },
  3: { name: 'AX25', description: 'AX.25' },
  6: { name: 'IEEE802_5', description: 'Token Ring' },
  7: { name: 'ARCNET_BSD', description: 'ARCNET' },
  8: { name: 'SLIP', description: 'SLIP' },
  9: { name: 'PPP', description: 'PPP' },
  10: { name: 'FDDI', description: 'FDDI' },
  // The numbers that raw IP has inside some systems, written by programs that did not translate them.
  12: rawIp,
  14: rawIp,
  50: { name: 'PPP_HDLC', description: 'PPP in HDLC-like framing' },
  51: { name: 'PPP_ETHER', description: 'PPPoE session' },
  100: { name: 'ATM_RFC1483', description: 'ATM, LLC encapsulated' },
  101: rawIp,
  104: { name: 'C_HDLC', description: 'Cisco HDLC' },
  105: { name: 'IEEE802_11', description: 'IEEE 802.11' },
  107: { name: 'FRELAY', description: 'Frame Relay' },
  108: { name: 'LOOP', description: 'OpenBSD loopback' },
  113: { name: 'LINUX_SLL', description: 'Linux cooked capture' },
  114: { name: 'LTALK', description: 'LocalTalk' },
  117: { name: 'PFLOG', description: 'OpenBSD packet filter log' },
  119: { name: 'IEEE802_11_PRISM', description: 'IEEE 802.11 with Prism header' },
  122: { name: 'IP_OVER_FC', description: 'IP over Fibre Channel' },
  127: { name: 'IEEE802_11_RADIOTAP', description: 'IEEE 802.11 with radiotap header' },
  138: { name: 'APPLE_IP_OVER_IEEE1394', description: 'IP over IEEE 1394' },
  143: { name: 'DOCSIS', description: 'DOCSIS' },
  144: { name: 'LINUX_IRDA', description: 'Linux IrDA' },
  163: { name: 'IEEE802_11_AVS', description: 'IEEE 802.11 with AVS header' },
  166: { name: 'PPP_PPPD', description: 'PPP with direction byte' },
  187: { name: 'BLUETOOTH_HCI_H4', description: 'Bluetooth HCI' },
  189: { name: 'USB_LINUX', description: 'Linux USB' },
  192: { name: 'PPI', description: 'Per-Packet Information' },
  195: { name: 'IEEE802_15_4_WITHFCS', description: 'IEEE 802.15.4' },
  201: { name: 'BLUETOOTH_HCI_H4_WITH_PHDR', description: 'Bluetooth HCI with direction' },
  220: { name: 'USB_LINUX_MMAPPED', description: 'Linux USB, mapped' },
  227: { name: 'CAN_SOCKETCAN', description: 'SocketCAN' },
  228: { name: 'IPV4', description: 'Raw IPv4' },
  229: { name: 'IPV6', description: 'Raw IPv6' },
  230: { name: 'IEEE802_15_4_NOFCS', description: 'IEEE 802.15.4 without check sequence' },
  231: { name: 'DBUS', description: 'D-Bus' },
  239: { name: 'NFLOG', description: 'Linux netfilter log' },
  242: { name: 'IPOIB', description: 'IP over InfiniBand' },
  247: { name: 'INFINIBAND', description: 'InfiniBand' },
  248: { name: 'SCTP', description: 'SCTP without IP' },
  249: { name: 'USBPCAP', description: 'USBPcap' },
  251: { name: 'BLUETOOTH_LE_LL', description: 'Bluetooth Low Energy' },
  252: { name: 'WIRESHARK_UPPER_PDU', description: 'Exported protocol data' },
  253: { name: 'NETLINK', description: 'Linux netlink' },
  258: { name: 'PKTAP', description: 'Apple PKTAP' },
  276: { name: 'LINUX_SLL2', description: 'Linux cooked capture v2' },
  283: { name: 'IEEE802_15_4_TAP', description: 'IEEE 802.15.4 with TAP header' },
};

/** @param number LINKTYPE_ number of a file's interface */
export function linkTypeOf(number: number): LinkType {
  if (number >= 147 && number <= 162)
    return { name: `USER${number - 147}`, description: `Private use ${number - 147}` };
  return known[number] ?? { name: String(number), description: `Link type ${number}` };
}
