/**
 * The capture filter (BPF, as pcap-filter(7) describes it) for one site: only addresses and ports go into it, never a
 * name, which libpcap would look up again.
 */
import { maxSiteAddresses, type Site } from '../model/site.ts';
import { canonicalAddress, ipv4Parts, ipv6Groups } from './ip-text.ts';

export interface SiteFilterOptions {
  /** Its names being looked up, too. */
  readonly dns?: boolean;
  /** Errors that routers send back about it (closed ports, unreachable hosts), and everything else of ICMP. */
  readonly icmp?: boolean;
}

export interface SiteFilter {
  readonly text: string;
  /** Addresses that are in it, in its order. */
  readonly addresses: readonly string[];
  /** Addresses that are not, because there were too many. */
  readonly leftOut: number;
}

/** The ports of a site: where none was typed, both of the web, since browsers try one after the other. */
export function portsOf(site: Pick<Site, 'port' | 'portGiven'>): readonly number[] {
  return site.portGiven ? [site.port] : [80, 443];
}

/**
 * `tcp and (host a or host b) and port n`, with `or port 53` and `or icmp or icmp6` where wanted. The same addresses
 * give the same text in whatever order they come: IPv4 first, each by number. Of more than 32 addresses the first 32
 * are taken, as the resolver had them. Null without an address or a port: the filter would be one of all hosts.
 *
 * libpcap's `tcp` sees no TCP behind IPv6 extension headers, and none of this sees into VLAN tags or tunnels.
 * @param addresses text of anything that is no address is passed over; a zone is left out, as BPF has none
 */
export function siteFilter(
  addresses: readonly string[],
  ports: readonly number[],
  options: SiteFilterOptions = {},
): SiteFilter | null {
  const unique = [...new Set(addresses.map(canonicalAddress).filter((address) => address !== null))];
  const taken = unique.slice(0, maxSiteAddresses).sort((a, b) => compareBytes(bytesOf(a), bytesOf(b)));
  const numbers = [...new Set(ports)]
    .filter((port) => Number.isInteger(port) && port > 0 && port <= 65_535)
    .sort((a, b) => a - b);
  if (taken.length === 0 || numbers.length === 0) return null;
  const connection = `tcp and ${anyOf(taken.map((address) => `host ${address}`))} and ${anyOf(numbers.map((port) => `port ${port}`))}`;
  const others = [...(options.dns === true ? ['port 53'] : []), ...(options.icmp === true ? ['icmp', 'icmp6'] : [])];
  // `and` and `or` bind equally in BPF, hence the brackets.
  return {
    text: others.length === 0 ? connection : [`(${connection})`, ...others].join(' or '),
    addresses: taken,
    leftOut: unique.length - taken.length,
  };
}

const anyOf = (terms: readonly string[]): string => (terms.length === 1 ? terms[0] : `(${terms.join(' or ')})`);

/** Numbers of an address; four of IPv4, eight of IPv6. */
const bytesOf = (address: string): readonly number[] => ipv4Parts(address) ?? ipv6Groups(address) ?? [];

function compareBytes(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return a.length - b.length;
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
}
