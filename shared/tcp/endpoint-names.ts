/** Names of the two ends of a connection, as the capture itself says them. */
import type { CaptureStore } from '../dissect/capture-store.ts';
import { DnsAnswerReader } from '../dissect/dns-answer-reader.ts';
import type { TreeItem } from '../dissect/out.ts';
import type { EndpointName } from '../model/stream.ts';
import { type NamesOfEnds, type StreamSegments, TcpFlag } from './segments.ts';

/** DNS responses that are looked through for one connection: the newest before its first segment. */
const maxAnswers = 2000;
/** Segments with data in each direction in which the other side's name is looked for. */
const maxDataRows = 4;
/** A domain name has at most 255 bytes (RFC 1035, section 2.3.4). */
const maxName = 255;

/**
 * A name that the connection itself carries (TLS server name, RFC 6066; HTTP Host, RFC 9110) is surer than one that DNS
 * gave the address, since many names share an address. Names are untrusted text.
 */
export class EndpointNames {
  private readonly answers: DnsAnswerReader;

  constructor(private readonly capture: CaptureStore) {
    this.answers = new DnsAnswerReader(capture);
  }

  of(segments: StreamSegments): NamesOfEnds {
    if (segments.count === 0) return { a: null, b: null };
    // What A sends names B.
    let b = this.carried(segments, 1);
    let a = this.carried(segments, 0);
    if (a !== null && b !== null) return { a, b };
    let first = segments.rows[0];
    for (const row of segments.rows) if (row < first) first = row;
    const wanted = new Set([...(a === null ? [segments.a.address] : []), ...(b === null ? [segments.b.address] : [])]);
    for (const row of this.capture.dnsAnswers.before(first, maxAnswers)) {
      const named = this.answers.namesIn(row, wanted);
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
      if (fromA[i] !== direction || length[i] === 0 || (flags[i] & TcpFlag.RST) !== 0) continue;
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
}

/** A Host field without its port; '' where it is an address, which is no name (RFC 9110, section 7.2). */
function hostName(host: string): string {
  const name = host.replace(/:\d*$/, '');
  return /^[\d.]*$/.test(name) || name.startsWith('[') ? '' : name;
}

const fromDns = (name: string | undefined, row: number): EndpointName | null =>
  name === undefined ? null : { name, source: 'dns', row };

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
