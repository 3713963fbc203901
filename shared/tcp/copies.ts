/** Whether two equal segments are one packet captured twice (or doubled on its way), or sent twice by its sender. */
import { type StreamSegments, TcpFlag, type WireFacts } from './segments.ts';

const { SYN, FIN, RST, ACK } = TcpFlag;
/**
 * Without any evidence from the packets around them, equal segments closer than this are one packet: no sender's timer
 * is that short.
 */
const instantNs = 1_000_000;
/** No timer for a SYN, SYN+ACK, FIN or data is shorter: evidence that the path changed a packet counts up to here. */
const timerNs = 150_000_000;
/** Segments looked back through for the first copy; SYN, FIN and RST are few, and looked for further. */
const distance = { data: 64, control: 512 } as const;
/** Packets of one stream whose surroundings are read from the file: after that only times decide. */
const maxReads = 4096;

export class CopyFinder {
  private readonly known = new Map<number, number>();
  /** Taken for copies although their sender may have sent them again: no claim rests on them. */
  readonly unclear = new Set<number>();
  private readonly read = new Map<number, WireFacts | null>();
  /** Neighbours are being looked at: theirs are not. */
  private nested = false;
  private pairs: ReadonlyMap<number, number> | null = null;
  private copyOf: ReadonlyMap<number, number> | null = null;

  /** Where these are the segments of one of several connections: the whole stream, and where they begin in it. */
  whole: { readonly finder: CopyFinder; readonly segments: StreamSegments; readonly from: number } | null = null;

  constructor(private readonly segments: StreamSegments) {}

  /** Copies found by comparing two capture points as a whole (`merged.ts`): index → first captured. */
  get merged(): ReadonlyMap<number, number> | null {
    return this.pairs;
  }

  set merged(pairs: ReadonlyMap<number, number> | null) {
    this.pairs = pairs;
    this.copyOf = null;
  }

  /** Index of the same packet at the other of two capture points, -1 where only one saw it. */
  partner(i: number): number {
    if (this.pairs === null) return -1;
    this.copyOf ??= new Map([...this.pairs].map(([copy, original]) => [original, copy]));
    return this.pairs.get(i) ?? this.copyOf.get(i) ?? -1;
  }

  /** Index of the segment that `i` is another capture of, -1 none. */
  original(i: number): number {
    const pair = this.pairs?.get(i);
    if (pair !== undefined) return pair;
    let found = this.known.get(i);
    if (found === undefined) {
      found = this.search(i);
      this.known.set(i, found);
    }
    // Of two places of capture each holds a packet once: what is in no pair was sent by itself, unless the network made
    // copies before one place.
    if (found < 0 || this.pairs === null) return found;
    const made = this.networkMade(i, found);
    if (made !== null) return made ? found : -1;
    const doubled = this.atOnePlace(i);
    if (doubled >= 0) return doubled;
    // No timer sends a SYN or SYN+ACK again so soon: where nothing else tells, who made the second one stays open.
    if (
      (this.segments.flags[i] & SYN) === 0 ||
      Math.abs(this.segments.timeNs[i] - this.segments.timeNs[found]) >= timerNs
    )
      return -1;
    this.unclear.add(i);
    return found;
  }

  /** What the packet around a segment says; null where that is not known. */
  wire(i: number): WireFacts | null {
    const known = this.read.get(i);
    if (known !== undefined) return known;
    if (this.segments.wire === undefined || this.read.size >= maxReads) return null;
    const facts = this.segments.wire(i);
    this.read.set(i, facts);
    return facts;
  }

  /** An equal segment of the same place a moment before, which the network doubled; -1 none. */
  private atOnePlace(i: number): number {
    for (let k = i - 1; k >= Math.max(0, i - distance.data); k--)
      if (this.equal(i, k) && this.networkMade(i, k) === true) return k;
    return -1;
  }

  private search(i: number): number {
    const { flags, timeNs } = this.segments;
    const control = (flags[i] & (SYN | FIN | RST)) !== 0;
    const last = Math.max(0, i - (control ? distance.control : distance.data));
    for (let k = i - 1; k >= last; k--) {
      if (!control && Math.abs(timeNs[i] - timeNs[k]) >= timerNs) return -1;
      if (this.equal(i, k) && this.one(i, k)) return k;
    }
    return -1;
  }

  equal(i: number, k: number): boolean {
    const { fromA, flags, seq, ack, length, window } = this.segments;
    return (
      seq[k] === seq[i] &&
      fromA[k] === fromA[i] &&
      flags[k] === flags[i] &&
      ack[k] === ack[i] &&
      length[k] === length[i] &&
      window[k] === window[i]
    );
  }

