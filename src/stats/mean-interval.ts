/** A mean over `n` runs, and the 95 % interval it stands for. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
}

/** 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom. */
const quantiles = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];

/**
 * The 95 % confidence interval of a mean of two values or more, Student's: mean -+ t s / sqrt(n).
 * It holds what differs from run to run, seeds for example; the images that all runs are measured on stay the same.
 */
export function meanInterval(values: readonly number[]): Estimate {
  const n = values.length;
  if (n < 2) throw new RangeError("meanInterval: needs two values or more");
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = studentQuantile(n - 1) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half, n };
}

/** The 97.5 % quantile of Student's t; beyond 10 degrees of freedom by Hill's expansion, to 1e-4. */
export function studentQuantile(degrees: number): number {
  if (degrees <= quantiles.length) return quantiles[degrees - 1];
  const z = 1.959963984540054;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / degrees + second / degrees ** 2 + third / degrees ** 3;
}
