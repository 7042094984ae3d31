import { expect, test } from "vitest";
import { atEdge, narrowed } from "./narrow.ts";
import type { Space } from "./space.ts";

const space: Space = {
  lambda: { kind: "log", low: 1e-5, high: 1e-1, count: 5 },
  rate: { kind: "uniform", low: 0, high: 1 },
  nodes: { kind: "integer", low: 1, high: 9, scale: "linear" },
  update: { kind: "choice", values: ["sgd", "momentum", "adam"] },
};
const best = [
  { lambda: 1e-3, rate: 0.5, nodes: 5, update: "sgd" },
  { lambda: 1e-4, rate: 0.3, nodes: 4, update: "momentum" },
];

test("from the smallest to the largest of the best, and half a step more on the path's own scale", () => {
  expect(narrowed(space, best, 0.5, 11)).toEqual({
    // Five values a decade apart: half a decade on either side.
    lambda: { kind: "log", low: expect.closeTo(10 ** -4.5, 10), high: expect.closeTo(10 ** -2.5, 10), count: 5 },
    // Eleven trials: steps of a tenth.
    rate: { kind: "uniform", low: expect.closeTo(0.25, 12), high: expect.closeTo(0.55, 12) },
    nodes: { kind: "integer", low: 3, high: 6, scale: "linear" },
    update: { kind: "choice", values: ["sgd", "momentum"] },
  });
});

test("never beyond the range before, and a range is never empty", () => {
  const { lambda, rate } = narrowed(space, [{ lambda: 1e-1, rate: 0.5 }], 1, 11);
  expect(lambda).toMatchObject({ low: expect.closeTo(1e-2, 12), high: 0.1 });
  expect(rate).toMatchObject({ low: expect.closeTo(0.4, 12), high: expect.closeTo(0.6, 12) });
  expect(narrowed(space, [best[0]], 0, 11).lambda).toEqual(space.lambda);
  expect(narrowed(space, [{}], 0.5, 11)).toEqual(space);
});

test("a best value at the end of its range is named", () => {
  expect(atEdge(space, { lambda: 1e-5, rate: 0.5, nodes: 9, update: "sgd" })).toEqual(["lambda", "nodes"]);
});