  /** Whether two equal segments are one packet. */
  private one(i: number, k: number): boolean {
    const { flags, timeNs } = this.segments;
    const gap = Math.abs(timeNs[i] - timeNs[k]);
    const reset = (flags[i] & RST) !== 0;
    const x = this.wire(i);
    const y = this.wire(k);
    if (x === null || y === null) return gap < instantNs && !reset;
    const moved = x.hopLimit !== y.hopLimit || x.link !== y.link;
    const same = this.sameId(i, x, y);
    // A host may answer two segments with equal resets at once, and some write one identification into all of them.
    if (reset && x.link === y.link)
      return (
        same !== false && gap < (moved ? timerNs : instantNs) && this.doubled(i, k) && (moved || !this.answersTwo(i, k))
      );
    if (
      same === true &&
      !moved &&
      gap >= timerNs &&
      ((flags[i] & (SYN | ACK)) === (SYN | ACK) || (flags[i] & FIN) !== 0)
    ) {
      // Some send a packet again as it was, and some captures have times out of order: which it was stays open.
      if (!this.nested) this.unclear.add(i);
      return true;
    }
    if (same !== null) return same && (moved || gap < timerNs);
    // A sender does not change the hop limit from one segment to the next; a router on the way does.
    if (x.hopLimit !== y.hopLimit) {
      // A device that answers in a server's name, and the server behind it, send equal SYN+ACKs by different ways.
      if (gap < timerNs && !this.nested && (flags[i] & (SYN | ACK)) === (SYN | ACK) && !this.doubled(i, k))
        this.unclear.add(i);
      return gap < timerNs;
    }
    if (x.link !== y.link) return gap < timerNs && !this.askedAgain(i, k);
    // No timer sends a SYN again so soon; but a SYN+ACK comes again where the SYN does, captured or not, and the clock
    // or the order of the capture may be wrong.
    const atOnce = gap < instantNs && !this.askedAgain(i, k);
    if ((flags[i] & SYN) === 0 || gap >= timerNs) return atOnce;
    // A side that reset its attempt asks anew at once, with the same number even.
    const anew = (flags[i] & ACK) === 0 && this.resetBetween(i, k);
    if (this.nested) return !anew || atOnce;
    // Only the neighbours can tell.
    const doubled = (gap < instantNs && (flags[i] & ACK) === 0) || this.doubled(i, k);
    if (anew && !doubled) return atOnce;
    if (!doubled) this.unclear.add(i);
    return true;
  }

  /**
   * Copies of one packet that the network made: one identification, or at one place within a moment; null where that
   * does not tell.
   */
  private networkMade(i: number, k: number): boolean | null {
    const x = this.wire(i);
    const y = this.wire(k);
    if (x === null || y === null) return null;
    const onePlace = x.link === y.link && x.hopLimit === y.hopLimit;
    return (
      this.sameId(i, x, y) ??
      (onePlace && Math.abs(this.segments.timeNs[i] - this.segments.timeNs[k]) < instantNs ? true : null)
    );
  }

  /**
   * Whether two packets have one identification (RFC 6864: equal only in copies of one packet); null where that says
   * nothing.
   */
  private sameId(i: number, x: WireFacts, y: WireFacts): boolean | null {
    if (x.id === null || y.id === null || x.id === 0 || y.id === 0) return null;
    if (x.id !== y.id) return false;
    return this.fixedId(i, x.id) ? null : true;
  }

  /** The sender writes one identification into everything it sends: then it tells nothing. */
  private fixedId(i: number, id: number): boolean {
    const { count, fromA } = this.segments;
    let looked = 0;
    for (let d = 1; d < 48 && looked < 6; d++) {
      for (const k of [i - d, i + d]) {
        if (k < 0 || k >= count || fromA[k] !== fromA[i] || this.equal(i, k)) continue;
        looked++;
        if (this.wire(k)?.id === id) return true;
      }
    }
    return false;
  }

  /** Two packets of the other side with just this reset's number stand before: each was answered. */
  private answersTwo(i: number, k: number): boolean {
    const { fromA, flags, seq, ack } = this.segments;
    let asked = 0;
    for (let j = k - 1; j >= Math.max(0, k - distance.data) && asked < 2; j--) {
      if (fromA[j] === fromA[i] || (flags[j] & (RST | ACK)) !== ACK || ack[j] !== seq[i]) continue;
      if (this.search(j) < 0) asked++;
    }
    return asked >= 2;
  }

  /** The sender reset its attempt in between: then it asked anew. */
  private resetBetween(i: number, k: number): boolean {
    const { fromA, flags } = this.segments;
    for (let j = k + 1; j < i; j++) if (fromA[j] === fromA[i] && (flags[j] & RST) !== 0) return true;
    return false;
  }

  /** The segments around two equal ones are there twice as well. */
  private doubled(i: number, k: number): boolean {
    const { nested } = this;
    this.nested = true;
    const found = this.neighbourDoubled(i, k);
    this.nested = nested;
    return found;
  }

  private neighbourDoubled(i: number, k: number): boolean {
    const { count, flags } = this.segments;
    let alone = 0;
    for (let d = 1; d < 8; d++) {
      for (const at of [k - d, i + d]) {
        if (at < 0 || at >= count || (flags[at] & RST) !== 0) continue;
        for (let j = Math.max(0, at - 8); j < Math.min(count, at + 8); j++)
          if (j !== at && this.equal(j, at) && this.one(Math.max(j, at), Math.min(j, at))) return true;
        if (++alone >= 4) return false;
      }
    }
    return false;
  }

  /**
   * Duplicate acknowledgments between the two ask for the segment: it was sent again at once (RFC 5681, section 3.2).
   */
  private askedAgain(i: number, k: number): boolean {
    const { fromA, flags, seq, ack, length } = this.segments;
    let asked = 0;
    for (let j = k + 1; j < i; j++) {
      if (fromA[j] === fromA[i] || length[j] > 0 || (flags[j] & (ACK | SYN | FIN | RST)) !== ACK) continue;
      if (ack[j] === seq[i] && ++asked >= 2) return true;
    }
    return false;
  }
}
