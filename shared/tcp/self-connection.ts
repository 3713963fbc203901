/** A socket connected to itself: one address, one port, a simultaneous open with itself (RFC 9293, figure 7). */
import type { Connection, StateSpan } from './connection.ts';
import { CopyFinder } from './copies.ts';
import type { Judgement } from './judgement.ts';
import { analyseConnection } from './scan.ts';
import { type StreamContext, type StreamSegments, TcpFlag } from './segments.ts';
import { seqAdd, seqDiff } from './sequence.ts';

const { SYN, FIN, RST, ACK } = TcpFlag;

/** Segments among which one that answers another is looked for. */
const looked = 64;

/**
 * The ends are one, and a segment acknowledges what another brought: one alone may be forged (CVE-1999-0016, "LAND").
 */
export function isSelfConnected(s: StreamSegments): boolean {
  if (s.a.port !== s.b.port || s.a.address !== s.b.address) return false;
  const { flags, seq, ack, length } = s;
  const last = Math.min(s.count, looked);
  for (let k = 1; k < last; k++) {
    if ((flags[k] & (RST | ACK)) !== ACK) continue;
    for (let i = 0; i < k; i++) {
      const used = length[i] + ((flags[i] & (SYN | FIN)) !== 0 ? 1 : 0);
      if (used > 0 && (flags[i] & RST) === 0 && ack[k] === seqAdd(seq[i], used)) return true;
    }
  }
  return false;
}

/**
 * Every segment is its own side's answer to itself: the opening holds where the SYN's number is acknowledged, the
 * closing where the FIN's is.
 */
export function selfConnection(segments: StreamSegments, context: StreamContext, record: boolean): Judgement {
  const finder = new CopyFinder(segments);
  const scanned = analyseConnection(segments, record, context.relativeBase, {}, finder);
  const unknown: StateSpan = { state: 'UNKNOWN', proved: false };
  const connection: Connection = {
    ...scanned,
    events: scanned.events.map((event) => ({ ...event, a: unknown, b: unknown })),
    resets: scanned.resets.map((one) => ({ ...one, expected: -1 })),
  };
  const { flags, seq, ack, length, count } = segments;
  const find = (holds: (i: number) => boolean) => {
    for (let i = 0; i < count; i++) if (holds(i)) return i;
    return -1;
  };
  const syn = find((i) => (flags[i] & SYN) !== 0);
  const synAcked = find(
    (i) => syn >= 0 && i > syn && (flags[i] & (ACK | RST)) === ACK && ack[i] === seqAdd(seq[syn], 1),
  );
  const third = find(
    (i) => i > synAcked && synAcked >= 0 && (flags[i] & (SYN | RST | ACK)) === ACK && ack[i] === seqAdd(seq[syn], 1),
  );
  const fin = find((i) => (flags[i] & FIN) !== 0);
  const finAcked = find(
    (i) => fin >= 0 && i > fin && (flags[i] & ACK) !== 0 && seqDiff(ack[i], seqAdd(seq[fin], length[fin] + 1)) >= 0,
  );
  const reset = connection.resets.find((one) => !one.ignored) ?? null;
  const steps = [syn, synAcked, third].filter((i) => i >= 0);
  // Without its SYN+ACK it would acknowledge nothing.
  const later = find((i) => (flags[i] & (SYN | RST | ACK)) === ACK);
  const established = synAcked >= 0 || syn < 0 || later >= 0;
  const ended = [fin, finAcked, reset?.index ?? -1].filter((i) => i >= 0);
  return {
    connection,
    opening: {
      codes: ['O26'],
      steps,
      indices: steps,
      proved: synAcked >= 0,
      established,
      reset: null,
      missing: syn < 0 ? 'all' : 'none',
      tries: connection.a.synCount,
      icmp: null,
      elsewhere: null,
      contradicted: -1,
      doubt: null,
      held: null,
    },
    closing: {
      codes: fin >= 0 ? (finAcked >= 0 ? ['C4'] : ['C10']) : reset !== null ? ['C5'] : ['C12'],
      steps: ended,
      indices: ended,
      proved: finAcked >= 0,
      initiator: fin >= 0 ? 'both' : null,
      resetBy: null,
      reset,
      first: null,
      second: null,
      injected: [],
    },
    spoken: [],
    merged: null,
    finder,
    reordered: false,
    continuedIn: null,
    context,
  };
}
