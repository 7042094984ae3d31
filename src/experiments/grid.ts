import type { RandomGenerator } from "../math/random/generator.ts";

// Values to search over. What comes out of a power or a logarithm is rounded to four digits: engines may differ in the
// last bit, and a value must be the same everywhere.

/** `count` values at equal ratios from `low` to `high`, ends included. */
export function logGrid(low: number, high: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => fourDigits(low * (high / low) ** (index / (count - 1))));
}

/** `count` values whose logarithm is uniform between those of `low` and `high`. */
export function logUniform(random: RandomGenerator, low: number, high: number, count: number): number[] {
  return Array.from(random.random(count), (share) => fourDigits(low * (high / low) ** share));
}

function fourDigits(value: number): number {
  return Number(value.toPrecision(4));
}
