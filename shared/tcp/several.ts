/** Several connections in one stream: the same ports and the same initial number again after a complete close, as stacks with fixed initial numbers do. */
import type { Connection } from './connection.ts';
import { CopyFinder } from './copies.ts';
import { reordered } from './order.ts';
import { analyseConnection } from './scan.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';
import { farBytes, seqDiff } from './sequence.ts';

const { SYN, FIN, ACK, RST } = TcpFlag;
/** Connections of one stream that are told apart. */
const most = 64;
/** After a reset the same SYN may be the same program trying again at once; after this long it is another connection. */
const againNs = 100_000_000;
/** Behind such a silence numbers that are far from those before are another connection's, whose beginning was not captured. */
const silentNs = 5_000_000_000;

export interface Part {
  readonly segments: StreamSegments;
  readonly finder: CopyFinder;
}

/** The connections of a stream in their order; null where it holds one. */
export function splitConnections(s: StreamSegments, finder: CopyFinder): readonly Part[] | null {
  const starts = [0];
  const asked = new Map<string, number>();
  // The last number of each side (index: `fromA`), to see where others begin.
  const last = [0, 0];
  const known = [false, false];
  let tried = 0;
  // The last segment that may have ended something.
  let ended = -1;
  for (let i = 0; i < s.count && starts.length < most; i++) {
    const flags = s.flags[i];
    const endedBefore = ended;
    if ((flags & (RST | FIN)) !== 0) ended = i;
    if ((flags & RST) !== 0) continue;
    const side = s.fromA[i];
    const jumps = (known[side] && far(s.seq[i], last[side])) || ((flags & ACK) !== 0 && known[1 - side] && far(s.ack[i], last[1 - side]));
    if ((flags & (SYN | ACK)) === SYN) {
      if (finder.original(i) >= 0) continue;
      const syn = `${side} ${s.seq[i]}`;
      const first = asked.get(syn);
      const again = first !== undefined;
      if (!again) asked.set(syn, i);
      // On another link it may be the same SYN at another place of the path.
      if (again && finder.wire(i)?.link !== finder.wire(first)?.link) continue;
      const from = starts[starts.length - 1];
      if ((again || (known[side] && i > from)) && tried++ < most && (finder.merged === null || answeredBehind(s, finder, i)) && beginsAnew(s, finder, from, i)) starts.push(i);
    } else if (
      finder.merged === null &&
      (flags & SYN) !== 0 &&
      i > starts[starts.length - 1] &&
      endedBefore >= starts[starts.length - 1] &&
      s.timeNs[i] - s.timeNs[i - 1] >= silentNs &&
      (s.flags[endedBefore] & FIN) !== 0 &&
      finder.original(i) < 0
    ) {
      // Behind a FIN and a long silence a SYN+ACK opens something else, though it have the numbers of the one before.
      starts.push(i);
    } else if (
      finder.merged === null &&
      (flags & SYN) !== 0 &&
      (known[side] || known[1 - side]) &&
      i > starts[starts.length - 1] &&
      tried++ < most &&
      takenUpElsewhere(s, asked, starts[starts.length - 1], i)
    ) {
      starts.push(i);
    } else if (
      jumps &&
      finder.merged === null &&
      ((endedBefore >= starts[starts.length - 1] && s.timeNs[i] - s.timeNs[endedBefore] >= againNs / 4) || (i > 0 && s.timeNs[i] - s.timeNs[i - 1] >= silentNs)) &&
      tried++ < most &&
      finder.original(i) < 0
    ) {
      // Another answer to a SYN of this connection is none of another one.
      const elsewhere = (flags & SYN) !== 0 && !asked.has(`${1 - side} ${(s.ack[i] - 1) >>> 0}`) && known[1 - side] && far(s.ack[i], last[1 - side]);
      // Both its numbers lie nowhere near those before.
      const other = known[0] && known[1] && far(s.seq[i], last[side]);
      const apart = other && ((flags & SYN) !== 0 ? !asked.has(`${1 - side} ${(s.ack[i] - 1) >>> 0}`) : (flags & ACK) !== 0 && far(s.ack[i], last[1 - side]));
      if (
        s.timeNs[i] - s.timeNs[i - 1] >= silentNs && (flags & SYN) === 0
          ? far(s.ack[i], last[1 - side]) && known[1 - side]
          : followsAnEnd(s, finder, starts[starts.length - 1], i, elsewhere, apart)
      )
        starts.push(i);
    }
    last[side] = s.seq[i];
    known[side] = true;
  }
  if (starts.length === 1) return null;
  return starts.map((from, n) => {
    const end = n + 1 < starts.length ? starts[n + 1] : s.count;
    const segments = reordered(
      s,
      Uint32Array.from({ length: end - from }, (_, k) => from + k),
    );
    const part = new CopyFinder(segments);
    if (finder.merged !== null) {
      const pairs = [...finder.merged].filter(([copy, original]) => copy >= from && copy < end && original >= from);
      part.merged = new Map(pairs.map(([copy, original]): [number, number] => [copy - from, original - from]));
    }
    return { segments, finder: part };
  });
}

