/** Times as text. Seconds are whole and may be negative; nanoseconds are 0..999999999 and count upwards. */

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** Days since 1970 to year, month (0..11) and day of month, proleptic Gregorian, without Date's limits. */
function civil(days: number): readonly [number, number, number] {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365);
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const month = mp < 10 ? mp + 2 : mp - 10;
  return [yoe + era * 400 + (month <= 1 ? 1 : 0), month, doy - Math.floor((153 * mp + 2) / 5) + 1];
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `Nov 23, 2026 09:48:51.123456789 UTC`, as tshark prints `frame.time` under TZ=UTC. */
export function absTimeText(time: { readonly sec: number; readonly nsec: number }): string {
  const days = Math.floor(time.sec / 86_400);
  const rest = time.sec - days * 86_400;
  const [year, month, day] = civil(days);
  const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
  return `${months[month]} ${String(day).padStart(2, ' ')}, ${year} ${clock}.${String(time.nsec).padStart(9, '0')} UTC`;
}

/** `2026-11-23`: the day, UTC. */
export function dateText(sec: number): string {
  const [year, month, day] = civil(Math.floor(sec / 86_400));
  return `${String(year).padStart(4, '0')}-${two(month + 1)}-${two(day)}`;
}

/** `-0.000123000`: a span in seconds with `digits` decimals. */
export function relTimeText(span: { readonly sec: number; readonly nsec: number }, digits = 9): string {
  let { sec, nsec } = span;
  const negative = sec < 0;
  if (negative && nsec > 0) {
    sec += 1;
    nsec = 1e9 - nsec;
  }
  const whole = `${negative ? '-' : ''}${Math.abs(sec)}`;
  if (digits === 0) return whole;
  // A file may say 1,000,000,000 nanoseconds or more: shown as they are.
  const fraction = String(nsec).padStart(9, '0');
  return `${whole}.${digits === 9 ? fraction : fraction.slice(0, fraction.length - 9 + digits)}`;
}

/** Difference of two times, normalised as the functions here want it. */
export function timeDifference(
  later: { sec: number; nsec: number },
  earlier: { sec: number; nsec: number },
): { sec: number; nsec: number } {
  let sec = later.sec - earlier.sec;
  let nsec = later.nsec - earlier.nsec;
  if (nsec < 0) {
    sec -= 1;
    nsec += 1e9;
  }
  return { sec, nsec };
}
