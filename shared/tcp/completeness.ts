import type { StreamSegments } from './segments.ts';
import { TcpFlag } from './segments.ts';

/** The bits of `tcp.completeness`: what kinds of segment a conversation shows. Flags only, no number is checked. */
export const Completeness = { Syn: 1, SynAck: 2, Ack: 4, Data: 8, Fin: 16, Rst: 32 } as const;

/**
 * `before` with what one more segment adds. `first`: the stream's first segment, which counts only when it is a SYN: what stands in the middle
 * opens no conversation.
 */
export function addCompleteness(before: number, flags: number, length: number, first: boolean): number {
  const { SYN, ACK, FIN, RST } = TcpFlag;
  if (first) return (flags & (SYN | ACK)) === SYN ? Completeness.Syn | (length > 0 ? Completeness.Data : 0) : 0;
  let value = before;
  if ((flags & SYN) !== 0) value |= (flags & ACK) !== 0 ? Completeness.SynAck : 0;
  else if ((flags & ACK) !== 0) value |= length > 0 ? Completeness.Data : Completeness.Ack;
  if ((flags & (FIN | ACK)) === (FIN | ACK)) value |= Completeness.Fin;
  if ((flags & RST) !== 0) value |= Completeness.Rst;
  return value;
}

/** Value of the whole stream. */
export function completenessOf(segments: StreamSegments): number {
  let value = 0;
  for (let i = 0; i < segments.count; i++) value = addCompleteness(value, segments.flags[i], segments.length[i], i === 0);
  return value;
}
