/** What to do about pixels that are no bytes. */
export const rangeRemedy =
  "say what becomes 0 and 255, for fractions data.dataset.range: [0, 1] or --range 0,1; or scale them in Python: " +
  '(x * 255).round().astype("uint8")';

/** The byte of a value in a range, its ends being 0 and 255; -1 for a value outside. */
export function byteOf(value: number, [from, to]: readonly [from: number, to: number]): number {
  return value >= from && value <= to ? Math.round((255 * (value - from)) / (to - from)) : -1;
}
