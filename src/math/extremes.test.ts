import { expect, test } from "vitest";
import { largestOf, smallestOf } from "./extremes.ts";

test("the largest and the smallest of any number of values", () => {
  const values = Float64Array.from({ length: 1_000_000 }, (_, i) => (i * 7919) % 1_000_000);
  expect([smallestOf(values), largestOf(values)]).toEqual([0, 999_999]);
  expect([smallestOf([]), largestOf([])]).toEqual([Infinity, -Infinity]);
  expect([smallestOf([1, NaN, 2]), largestOf([1, NaN, 2])]).toEqual([NaN, NaN]);
});
