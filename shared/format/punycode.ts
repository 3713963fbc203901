/** Punycode (RFC 3492): a label of a host name with any characters, as letters, digits and hyphens. Only what a resolver needs; decoding is not here. */

const base = 36;
const tMin = 1;
const tMax = 26;
const skew = 38;
const damp = 700;

/** Section 6.1: how long the next number is likely to be. */
function adapt(delta: number, count: number, isFirst: boolean): number {
  let d = isFirst ? Math.floor(delta / damp) : delta >> 1;
  d += Math.floor(d / count);
  let k = 0;
  for (; d > ((base - tMin) * tMax) >> 1; k += base) d = Math.floor(d / (base - tMin));
  return k + Math.floor(((base - tMin + 1) * d) / (d + skew));
}

const digit = (value: number): string => String.fromCharCode(value < 26 ? 97 + value : 22 + value);

/**
 * A label as it stands in DNS: `xn--…` where it is not ASCII, itself where it is (RFC 5891, section 4.4).
 * @param label of at most a few hundred characters: the time grows with the square of its length
 */
export function asciiLabel(label: string): string {
  const points = [...label].map((character) => character.codePointAt(0) ?? 0);
  let output = points
    .filter((point) => point < 0x80)
    .map((point) => String.fromCharCode(point))
    .join('');
  const basic = output.length;
  if (basic === points.length) return label;
  if (basic > 0) output += '-';
  let n = 0x80;
  let delta = 0;
  let bias = 72;
  let handled = basic;
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      let q = delta;
      for (let k = base; ; k += base) {
        const t = Math.min(Math.max(k - bias, tMin), tMax);
        if (q < t) break;
        output += digit(t + ((q - t) % (base - t)));
        q = Math.floor((q - t) / (base - t));
      }
      output += digit(q);
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return `xn--${output}`;
}
