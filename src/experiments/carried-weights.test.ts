import { expect, test } from "vitest";
import { firstIsBest, lambdaDecidesLittle } from "./carried-weights.ts";
import { findPublished } from "./catalogue.ts";
import type { SearchRow } from "./experiment.ts";

test.each(["001-E4", "001-E5"])("%s: its own table is one of carried weights, and not of trials of their own", (id) => {
  const { rows } = findPublished(id)!.reported as { rows: readonly SearchRow[] };
  expect(firstIsBest.holds(rows)).toBe(true);
  expect(lambdaDecidesLittle.holds(rows)).toBe(false);
});

const trials = [0.746, 0.75, 0.745, 0.759].map((trainAccuracy, index): SearchRow => {
  return { lambda: 1e-4, eta: 0.1, trainAccuracy, validationAccuracy: 0.43 + 0.001 * index, testAccuracy: 0.445 };
});

test("trials of their own differ by little, and any may be the best", () => {
  expect(lambdaDecidesLittle.holds(trials)).toBe(true);
  expect(firstIsBest.holds(trials)).toBe(false);
});

test("a trial that diverged bears nothing out", () => {
  const diverged = [...trials, { ...trials[0], trainAccuracy: Number.NaN, validationAccuracy: Number.NaN }];
  expect(lambdaDecidesLittle.holds(diverged)).toBe(false);
  expect(firstIsBest.holds(diverged)).toBe(false);
  expect(firstIsBest.holds(trials.slice(0, 1))).toBe(false);
});
