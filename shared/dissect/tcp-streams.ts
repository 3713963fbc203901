/**
 * What the indexing pass keeps per TCP stream and direction: base sequence numbers (for relative ones) and window scale.
 * Direction 0 is from endpoint A, 1 from endpoint B. Index: stream * 2 + direction.
 */
export class TcpStreams {
  private capacity = 512;
  /** Raw number that relative 0 stands for: the ISN, or one less than the first number seen where the SYN was not captured. */
  base = new Uint32Array(this.capacity);
  /** 1 where `base` is known. */
  baseKnown = new Uint8Array(this.capacity);
  /** Window shift offered in this direction's SYN; -1 no SYN seen, -2 SYN without the option. */
  shift = new Int8Array(this.capacity).fill(-1);
  /** Row of this direction's first SYN, -1 none. */
  synRow = new Int32Array(this.capacity).fill(-1);
  packets = new Uint32Array(this.capacity);
  /** TCP payload bytes on the wire, retransmissions included. Exact to 2^53. */
  bytes = new Float64Array(this.capacity);

  /** Makes room for a stream. */
  open(stream: number): void {
    if (stream * 2 + 2 <= this.capacity) return;
    while (stream * 2 + 2 > this.capacity) this.capacity *= 2;
    const base = new Uint32Array(this.capacity);
    base.set(this.base);
    this.base = base;
    const baseKnown = new Uint8Array(this.capacity);
    baseKnown.set(this.baseKnown);
    this.baseKnown = baseKnown;
    const shift = new Int8Array(this.capacity).fill(-1);
    shift.set(this.shift);
    this.shift = shift;
    const synRow = new Int32Array(this.capacity).fill(-1);
    synRow.set(this.synRow);
    this.synRow = synRow;
    const packets = new Uint32Array(this.capacity);
    packets.set(this.packets);
    this.packets = packets;
    const bytes = new Float64Array(this.capacity);
    bytes.set(this.bytes);
    this.bytes = bytes;
  }
}
