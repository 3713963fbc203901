import type { FieldInfo } from './field.ts';

/**
 * HOT: how a number at its fixed place is read from the bytes of a layer that begins at an offset, masked and scaled as
 * `View.get` has it. No bounds are checked: what lies past the end counts as zeros.
 */
export function numberReader({
  name,
  at,
  length,
  mask,
  shift,
  scale,
  little,
}: FieldInfo): (bytes: Uint8Array, start: number) => number {
  if (at === undefined) throw new Error(`${name} has no fixed place`);
  const bits = mask === 0 ? 0xffffffff : mask;
  switch (length) {
    case 1:
      return (b, start) => ((b[start + at] & bits) >>> shift) * scale;
    case 2: {
      const [high, low] = little ? [at + 1, at] : [at, at + 1];
      return (b, start) => ((((b[start + high] << 8) | b[start + low]) & bits) >>> shift) * scale;
    }
    case 4: {
      const [first, second, third, last] = little ? [at + 3, at + 2, at + 1, at] : [at, at + 1, at + 2, at + 3];
      return (b, start) =>
        ((((b[start + first] << 24) | (b[start + second] << 16) | (b[start + third] << 8) | b[start + last]) & bits) >>>
          shift) *
        scale;
    }
    default:
      throw new Error(`${name} is no number of one, two or four bytes`);
  }
}
