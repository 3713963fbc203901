/** "Capture one site": what the user typed, understood. Plain data: crosses IPC by structured clone. */
export type SiteScheme = 'http' | 'https' | 'tcp';

export interface Site {
  /**
   * A host name in ASCII (lower case, punycode, no final dot), or an address in its canonical text without brackets and
   * zone.
   */
  readonly host: string;
  readonly kind: 'name' | 'ipv4' | 'ipv6';
  /** The interface of an IPv6 address, as `eth0` in `fe80::1%eth0`; '' where there is none. */
  readonly zone: string;
  readonly port: number;
  /** The port was typed, or a scheme that has one. Otherwise `port` is what a browser tries first. */
  readonly portGiven: boolean;
  /** How to speak with it: `tcp` says nothing after the handshake. */
  readonly scheme: SiteScheme;
  /** What HTTP asks for: begins with a slash, and has nothing but printable ASCII. */
  readonly path: string;
}

/** Why it cannot be understood; the sentences are `live.site.problem.<code>`. */
export const siteProblemCodes = [
  'empty',
  'too-long',
  'scheme',
  'credentials',
  'host',
  'label-length',
  'address',
  'unusable',
  'zone',
  'port',
] as const;
export type SiteProblemCode = (typeof siteProblemCodes)[number];

export interface SiteProblem {
  readonly code: SiteProblemCode;
  /** The piece of the text that is meant. Typed by the user, possibly pasted: not to be trusted. */
  readonly text: string;
}

/** Longest text that is read, in UTF-16 units. */
export const maxSiteText = 2048;
/** So many addresses go into a capture filter at most. */
export const maxSiteAddresses = 32;
