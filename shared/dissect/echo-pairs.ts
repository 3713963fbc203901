/** Echo requests and the replies to them, found in the indexing pass. */
export class EchoPairs {
  /** Requests there were. */
  requested = 0;
  private readonly requests = new Map<string, number>();
  /** Row of the request by the row of its reply. */
  private readonly replied = new Map<number, number>();
  private readonly replies = new Map<number, number>();

  /**
   * Notes a request; a later one with the same key takes its place. Bounded: the oldest are forgotten.
   * @param id identifier and sequence number
   */
  request(row: number, from: number, to: number, id: number): void {
    this.requested++;
    const key = `${from} ${to} ${id}`;
    this.requests.delete(key);
    if (this.requests.size >= maxOpen) {
      const oldest = this.requests.keys().next().value;
      if (oldest !== undefined) this.requests.delete(oldest);
    }
    this.requests.set(key, row);
  }

  /** Notes a reply sent by `from`, addresses as in the reply. */
  reply(row: number, from: number, to: number, id: number): void {
    const key = `${to} ${from} ${id}`;
    const request = this.requests.get(key);
    if (request === undefined) return;
    this.replied.set(row, request);
    this.replies.set(request, row);
    // The first reply counts.
    this.requests.delete(key);
  }

  /** Row of the request that the reply of `row` answers, -1 none. */
  requestOf(row: number): number {
    return this.replied.get(row) ?? -1;
  }

  /** Row of the reply to the request of `row`, -1 none so far. */
  replyTo(row: number): number {
    return this.replies.get(row) ?? -1;
  }
}

/** Requests that wait for a reply. */
const maxOpen = 65_536;
