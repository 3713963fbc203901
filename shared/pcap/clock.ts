/** Turns the 64-bit ticks of a pcapng interface into seconds and nanoseconds, exactly and without making objects. */
export class Clock {
  /** Results of `set`: whole seconds since 1970 and nanoseconds 0..999999999, what is finer cut off. */
  sec = 0;
  nsec = 0;
  readonly ticksPerSecond: number;
  /** Nanoseconds per tick where that is a whole number, else 0. */
  private readonly unit: number;
  private readonly exactTicks: bigint;

  /**
   * @param resolution option if_tsresol: ticks per second as a power of 10, or of 2 where the highest bit is set.
   * Powers that 64 bits of ticks
   *   cannot use are taken as the largest that they can.
   * @param offsetSeconds option if_tsoffset
   */
  constructor(
    resolution: number,
    private readonly offsetSeconds: number,
  ) {
    const exponent = resolution & 0x7f;
    this.exactTicks = resolution & 0x80 ? 2n ** BigInt(Math.min(exponent, 63)) : 10n ** BigInt(Math.min(exponent, 19));
    this.ticksPerSecond = Number(this.exactTicks);
    const unit = 1e9 / this.ticksPerSecond;
    this.unit = Number.isInteger(unit) ? unit : 0;
  }

  /** @param high and `low`: the two 32-bit halves of the ticks */
  set(high: number, low: number): void {
    const per = this.ticksPerSecond;
    let rest: number;
    if (high < 0x20_0000) {
      // Below 2^53 a double holds the ticks.
      const ticks = high * 0x1_0000_0000 + low;
      this.sec = Math.floor(ticks / per);
      rest = ticks - this.sec * per;
    } else if (per <= 2 ** 37) {
      // Long division in digits of 16 bits: no step reaches 2^53.
      const first = Math.floor(high / per);
      const middle = (high - first * per) * 0x1_0000 + (low >>> 16);
      const second = Math.floor(middle / per);
      const last = (middle - second * per) * 0x1_0000 + (low & 0xffff);
      const third = Math.floor(last / per);
      this.sec = first * 0x1_0000_0000 + second * 0x1_0000 + third;
      rest = last - third * per;
    } else {
      this.divideExactly(high, low);
      return;
    }
    this.sec += this.offsetSeconds;
    if (this.unit > 0) this.nsec = rest * this.unit;
    else if (rest <= 9_000_000) this.nsec = Math.floor((rest * 1e9) / per);
    else this.nsec = Number((BigInt(rest) * 1_000_000_000n) / this.exactTicks);
  }

  private divideExactly(high: number, low: number): void {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    this.sec = Number(ticks / this.exactTicks) + this.offsetSeconds;
    this.nsec = Number(((ticks % this.exactTicks) * 1_000_000_000n) / this.exactTicks);
  }
}
