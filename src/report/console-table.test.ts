import { describe, expect, test } from "vitest";
import { experiment004E2 } from "../experiments/004-e2.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import type { RunDocument } from "../record/run-document.ts";
import { consoleTable } from "./console-table.ts";
import gradients from "./fixtures/gradients.json" with { type: "json" };
import recorded from "./fixtures/run.json" with { type: "json" };
import { gradientTable } from "./gradient-table.ts";
import { resultsTable } from "./results-table.ts";
import type { TextTable } from "./text-table.ts";
import { textWidth } from "./text-width.ts";
import { verdictTable } from "./verdict-table.ts";

const run = recorded as unknown as RunDocument;

describe("the verdict", () => {
  test("sets the report beside the run, in columns", () => {
    expect(consoleTable(verdictTable(experiment004E2, run))).toBe(
      `
Reported against obtained: 004-E2

number             reported (%)  obtained (%)  95 % interval (%)  accepted (%)  verdict
-----------------  ------------  ------------  -----------------  ------------  ------------
test accuracy             45.98         46.01        45.03–46.99   45.20–47.20  within range
training accuracy             –         60.50                  –   59.00–62.00  within range

Why 45.20–47.20 % for the test accuracy: runs that differ only in their seed spread by
  about 0.4 points, and 10,000 test images add 0.5.
Why 59.00–62.00 % for the training accuracy: not printed in report 004; report 000 gives
  60.55 % and report 001 61.95 % for the same settings.`.trimStart(),
    );
  });

  test("says when the range was not made for these settings", () => {
    const spec = { ...run.spec, training: { ...run.spec.training, lambda: 0.1 } };
    expect(consoleTable(verdictTable(experiment004E2, { ...run, spec }))).toMatch(
      /training\.lambda\s+is\s+0\.1\s+instead\s+of\s+0\.01/,
    );
  });

  test("says what was not measured", () => {
    const { test: _, ...final } = run.final;
    expect(consoleTable(verdictTable(experiment004E2, { ...run, final }))).toMatch(
      /test accuracy +45\.98 +– +– .*not measured/,
    );
  });
});

test("the results: loss, cost and accuracy of each set", () => {
  expect(consoleTable(resultsTable(run))).toBe(
    `
Results after 1,000 updates

images      number  loss (nats)  cost (nats)  accuracy (%)  95 % interval (%)
----------  ------  -----------  -----------  ------------  -----------------
training    10,000       1.1372       1.4816         60.50                  –
validation  10,000       1.5421       1.8865         45.60        44.63–46.58
test        10,000       1.5316       1.8760         46.01        45.03–46.99`.trimStart(),
  );
});

describe("the gradients", () => {
  test("is a row a parameter under its network, and names the kinks", () => {
    expect(consoleTable(gradientTable(gradients))).toBe(
      `
Gradient check: every parameter agrees

parameter  shape  max abs  max rel  norm rel  decimals  forward  kinks  verdict
---------  -----  -------  -------  --------  --------  -------  -----  -------
1 layer, lambda 0
W1         10×20  2.2e-11   4.1e-9   9.9e-12        10   3.4e-8      0  agrees
b1            10  1.9e-11   2.2e-9   8.1e-12        10   2.8e-8      0  agrees
2 layers, lambda 0.01
W1         10×20  3.1e-11   2.2e-8   9.9e-11        10   1.1e-7      1  agrees
b1            10  4.4e-11   1.5e-8   3.6e-10        10   9.8e-8      0  agrees
W2         10×10  2.5e-11   6.2e-9   1.0e-10        10   7.5e-8      0  agrees
b2            10  1.6e-11   1.1e-9   1.6e-10        10   4.4e-8      0  agrees

Analytic against centred differences, h = 1e-5, float64: 10 examples of 20 dimensions,
  10 nodes a hidden layer, seed 1. A parameter agrees when its max rel is below 1e-6.
Kink at W1[3, 4] (2 layers, lambda 0.01): unit 3 of hidden layer 1 on example 7.`.trimStart(),
    );
  });

  test("names the parameter that disagrees", () => {
    const [first, ...others] = gradients.parameters;
    const broken: GradientCheck = {
      ...gradients,
      passed: false,
      parameters: [{ ...first, passed: false, maxRelative: 0.93 }, ...others],
    };
    expect(consoleTable(gradientTable(broken))).toMatch(
      /a parameter disagrees[\s\S]*W1 .* 9\.3e-1 .* disagrees\nb1 .* agrees/,
    );
  });

  test("counts the kinks it has no room to name", () => {
    const [first] = gradients.parameters;
    const kinks = Array.from({ length: 14 }, (_, unit) => ({ entry: [unit, 0], layer: 1, unit, example: 0 }));
    const text = consoleTable(gradientTable({ ...gradients, parameters: [{ ...first, kinks }] }));
    expect(text.match(/Kink at/g)).toHaveLength(10);
    expect(text).toContain("And 4 more kinks.");
  });
});

