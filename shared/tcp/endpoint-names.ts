/** Names for the endpoints of a stream, from what the capture itself holds: server name (RFC 6066 section 3), Host (RFC 9110 section 7.2), DNS answers. */
import type { CaptureState } from '../dissect/context.ts';
import type { Engine } from '../dissect/engine.ts';
import type { TreeItem } from '../dissect/out.ts';
import { plainValue } from '../format/value.ts';
import type { EndpointName } from '../model/stream.ts';
import type { StreamSegments } from './segments.ts';

/** Segments with data that are looked into for a name. */
const lookedInto = 8;
/** DNS answers that are decoded for one question; further ones wait for the next. */
const decodedAtOnce = 4000;
const maxName = 253;

interface Named {
  readonly name: string;
  readonly row: number;
}

/** Untrusted text from packets: whoever shows it makes it safe. */
export class EndpointNames {
  /** By address: the names that DNS gave it, oldest first. */
  private readonly byAddress = new Map<string, Named[]>();
  private decoded = 0;

  constructor(
    private readonly state: CaptureState,
    private readonly engine: Engine,
  ) {}

  /** The names of endpoint A and B as they were known when the stream began. */
  of(segments: StreamSegments): { readonly a: EndpointName | null; readonly b: EndpointName | null } {
    const asked = this.asked(segments);
    const first = segments.count > 0 ? segments.rows[0] : 0;
    return {
      a: asked !== null && !asked.fromA ? asked.name : this.fromDns(segments.a.address, first),
      b: asked?.fromA === true ? asked.name : this.fromDns(segments.b.address, first),
    };
  }

  /** The name that one side asked the other for. */
  private asked(segments: StreamSegments): { readonly fromA: boolean; readonly name: EndpointName } | null {
    const { count, length, rows, fromA } = segments;
    for (let i = 0, looked = 0; i < count && looked < lookedInto; i++) {
      if (length[i] === 0) continue;
      looked++;
      const found = valuesOf(this.engine.dissect(rows[i]).items, ['tls.handshake.extensions_server_name', 'http.host']);
      const [sni, host] = found;
      const name = clean(sni[0] ?? (host[0] ?? '').replace(/:\d+$/, ''));
      if (name !== '') return { fromA: fromA[i] !== 0, name: { name, source: sni.length > 0 ? 'sni' : 'http-host', row: rows[i] } };
    }
    return null;
  }

  private fromDns(address: string, before: number): EndpointName | null {
    this.decodeUpTo(before);
    const names = this.byAddress.get(address);
    if (names === undefined) return null;
    for (let i = names.length - 1; i >= 0; i--) if (names[i].row < before) return { name: names[i].name, source: 'dns', row: names[i].row };
    return null;
  }

  /** Decodes the answers that came before a row and were not decoded yet, the latest ones first where there are too many. */
  private decodeUpTo(row: number): void {
    const { dnsAnswers } = this.state;
    let end = this.decoded;
    while (end < dnsAnswers.length && dnsAnswers.at(end) < row) end++;
    for (let i = Math.max(this.decoded, end - decodedAtOnce); i < end; i++) this.decode(dnsAnswers.at(i));
    this.decoded = end;
  }

  private decode(row: number): void {
    const [asked, v4, v6] = valuesOf(this.engine.dissect(row).items, ['dns.qry.name', 'dns.a', 'dns.aaaa']);
    const name = clean(asked[0] ?? '');
    if (name === '') return;
    for (const address of [...v4, ...v6]) {
      const known = this.byAddress.get(address);
      if (known === undefined) this.byAddress.set(address, [{ name, row }]);
      else if (known[known.length - 1].name !== name) known.push({ name, row });
    }
  }
}

function clean(name: string): string {
  return name === '<Root>' ? '' : name.slice(0, maxName);
}

/** The values of fields in a tree, by name. */
function valuesOf(items: readonly TreeItem[], names: readonly string[]): readonly string[][] {
  const found: string[][] = names.map(() => []);
  const visit = (list: readonly TreeItem[]): void => {
    for (const item of list) {
      const place = item.field === null ? -1 : names.indexOf(item.field.name);
      if (place >= 0 && item.field !== null) found[place].push(plainValue(item.field, item.value));
      if (item.children !== null) visit(item.children);
    }
  };
  visit(items);
  return found;
}
