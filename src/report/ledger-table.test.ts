import { expect, test } from "vitest";
import { published, run, search, training } from "../experiments/fixtures/ledger-runs.ts";
import { searchEntry, trainingEntry } from "../experiments/ledger.ts";
import { ledgerTable, searchTable, trainingTable } from "./ledger-table.ts";

test("the tables hold what a reader compares", () => {
  const entry = trainingEntry(published, training, [run(0.465)], 2);
  const row = ledgerTable([entry]).groups[0].rows[0];
  expect(row.cells).toEqual([
    "004-E2",
    "as-intended",
    "test 46.00 %",
    "test 46.50 % (45.52–47.48)",
    "2.0",
    "reproduced",
  ]);
  expect(ledgerTable([entry]).notes).toEqual([
    "1 experiment, 1 protocol: 1 reproduced, 0 shown to be a fault, 0 not reproduced.",
  ]);
  const numbers = trainingTable(published, training, entry).groups[0].rows.map(({ cells }) => cells);
  expect(numbers).toContainEqual(["test accuracy (%)", "46.00", "46.50", "45.52–47.48", "45.00–47.00", "within"]);
  expect(numbers).toContainEqual(["training loss (nats)", "–", "1.5000", "–", "–", "–"]);

  const table = searchTable(published, searchEntry(published, search, [[run(0.5, 1e-3), run(0.4, 0.1)]], 1));
  expect(table.columns.map(({ header }) => header)).not.toContain("eta");
  expect(table.groups[0].rows[1].cells.slice(0, 4)).toEqual(["2", "0.1", "60.00", "39.00"]);
});
