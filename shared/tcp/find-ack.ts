import { type StreamSegments, TcpFlag } from './segments.ts';

const { SYN, RST, ACK } = TcpFlag;

/** Segments of a stream among which a misplaced one is looked for. */
const mostLooked = 4096;

/**
 * Index of a side's first segment with ACK and neither SYN nor RST of which `holds` is true; -1 none in `[from, to)`
 * and among the first 4,096 of the stream.
 * @param fromA the side, as in `StreamSegments.fromA`
 */
export function findAck(
  s: StreamSegments,
  fromA: number,
  from: number,
  holds: (i: number) => boolean,
  to = s.count,
): number {
  for (let i = from; i < Math.min(to, mostLooked); i++)
    if (s.fromA[i] === fromA && (s.flags[i] & (SYN | RST | ACK)) === ACK && holds(i)) return i;
  return -1;
}
