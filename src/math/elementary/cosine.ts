/**
 * cos(pi x) for x from 0 to 1, within 2^-52, by + - * / alone: `Math.cos` may differ between JavaScript engines in the last
 * bit; this cannot. Exact at 0, 1/2 and 1.
 */
export function cosineOfPi(x: number): number {
  // cos(pi x) = sin(pi (1/2 - x)), an odd function; beyond a quarter of a turn from there, 1 - 2 sin^2(pi x / 2) is closer.
  const quarter = 0.5 - x;
  if (Math.abs(quarter) <= 0.25) return sine(Math.PI * quarter);
  const half = sine((Math.PI / 2) * (quarter > 0 ? x : 1 - x));
  const cosine = 1 - 2 * half * half;
  return quarter > 0 ? cosine : -cosine;
}

/** sin(a) = a (1 - a^2 / (2 3) (1 - a^2 / (4 5) (1 - ...))), |a| <= pi / 4, until a term is below 2^-60. */
function sine(a: number): number {
  const square = a * a;
  let sum = 1;
  for (let n = 18; n >= 2; n -= 2) sum = 1 - (square / (n * (n + 1))) * sum;
  return a * sum;
}
