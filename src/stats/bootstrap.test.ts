import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { mean } from "./moments.ts";

// Efron and Tibshirani 1993, table 14.1: spatial test A of 26 children.
const spatial = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];

test("the variance of the spatial test, as published", () => {
  const plainVariance = (sample: readonly number[]) => {
    const centre = mean(sample);
    return mean(sample.map((value) => (value - centre) ** 2));
  };
  const options = { confidence: 0.9, resamples: 20_000 };
  const { estimate, low, high } = bootstrapInterval(spatial, plainVariance, stream(1, "bootstrap"), options);
  expect(estimate).toBeCloseTo(171.534, 3);
  // Table 14.2: (115.8, 259.6) of 2,000 resamples; scipy.stats.bootstrap of 200,000: (115.4 to 115.9, 260.7 to 261.8).
  // The plain percentile interval would be (97.9, 235.5).
  expect(Math.abs(low - 115.7)).toBeLessThan(1.5);
  expect(Math.abs(high - 261)).toBeLessThan(2.5);
});

test("the mean of the spatial test", () => {
  const { low, high } = bootstrapInterval(spatial, mean, stream(2, "bootstrap"), { resamples: 20_000 });
  // scipy.stats.bootstrap, 200,000 resamples: (24.1, 34.2 to 34.3); the symmetric interval of Student is (24.7, 35.0).
  expect(Math.abs(low - 24.12)).toBeLessThan(0.25);
  expect(Math.abs(high - 34.26)).toBeLessThan(0.2);
});

test("values that are alike have no interval; one value has none to give", () => {
  expect(bootstrapInterval([2, 2, 2], mean, stream(1, "bootstrap"))).toEqual({ estimate: 2, low: 2, high: 2 });
  expect(() => bootstrapInterval([2], mean, stream(1, "bootstrap"))).toThrow(RangeError);
});

test("between two neighbours among the resamples an end lies in proportion", () => {
  // All four samples of two values: means 0, 5, 5, 10, no bias, no acceleration, so ends at a quarter and three quarters.
  const samples = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  let at = 0;
  const integers = () => Float64Array.from(samples[at++]);
  const random = { integers } as never;
  const { low, high } = bootstrapInterval([0, 10], mean, random, { confidence: 0.5, resamples: 4 });
  expect([low, high]).toEqual([expect.closeTo(3.75, 6), expect.closeTo(6.25, 6)]);
});
