/** Several connections in one stream: the same ports and the same initial number again after a complete close, as stacks with fixed initial numbers do. */
import { CopyFinder } from './copies.ts';
import { reordered } from './order.ts';
import { analyseConnection } from './scan.ts';
import { type StreamSegments, TcpFlag } from './segments.ts';

const { SYN, ACK, RST } = TcpFlag;
/** Connections of one stream that are told apart. */
const most = 64;
/** After a reset the same SYN may be the same program trying again at once; after this long it is another connection. */
const againNs = 1_000_000_000;

export interface Part {
  readonly segments: StreamSegments;
  readonly finder: CopyFinder;
}

/** The connections of a stream in their order; null where it holds one. */
export function splitConnections(s: StreamSegments, finder: CopyFinder): readonly Part[] | null {
  const starts = [0];
  const asked = new Set<string>();
  for (let i = 0; i < s.count; i++) {
    if ((s.flags[i] & (SYN | ACK | RST)) !== SYN || finder.original(i) >= 0) continue;
    const syn = `${s.fromA[i]} ${s.seq[i]}`;
    const again = asked.has(syn);
    asked.add(syn);
    if (!again || starts.length >= most) continue;
    if (beginsAnew(s, finder, starts[starts.length - 1], i)) starts.push(i);
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

/** Whether the SYN at `i` follows a connection that was over: both FINs acknowledged, or reset after it had opened. */
function beginsAnew(s: StreamSegments, finder: CopyFinder, from: number, i: number): boolean {
  const before = reordered(
    s,
    Uint32Array.from({ length: i - from }, (_, k) => from + k),
  );
  const known = new CopyFinder(before);
  if (finder.merged !== null)
    known.merged = new Map(
      [...finder.merged].filter(([copy, original]) => copy < i && original >= from).map(([copy, original]): [number, number] => [copy - from, original - from]),
    );
  const c = analyseConnection(before, false, undefined, {}, known);
  // Its sender had acknowledged the other side's SYN: a TCP that has done so does not send its own SYN again.
  if (c.client.syns.length === 0 || c.client.handshakeAck < 0 || (s.fromA[i] !== 0) !== c.client.isA) return false;
  if (c.a.finAckedAt >= 0 && c.b.finAckedAt >= 0) return true;
  const ended = c.resets.findLast((one) => !one.ignored && one.fit !== 'inexact' && (one.phase === 'established' || one.phase === 'fin'));
  // Of a capture of one direction the acknowledgments of FINs are missing.
  const last = Math.max(ended?.index ?? -1, c.a.fin, c.b.fin);
  return last >= 0 && s.timeNs[i] - s.timeNs[from + last] >= againNs;
}
