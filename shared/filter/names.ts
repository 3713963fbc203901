import type { FieldFacts } from '../model/field-facts.ts';

/** Names that protocols had before, and have no more. */
const renamed: Readonly<Record<string, string>> = { ssl: 'tls', bootp: 'dhcp' };

/** Today's name of a field or protocol that was renamed; null where it was not. */
export function currentName(name: string): string | null {
  const dot = name.indexOf('.');
  const protocol = dot < 0 ? name : name.slice(0, dot);
  return Object.hasOwn(renamed, protocol) ? renamed[protocol] + name.slice(protocol.length) : null;
}

/** What people call a field when they do not know its name. */
const shortForms: Readonly<Record<string, string>> = {
  host: 'http.host',
  sni: 'tls.handshake.extensions_server_name',
  port: 'tcp.port',
  addr: 'ip.addr',
  src: 'ip.src',
  dst: 'ip.dst',
  mac: 'eth.addr',
};

const maxDistance = 3;

/** The name that was probably meant; null where none is near. */
export function nearest(name: string, catalogue: ReadonlyMap<string, FieldFacts>): string | null {
  const wanted = name.toLowerCase();
  if (catalogue.has(wanted)) return wanted;
  if (wanted.length > 100) return null;
  if (Object.hasOwn(shortForms, wanted) && catalogue.has(shortForms[wanted])) return shortForms[wanted];
  let best: string | null = null;
  let least = Math.min(maxDistance, Math.floor(wanted.length / 3)) + 1;
  for (const known of catalogue.keys()) {
    if (Math.abs(known.length - wanted.length) >= least) continue;
    const d = distance(wanted, known, least);
    if (d < least) {
      least = d;
      best = known;
    }
  }
  if (best !== null) return best;
  // The last part alone, as people remember it: `syn`, `sni`.
  const last = wanted.slice(wanted.lastIndexOf('.') + 1);
  if (last.length < 3) return null;
  for (const known of catalogue.keys()) if (known.endsWith(`.${last}`)) return known;
  return null;
}

/** Insertions, removals, replacements and swaps of neighbours; `limit` where there are as many or more. */
function distance(a: string, b: string, limit: number): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let smallest = i;
    for (let j = 1; j <= b.length; j++) {
      let d = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2] + 1);
      next.push(d);
      if (d < smallest) smallest = d;
    }
    if (smallest >= limit) return limit;
    before = row;
    row = next;
  }
  return row[b.length];
}
