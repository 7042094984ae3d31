// Of lists of any length: Math.max(...values) puts each value on the call stack, which holds some 120,000.

/** The largest value; -Infinity of none, NaN where one is. */
export function largestOf(values: Iterable<number>): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** The smallest value; Infinity of none, NaN where one is. */
export function smallestOf(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}
