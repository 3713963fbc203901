import { describe, expect, it } from 'vitest';
import { columnWidth, expectedRows } from '../../../renderer/panels/packet-list/column-widths.ts';
import { defaultColumns } from '../../../shared/model/list-settings.ts';

const number = defaultColumns[0];

describe('width of the number column', () => {
  it('is made for the whole file while it loads, and for its rows afterwards', () => {
    const early = expectedRows(1_000, { state: 'loading', bytesRead: 200_000, bytesTotal: 600_000_000 });
    const late = expectedRows(900_000, { state: 'loading', bytesRead: 500_000_000, bytesTotal: 600_000_000 });
    expect(early).toBe(3_000_000);
    expect(columnWidth(number, 'No.', {}, undefined, early)).toBe(columnWidth(number, 'No.', {}, undefined, late));
    expect(columnWidth(number, 'No.', {}, undefined, 1_000)).toBeLessThan(
      columnWidth(number, 'No.', {}, undefined, early),
    );
    expect(expectedRows(1_000, { state: 'cancelled', bytesRead: 200_000, bytesTotal: 600_000_000 })).toBe(1_000);
  });

  it('knows nothing before the first byte, and never less than what is there', () => {
    expect(expectedRows(0, null)).toBe(0);
    expect(expectedRows(0, { state: 'loading', bytesRead: 0, bytesTotal: 100 })).toBe(0);
    // What is read of a compressed file may be more than its size says.
    expect(expectedRows(50, { state: 'loading', bytesRead: 200, bytesTotal: 100 })).toBe(50);
  });
});
