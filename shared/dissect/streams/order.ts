/**
 * Segments → bytes in order: where a TCP segment stands in its direction, told by its numbers and by what the sequence
 * analysis found.
 */
import { Finding } from '../tcp-findings.ts';

/**
 * - `next`: its bytes follow those before; `ahead`: some before it are missing;
 * - `again`: the direction begins anew at its first byte;
 * - `late`: later bytes overtook it; `resent`: sent again because acknowledgments asked for it;
 * - `probe`: one byte before what comes next, a keep-alive (RFC 9293 section 3.8.4);
 * - `repeated`: its bytes were there before; `acknowledged`: and the other side had already said so.
 */
export type Arrival = 'next' | 'ahead' | 'again' | 'late' | 'resent' | 'probe' | 'repeated' | 'acknowledged';

/** Numbers of one direction of a TCP stream. Modulo 2³². */
export class SegmentOrder {
  /** Number expected next; -1 unknown. */
  next = -1;
  /** Number of the SYN, -1 none seen. */
  private initial = -1;

  /** True where a SYN with another number begins the direction anew: the ports are used again within the stream. */
  beginsAnew(seq: number): boolean {
    if (this.initial === seq) return false;
    this.initial = seq;
    this.next = -1;
    return true;
  }

  /** How far behind what comes next a number is; negative before it. */
  distance(start: number): number {
    return this.next < 0 ? 0 : (start - this.next) | 0;
  }

  /** @param findings `Finding` bits of the segment */
  judge(start: number, length: number, findings: number): Arrival {
    const distance = this.distance(start);
    if (length === 1 && distance === -1) return 'probe';
    if ((findings & Finding.SpuriousRetransmission) !== 0) return 'acknowledged';
    if ((findings & Finding.Retransmission) !== 0) return 'repeated';
    if ((findings & Finding.OutOfOrder) !== 0) return 'late';
    if (distance < 0) return (findings & Finding.FastRetransmission) !== 0 ? 'resent' : 'again';
    return distance > 0 ? 'ahead' : 'next';
  }

  /** Bytes up to this number are there, or will not be waited for. */
  passed(end: number): void {
    if (this.next < 0 || ((end - this.next) | 0) > 0) this.next = end;
  }

  copy(): SegmentOrder {
    const other = new SegmentOrder();
    other.next = this.next;
    other.initial = this.initial;
    return other;
  }
}
