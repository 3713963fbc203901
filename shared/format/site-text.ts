/** What somebody types to name a site: `www.example.com`, `example.com:8080`, `[::1]:80`, `http://例子.测试/路径`. */
import { toASCII } from 'tr46';
import { fail, ok, type Result } from '../model/result.ts';
import { maxSiteText, type Site, type SiteProblem, type SiteProblemCode, type SiteScheme } from '../model/site.ts';
import { canonicalAddress, ipv4Parts, ipv6Groups } from './ip-text.ts';

const schemePorts: Readonly<Record<SiteScheme, number>> = { http: 80, https: 443, tcp: 0 };
const isScheme = (text: string): text is SiteScheme => Object.hasOwn(schemePorts, text);
/** Ports where HTTP is usual: only the guess of what to say there. */
const httpPorts: ReadonlySet<number> = new Set([80, 3000, 5000, 8000, 8008, 8080, 8081, 8888]);
const httpsPorts: ReadonlySet<number> = new Set([443, 8443]);

/** A name of any script as it stands in DNS (UTS #46), by the rules of the URL Standard, "domain to ASCII". */
const asBrowsers = {
  checkBidi: true,
  checkHyphens: false,
  checkJoiners: true,
  transitionalProcessing: false,
  useSTD3ASCIIRules: false,
  verifyDNSLength: false,
} as const;

type Understood<T> = Result<T, SiteProblem>;
const problem = (code: SiteProblemCode, text: string): { readonly ok: false; readonly error: SiteProblem } =>
  fail({ code, text });

/** The text of the box as a site, or what is wrong with it. */
export function parseSite(typed: string): Understood<Site> {
  const text = typed.trim();
  if (text === '') return problem('empty', '');
  if (text.length > maxSiteText) return problem('too-long', `${text.slice(0, 40)}…`);
  const named = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text);
  const scheme = named === null ? null : named[1].toLowerCase();
  if (scheme !== null && !isScheme(scheme)) return problem('scheme', scheme);
  const rest = named === null ? text : text.slice(named[0].length);
  const slash = rest.search(/[/?#]/);
  // Full-width letters, digits and colons are what an input method for Chinese writes.
  const authority = (slash < 0 ? rest : rest.slice(0, slash))
    .replace(/[！-～]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(/[。．｡]/g, '.');
  if (authority.includes('@')) return problem('credentials', '');
  const divided = divide(authority);
  const host = hostOf(divided.host);
  if (!host.ok) return host;
  const port = portOf(divided.port, scheme);
  if (!port.ok) return port;
  return ok({ ...host.value, ...port.value, path: pathOf(slash < 0 ? '' : rest.slice(slash)) });
}

/** `port` null where there is none; `host` still with its brackets. */
function divide(authority: string): { readonly host: string; readonly port: string | null } {
  const bracket = authority.startsWith('[') ? authority.lastIndexOf(']') : -1;
  const colon = authority.lastIndexOf(':');
  // More than one colon and no brackets: an IPv6 address by itself.
  if (colon < 0 || colon < bracket || (bracket < 0 && authority.indexOf(':') !== colon))
    return { host: authority, port: null };
  return { host: authority.slice(0, colon), port: authority.slice(colon + 1) };
}

function portOf(
  text: string | null,
  scheme: SiteScheme | null,
): Understood<Pick<Site, 'port' | 'portGiven' | 'scheme'>> {
  // `http://host:/` is the scheme's own port (RFC 3986, section 3.2.3).
  if (text === null || text === '') {
    if (scheme === 'tcp') return problem('port', '');
    return ok({ port: schemePorts[scheme ?? 'https'], portGiven: scheme !== null, scheme: scheme ?? 'https' });
  }
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) return problem('port', text);
  return ok({
    port,
    portGiven: true,
    scheme: scheme ?? (httpsPorts.has(port) ? 'https' : httpPorts.has(port) ? 'http' : 'tcp'),
  });
}

type Host = Pick<Site, 'host' | 'kind' | 'zone'>;

function hostOf(text: string): Understood<Host> {
  if (text.startsWith('[') || text.includes(':')) return ipv6Host(text);
  const name = text.replace(/\.$/, '');
  if (name === '') return problem('host', text);
  if (endsInNumber(name)) return ipv4Host(name.toLowerCase(), text);
  const labels = name.split('.');
  // Before the name is worked on: a label's time grows with the square of its length.
  const long = labels.find((label) => label.length > 63);
  if (long !== undefined) return problem('label-length', long);
  const odd = labels.find(
    (label) => !/^(?:[A-Za-z0-9_-]|(?![\u0000-\u007f])[\p{L}\p{M}\p{N}\p{So}\p{Cf}])+$/u.test(label),
  );
  if (odd !== undefined) return problem('host', odd === '' ? text : odd);
  const host = toASCII(name, asBrowsers);
  // A label may be made of nothing but characters that are left out.
  if (host === null || !/^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/.test(host)) return problem('host', text);
  if (endsInNumber(host)) return ipv4Host(host, text);
  const longInDns = host.split('.').findIndex((label) => label.length > 63);
  if (longInDns >= 0) return problem('label-length', labels[longInDns] ?? text);
  return host.length > 253 ? problem('label-length', text) : ok({ host, kind: 'name', zone: '' });
}

/**
 * As in browsers: what ends with a number is an IPv4 address or a mistake, never a name (URL Standard, "ends in a
 * number").
 */
const endsInNumber = (name: string): boolean => /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/i.test(name);

function ipv4Host(name: string, typed: string): Understood<Host> {
  if (ipv4Parts(name) === null) return problem('address', typed);
  return isUsableIpv4(name) ? ok({ host: name, kind: 'ipv4', zone: '' }) : problem('unusable', typed);
}

function ipv6Host(text: string): Understood<Host> {
  const inner = text.startsWith('[') ? (/^\[([^\]]*)\]$/.exec(text)?.[1] ?? '') : text;
  // In a URL the percent sign is written as %25 (RFC 6874).
  const [address, zone] = inner.replace('%25', '%').split('%', 2);
  const groups = ipv6Groups(address);
  if (groups === null) return problem('address', text);
  if (zone !== undefined && !/^[\w.-]{1,32}$/.test(zone)) return problem('zone', zone);
  const host = canonicalAddress(address) ?? address;
  const isIpv4 = !host.includes(':');
  const isUsable = isIpv4 ? isUsableIpv4(host) : groups.some((group) => group !== 0) && groups[0] >> 8 !== 0xff;
  if (!isUsable) return problem('unusable', text);
  return ok({ host, kind: isIpv4 ? 'ipv4' : 'ipv6', zone: isIpv4 ? '' : (zone ?? '') });
}

/** TCP connects two single hosts: not "this network", no multicast, no broadcast (RFC 1122, section 3.2.1.3). */
function isUsableIpv4(text: string): boolean {
  const [first] = text.split('.').map(Number);
  return first !== 0 && first < 224;
}

/**
 * From the first slash or question mark on, without the fragment; everything that HTTP does not take as it is as %XX.
 */
function pathOf(text: string): string {
  const path = text.replace(/#.*$/s, '').replace(/\p{Cs}/gu, '\ufffd');
  const encoded = path.replace(/[^!$-;=?-Z_a-z~[\]]/gu, (character) => encodeURIComponent(character));
  return encoded.startsWith('/') ? encoded : `/${encoded}`;
}
