// Where the mantissa is cut: the double next to sqrt(1/2) whose lower half is zero.
const SQRT_HALF = 1482910 / 2 ** 21;
// ln 2 in two parts; a small integer times the first is exact.
const LN2_HIGH = 6.9314718036912381649e-1;
const LN2_LOW = 1.90821492927058770002e-10;
// R(s^2) of log(1+f) = 2s + s R(s^2), s = f/(2+f). Method and coefficients: FDLIBM, s_log1p.c (Sun Microsystems, 1993).
const P1 = 6.66666666666673513e-1;
const P2 = 3.999999999940941908e-1;
const P3 = 2.857142874366239149e-1;
const P4 = 2.222219843214978396e-1;
const P5 = 1.818357216161805012e-1;
const P6 = 1.531383769920937332e-1;
const P7 = 1.479819860511658591e-1;

/**
 * log(1 + x) for -1 < x <= 0 where 1 + x is exact, as for x = -k 2^-53; error below 1 unit in the last place.
 *
 * Math.log1p may differ between JavaScript engines in the last bit; this uses + - * / only, so it cannot. The terms
 * are grouped as in glibc's log1p for x86-64 without fused multiply-add, which gave NumPy's reference values.
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
