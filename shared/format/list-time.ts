/**
 * The Time column of the packet list. Seconds are whole and may be negative; nanoseconds are 0..999999999 and count
 * upwards.
 */
import type { TimeFormat } from '../model/list-settings.ts';
import { dateText, relTimeText } from './time.ts';

interface Time {
  readonly sec: number;
  readonly nsec: number;
}

/** Minutes that local time is ahead of UTC at a moment, given in seconds since 1970. */
export type ZoneOffset = (sec: number) => number;

/** The system's own time zone. */
export const localOffset: ZoneOffset = (sec) => {
  const minutes = -new Date(sec * 1000).getTimezoneOffset();
  // Beyond what Date can tell.
  return Number.isNaN(minutes) ? 0 : minutes;
};

const dayMark: ReadonlySet<TimeFormat> = new Set([
  'time-of-day',
  'utc-time-of-day',
  'date-time',
  'utc-date-time',
  'year-day',
  'utc-year-day',
]);
/** Formats that print when a packet came, not how long after another. */
export const isClock = (format: TimeFormat): boolean => dayMark.has(format);

/**
 * `2026-11-23 21:01:51.383542`, `2026/327 21:01:51.383542` or `21:01:51.383542`, as tshark's `-t ad`, `adoy`, `a` and
 * their UTC forms.
 */
export function clockText(time: Time, format: TimeFormat, digits: number, offset: ZoneOffset): string {
  const sec = format.startsWith('utc') ? time.sec : time.sec + offset(time.sec) * 60;
  const days = Math.floor(sec / 86_400);
  const rest = sec - days * 86_400;
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}${fraction(time.nsec, digits)}`;
  if (format.endsWith('time-of-day')) return clock;
  const date = dateText(sec);
  if (format.endsWith('date-time')) return `${date} ${clock}`;
  const year = date.slice(0, -6);
  return `${year}/${String(days - firstDay(Number(year)) + 1).padStart(3, '0')} ${clock}`;
}

/** A span in seconds; with hours and minutes where that is wished and it is a minute or more: `1h 02m 03.000s`. */
export function spanText(span: Time, digits: number, hours: boolean): string {
  const text = relTimeText(span, digits);
  if (!hours) return text;
  const negative = text.startsWith('-');
  const [whole, decimals] = (negative ? text.slice(1) : text).split('.');
  const seconds = Number(whole);
  const tail = decimals === undefined ? 's' : `.${decimals}s`;
  const sign = negative ? '-' : '';
  if (seconds < 60) return `${sign}${whole}${tail}`;
  const minutes = `${two(Math.floor(seconds / 60) % 60)}m ${two(seconds % 60)}${tail}`;
  return seconds < 3600 ? `${sign}${minutes}` : `${sign}${Math.floor(seconds / 3600)}h ${minutes}`;
}

const two = (n: number): string => String(n).padStart(2, '0');
/** A file may say 1,000,000,000 nanoseconds or more: shown as they are. */
function fraction(nsec: number, digits: number): string {
  const text = String(nsec).padStart(9, '0');
  return digits === 0 ? '' : `.${text.slice(0, text.length - 9 + digits)}`;
}

/** Days from 1970 to the first of January of a year. */
function firstDay(year: number): number {
  const before = year - 1;
  return (
    365 * (year - 1970) +
    (Math.floor(before / 4) - 492) -
    (Math.floor(before / 100) - 19) +
    (Math.floor(before / 400) - 4)
  );
}
