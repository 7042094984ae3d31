import { L1, L2, L3, L4, L5, L6, L7, LN2_HIGH, LN2_LOW } from "../elementary/logarithm-series.ts";

// sqrt(1/2), to 21 bits: mantissas are brought into [this, twice this).
const SQRT_HALF = 1482910 / 2 ** 21;
// R(s^2) of log(1+f) = 2s + s R(s^2), s = f/(2+f): FDLIBM, s_log1p.c (Sun Microsystems, 1993).

/**
 * log(1 + x) for -1 < x <= 0 where 1 + x is exact, as for x = -k 2^-53; error below 1 unit in the last place.
 *
 * Math.log1p may differ between JavaScript engines in the last bit; this uses + - * / only, so it cannot. The terms
 * are grouped as in glibc's log1p, and agree with it where it does not fuse multiplications with additions.
 */
export function log1p(x: number): number {
  let mantissa = 1 + x;
  let exponent = 0;
  while (mantissa < SQRT_HALF) {
    mantissa *= 2;
    exponent -= 1;
  }
  const f = mantissa - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const z2 = z * z;
  const z4 = z2 * z2;
  const z6 = z4 * z2;
  const R = z * L1 + z2 * (L2 + z * L3) + z4 * (L4 + z * L5) + z6 * (L6 + z * L7);
  return exponent * LN2_HIGH - (halfSquare - (s * (halfSquare + R) + exponent * LN2_LOW) - f);
}
