import { expect, test } from "vitest";
import { stream } from "../math/random/stream.ts";
import { importance } from "./importance.ts";

function trials(n: number, dimensions: number, loss: (point: readonly number[]) => number) {
  const random = stream(1, "importance");
  return Array.from({ length: n }, () => {
    const point = [...random.random(dimensions)];
    return { point, loss: loss(point) };
  });
}

test("what alone decides has all the importance", () => {
  const [first, second, third] = importance(trials(1000, 3, ([x]) => x));
  expect(first).toBeGreaterThan(0.97);
  expect(Math.max(second, third)).toBeLessThan(0.02);
});

test("what matters more comes first, and the parts sum to 1", () => {
  const parts = importance(trials(300, 4, ([x, y, z]) => 10 * (x - 0.3) ** 2 + 4 * (y - 0.6) ** 2 + 0.5 * z));
  expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(1, 12);
  expect(parts[0]).toBeGreaterThan(parts[1]);
  expect(parts[1]).toBeGreaterThan(parts[2]);
  expect(parts[2]).toBeGreaterThan(parts[3]);
});

test("where the best differ from nothing there is nothing to say", () => {
  expect(importance([])).toEqual([]);
  expect(importance([{ point: [0.5, 0.5], loss: 1 }])).toEqual([0, 0]);
});

test("which way round a parameter is measured is all the same, up to its ends", () => {
  const given = trials(60, 2, ([x, y]) => (x - 0.95) ** 2 + 0.5 * (y - 0.1) ** 2);
  const mirrored = given.map(({ point: [x, y], loss }) => ({ point: [1 - x, 1 - y], loss }));
  const [parts, others] = [importance(given), importance(mirrored)];
  for (const [d, part] of parts.entries()) expect(others[d]).toBeCloseTo(part, 10);
});
