/** Several connections in one stream: the same ports and the same initial number again after a complete close, as stacks with fixed initial numbers do. */
import type { Connection } from './connection.ts';
import { CopyFinder } from './copies.ts';
import { reordered } from './order.ts';
import { analyseConnection } from './scan.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';
import { seqDiff } from './sequence.ts';

const { SYN, ACK, RST } = TcpFlag;
/** Connections of one stream that are told apart. */
const most = 64;
/** After a reset the same SYN may be the same program trying again at once; after this long it is another connection. */
const againNs = 100_000_000;

export interface Part {
  readonly segments: StreamSegments;
  readonly finder: CopyFinder;
}

/** The connections of a stream in their order; null where it holds one. */
export function splitConnections(s: StreamSegments, finder: CopyFinder): readonly Part[] | null {
  const starts = [0];
  const asked = new Set<string>();
  // The last number of each side (index: `fromA`), to see where others begin.
  const last = [0, 0];
  const known = [false, false];
  let tried = 0;
  for (let i = 0; i < s.count && starts.length < most; i++) {
    const flags = s.flags[i];
    if ((flags & RST) !== 0) continue;
    const side = s.fromA[i];
    const jumps = (known[side] && far(s.seq[i], last[side])) || ((flags & ACK) !== 0 && known[1 - side] && far(s.ack[i], last[1 - side]));
    if ((flags & (SYN | ACK)) === SYN) {
      if (finder.original(i) >= 0) continue;
      const syn = `${side} ${s.seq[i]}`;
      const again = asked.has(syn);
      asked.add(syn);
      if ((again || (known[side] && i > starts[starts.length - 1])) && beginsAnew(s, finder, starts[starts.length - 1], i)) starts.push(i);
    } else if (jumps && finder.merged === null && tried < most && finder.original(i) < 0) {
      tried++;
      // Another answer to a SYN of this connection is none of another one.
      const elsewhere = (flags & SYN) !== 0 && !asked.has(`${1 - side} ${(s.ack[i] - 1) >>> 0}`) && known[1 - side] && far(s.ack[i], last[1 - side]);
      if (followsAnEnd(s, finder, starts[starts.length - 1], i, elsewhere)) starts.push(i);
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

/** So many bytes no two segments of one connection lie apart that follow each other. */
const farBytes = 1 << 28;

function far(number: number, last: number): boolean {
  return Math.abs(seqDiff(number, last)) > farBytes;
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
 */
function followsAnEnd(s: StreamSegments, finder: CopyFinder, from: number, i: number, elsewhere: boolean): boolean {
  const c = before(s, finder, from, i);
  if (c.strangeSynAck >= 0 || c.challenge >= 0) return false;
  const opened = c.client.handshakeAck >= 0 || c.server.handshakeAck >= 0 || (c.client.syns.length === 0 && c.server.synAcks.length === 0 && c.client.bytes + c.server.bytes > 0);
  if (!opened && !elsewhere) return false;
  const ended = c.resets.findLast((one) => !one.ignored && one.fit !== 'inexact');
  const last = Math.max(ended?.index ?? -1, c.a.fin, c.b.fin);
  return last >= 0 && s.timeNs[i] - s.timeNs[from + last] >= againNs;
}

/** Whether the SYN at `i` follows a connection that was over: both FINs acknowledged, or reset after it had opened. */
function beginsAnew(s: StreamSegments, finder: CopyFinder, from: number, i: number): boolean {
  const c = before(s, finder, from, i);
  // Its sender had acknowledged the other side's SYN: a TCP that has done so does not send its own SYN again.
  const asker = s.fromA[i] !== 0 ? c.a : c.b;
  const opened = asker.syns.length > 0 ? asker === c.client && c.client.handshakeAck >= 0 : asker.ackKnown && asker.synAcks.length === 0;
  if (!opened) return false;
  if (c.a.finAckedAt >= 0 && c.b.finAckedAt >= 0) return true;
  const ended = c.resets.findLast((one) => !one.ignored && one.fit !== 'inexact' && (one.phase === 'established' || one.phase === 'fin'));
  // Of a capture of one direction the acknowledgments of FINs are missing.
  const last = Math.max(ended?.index ?? -1, c.a.fin, c.b.fin);
  return last >= 0 && s.timeNs[i] - s.timeNs[from + last] >= againNs;
}
