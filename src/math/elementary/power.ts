import { timesPowerOfTwo } from "./power-of-two.ts";

/** A number as an unevaluated sum of two, the second below half a unit in the last place of the first: 106 bits. */
type Double = readonly [high: number, low: number];

/** ln 2 to 106 bits. */
const LN2: Double = [Math.LN2, 2.3190468138462996e-17];

/**
 * base^exponent for a base from 0 and an exponent above 0 (of any sign where the base is above 0), rounded to the nearest: it is computed to some 100 bits, by + - * / alone. `**` may
 * differ between JavaScript engines, and with the processor, in the last bit; this cannot.
 */
export function power(base: number, exponent: number): number {
  if (exponent === 0 || base === 1) return 1;
  if (base === 0 || !Number.isFinite(base)) return base;
  const logarithm = times(logarithmOf(base), [exponent, 0]);
  if (!(Math.abs(logarithm[0]) < 746)) return logarithm[0] > 0 ? Number.POSITIVE_INFINITY : 0;
  // e^t = 2^k e^r with |r| <= ln 2 / 2.
  const k = Math.round(logarithm[0] / LN2[0]);
  const r = plus(logarithm, times(LN2, [-k, 0]));
  // e^r = 1 + r (1 + r/2 (1 + r/3 ...)), until a term is below 2^-110.
  let sum: Double = [1, 0];
  for (let n = 24; n >= 1; n--) sum = plus([1, 0], times(sum, over(r, [n, 0])));
  return timesPowerOfTwo(sum[0], k);
}

/** log x = k ln 2 + 2 artanh(s), s = (m - 1) / (m + 1), for x = 2^k m with m about 1. */
function logarithmOf(x: number): Double {
  let [m, k] = [x, 0];
  for (; m > Math.SQRT2; m /= 2) k++;
  for (; m < Math.SQRT1_2; m *= 2) k--;
  const s = over(twoSum(m, -1), twoSum(m, 1));
  const square = times(s, s);
  // artanh(s) = s (1 + s^2 / 3 + s^4 / 5 + ...), |s| < 0.172, until a term is below 2^-110.
  let sum: Double = [0, 0];
  for (let n = 22; n >= 0; n--) sum = plus(over([1, 0], [2 * n + 1, 0]), times(sum, square));
  const artanh = times(s, sum);
  return plus(times(LN2, [k, 0]), [2 * artanh[0], 2 * artanh[1]]);
}

// Sums and products of doubles without error: Dekker 1971, "A floating-point technique for extending the available precision".

/** a + b as two numbers, exactly. */
function twoSum(a: number, b: number): Double {
  const sum = a + b;
  const part = sum - a;
  return [sum, a - (sum - part) + (b - part)];
}

/** a b as two numbers, exactly. */
function twoProduct(a: number, b: number): Double {
  const product = a * b;
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return [product, aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)];
}

/** A number as two of 26 bits. */
function halves(a: number): Double {
  const scaled = 134_217_729 * a; // 2^27 + 1
  const high = scaled - (scaled - a);
  return [high, a - high];
}

function plus([a, aLow]: Double, [b, bLow]: Double): Double {
  const [sum, rest] = twoSum(a, b);
  const [low, lowest] = twoSum(aLow, bLow);
  const [high, middle] = twoSum(sum, rest + low);
  return twoSum(high, middle + lowest);
}

function times([a, aLow]: Double, [b, bLow]: Double): Double {
  const [product, rest] = twoProduct(a, b);
  return twoSum(product, rest + (a * bLow + aLow * b));
}

function over(a: Double, b: Double): Double {
  const first = a[0] / b[0];
  const rest = plus(a, times(b, [-first, 0]));
  const second = rest[0] / b[0];
  const last = plus(rest, times(b, [-second, 0]))[0] / b[0];
  return plus(twoSum(first, second), [last, 0]);
}
