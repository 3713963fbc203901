import type { Connection, Reset, ResetFit, ResetPhase } from './connection.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';
import { mostSent, seqAdd, seqDiff } from './sequence.ts';
import type { Side } from './side.ts';
import type { WindowShifts } from './window-scale.ts';

/** What a reset means to its receiver. */
export interface ResetJudgement {
  readonly fit: ResetFit;
  /** Raw number that the receiver expects, -1 unknown. */
  readonly expected: number;
  readonly phase: ResetPhase;
}

/** Last SYN of `r` that `ack` acknowledges, with or without the data it carried; -1 none. */
export function answeredSyn(segments: StreamSegments, r: Side, ack: number): number {
  const { seq, length } = segments;
  for (let k = r.syns.length - 1; k >= 0; k--) {
    const index = r.syns[k];
    const first = seqAdd(seq[index], 1);
    if (ack === first || (length[index] > 0 && ack === seqAdd(first, length[index]))) return index;
  }
  return -1;
}

/**
 * A side that sent its SYN+ACK went on as only an ESTABLISHED one does, or the reset itself uses numbers past the
 * handshake: the third segment was not captured.
 */
function pastHandshake(segments: StreamSegments, index: number, s: Side, r: Side): boolean {
  const { seq, ack, flags, length, timeNs } = segments;
  const maxAhead = mostSent(timeNs[index] - timeNs[s.synAcks[0] ?? r.synAcks[0] ?? index]);
  for (const side of [s, r]) {
    if (side.synAcks.length === 0) continue;
    const other = side === s ? r : s;
    const first = side.synAcks[0];
    const begun = side.firstData < 0 ? 0 : seqDiff(seq[side.firstData], seq[first]);
    if (side.firstData >= 0 && (flags[side.firstData] & TcpFlag.SYN) === 0 && begun > 0 && begun < maxAhead)
      return true;
    if (
      side.ackKnown &&
      seqDiff(side.acked, ack[first]) > 0 &&
      seqDiff(side.acked, seqAdd(ack[first], -1)) < maxAhead &&
      other.syns.every((k) => length[k] === 0)
    )
      return true;
  }
  if (r.synAcks.length > 0 && s.synAcks.length === 0 && s.syns.every((k) => length[k] === 0)) {
    // The reset of the side that sent the SYN, past what the SYN+ACK acknowledges or with an acknowledgment of more
    // than that.
    const first = r.synAcks[r.synAcks.length - 1];
    const sent = seqDiff(seq[index], ack[first]);
    const taken = (flags[index] & TcpFlag.ACK) !== 0 ? seqDiff(ack[index], seqAdd(seq[first], 1 + length[first])) : 0;
    return (sent > 0 && sent < maxAhead && taken >= 0) || (taken > 0 && taken < maxAhead && sent >= 0);
  }
  if (s.synAcks.length === 0 || r.syns.some((k) => length[k] > 0)) return false;
  // The reset of the side that sent the SYN+ACK.
  const last = s.synAcks[s.synAcks.length - 1];
  const beyond = seqDiff(seq[index], seqAdd(seq[last], 1 + length[last]));
  const acknowledged = (flags[index] & TcpFlag.ACK) !== 0 ? seqDiff(ack[index], ack[last]) : 0;
  // Seq 0 and the SYN acknowledged is how a host without such a connection refuses it.
  if (seq[index] === 0 && acknowledged === 0) return false;
  return (
    (acknowledged > 0 && acknowledged < maxAhead && beyond >= 0 && beyond < maxAhead) ||
    (acknowledged === 0 && (flags[index] & TcpFlag.ACK) !== 0 && seq[index] !== 0 && beyond > 0 && beyond < maxAhead)
  );
}

function phaseOf(segments: StreamSegments, index: number, s: Side, r: Side, closed: boolean): ResetPhase {
  if (closed || (s.finAckedAt >= 0 && r.finAckedAt >= 0)) return 'closed';
  if (s.fin >= 0 || r.fin >= 0) return 'fin';
  if (s.handshakeAck >= 0 || r.handshakeAck >= 0 || (s.span.state === 'ESTABLISHED' && r.span.state === 'ESTABLISHED'))
    return 'established';
  if (s.synAcks.length > 0 || r.synAcks.length > 0)
    return pastHandshake(segments, index, s, r) ? 'established' : 'handshake';
  return s.syns.length > 0 || r.syns.length > 0 ? 'syn' : 'established';
}

