/**
 * XXH64 with seed 0 (the checksum of zstd frames, RFC 8878 3.1.1), in halves of 32 bits: whole captures go through it,
 * and BigInt would take longer than unpacking them.
 */

const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;

const stripe = 32;
const cut = (value: bigint): bigint => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint): bigint => cut((value << by) | (value >> (64n - by)));
const round = (sum: bigint, lane: bigint): bigint => cut(rotate(cut(sum + lane * prime2), 31n) * prime1);

export class Xxh64 {
  /** Four sums, low half first. */
  private readonly sums = new Int32Array(8);
  /** What does not fill a stripe yet. */
  private readonly rest = new Uint8Array(stripe);
  private kept = 0;
  private total = 0;

  constructor() {
    for (const [i, start] of [prime1 + prime2, prime2, 0n, -prime1].entries()) {
      this.sums[i * 2] = Number(BigInt.asIntN(32, start));
      this.sums[i * 2 + 1] = Number(BigInt.asIntN(32, start >> 32n));
    }
  }

  update(bytes: Uint8Array): void {
    this.total += bytes.length;
    let at = 0;
    if (this.kept > 0) {
      at = Math.min(bytes.length, stripe - this.kept);
      this.rest.set(bytes.subarray(0, at), this.kept);
      this.kept += at;
      if (this.kept < stripe) return;
      this.stripes(this.rest, 0, stripe);
    }
    const whole = bytes.length - ((bytes.length - at) % stripe);
    this.stripes(bytes, at, whole);
    this.rest.set(bytes.subarray(whole));
    this.kept = bytes.length - whole;
  }

  /** The lower 32 bits of the sum of everything so far. */
  low32(): number {
    let hash: bigint;
    if (this.total >= stripe) {
      const [a, b, c, d] = [0, 1, 2, 3].map(
        (i) => (BigInt(this.sums[i * 2 + 1] >>> 0) << 32n) | BigInt(this.sums[i * 2] >>> 0),
      );
      hash = cut(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
      for (const sum of [a, b, c, d]) hash = cut((hash ^ round(0n, sum)) * prime1 + prime4);
    } else hash = prime5;
    hash = cut(hash + BigInt(this.total));
    const view = new DataView(this.rest.buffer);
    let at = 0;
    for (; at + 8 <= this.kept; at += 8)
      hash = cut(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * prime1 + prime4);
    if (at + 4 <= this.kept) {
      hash = cut(rotate(hash ^ cut(BigInt(view.getUint32(at, true)) * prime1), 23n) * prime2 + prime3);
      at += 4;
    }
    for (; at < this.kept; at++) hash = cut(rotate(hash ^ cut(BigInt(this.rest[at]) * prime5), 11n) * prime1);
    hash = cut((hash ^ (hash >> 33n)) * prime2);
    hash = cut((hash ^ (hash >> 29n)) * prime3);
    return Number((hash ^ (hash >> 32n)) & 0xffffffffn);
  }

  /** `bytes[from, to)`, whole stripes. */
  private stripes(bytes: Uint8Array, from: number, to: number): void {
    const { sums } = this;
    for (let at = from; at < to; at += 8) {
      const i = ((at - from) & 24) >> 2;
      const laneLow = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
      const laneHigh = bytes[at + 4] | (bytes[at + 5] << 8) | (bytes[at + 6] << 16) | (bytes[at + 7] << 24);
      // sum + lane * prime2
      let low = Math.imul(laneLow, 0x27d4eb4f);
      let high =
        (upper(laneLow, 0x27d4, 0xeb4f) + Math.imul(laneLow, 0xc2b2ae3d) + Math.imul(laneHigh, 0x27d4eb4f)) | 0;
      const sum = (low >>> 0) + (sums[i] >>> 0);
      low = sum | 0;
      high = (high + sums[i + 1] + (sum > 0xffffffff ? 1 : 0)) | 0;
      // rotated by 31, times prime1
      const turnedLow = (low << 31) | (high >>> 1);
      const turnedHigh = (high << 31) | (low >>> 1);
      sums[i] = Math.imul(turnedLow, 0x85ebca87);
      sums[i + 1] =
        (upper(turnedLow, 0x85eb, 0xca87) + Math.imul(turnedLow, 0x9e3779b1) + Math.imul(turnedHigh, 0x85ebca87)) | 0;
    }
  }
}

/** The upper 32 of the 64 bits of `a` times the number whose halves are given. */
function upper(a: number, factorHigh: number, factorLow: number): number {
  const low = a & 0xffff;
  const high = a >>> 16;
  const middle = high * factorLow + ((low * factorLow) >>> 16);
  return high * factorHigh + (middle >>> 16) + (((middle & 0xffff) + low * factorHigh) >>> 16);
}
