import type { DecodeAsOffer, DecodeAsTable } from '../../../shared/model/decode-as.ts';
import type { DecodeAsProposal } from '../../store/state.ts';

/** The table to begin with: the one whose key stands where the user pointed, else the innermost that the packet has. */
export function firstTable({ offers, layer }: DecodeAsProposal, tables: readonly DecodeAsTable[]): string {
  const pointed = layer === '' ? undefined : offers.findLast((offer) => offer.layer === layer);
  return (
    pointed?.table ??
    offers.at(-1)?.table ??
    tables.find(({ name }) => name === 'tcp.port')?.name ??
    tables[0]?.name ??
    ''
  );
}

/**
 * Place of the key to begin with among a packet's keys of one table: the one that the user pointed at, else the lower
 * port, which is more often the server's.
 */
export function firstKey(offers: readonly DecodeAsOffer[], field: string): number {
  const role = field.endsWith('.srcport') ? 'source' : field.endsWith('.dstport') ? 'destination' : null;
  const pointed = offers.findIndex((offer) => offer.role === role);
  if (pointed >= 0) return pointed;
  const low = offers.reduce(
    (best, offer, i) => (Number(offer.key) < Number(offers[best]?.key ?? Number.POSITIVE_INFINITY) ? i : best),
    0,
  );
  return offers[low]?.role === '' ? offers.length - 1 : low;
}
