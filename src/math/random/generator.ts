/**
 * Random numbers in a fixed order. Every call goes on where the last one stopped, so a draw of m values and then
 * of n gives the values of one draw of m + n.
 */
export interface RandomGenerator {
  /** Doubles in [0, 1): multiples of 2^-53. */
  random(count: number): Float64Array;
  /** Doubles in [low, high); rounding can give `high` itself. */
  uniform(low: number, high: number, count: number): Float64Array;
  /** Normal variates of mean 0 and standard deviation 1. */
  standardNormal(count: number): Float64Array;
  normal(mean: number, standardDeviation: number, count: number): Float64Array;
  /** Integers in [low, high), unbiased; both bounds are safe integers, `low` below `high`. */
  integers(low: number, high: number, count: number): Float64Array;
  /** 0 to size - 1 in random order, each order equally likely. */
  permutation(size: number): Uint32Array;
}
