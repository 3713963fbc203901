/**
 * Conversations of one transport protocol: an unordered pair of (address, port), numbered in order of appearance, as
 * `tcp.stream` and `udp.stream` are. A pair whose ports are used again has several conversations; a lookup names the
 * row it asks for, so that looking at a packet twice gives the same answer.
 */
export class Conversations {
  private capacity = 256;
  private buckets = new Int32Array(1024).fill(-1);
  private count = 0;
  /** Endpoint A sent the first captured packet. Address ids and ports. */
  addrA = new Uint32Array(this.capacity);
  addrB = new Uint32Array(this.capacity);
  portA = new Uint16Array(this.capacity);
  portB = new Uint16Array(this.capacity);
  firstRow = new Int32Array(this.capacity);
  lastRow = new Int32Array(this.capacity);
  packets = new Uint32Array(this.capacity);
  /** The older conversation of the same pair, -1 none. */
  private older = new Int32Array(this.capacity);
  /** The next one of the same pair; -1 none. */
  private newer = new Int32Array(this.capacity);
  private readonly restarts = new Map<number, boolean>();
  private readonly carried = new Map<number, { readonly row: number; readonly protocol: number }>();
  private readonly quotedRows = new Map<number, number[]>();

  get length(): number {
    return this.count;
  }

  /** The conversation that a packet of `row` between these endpoints belongs to, or -1. Either direction. */
  find(addr1: number, port1: number, addr2: number, port2: number, row: number): number {
    let id = this.buckets[this.bucketOf(addr1, port1, addr2, port2)];
    while (id >= 0 && this.firstRow[id] > row) id = this.older[id];
    return id;
  }

  /** The conversation of the same pair before this one, -1 none. */
  before(id: number): number {
    return this.older[id];
  }

  /** The conversation of the same pair after this one, -1 none. */
  after(id: number): number {
    return this.newer[id];
  }

  /**
   * A new conversation whose first packet is `row`, sent by endpoint 1. It hides older ones of the same pair from `row`
   * on.
   */
  create(addr1: number, port1: number, addr2: number, port2: number, row: number): number {
    if (this.count === this.capacity) this.grow();
    const bucket = this.bucketOf(addr1, port1, addr2, port2);
    const id = this.count++;
    this.addrA[id] = addr1;
    this.portA[id] = port1;
    this.addrB[id] = addr2;
    this.portB[id] = port2;
    this.firstRow[id] = row;
    this.lastRow[id] = -1;
    const older = this.buckets[bucket];
    this.older[id] = older;
    this.newer[id] = -1;
    if (older >= 0) this.newer[older] = id;
    this.buckets[bucket] = id;
    if (this.count * 2 > this.buckets.length) this.rehash();
    return id;
  }

  /** The next packet of the conversation begins a new one, once. */
  restartAfter(id: number): void {
    if (!this.restarts.has(id)) this.restarts.set(id, true);
  }

  /** Whether a packet that would belong to the conversation begins a new one. */
  restartsNow(id: number): boolean {
    return this.restarts.size > 0 && this.restarts.get(id) === true;
  }

  /** This conversation is what an earlier one went on as: it does not restart again. */
  restarted(id: number): void {
    this.restarts.set(id, false);
  }

  /** From `row` on the conversation is known to carry a protocol. */
  know(id: number, row: number, protocol: number): void {
    if (!this.carried.has(id)) this.carried.set(id, { row, protocol });
  }

  /** Protocol that the conversation is known to carry in `row`, -1 none. */
  carriedAt(id: number, row: number): number {
    if (this.carried.size === 0) return -1;
    const known = this.carried.get(id);
    return known === undefined || known.row > row ? -1 : known.protocol;
  }

  /** Notes that a packet quoted by an ICMP error names the conversation: it counts for times, not as a packet of it. */
  noteQuoted(id: number, row: number): void {
    const rows = this.quotedRows.get(id);
    if (rows === undefined) this.quotedRows.set(id, [row]);
    else rows.push(row);
  }

  /** The last row before `row` that only quotes a packet of the conversation, -1 none. */
  lastQuotedBefore(id: number, row: number): number {
    const rows = this.quotedRows.get(id);
    if (rows !== undefined) for (let i = rows.length - 1; i >= 0; i--) if (rows[i] < row) return rows[i];
    return -1;
  }

  /** True where the packet was sent by endpoint A. */
  isFromA(id: number, srcAddr: number, srcPort: number): boolean {
    return this.addrA[id] === srcAddr && this.portA[id] === srcPort;
  }

  private bucketOf(addr1: number, port1: number, addr2: number, port2: number): number {
    const mask = this.buckets.length - 1;
    const x = Math.imul(addr1, 0x9e3779b1) ^ Math.imul(port1 + 1, 0x85ebca6b);
    const y = Math.imul(addr2, 0x9e3779b1) ^ Math.imul(port2 + 1, 0x85ebca6b);
    let h = Math.imul((x ^ (x >>> 15)) + (y ^ (y >>> 15)), 0xc2b2ae35);
    h ^= h >>> 13;
    let bucket = h & mask;
    for (;;) {
      const id = this.buckets[bucket];
      if (id < 0) return bucket;
      const a = this.addrA[id];
      const b = this.addrB[id];
      const pa = this.portA[id];
      const pb = this.portB[id];
      if (
        (a === addr1 && pa === port1 && b === addr2 && pb === port2) ||
        (a === addr2 && pa === port2 && b === addr1 && pb === port1)
      )
        return bucket;
      bucket = (bucket + 1) & mask;
    }
  }

  private grow(): void {
    this.capacity *= 2;
    const u32 = (old: Uint32Array<ArrayBuffer>) => {
      const next = new Uint32Array(this.capacity);
      next.set(old);
      return next;
    };
    const i32 = (old: Int32Array<ArrayBuffer>) => {
      const next = new Int32Array(this.capacity);
      next.set(old);
      return next;
    };
    const u16 = (old: Uint16Array<ArrayBuffer>) => {
      const next = new Uint16Array(this.capacity);
      next.set(old);
      return next;
    };
    this.addrA = u32(this.addrA);
    this.addrB = u32(this.addrB);
    this.portA = u16(this.portA);
    this.portB = u16(this.portB);
    this.firstRow = i32(this.firstRow);
    this.lastRow = i32(this.lastRow);
    this.packets = u32(this.packets);
    this.older = i32(this.older);
    this.newer = i32(this.newer);
  }

  private rehash(): void {
    this.buckets = new Int32Array(this.buckets.length * 2).fill(-1);
    // Older conversations first, so that the newest of a pair ends up in its bucket.
    for (let id = 0; id < this.count; id++) {
      this.buckets[this.bucketOf(this.addrA[id], this.portA[id], this.addrB[id], this.portB[id])] = id;
    }
  }
}
