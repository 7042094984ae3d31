import { describe, expect, test } from "vitest";
import series from "./fixtures/series.json" with { type: "json" };
import { type PanelsFigure, panels } from "./panels.ts";
import { shapesOf } from "./svg-shapes.ts";

const figure: PanelsFigure = {
  series,
  panels: [{ metric: "loss" }, { metric: "cost" }, { metric: "accuracy" }],
  id: "a",
  title: "curves",
};
const texts = (svg: string) => shapesOf(svg).shapes.filter(({ name }) => name === "text");
const named = (svg: string, name: string) => texts(svg).filter(({ text }) => text.startsWith(name));

describe("panels", () => {
  test("stand in one row on wide pages, and one under the other on narrow ones", () => {
    const heights = (svg: string) =>
      ["loss", "cost", "accuracy"].map((name) => Number(named(svg, `${name} (`)[0].attributes.y));
    expect(new Set(heights(panels(figure))).size).toBe(1);
    const [loss, cost, accuracy] = heights(panels({ ...figure, width: 360 }));
    expect(loss).toBeLessThan(cost);
    expect(cost).toBeLessThan(accuracy);
  });

  test("share one strip of the learning rate, and have none where it is constant", () => {
    expect(named(panels(figure), "learning rate")).toHaveLength(1);
    const constant = series.map((row) => ({ ...row, learningRate: 0.01 }));
    const svg = panels({ ...figure, series: constant });
    expect(named(svg, "learning rate")).toHaveLength(0);
    expect(named(svg, "update step")).toHaveLength(3);
    expect(svg).toContain("The learning rate is 0.01 all along.");
    expect(shapesOf(svg).height).toBeLessThan(shapesOf(panels(figure)).height);
  });

  test("have markers only where there are few points", () => {
    const marks = (svg: string) => svg.match(/class="mark train"/g)?.length ?? 0;
    const row = series[0];
    const many = Array.from({ length: 200 }, (_, step) => ({ ...row, step }));
    expect(marks(panels({ ...figure, series: many.slice(0, 10) }))).toBeGreaterThan(10);
    expect(marks(panels({ ...figure, series: many }))).toBe(1); // the legend's
  });

  test("keep every number inside the picture", () => {
    for (const width of [360, 760]) {
      for (const { attributes, text } of texts(panels({ ...figure, width }))) {
        if (attributes["text-anchor"] !== "middle") continue;
        expect(Number(attributes.x) + 3.3 * text.length, text).toBeLessThanOrEqual(width);
      }
    }
  });
});
