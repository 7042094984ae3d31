/** The standard normal distribution. */

/** Density at `z`. */
export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

// Cody 1969, "Rational Chebyshev approximation using continued fractions", through W. J. Cody's CALERF: coefficients for
// |x| <= .46875, up to 4, and beyond.
const near = {
  p: [3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694, 0.18577770618460315],
  q: [23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171],
};
const middle = {
  p: [
    0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769, 1712.0476126340707,
    2051.0783778260716, 1230.3393547979972, 2.1531153547440383e-8,
  ],
  q: [
    15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597, 4362.619090143247,
    3439.3676741437216, 1230.3393548037495,
  ],
};
const far = {
  p: [
    0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275, 0.0006587491615298378,
    0.016315387137302097,
  ],
  q: [2.568520192289822, 1.8729528499234604, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918],
};

/** erfc(x) = 1 - erf(x), to about 1e-15 of itself. */
function complementaryError(x: number): number {
  const y = Math.abs(x);
  if (y <= 0.46875) return 1 - x * ratio(near.p, near.q, y * y);
  const tail = Math.exp(-y * y) * (y <= 4 ? ratio(middle.p, middle.q, y) : beyond(y));
  return x < 0 ? 2 - tail : tail;
}

function beyond(y: number): number {
  const z = 1 / (y * y);
  return (1 / Math.sqrt(Math.PI) - z * ratio(far.p, far.q, z)) / y;
}

/** The two polynomials of one of CALERF's branches: the last of `p` stands before its highest power. */
function ratio(p: readonly number[], q: readonly number[], z: number): number {
  const degree = q.length;
  let [numerator, denominator] = [p[degree] * z, z];
  for (let i = 0; i < degree - 1; i++) {
    numerator = (numerator + p[i]) * z;
    denominator = (denominator + q[i]) * z;
  }
  return (numerator + p[degree - 1]) / (denominator + q[degree - 1]);
}

/** P(Z <= z). */
export function normalProbability(z: number): number {
  return complementaryError(-z / Math.SQRT2) / 2;
}

// Acklam's rational approximation (P. J. Acklam 2003), relative error 1.15e-9 before the correction below.
const a = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
const c = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

/** z with P(Z <= z) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p <= 0 || p >= 1) return p === 0 ? Number.NEGATIVE_INFINITY : p === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  const z = roughQuantile(p);
  // One step of Halley's method.
  const error = (normalProbability(z) - p) / normalDensity(z);
  return Number.isFinite(error) ? z - error / (1 + (z * error) / 2) : z;
}

function roughQuantile(p: number): number {
  if (p > 0.5) return -roughQuantile(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    return polynomial(c, q) / polynomial(d, q);
  }
  const q = p - 0.5;
  return (polynomial(a, q * q) * q) / polynomial(b, q * q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}
