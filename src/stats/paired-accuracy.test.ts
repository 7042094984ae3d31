import { expect, test } from "vitest";
import { pairedDifference } from "./paired-accuracy.ts";

/** Flags with so many images right by both, the first only, the second only, and neither. */
function flags(both: number, onlyFirst: number, onlySecond: number, neither: number) {
  const of = (...runs: [boolean, number][]) => runs.flatMap(([value, count]) => Array<boolean>(count).fill(value));
  return [
    of([true, both + onlyFirst], [false, onlySecond + neither]),
    of([true, both], [false, onlyFirst], [true, onlySecond], [false, neither]),
  ] as const;
}

test("counts what only one has right, and the difference with its interval", () => {
  const paired = pairedDifference(...flags(4000, 300, 380, 5320));
  expect(paired).toMatchObject({ onlyFirst: 300, onlySecond: 380, n: 10_000 });
  expect(paired.difference).toBeCloseTo(0.008, 12);
  // Far from the edges Newcombe's interval is that of .008 -+ 1.96 sqrt(680 - 6400 / 10000) / 10000.
  expect(paired.low).toBeCloseTo(0.0028914, 4);
  expect(paired.high).toBeCloseTo(0.0131086, 4);
});

// Rows: right by both, by the first only, by the second only, by neither.
test.each([
  // Fagerland, Lydersen and Laake 2014, "Recommended tests and confidence intervals for paired binomial proportions":
  // airway hyper-responsiveness before and after a transplantation (Bentur et al. 2009), second less first.
  [1, 7, 1, 12, -0.507, -0.026],
  // Altman et al. 2000, "Statistics with Confidence", table 6.2 and its worked example.
  [14, 0, 5, 22, 0.011, 0.226],
])("Newcombe's interval of the published table %i %i %i %i is %f to %f", (both, first, second, neither, low, high) => {
  const paired = pairedDifference(...flags(both, first, second, neither));
  expect(paired.low).toBeCloseTo(low, 3);
  expect(paired.high).toBeCloseTo(high, 3);
});

test.each([
  ["every image told apart", 0, 0, 10, 0],
  ["all images right by both", 10, 0, 0, 0],
  ["no image told apart", 5, 0, 0, 5],
  ["none right by either", 0, 0, 0, 10],
])("%s: the interval is one, and holds the difference", (_, both, first, second, neither) => {
  const { difference, low, high } = pairedDifference(...flags(both, first, second, neither));
  expect(high - low).toBeGreaterThan(0.1);
  expect(low).toBeGreaterThanOrEqual(-1);
  expect(high).toBeLessThanOrEqual(1);
  expect(low).toBeLessThanOrEqual(difference);
  expect(high).toBeGreaterThanOrEqual(difference);
});

test.each([
  // Sums of C(n, i) / 2^n, worked out with Python's integers and fractions.
  [3, 10, 0.0922851562],
  [0, 5, 0.0625],
  [40, 60, 0.0568879337],
  [300, 380, 0.0024248687],
  [5, 5, 1],
  [7, 6, 1],
  [0, 0, 1],
])("McNemar's exact test of %i against %i: p %f", (b, c, p) => {
  expect(pairedDifference(...flags(50, b, c, 50)).p).toBeCloseTo(p, 8);
  expect(pairedDifference(...flags(50, c, b, 50)).p).toBeCloseTo(p, 8);
});

test("thousands of differences do not underflow to certainty or to nothing", () => {
  expect(pairedDifference(...flags(0, 4900, 5100, 0)).p).toBeCloseTo(0.0465855, 6);
  expect(pairedDifference(...flags(0, 1000, 9000, 0)).p).toBeLessThan(1e-300);
});

test("other images cannot be compared", () => {
  expect(() => pairedDifference([true], [true, false])).toThrow(RangeError);
  expect(() => pairedDifference([], [])).toThrow(RangeError);
});
