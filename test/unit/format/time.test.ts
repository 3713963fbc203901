import { describe, expect, it } from 'vitest';
import { absTimeText, dateText, relTimeText, timeDifference } from '../../../shared/format/time.ts';

describe('absolute times', () => {
  it.each([
    [0, 0, 'Jan  1, 1970 00:00:00.000000000 UTC'],
    [-1, 999_999_999, 'Dec 31, 1969 23:59:59.999999999 UTC'],
    [951_782_400, 0, 'Feb 29, 2000 00:00:00.000000000 UTC'],
    [4_294_967_295, 1, 'Feb  7, 2106 06:28:15.000000001 UTC'],
    [1_591_780_863, 720_289_000, 'Jun 10, 2020 09:21:03.720289000 UTC'],
  ])('%i s %i ns', (sec, nsec, text) => {
    expect(absTimeText({ sec, nsec })).toBe(text);
  });

  it('agrees with Date for days all over the calendar', () => {
    for (let sec = -4e9; sec < 8e9; sec += 86_400 * 97 + 12_345)
      expect(dateText(sec)).toBe(new Date(sec * 1000).toISOString().slice(0, 10));
  });
});

describe('spans', () => {
  it('keeps the sign of a span under a second', () => {
    const span = timeDifference({ sec: 5, nsec: 0 }, { sec: 5, nsec: 15_985_000 });
    expect(relTimeText(span)).toBe('-0.015985000');
    expect(relTimeText(span, 6)).toBe('-0.015985');
  });

  it('cuts, never rounds', () => {
    expect(relTimeText({ sec: 0, nsec: 999_999_999 }, 6)).toBe('0.999999');
    expect(relTimeText({ sec: 3, nsec: 9 }, 0)).toBe('3');
  });
});
