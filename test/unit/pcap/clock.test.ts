import { describe, expect, it } from 'vitest';
import { Clock } from '../../../shared/pcap/clock.ts';

function split(resolution: number, ticks: bigint, offset = 0): readonly [number, number] {
  const clock = new Clock(resolution, offset);
  clock.set(Number(ticks >> 32n), Number(ticks & 0xffffffffn));
  return [clock.sec, clock.nsec];
}

describe('ticks of an interface', () => {
  it('are exact to the nanosecond at today’s size', () => {
    expect(split(9, 1_700_000_000_123_456_789n)).toEqual([1_700_000_000, 123_456_789]);
    expect(split(6, 1_700_000_000_123_456n)).toEqual([1_700_000_000, 123_456_000]);
    expect(split(0, 1_700_000_000n)).toEqual([1_700_000_000, 0]);
    expect(split(9, 1_700_000_000_123_456_789n, 3600)).toEqual([1_700_003_600, 123_456_789]);
    expect(split(6, 500_000n, -2)).toEqual([-2, 500_000_000]);
  });

  it('equal the division of whole numbers, for every resolution and size', () => {
    const resolutions = [
      0, 1, 3, 6, 7, 9, 10, 11, 12, 15, 18, 19, 0x80, 0x81, 0x8a, 0x94, 0x9d, 0x9e, 0xa0, 0xa5, 0xa6, 0xbf,
    ];
    const sizes = [
      0n,
      1n,
      999_999n,
      0xffffffffn,
      0x1_0000_0000n,
      1_700_000_000_123_456n,
      0x1f_ffff_ffff_ffffn,
      0x20_0000_0000_0000n,
      1_700_000_000_999_999_999n,
      0x7fff_ffff_ffff_ffffn,
      0xffff_ffff_ffff_ffffn,
    ];
    for (const resolution of resolutions) {
      const per = resolution & 0x80 ? 2n ** BigInt(resolution & 0x7f) : 10n ** BigInt(resolution);
      for (const ticks of sizes) {
        expect(split(resolution, ticks), `${ticks} ticks of ${resolution}`).toEqual([
          Number(ticks / per),
          Number(((ticks % per) * 1_000_000_000n) / per),
        ]);
      }
    }
  });
});
