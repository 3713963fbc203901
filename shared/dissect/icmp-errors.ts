/** An ICMP error or redirect that quotes a TCP segment (RFC 792, RFC 4443 section 3, RFC 4861 section 4.5). */
export interface QuotedSegment {
  readonly row: number;
  /** Address id of who sent the error. */
  readonly from: number;
  /** The quoted segment was sent by the conversation's endpoint A. */
  readonly fromA: boolean;
  readonly version: 4 | 6;
  readonly type: number;
  readonly code: number;
  /** Second 32 bits of the ICMP header. */
  readonly rest: number;
  /** Raw sequence number in the quoted header. */
  readonly seq: number;
}

const keptPerStream = 8;
const keptInAll = 100_000;

/**
 * ICMP errors by the TCP stream whose segment they quote. Filled by the indexing pass; a flood of them is not kept
 * whole.
 */
export class IcmpErrors {
  private readonly byStream = new Map<number, QuotedSegment[]>();
  private count = 0;

  add(stream: number, quoted: QuotedSegment): void {
    const known = this.byStream.get(stream);
    if (this.count >= keptInAll || (known !== undefined && known.length >= keptPerStream)) return;
    this.count++;
    if (known === undefined) this.byStream.set(stream, [quoted]);
    else known.push(quoted);
  }

  of(stream: number): readonly QuotedSegment[] {
    return this.byStream.get(stream) ?? [];
  }
}
