import { expect, test } from "vitest";
import { searchResult } from "../search/search-result.ts";
import { createStudy } from "../search/study.ts";
import { searchCsv } from "./search-csv.ts";
import { searchFigures } from "./search-figures.ts";
import { searchReport } from "./search-report.ts";
import { searchSentences, topTable } from "./search-table.ts";

const study = createStudy({
  name: "a-b",
  spec: { training: { steps: 10, schedule: { kind: "constant", rate: 0.01 } } },
  vary: {
    "training.lambda": { kind: "log", low: 1e-4, high: 1e-1, count: 4 },
    "network.hidden": { kind: "choice", values: [[10], [20]] },
  },
  stages: [{ sampler: { kind: "grid" } }],
  seeds: 3,
  top: 2,
});
for (const trial of study.ask()) {
  const { number } = trial;
  const mean = 0.5 - 0.03 * Math.abs(number - 3);
  study.tell(trial, number === 7 ? [Number.NaN, 0.1, 0.1] : [mean, mean + 0.004, mean - 0.004 + number / 1000], 5000);
}
const result = searchResult(study.state());

test("the best, as many as are asked for, with settings as people write them", () => {
  const { caption, columns, groups } = topTable(result, 0);
  expect(caption).toBe('The best 2 of 8 trials of "a-b"');
  expect(columns.map(({ header }) => header).slice(0, 3)).toEqual(["trial", "lambda", "hidden"]);
  expect(groups[0].rows.map(({ cells }) => cells.slice(0, 4))).toEqual([
    ["3", "1e-3", "[20]", "50.10"],
    ["4", "0.01", "[10]", "47.13"],
  ]);
});

test("what the trials say, in sentences", () => {
  const text = searchSentences(result).join("\n");
  expect(text).toContain("8 trials: 7 finished, 1 diverged.");
  expect(text).toContain("Trial 3 is the best: all others are significantly worse (95 %).");
  expect(text).toMatch(/From seed to seed 0\.\d\d points/);
  expect(text).toContain("`gradus search --final a-b` asks it, once.");
});

test("every run of every trial is a row for programs, lists quoted, numbers whole", () => {
  const lines = searchCsv(result).trimEnd().split("\n");
  expect(lines).toHaveLength(1 + 8 * 3);
  expect(lines[1]).toBe("0,1,finished,0.0001,[10],0,,,0.41000000000000003,,,,");
});

test("figures: one a parameter, one a pair, parallel coordinates, the course; the report has them all with their data", () => {
  const names = searchFigures(result).map(({ name }) => name);
  expect(names).toEqual([
    "accuracy-training.lambda",
    "accuracy-network.hidden",
    "training.lambda-network.hidden",
    "parallel",
    "course",
  ]);
  const html = searchReport(result);
  expect(html.match(/<svg /g)).toHaveLength(2 * names.length);
  expect(html.match(/<details>/g)).toHaveLength(names.length);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => !/\s/.test(id))).toBe(true);
});
