import { describe, expect, it } from 'vitest';
import { columnsFor, nextCaret, offsetDigits, widthFor } from '../../../renderer/panels/packet-bytes/hex-layout.ts';

const key = (name: string, ctrlKey = false) => ({ key: name, ctrlKey, altKey: false });

describe('hex layout', () => {
  it('takes the widest line that fits', () => {
    const digits = offsetDigits(74);
    expect(
      [widthFor(32, digits), widthFor(16, digits), widthFor(16, digits) - 1, 10].map((width) => columnsFor(width, 74)),
    ).toEqual([32, 16, 8, 8]);
  });

  it('writes offsets with four digits, more for long frames', () => {
    expect([0, 74, 65_536, 65_537, 262_144].map(offsetDigits)).toEqual([4, 4, 4, 5, 5]);
  });

  it('moves the caret as an editor does, and never out of the bytes', () => {
    expect(nextCaret(key('ArrowRight'), 73, 74, 16, 10)).toBe(73);
    expect(nextCaret(key('ArrowLeft'), 0, 74, 16, 10)).toBe(0);
    expect(nextCaret(key('ArrowDown'), 3, 74, 16, 10)).toBe(19);
    expect(nextCaret(key('ArrowDown'), 60, 74, 16, 10)).toBe(60);
    expect(nextCaret(key('Home'), 21, 74, 16, 10)).toBe(16);
    expect(nextCaret(key('End'), 70, 74, 16, 10)).toBe(73);
    expect(nextCaret(key('Home', true), 70, 74, 16, 10)).toBe(0);
    expect(nextCaret(key('PageDown'), 0, 74, 16, 2)).toBe(32);
    expect(nextCaret(key('x'), 0, 74, 16, 2)).toBeNull();
    expect(nextCaret(key('ArrowDown', true), 0, 74, 16, 2)).toBeNull();
  });
});
