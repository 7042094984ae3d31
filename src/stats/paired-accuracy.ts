/** Two classifiers on the same images: where they differ, and what follows. */
export interface PairedDifference {
  /** Accuracy of the second less that of the first, as a fraction, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Images that only the first, only the second has right. */
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Images. */
  readonly n: number;
  /** Of so uneven a split of the images they differ on, or a more uneven one, were both equally good. */
  readonly p: number;
}

/** Two-sided 97.5 % quantile of the standard normal distribution. */
const z = 1.959963984540054;

/**
 * Compares two classifiers image by image: what both have right or wrong says nothing of their difference. With b images
 * right by the first only and c by the second only of n:
 *
 *   difference (c - b) / n  -+  z sqrt(b + c - (c - b)^2 / n) / n
 *
 * and McNemar's exact test (McNemar 1947): b of b + c under a fair coin, two-sided.
 */
export function pairedDifference(first: readonly boolean[], second: readonly boolean[]): PairedDifference {
  const n = first.length;
  if (n === 0 || second.length !== n) throw new RangeError("pairedDifference: needs the same images, one or more");
  let [onlyFirst, onlySecond] = [0, 0];
  for (let i = 0; i < n; i++) {
    if (first[i] && !second[i]) onlyFirst += 1;
    if (second[i] && !first[i]) onlySecond += 1;
  }
  const difference = (onlySecond - onlyFirst) / n;
  const half = (z * Math.sqrt(onlyFirst + onlySecond - (onlySecond - onlyFirst) ** 2 / n)) / n;
  const p = fairCoin(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond);
  return { difference, low: difference - half, high: difference + half, onlyFirst, onlySecond, n, p };
}

/** The chance that a fair coin, thrown `throws` times, falls at most `few` times to one side or the other. */
function fairCoin(few: number, throws: number): number {
  if (2 * few >= throws - 1) return 1;
  // log C(throws, i) - throws log 2, from one i to the next.
  let log = -throws * Math.LN2;
  let sum = 0;
  for (let i = 0; i <= few; i++) {
    sum += Math.exp(log);
    log += Math.log((throws - i) / (i + 1));
  }
  return Math.min(1, 2 * sum);
}
