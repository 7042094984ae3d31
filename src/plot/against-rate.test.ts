import { expect, test } from "vitest";
import type { Measurement } from "../record/event.ts";
import { accuracyAgainstRate } from "./against-rate.ts";

const rates = [1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
const row = (learningRate: number, at: number): Measurement => {
  const accuracy = 0.1 + 0.08 * (at < 4 ? at : 6 - at);
  const metrics = { loss: 1, cost: 1, accuracy };
  return { step: 10 * at, epoch: at, learningRate, train: metrics, validation: metrics } as Measurement;
};
const series = rates.map(row);
const figure = (range?: { min: number; max: number }) =>
  accuracyAgainstRate({ series, ...(range && { range }), id: "a", title: "a" });

test("rates at equal factors lie at equal distances, with ticks of one style", () => {
  const svg = figure();
  const [, d = ""] = /class="line train" d="M([^"]*)"/.exec(svg) ?? [];
  const xs = d.split("L").map((point) => Number(point.split(",")[0]));
  expect(xs).toHaveLength(6);
  const gaps = xs.slice(1).map((x, at) => x - xs[at]);
  for (const gap of gaps) expect(gap).toBeCloseTo(gaps[0], 0);
  const ticks = [...svg.matchAll(/text-anchor="middle"[^>]*>([^<]*)</g)].map(([, text]) => text);
  expect(ticks).toEqual(expect.arrayContaining(["1e-5", "1e-3", "1e-1", "1e0"]));
  expect(ticks).not.toContain("0.1");
});

test("the range is shaded between its ends, which are written; without one nothing is", () => {
  const svg = figure({ min: 1e-3, max: 1e-1 });
  const [, x, width] = /class="set" x="([\d.]+)"[^>]*width="([\d.]+)"/.exec(svg) ?? [];
  const [, d = ""] = /class="line train" d="M([^"]*)"/.exec(svg) ?? [];
  const xs = d.split("L").map((point) => Number(point.split(",")[0]));
  expect(Number(x)).toBeCloseTo(xs[2], 0);
  expect(Number(x) + Number(width)).toBeCloseTo(xs[4], 0);
  expect(svg).toContain("learns between 0.001 and 0.1.");
  expect(figure()).not.toContain('class="set"');
  expect(figure()).toContain("No rate improves on the start.");
});
