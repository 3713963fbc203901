import { describe, expect, it } from 'vitest';
import { timeText } from '../../../electron/worker/time-column.ts';
import { clockText, spanText } from '../../../shared/format/list-time.ts';
import { defaultListSettings, type ListSettings } from '../../../shared/model/list-settings.ts';
import { packet, pcap, pcapng } from '../../support/capture-builder.ts';
import { openBytes } from '../../support/dissect.ts';

const utc = (): number => 0;
const shanghai = (): number => 8 * 60;

describe('clock times', () => {
  // 2026-11-23 22:59:59.000123456 UTC
  const time = { sec: 1_795_474_799, nsec: 123_456 };

  it('are those of the zone asked for', () => {
    expect(clockText(time, 'date-time', 6, shanghai)).toBe('2026-11-24 06:59:59.000123');
    expect(clockText(time, 'utc-date-time', 9, shanghai)).toBe('2026-11-23 22:59:59.000123456');
    expect(clockText(time, 'year-day', 0, shanghai)).toBe('2026/328 06:59:59');
    expect(clockText(time, 'utc-year-day', 3, shanghai)).toBe('2026/327 22:59:59.000');
    expect(clockText(time, 'time-of-day', 1, () => -210)).toBe('19:29:59.0');
    expect(clockText(time, 'utc-time-of-day', 4, shanghai)).toBe('22:59:59.0001');
  });

  it('know leap years, and years before 1970', () => {
    expect(clockText({ sec: 951_782_400, nsec: 0 }, 'year-day', 0, utc)).toBe('2000/060 00:00:00');
    expect(clockText({ sec: 978_220_800, nsec: 0 }, 'year-day', 0, utc)).toBe('2000/366 00:00:00');
    expect(clockText({ sec: -1, nsec: 999_999_999 }, 'utc-year-day', 9, utc)).toBe('1969/365 23:59:59.999999999');
    expect(clockText({ sec: -1, nsec: 0 }, 'date-time', 0, utc)).toBe('1969-12-31 23:59:59');
    // 1900 was no leap year.
    expect(clockText({ sec: -2_203_891_200, nsec: 0 }, 'utc-year-day', 0, utc)).toBe('1900/060 00:00:00');
  });
});

describe('spans', () => {
  it.each([
    [59, 500_000_000, 1, '59.5s'],
    [60, 0, 0, '01m 00s'],
    [3_599, 0, 3, '59m 59.000s'],
    [3_600, 1_000_000, 3, '1h 00m 00.001s'],
    [90_061, 0, 0, '25h 01m 01s'],
    [-61, 0, 0, '-01m 01s'],
  ])('%d s with hours and minutes', (sec, nsec, digits, text) => {
    expect(spanText({ sec, nsec }, digits, true)).toBe(text);
  });
});

describe('the Time column', () => {
  const tcp = packet().eth().ip().tcp({ flags: 'S' }).bytes();
  const udp = packet().eth().ip().udp({ dport: 9, payload: 'x' }).bytes();
  const { store } = openBytes(
    pcap([
      { bytes: udp, sec: 100, nsec: 0 },
      { bytes: tcp, sec: 101, nsec: 0 },
      { bytes: udp, sec: 103, nsec: 250_000_000 },
      { bytes: tcp, sec: 106, nsec: 0 },
    ]),
  );
  const texts = (settings: Partial<ListSettings>, before = (row: number): number => row - 1): readonly string[] =>
    [0, 1, 2, 3].map((row) =>
      timeText(store, row, { ...defaultListSettings, timeDigits: 2, ...settings }, before, utc),
    );

  it('counts from what the format says', () => {
    expect(texts({ timeFormat: 'relative' })).toEqual(['0.00', '1.00', '3.25', '6.00']);
    expect(texts({ timeFormat: 'delta' })).toEqual(['0.00', '1.00', '2.25', '2.75']);
    expect(texts({ timeFormat: 'delta-displayed' }, (row) => (row > 1 ? 0 : -1))).toEqual([
      '0.00',
      '0.00',
      '3.25',
      '6.00',
    ]);
    expect(texts({ timeFormat: 'stream' })).toEqual(['0.00', '0.00', '3.25', '5.00']);
    expect(texts({ timeFormat: 'epoch', timeDigits: 0 })).toEqual(['100', '101', '103', '106']);
    expect(texts({ timeFormat: 'utc-time-of-day', timeDigits: -1 })[2]).toBe('00:01:43.250000');
  });

  it('counts from the nearest time reference before', () => {
    store.annotations.setReference(1, true);
    store.annotations.setReference(3, true);
    expect(texts({ timeFormat: 'relative' })).toEqual(['0.00', '*REF*', '2.25', '*REF*']);
    expect(texts({ timeFormat: 'delta' })).toEqual(['0.00', '1.00', '2.25', '2.75']);
    store.annotations.references.clear();
  });

  it('is empty where the file gives no time', () => {
    const simple = openBytes(pcapng().interface().simplePacket(tcp).bytes());
    expect(timeText(simple.store, 0, { ...defaultListSettings, timeFormat: 'date-time' }, () => -1, utc)).toBe('');
  });
});
