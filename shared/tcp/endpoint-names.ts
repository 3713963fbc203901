/** Names of the two ends of a connection, as the capture itself says them. */
import type { DnsAnswers } from '../dissect/dns-answers.ts';
import type { Dissection } from '../dissect/engine.ts';
import type { TreeItem } from '../dissect/out.ts';
import { ipv4Text, ipv6Text } from '../format/address.ts';
import type { EndpointName } from '../model/stream.ts';
import type { NamesOfEnds, StreamSegments } from './segments.ts';

/** DNS responses that are looked through for one connection: the newest before its first segment. */
const maxAnswers = 2000;
/** Segments with data in each direction in which the other side's name is looked for. */
const maxDataRows = 4;
/** Aliases that are followed from an address back to the name that was asked for. */
const maxAliases = 16;
/** Addresses that one response may name, and responses that are remembered. */
const maxAddresses = 64;
const keptAnswers = 20_000;
/** A domain name has at most 255 bytes (RFC 1035, section 2.3.4). */
const maxName = 255;

/** What this needs of an open capture. */
export interface NamedCapture {
  readonly dnsAnswers: DnsAnswers;
  readonly engine: { dissect(row: number): Dissection };
}

/**
 * A name that the connection itself carries (TLS server name, RFC 6066; HTTP Host, RFC 9110) is surer than one that DNS gave the address, since
 * many names share an address. Names are untrusted text.
 */
export class EndpointNames {
  /** Address and name pairs of a response, by its row. */
  private readonly answers = new Map<number, ReadonlyMap<string, string>>();

  constructor(private readonly capture: NamedCapture) {}

  of(segments: StreamSegments): NamesOfEnds {
    if (segments.count === 0) return { a: null, b: null };
    // What A sends names B.
    let b = this.carried(segments, 1);
    let a = this.carried(segments, 0);
    if (a !== null && b !== null) return { a, b };
    let first = segments.rows[0];
    for (const row of segments.rows) if (row < first) first = row;
    for (const row of this.capture.dnsAnswers.before(first, maxAnswers)) {
      const named = this.answer(row);
      a ??= fromDns(named.get(segments.a.address), row);
      b ??= fromDns(named.get(segments.b.address), row);
      if (a !== null && b !== null) break;
    }
    return { a, b };
  }

  /** The name that one direction's first data gives the other side. */
  private carried({ count, rows, fromA, length, flags }: StreamSegments, direction: 0 | 1): EndpointName | null {
    let host: EndpointName | null = null;
    let seen = 0;
    for (let i = 0; i < count && seen < maxDataRows; i++) {
      if (fromA[i] !== direction || length[i] === 0 || (flags[i] & 0x04) !== 0) continue;
      seen++;
      const row = rows[i];
      const { items } = this.capture.engine.dissect(row);
      const sni = textOf(items, 'tls.handshake.extensions_server_name');
      if (sni !== '') return { name: sni, source: 'sni', row };
      const named = hostName(textOf(items, 'http.host'));
      if (named !== '' && host === null) host = { name: named, source: 'http-host', row };
    }
    return host;
  }

  private answer(row: number): ReadonlyMap<string, string> {
    const known = this.answers.get(row);
    if (known !== undefined) return known;
    if (this.answers.size >= keptAnswers) this.answers.clear();
    const named = namesInAnswer(this.capture.engine.dissect(row));
    this.answers.set(row, named);
    return named;
  }
}

/** A Host field without its port; '' where it is an address, which is no name (RFC 9110, section 7.2). */
function hostName(host: string): string {
  const name = host.replace(/:\d*$/, '');
  return /^[\d.]*$/.test(name) || name.startsWith('[') ? '' : name;
}

const fromDns = (name: string | undefined, row: number): EndpointName | null => (name === undefined ? null : { name, source: 'dns', row });

/** Value of the first field of that name; '' where there is none. */
function textOf(items: readonly TreeItem[], field: string): string {
  for (const item of items) {
    if (item.field?.name === field && typeof item.value === 'string') {
      const text = item.value.trim().slice(0, maxName);
      if (text !== '') return text;
    }
    const inner = item.children === null ? '' : textOf(item.children, field);
    if (inner !== '') return inner;
  }
  return '';
}

/**
 * Addresses that a response gives, each with the name that was asked for: from the owner of the address record back along the CNAME records
 * (RFC 1034, section 3.6.2). Glue beside an answer is left out; multicast DNS answers in any section (RFC 6762, section 6).
 */
export function namesInAnswer({ items, layers }: Dissection): ReadonlyMap<string, string> {
  const multicast = layers.includes('mdns');
  const owners = new Map<string, string>();
  const aliasOf = new Map<string, string>();
  for (const layer of items) {
    if (layer.field?.name !== 'dns' && layer.field?.name !== 'mdns') continue;
    for (const section of layer.children ?? []) {
      if (section.label !== 'Answers' && !(multicast && section.label === 'Additional records')) continue;
      for (const record of section.children ?? []) {
        const { owner, address, target } = recordOf(record);
        // What the dissector could not read as a name stands in angle brackets.
        if (owner === '' || owner.startsWith('<')) continue;
        if (target !== '' && !aliasOf.has(target.toLowerCase()) && aliasOf.size < maxAddresses) aliasOf.set(target.toLowerCase(), owner);
        if (address !== '' && !owners.has(address) && owners.size < maxAddresses) owners.set(address, owner);
      }
    }
  }
  const names = new Map<string, string>();
  for (const [address, owner] of owners) {
    let name = owner;
    for (let steps = 0; steps < maxAliases; steps++) {
      const asked = aliasOf.get(name.toLowerCase());
      if (asked === undefined) break;
      name = asked;
    }
    names.set(address, name.slice(0, maxName));
  }
  return names;
}

function recordOf(record: TreeItem): { readonly owner: string; readonly address: string; readonly target: string } {
  let owner = '';
  let address = '';
  let target = '';
  for (const { field, value } of record.children ?? []) {
    const key = field?.key;
    if (key === 'resp.name' && typeof value === 'string') owner = value;
    else if (key === 'cname' && typeof value === 'string') target = value;
    else if (key === 'a' && typeof value === 'number') address = ipv4Text(value);
    else if (key === 'aaaa' && value instanceof Uint8Array) address = ipv6Text(value);
  }
  return { owner, address, target };
}
