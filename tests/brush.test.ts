import { expect, test } from "vitest";
import { type SearchResult, searchResult } from "../src/search/search-result.ts";
import { createStudy } from "../src/search/study.ts";
import { brushed, brushedFigure, rangesOf, textOf } from "../web/brush.ts";

const study = createStudy({
  name: "brushed",
  spec: { training: { steps: 10, schedule: { kind: "constant", rate: 0.01 } } },
  vary: {
    "training.lambda": { kind: "log", low: 1e-4, high: 1e-1, count: 4 },
    "network.dropout": { kind: "uniform", low: 0, high: 0.8, count: 3 },
    "network.hidden": { kind: "choice", values: [[10], [20]] },
  },
  stages: [{ sampler: { kind: "grid" } }],
});
for (const trial of study.ask()) study.tell(trial, [0.3 + trial.number / 100], 5000);
const result = searchResult(study.state());

const trialsOf = ({ stages }: SearchResult) => stages.flatMap(({ trials }) => trials);
const settings = (brush: string, path: string) => [
  ...new Set(trialsOf(brushed(result, brush)).map(({ setting }) => JSON.stringify(setting[path]))),
];

test("the lower half of an axis keeps the trials that lie there, on a logarithmic one, a linear one, and one of choices", () => {
  expect(trialsOf(brushed(result, ""))).toHaveLength(24);
  expect(settings("0:0-50", "training.lambda").map(Number)).toEqual([expect.closeTo(1e-4), expect.closeTo(1e-3)]);
  expect(settings("1:0-40", "network.dropout")).toEqual(["0"]);
  expect(settings("1:40-60", "network.dropout")).toEqual(["0.4"]);
  expect(settings("2:0-50", "network.hidden")).toEqual(["[10]"]);
  expect(trialsOf(brushed(result, "1:40-60,2:0-50"))).toHaveLength(4);
  // The accuracy's axis is the last.
  const best = trialsOf(brushed(result, "3:90-100")).map(({ accuracy = 0 }) => accuracy);
  expect(best.length).toBeGreaterThan(0);
  expect(best.length).toBeLessThan(6);
  expect(Math.max(...best)).toBeCloseTo(0.53);
});

test("the figure draws what is kept, on the axes of all, and says so", () => {
  const lines = (brush: string) => brushedFigure(result, brush, 640).match(/<path class="line plain/g)?.length;
  expect(lines("")).toBe(24);
  expect(lines("1:40-60")).toBe(8);
  expect(brushedFigure(result, "3:0-0,0:100-100", 640)).toContain("No trial has finished.");
});

test("a brush as the address has it, and what is none", () => {
  expect(textOf(rangesOf("0:20-80,2:50-100"))).toBe("0:20-80,2:50-100");
  expect(textOf(rangesOf("0:0-100,1:10-20"))).toBe("1:10-20");
  expect(rangesOf("<b>,x:1-2,1:2").size).toBe(0);
});
