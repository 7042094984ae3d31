import type { Disagreement } from "./verdict.ts";

/** The measures of two gradients of one parameter, over the entries that `skip` does not name. */
export function compare(
  analytic: Float64Array,
  numeric: Float64Array,
  eps: number,
  skip: { has(entry: number): boolean },
): Disagreement {
  let maxAbsolute = 0;
  let maxRelative = 0;
  let [difference, analyticNorm, numericNorm] = [0, 0, 0];
  for (let entry = 0; entry < analytic.length; entry++) {
    if (skip.has(entry)) continue;
    const [a, n] = [analytic[entry], numeric[entry]];
    const distance = Math.abs(a - n);
    // NaN must not pass as small: Math.max keeps it.
    maxAbsolute = Math.max(maxAbsolute, distance);
    maxRelative = Math.max(maxRelative, distance / Math.max(eps, Math.abs(a) + Math.abs(n)));
    difference += distance ** 2;
    analyticNorm += a ** 2;
    numericNorm += n ** 2;
  }
  return {
    maxAbsolute,
    maxRelative,
    normRelative: Math.sqrt(difference) / Math.max(eps, Math.sqrt(analyticNorm) + Math.sqrt(numericNorm)),
    decimals: decimalsOf(maxAbsolute),
  };
}

/**
 * The measures of two gradients that must both be 0: how far the farther one is from it, where a measure is relative
 * as a part of the gradient of the same layer's weights. Relative to one another they are rounding over rounding.
 */
export function compareWithZero(
  analytic: Float64Array,
  numeric: Float64Array,
  weights: Float64Array, // the numeric gradient of the same layer's weights
  eps: number,
): Disagreement {
  const maxAbsolute = Math.max(largest(analytic), largest(numeric));
  return {
    maxAbsolute,
    maxRelative: maxAbsolute / Math.max(eps, largest(weights)),
    normRelative: Math.max(norm(analytic), norm(numeric)) / Math.max(eps, norm(weights)),
    decimals: decimalsOf(maxAbsolute),
  };
}

/** The largest size of the entries that `skip` does not name; NaN where one is. */
export function largest(values: Float64Array, skip: { has(entry: number): boolean } = new Set()): number {
  return values.reduce((most, value, entry) => (skip.has(entry) ? most : Math.max(most, Math.abs(value))), 0);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
}

// The largest k with d < 1.5 * 10^-k, at most 16: numpy.testing.assert_array_almost_equal's rule.
function decimalsOf(distance: number): number {
  let decimals = 0;
  while (decimals < 16 && distance < 1.5 * 10 ** -(decimals + 1)) decimals++;
  return decimals;
}
