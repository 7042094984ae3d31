/** The high 32 bits of the 64-bit product of two unsigned 32-bit integers, itself unsigned; Math.imul gives the low 32. */
export function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const cross = aHigh * bLow + ((aLow * bLow) >>> 16); // below 2^32
  const middle = aLow * bHigh + (cross & 0xffff); // below 2^32
  return (aHigh * bHigh + (cross >>> 16) + (middle >>> 16)) >>> 0;
}
