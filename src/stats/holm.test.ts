import { expect, test } from "vitest";
import { holm } from "./holm.ts";

test("p-values are adjusted as R does", () => {
  // p.adjust(c(.01, .04, .03, .005), "holm") of R 4.3; the first example of its documentation.
  expect(holm([0.01, 0.04, 0.03, 0.005]).map((p) => Number(p.toFixed(12)))).toEqual([0.03, 0.06, 0.06, 0.02]);
});

test("an adjusted p-value is at most 1 and never below a smaller one's", () => {
  expect(holm([0.5, 0.6, 0.01])).toEqual([1, 1, 0.03]);
  expect(holm([])).toEqual([]);
});
