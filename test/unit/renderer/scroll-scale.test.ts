import { describe, expect, it } from 'vitest';
import { revealTop, scrollScale, toReal, toVirtual, visibleRows } from '../../../renderer/widgets/scroll-scale.ts';

describe('scroll scale', () => {
  it('is one to one as long as Chromium can hold the list', () => {
    const scale = scrollScale(1000, 24, 600);
    expect(scale.realHeight).toBe(24_000);
    expect(toVirtual(scale, 1234)).toBe(1234);
    expect(toReal(scale, 1234)).toBe(1234);
  });

  it('reaches the first and the last of ten million rows under the cap', () => {
    const scale = scrollScale(10_000_000, 24, 600);
    expect(scale.realHeight).toBeLessThan(33_000_000);
    expect(toVirtual(scale, 0)).toBe(0);
    expect(toVirtual(scale, scale.realMax)).toBe(240_000_000 - 600);
    expect(visibleRows(toVirtual(scale, scale.realMax), 600, 10_000_000, 24).last).toBe(9_999_999);
  });

  it('comes back to the same pixel', () => {
    const scale = scrollScale(10_000_000, 24, 600);
    for (const top of [0, 24, 1_000_000, 123_456_789, scale.virtualMax])
      expect(toVirtual(scale, toReal(scale, top))).toBeCloseTo(top, 3);
  });

  it('keeps out of range positions in range', () => {
    const scale = scrollScale(10, 24, 600);
    expect(toVirtual(scale, 50)).toBe(0);
    expect(visibleRows(0, 600, 0, 24)).toEqual({ first: 0, last: -1 });
  });

  it('reveals a row with the smallest move, and centres one far away', () => {
    expect(revealTop(5, 0, 240, 24)).toBe(0);
    expect(revealTop(10, 0, 240, 24)).toBe(24);
    expect(revealTop(3, 120, 240, 24)).toBe(72);
    expect(revealTop(1000, 0, 240, 24)).toBe(24_000 - 108);
  });
});
