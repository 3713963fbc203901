import type { Connection, SideFacts } from './connection.ts';
import type { StreamSegments } from './segments.ts';

/** Who opened: the sender of the SYN; else the receiver of the SYN+ACK; else a guess, since servers mostly have the lower port. */
export function assignRoles(segments: StreamSegments, a: SideFacts, b: SideFacts): { readonly clientIsA: boolean; readonly evidence: Connection['roleEvidence'] } {
  if (a.syns.length > 0 || b.syns.length > 0) {
    const clientIsA = b.syns.length === 0 || (a.syns.length > 0 && a.syns[0] < b.syns[0]);
    return { clientIsA, evidence: 'sent-syn' };
  }
  if (a.synAcks.length > 0 || b.synAcks.length > 0) {
    const serverIsA = b.synAcks.length === 0 || (a.synAcks.length > 0 && a.synAcks[0] < b.synAcks[0]);
    return { clientIsA: !serverIsA, evidence: 'sent-syn-ack' };
  }
  if (segments.a.port !== segments.b.port) return { clientIsA: segments.a.port > segments.b.port, evidence: 'lower-port' };
  return { clientIsA: true, evidence: 'first-packet' };
}
