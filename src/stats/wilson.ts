/** Two-sided 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * The 95 % Wilson score interval of a fraction seen in `count` trials, both as fractions.
 * Source: Wilson 1927, "Probable Inference, the Law of Succession, and Statistical Inference".
 *
 *   (p + z^2/2n -+ z sqrt(p (1 - p)/n + z^2/4n^2)) / (1 + z^2/n)
 */
export function wilsonInterval(fraction: number, count: number): readonly [low: number, high: number] {
  const n = count;
  const scale = 1 + z ** 2 / n;
  const centre = (fraction + z ** 2 / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((fraction * (1 - fraction)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}
