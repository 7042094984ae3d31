import { expect, test } from "vitest";
import { curves } from "./curves.ts";
import { smoothed } from "./smooth.ts";

const points = (...values: number[]) => values.map((value, step) => ({ step, value }));

test("a running mean, by hand; what is constant stays, and what is not finite is a gap", () => {
  expect(smoothed(points(4, 4, 4), 0.9).map(({ value }) => value)).toEqual([4, 4, 4].map((v) => expect.closeTo(v)));
  // (.5*.5*0 + .5*.5*... ): weights 1; 1/3, 2/3; 1/7, 2/7, 4/7
  const values = smoothed(points(0, 3, 7), 0.5).map(({ value }) => value);
  expect(values).toEqual([0, expect.closeTo(2), expect.closeTo(34 / 7)]);
  expect(smoothed(points(1, Number.NaN, 1), 0.5).map(({ value }) => value)).toEqual([1, Number.NaN, 1]);
});

const metrics = (accuracy: number) => ({ loss: 1, cost: 1, accuracy });
const series = [0, 1, 9, 99, 999].map((step) => ({
  ...{ step, learningRate: 0.1 },
  ...{ train: metrics(step % 2), validation: metrics(0.5) },
}));
const figure = { series, metric: "accuracy", id: "a", title: "a" } as const;

test("a smoothed figure shows what was measured too, and says what it is", () => {
  const svg = curves({ ...figure, smoothing: 0.6 });
  expect(svg.match(/class="line train/g)).toHaveLength(3); // and in the legend
  expect(svg).toContain("line train measured");
  expect(svg).toContain("thick: smoothed, keeping 0.6; thin: as measured");
  expect(svg).toMatch(/<desc[^>]*>[^<]*smoothed/);
  expect(curves(figure)).not.toContain("smoothed");
});

test("a logarithmic step axis has room for step 0, and equal factors are equally far", () => {
  const svg = curves({ ...figure, logarithmicSteps: true });
  const xs = [...svg.matchAll(/<circle class="mark train" cx="([\d.]+)"/g)].map(([, x]) => Number(x)).slice(0, 5);
  expect(xs[3] - xs[2]).toBeCloseTo(xs[4] - xs[3], 0); // from 1 + 9 to 1 + 99 to 1 + 999
  expect(svg).toContain("update step, logarithmic");
});
