/** Every protocol we know: one line each. The order decides only between heuristics. */
import type { Declared } from '../protocol.ts';
import { arp } from './arp.ts';
import { chdlc } from './chdlc.ts';
import { cmd } from './cmd.ts';
import { data } from './data.ts';
import { dhcp } from './dhcp.ts';
import { dns, dnsResponses, llmnr, mdns } from './dns.ts';
import { erspan } from './erspan.ts';
import { esp } from './esp.ts';
import { eth } from './eth.ts';
import { expert } from './expert.ts';
import { fddi } from './fddi.ts';
import { frame } from './frame.ts';
import { ftpControl } from './ftp.ts';
import { geneve } from './geneve.ts';
import { gre } from './gre.ts';
import { gtp } from './gtp.ts';
import { http, ssdp } from './http.ts';
import { httpBodies } from './http-bodies.ts';
import { icmp } from './icmp.ts';
import { icmpv6 } from './icmpv6.ts';
import { ieee8021ad } from './ieee8021ad.ts';
import { igmp } from './igmp.ts';
import { ip } from './ip.ts';
import { ipoib } from './ipoib.ts';
import { ipv6Protocol } from './ipv6.ts';
import { authentication, destinationOptions, fragmentHeader, hopByHop, routing } from './ipv6-extensions.ts';
import { llc } from './llc.ts';
import { cutShort, malformed } from './malformed.ts';
import { mpls } from './mpls.ts';
import { mqtt } from './mqtt.ts';
import { ntp } from './ntp.ts';
import { nullLoopback } from './null.ts';
import { pktap } from './pktap.ts';
import { ppp } from './ppp.ts';
import { pppoeDiscovery, pppoeSession } from './pppoe.ts';
import { pwethcw } from './pwethcw.ts';
import { radiotap } from './radiotap.ts';
import { raw } from './raw.ts';
import { slarp } from './slarp.ts';
import { sll } from './sll.ts';
import { sll2 } from './sll2.ts';
import { snmpConversations } from './snmp.ts';
import { socksConnections } from './socks.ts';
import { tcp } from './tcp.ts';
import { teredo } from './teredo.ts';
import { tls } from './tls.ts';
import { udp } from './udp.ts';
import { udpencap } from './udpencap.ts';
import { vlan } from './vlan.ts';
import { vntag } from './vntag.ts';
import { vxlan } from './vxlan.ts';
import { wlan } from './wlan.ts';

export const protocols: readonly Declared[] = [
  frame,
  eth,
  llc,
  vlan,
  ieee8021ad,
  sll,
  sll2,
  nullLoopback,
  raw,
  fddi,
  chdlc,
  slarp,
  ipoib,
  pktap,
  radiotap,
  wlan,
  ppp,
  pppoeDiscovery,
  pppoeSession,
  mpls,
  pwethcw,
  vntag,
  gre,
  erspan,
  cmd,
  vxlan,
  geneve,
  gtp,
  teredo,
  udpencap,
  arp,
  ip,
  ipv6Protocol,
  hopByHop,
  destinationOptions,
  routing,
  fragmentHeader,
  authentication,
  esp,
  icmp,
  icmpv6,
  igmp,
  tcp,
  udp,
  dns,
  mdns,
  llmnr,
  dhcp,
  ntp,
  http,
  ...httpBodies,
  ssdp,
  mqtt,
  tls,
  data,
  expert,
  malformed,
  cutShort,
  ftpControl,
  socksConnections,
  snmpConversations,
  dnsResponses,
];