/** A SYN of the same number that was not captured may have brought so much data (RFC 7413). */
const synData = 1460;
/** Segments behind a SYN+ACK among which its acknowledgment is looked for. */
const soon = 64;

/**
 * The SYN+ACK at `i` answers no captured SYN, and its receiver takes it up with just the number that it acknowledges: the handshake of a connection whose SYN was not captured.
 * @param asked the SYNs before it, by side and number
 */
function takenUpElsewhere(s: StreamSegments, asked: ReadonlyMap<string, number>, from: number, i: number): boolean {
  const { count, fromA, flags, seq, ack, length } = s;
  const side = fromA[i];
  const syn = (ack[i] - 1) >>> 0;
  // Before it stands something that is said to have opened, or a SYN.
  let before = false;
  for (let k = from; k < i && !before; k++) before = length[k] > 0 || (flags[k] & (SYN | ACK)) === SYN;
  if (!before) return false;
  // What stands before it may be what follows it, where the order of the capture is wrong.
  for (let k = Math.max(from, i - soon); k < i; k++) {
    const beyond = seqDiff(seq[k], ack[i]);
    if (fromA[k] !== side && (flags[k] & RST) === 0 && beyond >= 0 && beyond < 1 << 16) return false;
  }
  for (const k of asked.values()) if (fromA[k] !== side && seqDiff(ack[i], seq[k]) > 0 && seqDiff(ack[i], seq[k]) <= 1 + Math.max(length[k], synData)) return false;
  for (let k = Math.max(0, i - soon); k < Math.min(count, i + soon); k++) {
    // Its SYN may stand behind it; and a SYN+ACK with its number before it is the same answer.
    if ((flags[k] & (SYN | ACK)) === SYN && fromA[k] !== side && seq[k] === syn) return false;
    if (k < i && fromA[k] === side && (flags[k] & SYN) !== 0 && seq[k] === seq[i]) return false;
    // So does an opening from both sides.
    if ((flags[k] & (SYN | ACK)) === SYN && fromA[k] === side) return false;
  }
  for (let k = i + 1; k < Math.min(count, i + soon); k++) {
    if (fromA[k] === side || (flags[k] & (SYN | RST | ACK)) !== ACK) continue;
    if (seq[k] === ack[i] && seqDiff(ack[k], seq[i]) >= 1 + length[i] && seqDiff(ack[k], seq[i]) < farBytes) return true;
  }
  return false;
}

/** Numbers do not go back so far either: what is repeated or overtaken lies within a window. */
const farBack = 1 << 22;

function far(number: number, last: number): boolean {
  const beyond = seqDiff(number, last);
  return beyond > farBytes || beyond < -farBack;
}

