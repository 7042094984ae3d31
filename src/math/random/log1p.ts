// sqrt(1/2), to 21 bits: mantissas are brought into [this, twice this).
const SQRT_HALF = 1482910 / 2 ** 21;
// ln 2 in two parts; a small integer times the first is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
// R(s^2) of log(1+f) = 2s + s R(s^2), s = f/(2+f). Method and coefficients: FDLIBM, s_log1p.c (Sun Microsystems, 1993).
const P1 = 0.6666666666666735;
const P2 = 0.3999999999940942;
const P3 = 0.2857142874366239;
const P4 = 0.22222198432149784;
const P5 = 0.1818357216161805;
const P6 = 0.15313837699209373;
const P7 = 0.14798198605116586;

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
  const R = z * P1 + z2 * (P2 + z * P3) + z4 * (P4 + z * P5) + z6 * (P6 + z * P7);
  return exponent * LN2_HIGH - (halfSquare - (s * (halfSquare + R) + exponent * LN2_LOW) - f);
}
