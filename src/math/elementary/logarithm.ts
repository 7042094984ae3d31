import { L1, L2, L3, L4, L5, L6, L7, LN2_HIGH, LN2_LOW } from "./logarithm-series.ts";

// log(1+f) = f - s (f - R) with s = f / (2 + f) and R a polynomial of s^2. FDLIBM, e_log.c (Sun Microsystems, 1993).
const bits = new DataView(new ArrayBuffer(8));

/**
 * The natural logarithm, with an error below 1 unit in the last place. By + - * / alone: Math.log may differ between
 * JavaScript engines in the last bit, this cannot.
 */
export function logarithm(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  // x = 2^k (1 + f) with sqrt(1/2) < 1 + f < sqrt(2).
  const isSmall = x < 2.2250738585072014e-308; // no normal number
  bits.setFloat64(0, isSmall ? x * 18_014_398_509_481_984 : x); // 2^54
  const upper = bits.getUint32(0);
  const mantissa = upper & 0xfffff;
  const carry = (mantissa + 0x95f64) & 0x100000;
  bits.setUint32(0, mantissa | (carry ^ 0x3ff00000));
  const k = (upper >>> 20) - 1023 - (isSmall ? 54 : 0) + (carry >>> 20);
  const f = bits.getFloat64(0) - 1;

  if ((0xfffff & (2 + mantissa)) < 3) {
    // |f| < 2^-20
    if (f === 0) return k * LN2_HIGH + k * LN2_LOW;
    const R = f * f * (0.5 - 0.3333333333333333 * f);
    return k === 0 ? f - R : k * LN2_HIGH - (R - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const R = z * (L1 + w * (L3 + w * (L5 + w * L7))) + w * (L2 + w * (L4 + w * L6));
  if (((mantissa - 0x6147a) | (0x6b851 - mantissa)) > 0) {
    const half = 0.5 * f * f;
    return k === 0 ? f - (half - s * (half + R)) : k * LN2_HIGH - (half - (s * (half + R) + k * LN2_LOW) - f);
  }
  return k === 0 ? f - s * (f - R) : k * LN2_HIGH - (s * (f - R) - k * LN2_LOW - f);
}
