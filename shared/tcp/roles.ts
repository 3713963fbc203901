import type { RoleEvidence } from '../model/stream.ts';
import { whoAsks } from './asker.ts';
import type { Connection, Roles, SideFacts } from './connection.ts';
import type { StreamSegments } from './segments.ts';

/**
 * What is known beyond the segments: ports that servers use, and the roles in a stream whose connection these segments
 * go on with.
 */
export interface Known {
  readonly knownPort?: ((port: number) => boolean) | undefined;
  readonly earlier?: Roles | undefined;
}

/** The roles of a connection that began in an earlier stream, for the segments with which it goes on. */
export function rolesOf(before: Connection, segments: StreamSegments): Roles {
  const { roles, client, segments: earlier } = before;
  const sure = roles.evidence === 'sent-syn' || roles.evidence === 'sent-syn-ack';
  const { address, port } = client.isA ? earlier.a : earlier.b;
  const clientIsA = segments.a.address === address && segments.a.port === port;
  if (sure) return { clientIsA, evidence: 'earlier-stream', index: -1, protocol: null, row: earlier.rows[roles.index] };
  return { ...roles, clientIsA, index: -1, row: roles.index < 0 ? undefined : earlier.rows[roles.index] };
}

/**
 * Who opened: the sender of the SYN; else the receiver of the SYN+ACK; else who asks, by the first bytes of the data;
 * else the side whose port is not one that servers are known to use; else a guess, since servers mostly have the lower
 * port.
 */
export function assignRoles(segments: StreamSegments, a: SideFacts, b: SideFacts, known: Known = {}): Roles {
  const { knownPort, earlier } = known;
  if (earlier !== undefined) return earlier;
  const told = (clientIsA: boolean, evidence: RoleEvidence, index = -1, protocol: string | null = null): Roles => ({
    clientIsA,
    evidence,
    index,
    protocol,
  });
  if (a.syns.length > 0 || b.syns.length > 0) {
    const clientIsA = b.syns.length === 0 || (a.syns.length > 0 && a.syns[0] < b.syns[0]);
    return told(clientIsA, 'sent-syn', (clientIsA ? a : b).syns[0]);
  }
  if (a.synAcks.length > 0 || b.synAcks.length > 0) {
    const serverIsA = b.synAcks.length === 0 || (a.synAcks.length > 0 && a.synAcks[0] < b.synAcks[0]);
    return told(!serverIsA, 'sent-syn-ack', (serverIsA ? a : b).synAcks[0]);
  }
  const asked = a.firstData >= 0 || b.firstData >= 0 ? whoAsks(segments) : null;
  if (asked !== null) return told(asked.a === 'asks', 'asks', asked.index, asked.protocol);
  const knownA = knownPort?.(segments.a.port) === true;
  const knownB = knownPort?.(segments.b.port) === true;
  if (knownA !== knownB) return told(knownB, 'known-port');
  if (segments.a.port !== segments.b.port) return told(segments.a.port > segments.b.port, 'lower-port');
  return told(true, 'first-packet');
}

export function isGuess(c: Connection): boolean {
  return c.roleEvidence === 'known-port' || c.roleEvidence === 'lower-port' || c.roleEvidence === 'first-packet';
}
