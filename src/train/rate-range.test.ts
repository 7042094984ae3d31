import { expect, test } from "vitest";
import type { Measurement } from "../record/event.ts";
import { rateRange } from "./rate-range.ts";

function series(...rows: readonly [rate: number, accuracy: number, loss?: number][]): Measurement[] {
  return rows.map(([learningRate, accuracy, loss = 2], step) => {
    const metrics = { loss, cost: loss, accuracy };
    return { step, learningRate, train: metrics, validation: metrics };
  });
}

test("from where the accuracy begins to rise to where it is largest", () => {
  const rows = series([1e-5, 0.1], [1e-4, 0.105], [1e-3, 0.2], [1e-2, 0.4], [0.1, 0.45], [1, 0.3]);
  expect(rateRange(rows)).toEqual({ min: 1e-3, max: 0.1, accuracy: 0.45 });
});

test("numbers that are not finite are no rates to choose", () => {
  const rows = series([1e-5, 0.1], [1e-3, 0.3], [1, 0.9, Number.NaN]);
  expect(rateRange(rows)).toEqual({ min: 1e-4, max: 1e-3, accuracy: 0.3 });
});

test("a network that never learns has no range", () => {
  expect(rateRange(series([1e-5, 0.1], [1, 0.1]))).toBeUndefined();
  expect(rateRange(series([1e-5, 0.1]))).toBeUndefined();
});
