import { expect, test } from "vitest";
import { meanInterval, studentQuantile } from "./mean-interval.ts";

test("the interval of a mean is Student's", () => {
  // scipy.stats.t.interval(.95, 4, loc=.46, scale=sem)
  const { mean, low, high, n } = meanInterval([0.45, 0.46, 0.47, 0.455, 0.465]);
  expect(mean).toBeCloseTo(0.46, 12);
  expect(low).toBeCloseTo(0.45018, 5);
  expect(high).toBeCloseTo(0.46982, 5);
  expect(n).toBe(5);
});

test("values that are alike have no interval; one value has none to give", () => {
  expect(meanInterval([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2, n: 3 });
  expect(() => meanInterval([2])).toThrow(RangeError);
});

test.each([
  [1, 12.7062],
  [10, 2.2281],
  [11, 2.201],
  [30, 2.0423],
  [1000, 1.9623],
])("97.5 %% quantile with %i degrees of freedom: %f", (degrees, quantile) => {
  expect(studentQuantile(degrees)).toBeCloseTo(quantile, 3);
});