describe("on a terminal", () => {
  const runs = (...names: string[]): TextTable => ({
    caption: "runs",
    columns: [
      { header: "run", kind: "text" },
      { header: "name", kind: "text" },
      { header: "seconds", kind: "number" },
      { header: "tags", kind: "text" },
    ],
    groups: [
      { rows: names.map((name, at) => ({ cells: [`run${at}`, name, String(10 ** at), at === 0 ? "" : "tag"] })) },
    ],
    notes: [],
    explanations: [],
  });

  test("wide characters, accents of their own and pictures keep the columns", () => {
    const lines = consoleTable(runs("plain", "深層学習", "e\u0301te\u0301", "👩‍🔬 lab", "🇩🇪"))
      .split("\n")
      .slice(4);
    const ends = lines.map((line) => textWidth(line.match(/^.* (?=10*(?: |$))/)?.[0] ?? ""));
    // The number's last digit stands in one column.
    expect(ends.map((end, at) => end + at)).toEqual(ends.map(() => ends[0]));
  });

  test("nothing in a cell moves the cursor or turns the text round", () => {
    const text = consoleTable(runs("a\u001b[31m", "\u202egpj.exe", "line\nbreak", "\u009b2J", "\u2028", "\ud800"));
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Cs}]/u);
    expect(text.split("\n")).toHaveLength(4 + 6);
  });

  const tables: [string, TextTable][] = [
    ["long names", runs("a name of many words that somebody gave a run of an experiment", "short", "x".repeat(200))],
    ["results", resultsTable(run)],
    ["verdict", verdictTable(experiment004E2, run)],
    ["gradients", gradientTable(gradients)],
  ];
  test.each(tables)("%s fit 60 columns, and lose no value", (_, table) => {
    for (const columns of [80, 60, 40, 1]) {
      const text = consoleTable(table, columns);
      const widest = Math.max(...text.split("\n").map(textWidth));
      expect({ columns, widest: widest <= Math.max(40, columns) }).toEqual({ columns, widest: true });
      const words = table.groups.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.join(" ").split(" ")));
      expect(words.filter((word) => word !== "–" && !text.includes(word.slice(0, 16)))).toEqual([]);
    }
  });

  test("a text too long is broken in its column, and the others stay", () => {
    expect(consoleTable(runs("a name of many words, somebody's", "short"), 45)).toBe(
      `
runs

run   name                      seconds  tags
----  ------------------------  -------  ----
run0  a name of many words,           1
      somebody's
run1  short                          10  tag`.trimStart(),
    );
  });

  test("without rows it is its caption", () => {
    expect(consoleTable(runs())).toBe("runs");
  });

  test("where no column can give way, rows are stacked", () => {
    const [narrow] = consoleTable(verdictTable(experiment004E2, run), 60).split("\n\n").slice(1);
    expect(narrow.split("\n").slice(0, 6)).toEqual([
      "test accuracy",
      "  reported (%)       45.98",
      "  obtained (%)       46.01",
      "  95 % interval (%)  45.03–46.99",
      "  accepted (%)       45.20–47.20",
      "  verdict            within range",
    ]);
  });
});
