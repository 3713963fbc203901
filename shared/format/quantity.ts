/**
 * Counts, sizes and spans of time as people read them. The same in every language: only digits, separators and SI
 * units.
 */

/** `1204567` as `1,204,567`. */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

const sizeUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units with three significant digits at most: `517 B`, `8.41 kB`, `1.2 GB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < sizeUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(Math.round(value)) : significant(value)} ${sizeUnits[unit]}`;
}

/** Three significant digits without trailing zeros after the point. */
function significant(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const text = value.toFixed(digits);
  return digits === 0 ? text : text.replace(/\.?0+$/, '');
}

/** A span in nanoseconds in the unit that reads best: `450 µs`, `23.41 ms`, `1.204 s`, `2 min 5 s`, `3 h 20 min`. */
export function spanText(ns: number): string {
  if (ns === 0) return '0 ms';
  const sign = ns < 0 ? '−' : '';
  const abs = Math.abs(ns);
  if (abs < 1e3) return `${sign}${Math.round(abs)} ns`;
  if (abs < 1e6) return `${sign}${trimmed(abs / 1e3, abs < 1e4 ? 2 : 1)} µs`;
  if (abs < 1e9) return `${sign}${trimmed(abs / 1e6, 2)} ms`;
  if (abs < 60e9) return `${sign}${trimmed(abs / 1e9, 3)} s`;
  const seconds = Math.round(abs / 1e9);
  if (seconds < 3600) return `${sign}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${sign}${countText(Math.floor(seconds / 3600))} h ${Math.floor((seconds % 3600) / 60)} min`;
}

function trimmed(value: number, digits: number): string {
  return value.toFixed(digits).replace(/\.?0+$/, '');
}

/** Milliseconds still to go, in whole seconds or minutes: `4 s`, `2 min`. */
export function leftText(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
