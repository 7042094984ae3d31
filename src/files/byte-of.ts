/** Values that become byte 0 and byte 255. */
export type ByteRange = readonly [from: number, to: number];

/** The byte of a value in a range, its ends being 0 and 255; -1 for a value outside. */
export function byteOf(value: number, [from, to]: ByteRange): number {
  return value >= from && value <= to ? Math.round((255 * (value - from)) / (to - from)) : -1;
}