/** The segments from `from` up to `i`, as a connection. */
function before(s: StreamSegments, finder: CopyFinder, from: number, i: number): Connection {
  const view = reordered(
    s,
    Uint32Array.from({ length: i - from }, (_, k) => from + k),
  );
  const known = new CopyFinder(view);
  if (finder.merged !== null) {
    const pairs = [...finder.merged].filter(([copy, original]) => copy < i && original >= from);
    known.merged = new Map(pairs.map(([copy, original]): [number, number] => [copy - from, original - from]));
  }
  return analyseConnection(view, false, undefined, {}, known);
}

/**
 * Whether a segment with other numbers follows a connection that was over: its SYN was not captured.
 * @param elsewhere it acknowledges a SYN that is nowhere near this connection's
 * @param apart neither of its numbers is anywhere near this connection's
 */
function followsAnEnd(s: StreamSegments, finder: CopyFinder, from: number, i: number, elsewhere: boolean, apart: boolean): boolean {
  const c = before(s, finder, from, i);
  if ((c.strangeSynAck >= 0 || c.challenge >= 0) && !apart) return false;
  const opened = c.client.handshakeAck >= 0 || c.server.handshakeAck >= 0 || (c.client.syns.length === 0 && c.server.synAcks.length === 0 && c.client.bytes + c.server.bytes > 0);
  if (!opened && !elsewhere && !apart) return false;
  const ended = c.resets.findLast((one) => !one.ignored && one.fit !== 'inexact');
  const last = Math.max(ended?.index ?? -1, c.a.fin, c.b.fin);
  return last >= 0 && s.timeNs[i] - s.timeNs[from + last] >= againNs;
}

/** Of two capture points the second knows SYNs that the first does not, and the other way round: a SYN begins something only where a SYN+ACK behind it is no copy. */
function answeredBehind(s: StreamSegments, finder: CopyFinder, i: number): boolean {
  for (let k = i + 1; k < s.count; k++)
    if (s.fromA[k] !== s.fromA[i] && (s.flags[k] & (SYN | ACK)) === (SYN | ACK) && s.ack[k] === (s.seq[i] + 1 + s.length[i]) >>> 0) return finder.original(k) < 0;
  return false;
}

/** The next SYN+ACK that answers the SYN at `i` has a number that its sender has not used before: it knows nothing of the connection before. */
function answeredAnew(s: StreamSegments, from: number, i: number): boolean {
  const { count, fromA, flags, seq, ack, length } = s;
  for (let k = i + 1; k < Math.min(count, i + soon); k++) {
    if (fromA[k] === fromA[i] || (flags[k] & (SYN | ACK)) !== (SYN | ACK)) continue;
    if (ack[k] !== (seq[i] + 1 + length[i]) >>> 0) return false;
    for (let j = from; j < i; j++) if (fromA[j] === fromA[k] && (flags[j] & SYN) !== 0) return seq[j] !== seq[k];
    return false;
  }
  return false;
}

/** Whether the SYN at `i` follows a connection that was over: both FINs acknowledged, or reset after it had opened. */
function beginsAnew(s: StreamSegments, finder: CopyFinder, from: number, i: number): boolean {
  const c = before(s, finder, from, i);
  // Its sender had acknowledged the other side's SYN: a TCP that has done so does not send its own SYN again.
  const asker = s.fromA[i] !== 0 ? c.a : c.b;
  const opened = asker.syns.length > 0 ? asker === c.client && c.client.handshakeAck >= 0 : asker.ackKnown && asker.synAcks.length === 0;
  if (!opened) return false;
  if (c.a.finAckedAt >= 0 && c.b.finAckedAt >= 0) return true;
  if (s.timeNs[i] - s.timeNs[i - 1] >= againNs && answeredAnew(s, from, i)) return true;
  const ended = c.resets.findLast((one) => !one.ignored && one.fit !== 'inexact' && (one.phase === 'established' || one.phase === 'fin'));
  // Of a capture of one direction the acknowledgments of FINs are missing.
  const last = Math.max(ended?.index ?? -1, c.a.fin, c.b.fin);
  return last >= 0 && s.timeNs[i] - s.timeNs[from + last] >= againNs;
}
