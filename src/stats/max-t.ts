import type { RandomGenerator } from "../math/random/generator.ts";
import { mean, variance } from "./moments.ts";

/**
 * p-values of several one-sided questions "is the mean of these differences above 0?", asked of the same seeds or images and so
 * not independent: each is how often the largest t of all, under no difference anywhere, reaches its own (Westfall and Young 1993,
 * the single-step maxT; Romano and Wolf 2005 for the bootstrap). What the questions share makes this sharper than Holm's.
 * Rows are resampled whole, from differences with their means taken off.
 */
export function maxT(
  differences: readonly (readonly number[])[], // [question][seed or image]
  random: RandomGenerator,
  resamples = 2000,
): number[] {
  const n = differences[0]?.length ?? 0;
  if (differences.some((row) => row.length !== n || n < 2)) {
    throw new RangeError("maxT: every question needs the same values, two or more");
  }
  const observed = differences.map(studentised);
  const centred = differences.map((row) => {
    const centre = mean(row);
    return row.map((value) => value - centre);
  });
  const reached = observed.map(() => 0);
  for (let i = 0; i < resamples; i++) {
    const rows = random.integers(0, n, n);
    const largest = centred.reduce((most, row) => Math.max(most, studentised(Array.from(rows, (at) => row[at]))), 0);
    for (const [question, t] of observed.entries()) if (largest >= t) reached[question] += 1;
  }
  // The observed values are one of the ways it could have come out.
  return reached.map((count) => (count + 1) / (resamples + 1));
}

function studentised(values: readonly number[]): number {
  const centre = mean(values);
  const error = Math.sqrt(variance(values) / values.length);
  if (error > 1e-12 * Math.abs(centre)) return centre / error;
  return centre === 0 ? 0 : centre * Number.POSITIVE_INFINITY;
}
