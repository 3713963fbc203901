import { describe, expect, it } from 'vitest';
import { countText, leftText, sizeText, spanText } from '../../../shared/format/quantity.ts';
import { safeText } from '../../../shared/format/safe-text.ts';

describe('safe text', () => {
  it('leaves ordinary text alone, Chinese and emoji included', () => {
    for (const text of ['51734 → 443 [SYN] Seq=0', '数据包', 'a😀b', '']) expect(safeText(text)).toBe(text);
  });

  it('shows control characters', () => {
    expect(safeText('a\nb\tc\0\u001b[31m\u007f\u0085')).toBe('a\\nb\\tc\\0\\x1b[31m\\x7f\\x85');
  });

  it('shows what reorders or hides text', () => {
    expect(safeText('evil\u202egpj.exe')).toBe('evil\\u202egpj.exe');
    expect(safeText('\u2066a\u2069\u200b\ufeff\u00ad')).toBe('\\u2066a\\u2069\\u200b\\ufeff\\xad');
  });

  it('shows half a surrogate pair', () => {
    expect(safeText('a\ud83db')).toBe('a\\ud83db');
    expect(safeText('\ude00')).toBe('\\ude00');
  });

  it('cuts what is too long to draw', () => {
    expect(safeText('x'.repeat(10_000))).toHaveLength(4097);
  });
});

describe('quantities', () => {
  it('separates thousands', () => {
    expect([0, 999, 1000, 10_000_000].map(countText)).toEqual(['0', '999', '1,000', '10,000,000']);
  });
  it('gives sizes in decimal units', () => {
    expect([0, 517, 8412, 999_999, 1.2e9].map(sizeText)).toEqual(['0 B', '517 B', '8.41 kB', '1 MB', '1.2 GB']);
  });
  it('gives spans in the unit that reads best', () => {
    expect([0, 450, 452_000, 23_411_000, 1.204e9, 125e9, 12_000e9, -5e6].map(spanText)).toEqual([
      '0 ms',
      '450 ns',
      '452 µs',
      '23.41 ms',
      '1.204 s',
      '2 min 5 s',
      '3 h 20 min',
      '−5 ms',
    ]);
  });
  it('rounds time left up', () => {
    expect([10, 3100, 125_000].map(leftText)).toEqual(['1 s', '4 s', '3 min']);
  });
});
