import { describe, expect, it } from 'vitest';
import { pngScale } from '../../../renderer/format/svg-to-png.ts';

describe('the size of a PNG', () => {
  it('is twice that of the picture', () => expect(pngScale(900, 1200)).toBe(2));
  it('keeps to what a canvas takes', () => {
    for (const [width, height] of [
      [900, 20_000],
      [900, 60_000],
      [12_000, 12_000],
      [0, 0],
    ]) {
      const scale = pngScale(width, height);
      expect(Math.max(width, height) * scale).toBeLessThanOrEqual(16_384);
      expect(width * height * scale * scale).toBeLessThanOrEqual(134_217_728 * 1.000_001);
      expect(scale).toBeGreaterThan(0);
    }
  });
});
