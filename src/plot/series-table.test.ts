import { expect, test } from "vitest";
import series from "./fixtures/series.json" with { type: "json" };
import { seriesTable } from "./series-table.ts";

test("one metric: a row a measurement, accuracies as fractions", () => {
  const { columns, rows } = seriesTable(series, ["accuracy"]);
  expect(columns.map(({ header, unit }) => [header, unit])).toEqual([
    ["update step", ""],
    ["learning rate", ""],
    ["training accuracy", "%"],
    ["validation accuracy", "%"],
  ]);
  expect(rows).toHaveLength(11);
  expect(rows[10]).toEqual([1000, 0.00020998, 0.605, 0.456]);
});

test("all metrics, by the names a file gives them", () => {
  const { columns, rows } = seriesTable(series);
  expect(columns.map(({ name }) => name)).toEqual([
    "step",
    "learning_rate",
    "train_loss",
    "train_cost",
    "train_accuracy",
    "validation_loss",
    "validation_cost",
    "validation_accuracy",
  ]);
  expect(rows[1]).toEqual([100, 0.020008, 1.6901, 2.2718, 0.4172, 1.7716, 2.3533, 0.3853]);
});
