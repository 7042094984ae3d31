import { describe, expect, test } from "vitest";
import { type SearchResult, searchResult } from "../search/search-result.ts";
import { createStudy } from "../search/study.ts";
import { latexDocument } from "./latex-report.ts";
import { searchCsv } from "./search-csv.ts";
import { searchFigures } from "./search-figures.ts";
import { searchReport } from "./search-report.ts";
import { reportLook, searchSentences, topTable } from "./search-table.ts";
import { studyContent } from "./study-content.ts";
import { setTable } from "./study-tables.ts";

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

test("of trials that set different keys, as a list's do, each is told by what it sets", () => {
  const list = createStudy({
    spec: { training: { steps: 10, schedule: { kind: "constant", rate: 0.01 } } },
    vary: {
      "training.lambda": { kind: "choice", values: [0.1, 0.2] },
      "network.hidden": { kind: "choice", values: [[10], [20]] },
      "data.order": { kind: "choice", values: ["sequential", "permuted"] },
    },
    stages: [
      {
        sampler: {
          kind: "list",
          settings: [
            { "training.lambda": 0.1 },
            { "network.hidden": [20] },
            { "training.lambda": 0.2, "network.hidden": [10] },
            { "data.order": "permuted" },
          ],
        },
      },
    ],
    seeds: 2,
  });
  for (const trial of list.ask()) list.tell(trial, trial.number === 3 ? [0.1, 0.11] : [0.5, 0.51], 5000);
  const [, set] = searchSentences(searchResult(list.state()));
  expect(set).toBe(
    "3 of 4 cannot be told from the best (95 %): trial 0 (training.lambda 0.1); trial 1 (network.hidden [20]); trial 2 (training.lambda 0.2, network.hidden [10]).",
  );
  const rows = setTable(searchResult(list.state())).groups[0].rows.map(({ cells }) => cells[2]);
  expect(rows).toEqual(["0.1 to 0.2", "20, 10", "–"]);
});

test("every run of every trial is a row for programs, lists quoted, numbers whole", () => {
  const lines = searchCsv(result).trimEnd().split("\n");
  expect(lines).toHaveLength(1 + 8 * 3);
  expect(lines[1]).toBe("0,1,finished,0.0001,[10],0,,,0.41000000000000003,,,,");
});

test("figures: one a parameter, one a pair, parallel coordinates, the course; the report has them all with their data", async () => {
  const figures = searchFigures(result);
  expect(figures.map(({ name }) => name)).toEqual([
    "accuracy-training.lambda",
    "accuracy-network.hidden",
    "training.lambda-network.hidden",
    "parallel",
    "course",
  ]);
  const html = await searchReport({ result });
  expect(html.match(/<svg /g)).toHaveLength(figures.length + figures.filter(({ isNarrow }) => !isNarrow).length);
  expect(html.match(/<details>/g)).toHaveLength(figures.length + 1);
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => !/\s/.test(id))).toBe(true);
});

test("the data of a figure: by the parameter, the diverged trial named, the best so far never falling", () => {
  const [against, , , , course] = searchFigures(result, reportLook).map(({ data }) => data);
  expect(against?.groups[0].rows.map(({ cells }) => cells[0])).toEqual([
    "1e-4",
    "1e-4",
    "1e-3",
    "1e-3",
    "0.01",
    "0.01",
    "0.1",
    "0.1",
  ]);
  expect(against?.groups[0].rows.map(({ cells }) => cells[3])).toContain("diverged");
  const best = course?.groups[0].rows.map(({ cells }) => Number(cells[2])) ?? [];
  expect(best).toEqual(best.toSorted((a, b) => a - b));
  expect(best).toHaveLength(8);
});

describe("the report of a study", async () => {
  const final = {
    trial: 3,
    run: "r",
    trainImages: 49_000,
    testImages: 10_000,
    testAccuracy: 0.4712,
    testLoss: 1.5,
  };
  const tables = async (of: SearchResult) =>
    (await studyContent({ result: of })).sections.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.kind === "table" ? [block.table] : [])),
    );
  const rows = async (of: SearchResult, caption: RegExp) =>
    (await tables(of)).find((table) => caption.test(table.caption))?.groups[0].rows.map(({ cells }) => cells);

  test("names settings as a report does: what was searched, and what may be the best", async () => {
    expect(await rows(result, /What was searched/)).toEqual([
      ["1", "grid", "8", "1e-4 to 0.1 (log)", "10, 20", "50.10"],
    ]);
    expect(await rows(result, /alone may be the best of 7/)).toEqual([
      ["λ", "1e-4 to 0.1 (log)", "1e-3"],
      ["hidden nodes", "10, 20", "20"],
    ]);
    expect(await rows(result, /What is common/)).not.toContainEqual(expect.arrayContaining(["λ"]));
    expect(await rows(result, /What is common/)).toContainEqual(["seeds of each setting", "3"]);
  });

  test("takes off the winner's curse, and gives the test only where it was asked", async () => {
    const [measured, expected, none] = (await rows(result, /where it was chosen/)) ?? [];
    expect(measured[1]).toBe("50.10");
    expect(Number(expected[1])).toBeLessThanOrEqual(50.1);
    expect(none).toBeUndefined();
    const [, , test] = (await rows({ ...result, final }, /where it was chosen/)) ?? [];
    // Wilson's interval of 4712 in 10,000, by hand.
    expect(test.slice(1)).toEqual(["47.12", "46.14–48.10"]);
    expect((await studyContent({ result: { ...result, final } })).headline.text).toMatch(/^Test accuracy 47\.12.% /);
    expect((await studyContent({ result })).headline.text).toMatch(/^The best reached 50\.10.% on the validation/);
  });

  test("on paper has no raw numbers, and figures whose names LaTeX takes", async () => {
    const { text, files } = latexDocument(await studyContent({ result }), new Map(), "");
    expect(text).not.toContain("Trials of");
    expect(Object.keys(files)).toHaveLength(5);
    expect(Object.keys(files).every((name) => /^[a-z-]+\.pdf$/i.test(name))).toBe(true);
  });
});
