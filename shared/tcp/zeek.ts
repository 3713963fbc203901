import type { ZeekState } from '../model/stream.ts';
import type { ClosingFacts } from './closing.ts';
import type { Connection } from './connection.ts';
import type { OpeningFacts } from './opening.ts';

/** The state that Zeek's `conn.log` would give, by the meanings its documentation lists for `conn_state`. */
export function zeekState(c: Connection, opening: OpeningFacts, closing: ClosingFacts): ZeekState {
  const { client, server } = c;
  const reset = c.resets.find((one) => !one.ignored) ?? null;
  const clientSyn = client.syns.length > 0;
  const serverAnswered = server.synAcks.length > 0 || (server.syns.length > 0 && c.bothSyn);
  if (opening.codes.includes('O5')) return 'REJ';
  if (!clientSyn && !serverAnswered) return 'OTH';
  // A reset that came before both sides closed in order ended nothing: it cleared an older attempt away, or its number
  // was not the expected one.
  const inOrder = clientSyn && client.finAckedAt >= 0 && server.finAckedAt >= 0 && closing.reset === null;
  if (inOrder) return 'SF';
  if (reset !== null) {
    if (reset.fromA !== client.isA) return clientSyn ? 'RSTR' : 'RSTRH';
    if (clientSyn && !serverAnswered && !opening.established) return 'RSTOS0';
    return clientSyn || opening.established ? 'RSTO' : 'OTH';
  }
  if (!clientSyn) return server.fin >= 0 && client.packets === 0 ? 'SHR' : 'OTH';
  if (!serverAnswered && !opening.established) return client.fin >= 0 ? 'SH' : 'S0';
  if (closing.first !== null && closing.second !== null && client.fin >= 0 && server.fin >= 0) return 'SF';
  if (client.fin >= 0) return 'S2';
  if (server.fin >= 0) return 'S3';
  // OTH is for streams without a SYN: one that was answered and not closed is S1, whether or not the third segment was
  // captured.
  return 'S1';
}
