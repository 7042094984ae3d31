import { wilsonInterval } from "./wilson.ts";

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

/**
 * Compares two classifiers image by image: the difference of their accuracies with Newcombe's interval, and McNemar's
 * exact test (McNemar 1947): the images right by one only, under a fair coin, two-sided.
 */
export function pairedDifference(first: readonly boolean[], second: readonly boolean[]): PairedDifference {
  const n = first.length;
  if (n === 0 || second.length !== n) throw new RangeError("pairedDifference: needs the same images, one or more");
  let [both, onlyFirst, onlySecond] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    if (first[i] && second[i]) both += 1;
    else if (first[i]) onlyFirst += 1;
    else if (second[i]) onlySecond += 1;
  }
  const difference = (onlySecond - onlyFirst) / n;
  const [low, high] = newcombeInterval(both, onlyFirst, onlySecond, n);
  const p = fairCoin(Math.min(onlyFirst, onlySecond), onlyFirst + onlySecond);
  return { difference, low, high, onlyFirst, onlySecond, n, p };
}

/**
 * The 95 % interval of the difference (c - b) / n of two fractions of the same n images: b right by the first only, c by
 * the second only, a by both, d by neither. It stays an interval where no image or every image tells the two apart.
 * Source: Newcombe 1998, "Improved confidence intervals for the difference between binomial proportions based on paired
 * data", Statistics in Medicine 17, method 10; l and u are Wilson's limits of each fraction p:
 *
 *   low  = p2 - p1 - sqrt((p2 - l2)^2 - 2 phi (p2 - l2) (u1 - p1) + (u1 - p1)^2)
 *   high = p2 - p1 + sqrt((u2 - p2)^2 - 2 phi (u2 - p2) (p1 - l1) + (p1 - l1)^2)
 *   phi  = C / sqrt((a + b) (c + d) (a + c) (b + d)),  C = ad - bc where < 0, max(0, ad - bc - n / 2) elsewhere
 */
function newcombeInterval(a: number, b: number, c: number, n: number): readonly [low: number, high: number] {
  const d = n - a - b - c;
  const [p1, p2] = [(a + b) / n, (a + c) / n];
  const [[l1, u1], [l2, u2]] = [wilsonInterval(p1, n), wilsonInterval(p2, n)];
  const association = a * d - b * c;
  const corrected = association < 0 ? association : Math.max(0, association - n / 2);
  const scale = Math.sqrt((a + b) * (c + d)) * Math.sqrt((a + c) * (b + d));
  const phi = scale === 0 ? 0 : corrected / scale;
  const apart = (x: number, y: number) => Math.sqrt(x ** 2 - 2 * phi * x * y + y ** 2);
  return [p2 - p1 - apart(p2 - l2, u1 - p1), p2 - p1 + apart(u2 - p2, p1 - l1)];
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