/** Compares the numbers of a reset from `s` with what `r` expects (RFC 9293, section 3.5.3; RFC 5961, section 3.2). */
export function judgeReset(segments: StreamSegments, index: number, s: Side, r: Side, closed: boolean): ResetJudgement {
  const seq = segments.seq[index];
  const ack = segments.ack[index];
  const hasAck = (segments.flags[index] & TcpFlag.ACK) !== 0;
  const phase = phaseOf(segments, index, s, r, closed);
  if (r.span.state === 'SYN-SENT' && s.synAcks.length === 0 && s.syns.length === 0) {
    // In SYN-SENT only an acknowledgment of the SYN makes a reset acceptable (RFC 9293, section 3.10.7.3).
    const expected = seqAdd(r.isn, 1);
    if (hasAck && answeredSyn(segments, r, ack) >= 0) return { fit: 'exact', expected, phase };
    // In SYN-SENT a reset without ACK is dropped, and so is one that acknowledges something else.
    if (seq === 0 || (!hasAck && (stillAsking(segments, index, r) || answeredLater(segments, index, r))))
      return { fit: 'inexact', expected, phase };
    // A SYN is answered with Seq 0 and an Ack: any other reset answers something that was not captured.
    return { fit: 'unknown', expected: -1, phase };
  }
  if (
    s.span.state === 'SYN-SENT' &&
    r.synAcks.length === 0 &&
    r.syns.length === 0 &&
    seq !== seqAdd(s.isn, 1) &&
    seq !== s.isn
  ) {
    // What resets with another number than its own SYN's answers something older that was not captured.
    return { fit: 'inexact', expected: -1, phase };
  }
  if (!r.ackKnown) {
    // The receiver has the SYN+ACK and nothing else yet.
    if (s.isnKnown && s.synAcks.length > 0 && r.syns.length > 0 && phase === 'handshake')
      return { fit: seq === s.next ? 'exact' : 'inexact', expected: s.next, phase };
    return { fit: 'unknown', expected: -1, phase };
  }
  const beyond = seqDiff(seq, r.acked);
  if (beyond === 0) return { fit: 'exact', expected: r.acked, phase };
  // What was sent but not acknowledged yet may have arrived.
  if (beyond > 0 && s.nextKnown && seqDiff(seq, s.next) <= 0) return { fit: 'exact', expected: seq, phase };
  // So may have segments that were not captured.
  if (beyond > 0 && r.last >= 0 && beyond <= segments.window[r.last]) return { fit: 'unknown', expected: -1, phase };
  return { fit: 'inexact', expected: r.acked, phase };
}

/** A SYN+ACK that answers the SYN follows: `r` was in SYN-SENT when the reset came. */
function answeredLater(segments: StreamSegments, index: number, r: Side): boolean {
  const { count, fromA, flags, ack } = segments;
  const asker = fromA[r.syns[0]];
  const both = TcpFlag.SYN | TcpFlag.ACK;
  for (let k = index + 1; k < Math.min(count, index + 64); k++)
    if (fromA[k] !== asker && (flags[k] & both) === both && answeredSyn(segments, r, ack[k]) >= 0) return true;
  return false;
}

/** `r` sends the same SYN again after the reset, at its own time: it is in SYN-SENT still. */
function stillAsking(segments: StreamSegments, index: number, r: Side): boolean {
  const { count, fromA, flags, seq } = segments;
  const asker = fromA[r.syns[0]];
  for (let k = index + 1; k < Math.min(count, index + 256); k++) {
    if (fromA[k] === asker) return (flags[k] & (TcpFlag.SYN | TcpFlag.ACK)) === TcpFlag.SYN && seq[k] === r.isn;
  }
  return false;
}

/**
 * It bears just the number that a SYN+ACK or challenge, which does not answer the SYN, acknowledges: it clears an older
 * connection away, not this one (RFC 9293, section 3.10.7.3).
 */
export function clearsOdd(c: Connection, reset: Reset): boolean {
  const { seq, ack, fromA } = c.segments;
  return (
    c.client.syns.length > 0 &&
    reset.fromA === c.client.isA &&
    // Behind the third segment it may bear just the number that this connection has come to.
    (c.handshakeAck < 0 || reset.index < c.handshakeAck || seq[reset.index] !== c.client.next) &&
    [c.strangeSynAck, c.challenge].some(
      (odd) => odd >= 0 && fromA[odd] !== fromA[reset.index] && seq[reset.index] === ack[odd],
    )
  );
}

/** The reset bears a number in front of the SYN+ACK of its side: that of an older connection. */
export function isOlder({ synAck, segments: { fromA, seq } }: Connection, reset: Reset): boolean {
  return (
    synAck >= 0 &&
    fromA[reset.index] === fromA[synAck] &&
    reset.fit !== 'inexact' &&
    seqDiff(seq[reset.index], seq[synAck]) <= 0
  );
}

/**
 * Where the number of a reset lies: what the receiver expects, elsewhere in its window, outside, or nobody can tell.
 */
export type ResetReach = 'exact' | 'window' | 'outside' | 'unknown';

/** How the receiver must take a reset (RFC 9293, section 3.10.7.4): obey, ask back, drop. */
export function resetReach(c: Connection, reset: Reset, shifts: WindowShifts): ResetReach {
  if (reset.fit !== 'inexact') return reset.fit;
  if (reset.expected < 0 || reset.phase === 'syn' || reset.phase === 'handshake') return 'unknown';
  const { seq, fromA, window, flags } = c.segments;
  const beyond = seqDiff(seq[reset.index], reset.expected);
  if (beyond < 0) return 'outside';
  let last = reset.index - 1;
  while (last >= 0 && (fromA[last] !== 0) === reset.fromA) last--;
  if (last < 0) return 'unknown';
  const shift = (flags[last] & TcpFlag.SYN) !== 0 ? 0 : reset.fromA ? shifts.b : shifts.a;
  if (shift !== null) return beyond < window[last] * 2 ** shift ? 'window' : 'outside';
  // Without the SYNs the factor may be anything up to 2^14.
  return beyond < window[last] ? 'window' : beyond >= window[last] * 2 ** 14 ? 'outside' : 'unknown';
}
