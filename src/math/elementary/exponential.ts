import { timesPowerOfTwo } from "./power-of-two.ts";

// ln 2 in two parts; a small integer times the first is exact.
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
// x - x (e^x + 1) / (e^x - 1) + 2 as a polynomial of x^2. Method and coefficients: FDLIBM, e_exp.c (Sun Microsystems, 1993).
const P1 = 0.16666666666666602;
const P2 = -0.0027777777777015593;
const P3 = 0.00006613756321437934;
const P4 = -0.0000016533902205465252;
const P5 = 4.1381367970572385e-8;

/**
 * e^x, with an error below 1 unit in the last place. By + - * / alone: Math.exp may differ between JavaScript engines in the
 * last bit, this cannot.
 */
export function exponential(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Number.POSITIVE_INFINITY;
  if (x < -745.1332191019411) return 0;
  const size = Math.abs(x);
  if (size < 2 ** -28) return 1 + x;
  if (x === 1) return Math.E; // what follows has its last bit wrong

  // e^x = 2^k e^r with r = high - low, |r| <= ln 2 / 2.
  let [k, high, low] = [0, x, 0];
  if (size > 0.34657359027997264) {
    k = size < 1.0397207708399179 ? Math.sign(x) : Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  }
  const r = high - low;
  const t = r * r;
  const c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  return timesPowerOfTwo(1 - (low - (r * c) / (2 - c) - high), k);
}
