import type { RandomGenerator } from "../math/random/generator.ts";
import { mean } from "./moments.ts";
import { normalProbability, normalQuantile } from "./normal.ts";

export interface BootstrapInterval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The bias-corrected and accelerated bootstrap interval (Efron 1987; Efron and Tibshirani 1993, section 14.3) of any number that
 * is computed from independent values: no distribution is assumed. Fewer than some eight values give too narrow an interval.
 */
export function bootstrapInterval(
  values: readonly number[], // two or more
  statistic: (sample: readonly number[]) => number,
  random: RandomGenerator,
  { confidence = 0.95, resamples = 2000 } = {},
): BootstrapInterval {
  const n = values.length;
  if (n < 2) throw new RangeError("bootstrapInterval: needs two values or more");
  const estimate = statistic(values);
  const replicates = Array.from({ length: resamples }, () =>
    statistic(Array.from(random.integers(0, n, n), (index) => values[index])),
  ).sort((a, b) => a - b);
  if (replicates[0] === replicates[resamples - 1]) return { estimate, low: estimate, high: estimate };

  const below = replicates.filter((replicate) => replicate < estimate).length;
  const ties = replicates.filter((replicate) => replicate === estimate).length;
  const bias = normalQuantile((below + ties / 2) / resamples); // z0
  const leftOut = values.map((_, i) => statistic(values.toSpliced(i, 1)));
  const centre = mean(leftOut);
  const cubes = leftOut.reduce((sum, value) => sum + (centre - value) ** 3, 0);
  const squares = leftOut.reduce((sum, value) => sum + (centre - value) ** 2, 0);
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5); // a, eq. 14.15
  // alpha_1 = Phi(z0 + (z0 + z) / (1 - a (z0 + z))), eq. 14.10
  const at = (tail: number) => {
    const shifted = bias + normalQuantile(tail);
    return quantile(replicates, normalProbability(bias + shifted / (1 - acceleration * shifted)));
  };
  return { estimate, low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) };
}

/** The value below which `fraction` of the sorted values lie, between neighbours in proportion. */
function quantile(sorted: readonly number[], fraction: number): number {
  const at = Math.min(sorted.length - 1, Math.max(0, fraction * (sorted.length - 1)));
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
