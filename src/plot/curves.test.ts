import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Measurement } from "../record/event.ts";
import { type CurveFigure, curves } from "./curves.ts";
import series from "./fixtures/series.json" with { type: "json" };

const figure: CurveFigure = { series, metric: "accuracy", id: "figure-1", title: "Accuracy of 004-E2" };

/** The series with the losses of its rows replaced. */
function withLosses(losses: readonly number[]): readonly Measurement[] {
  return losses.map((loss, index) => {
    const row = series[index % series.length];
    return { ...row, step: 100 * index, train: { ...row.train, loss }, validation: { ...row.validation, loss } };
  });
}

const count = (svg: string, part: string) => svg.split(part).length - 1;

// Golden pictures: look at a changed one before accepting it (src/plot/README.md says how).
describe("a picture, to the last character", () => {
  const broken = withLosses([2.4612, 1.6901, 1.547, 1.4888, 3.9, Infinity, NaN, NaN]);
  test.each<[string, CurveFigure]>([
    ["accuracy", { ...figure, stepsPerEpoch: 100 }],
    ["accuracy-narrow", { ...figure, stepsPerEpoch: 100, width: 360 }],
    ["loss", { ...figure, metric: "loss" }],
    ["cost-logarithmic", { ...figure, metric: "cost", logarithmic: true }],
    ["loss-not-finite", { ...figure, metric: "loss", series: broken }],
  ])("%s", async (name, shown) => {
    await expect(curves(shown)).toMatchFileSnapshot(`fixtures/${name}.svg`);
  });
});

describe("curves", () => {
  test("names the picture by ids of its own and describes it", () => {
    const svg = curves({ ...figure, title: "<script>alert(1)</script>" });
    expect(svg).toContain('aria-labelledby="figure-1-title figure-1-description"');
    expect(svg).toContain('<title id="figure-1-title">&lt;script&gt;alert(1)&lt;/script&gt;</title>');
    expect(svg).toContain("training from 10.13 to 60.50, validation from 10.34 to 45.60.");
    expect(svg).not.toContain("<script");
  });

  test("marks the points of a short series and only draws the line of a long one", () => {
    expect(count(curves(figure), "<circle")).toBe(11 + 1); // and one in the label
    const long = curves({ ...figure, metric: "loss", series: withLosses(Array.from({ length: 400 }, (_, i) => i)) });
    expect(count(long, "<circle")).toBe(1);
  });

  test("one point is a point", () => {
    const svg = curves({ ...figure, series: series.slice(0, 1) });
    expect(count(svg, 'class="mark train"')).toBe(2);
  });

  test("an empty series is an empty picture that says so", () => {
    expect(curves({ ...figure, series: [] })).toContain("No measurements.");
  });

  test("keeps the spike of 10,000 points and stays small", () => {
    const losses = Array.from({ length: 10_000 }, (_, index) => (index === 4321 ? 9 : 1 + (index % 7) / 10));
    const svg = curves({ ...figure, metric: "loss", series: withLosses(losses) });
    expect(svg.length).toBeLessThan(120_000);
    const highest = Math.min(...[...svg.matchAll(/[ML][\d.]+,([\d.]+)/g)].map(([, y]) => Number(y)));
    expect(highest).toBeLessThan(30); // the top of the panel, where 9 lies
  });

  test("draws given rates in place of the measured ones", () => {
    const rates = [0, 50, 100].map((step) => ({ step, learningRate: step === 50 ? 0.2 : 0.1 }));
    const svg = curves({ ...figure, series: series.slice(0, 2), rates });
    expect(svg).toContain(">0.2<");
    expect(svg).toContain("learning rate, between 0.1 and 0.2.");
    expect(curves({ ...figure, series: series.slice(0, 2) })).not.toContain(">0.2<");
  });

  test("ignores a logarithm that a loss of zero has not", () => {
    const shown: CurveFigure = { ...figure, metric: "loss", series: withLosses([1, 0.5, 0]) };
    expect(curves({ ...shown, logarithmic: true })).toBe(curves(shown));
  });

  test("never writes a coordinate that is not a number, whatever the losses", () => {
    const loss = fc.double({ min: 0 }); // up to the largest float, Infinity and NaN
    fc.assert(
      fc.property(loss, loss, loss, (a, b, c) => {
        for (const logarithmic of [false, true]) {
          const svg = curves({ ...figure, metric: "loss", logarithmic, series: withLosses([a, b, c, 1]) });
          expect(svg).not.toMatch(/="[^"]*(NaN|Infinity)/);
        }
      }),
    );
  });
});

test("a window draws its updates only", () => {
  const [from, to] = [series[1].step, series[3].step];
  const marks = (shown: CurveFigure) => count(curves(shown), 'mark train"');
  const outside = series.filter(({ step }) => step < from || step > to).length;
  expect(outside).toBeGreaterThan(1);
  expect(marks({ ...figure, window: { from, to } })).toBe(marks({ ...figure, series: series.slice(1, 4) }));
});
