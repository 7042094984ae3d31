import { expect, test } from "vitest";
import type { Published, SearchVariant, TrainingVariant } from "../experiments/experiment.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { RunDocument } from "../record/run-document.ts";
import { checkEntry, type ObtainedSearch, type ObtainedTraining, searchEntry, trainingEntry } from "./ledger.ts";
import { ledgerTable, searchTable, trainingTable } from "./ledger-table.ts";
import { wilsonInterval } from "./wilson.ts";

const schedule = { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 500 } as const;

function run(testAccuracy: number, lambda = 0.01, state: RunDocument["state"] = "finished"): RunDocument {
  const metrics = (accuracy: number) => ({ loss: 1.5, cost: 1.6, accuracy });
  return {
    run: "run",
    spec: parseSpec({ training: { lambda, schedule, cycles: 1 } }),
    device: { name: "reference", dtype: "f64", details: "" },
    state,
    startedAt: "2026-01-01T00:00:00Z",
    seconds: 1,
    versions: {},
    steps: 1000,
    stepsPerEpoch: 100,
    parameters: 154_160,
    examples: { train: 10_000, validation: 10_000, test: 10_000 },
    weightsSha256: "",
    final: { train: metrics(0.6), validation: metrics(testAccuracy - 0.01), test: metrics(testAccuracy) },
    series: [],
  };
}

const training: TrainingVariant = {
  name: "as-intended",
  kind: "training",
  spec: { training: { schedule, cycles: 1 } },
  numbers: [{ what: "testAccuracy", reported: 0.46, low: 0.45, high: 0.47, because: "seeds differ" }],
};
const published: Published = {
  id: "004-E2",
  title: "One cycle",
  reported: { testAccuracy: 0.46 },
  shows: "curves",
  unstated: [],
  variants: [training],
};

test("one run has Wilson's interval, several have Student's; both are judged by their mean", () => {
  const alone = trainingEntry(published, training, [run(0.465)], 2);
  const [low, high] = wilsonInterval(0.465, 10_000);
  expect((alone.obtained as ObtainedTraining).testAccuracy).toEqual({ mean: 0.465, low, high, n: 1 });
  expect(alone).toMatchObject({ verdict: "reproduced", seconds: 2, reported: { testAccuracy: 0.46 } });

  const several = trainingEntry(published, training, [run(0.46), run(0.47), run(0.465)], 6);
  const { mean, n } = (several.obtained as ObtainedTraining).testAccuracy;
  expect([mean, n]).toEqual([expect.closeTo(0.465, 12), 3]);
});

test("a number outside its range is not reproduced, and says so; so is a run that diverged", () => {
  const outside = trainingEntry(published, training, [run(0.44)], 1);
  expect(outside).toMatchObject({
    verdict: "not reproduced",
    reason: "test accuracy 44.00 %, outside 45.00 % to 47.00 %",
  });
  const diverged = trainingEntry(published, training, [run(0.46, 0.01, "diverged")], 1);
  expect(diverged).toMatchObject({ verdict: "not reproduced", reason: "1 of 1 runs diverged" });
});

test("a faulty protocol that gives the report's numbers shows the fault; the right one that does not, names it", () => {
  const faulty = { ...published, fault: "It stopped mid-cycle." };
  const reported = { ...training, name: "as-reported" } as const;
  expect(trainingEntry(faulty, reported, [run(0.46)], 1).verdict).toBe("shown to be a fault");
  expect(trainingEntry(faulty, reported, [run(0.4)], 1).verdict).toBe("not reproduced");
  expect(trainingEntry(faulty, training, [run(0.4)], 1).reason).toContain("It stopped mid-cycle.");
});

const search: SearchVariant = {
  name: "as-intended",
  kind: "search",
  trials: [],
  claims: [
    {
      text: "the first is better than the last",
      holds: (rows) => rows[0].validationAccuracy > (rows.at(-1)?.validationAccuracy ?? 0),
      because: "a large penalty is too much",
    },
  ],
};

test("a search's rows are means over its repetitions, trial by trial, and its claims judge them", () => {
  const tables = [
    [run(0.5, 1e-3), run(0.4, 0.1)],
    [run(0.52, 1e-3), run(0.38, 0.1)],
  ];
  const entry = searchEntry(published, search, tables, 4);
  const { rows } = entry.obtained as ObtainedSearch;
  expect(rows.map(({ lambda, eta, testAccuracy }) => [lambda, eta, testAccuracy.mean, testAccuracy.n])).toEqual([
    [1e-3, 0.1, expect.closeTo(0.51, 12), 2],
    [0.1, 0.1, expect.closeTo(0.39, 12), 2],
  ]);
  expect(entry.verdict).toBe("reproduced");
  const backwards = searchEntry(published, search, [tables[0].toReversed()], 1);
  expect(backwards).toMatchObject({
    verdict: "not reproduced",
    reason: "does not hold: the first is better than the last",
  });
});

test("a check's largest value must stay below its bound; decimals must reach it", () => {
  const problem = { layers: 2, lambda: 0, dimensions: 20, examples: [2], hidden: 50 };
  const common = { name: "as-intended", kind: "gradient-check", problem, difference: "centred", because: "" } as const;
  const rows = [1e-10, 3e-9].map((value) => ({ examples: 2, parameter: "W1", measure: "maxAbsolute", value }));
  const check = { ...common, measure: "maxAbsolute", bound: 1e-5 } as const;
  expect(checkEntry(published, check, rows, 1)).toMatchObject({
    verdict: "reproduced",
    reason: "largest 3.0e-9, below 0.00001",
  });
  expect(checkEntry(published, { ...check, bound: 1e-9 }, rows, 1).verdict).toBe("not reproduced");
  const decimals = { ...common, measure: "decimals", bound: 6 } as const;
  const agreed = [{ examples: 2, parameter: "W1", measure: "decimals", value: 7 }];
  expect(checkEntry(published, decimals, agreed, 1).verdict).toBe("reproduced");
  expect(checkEntry(published, { ...decimals, bound: 8 }, agreed, 1).verdict).toBe("not reproduced");
});

test("the tables hold what a reader compares", () => {
  const entry = trainingEntry(published, training, [run(0.465)], 2);
  const row = ledgerTable([entry]).groups[0].rows[0];
  expect(row.cells).toEqual(["004-E2", "as-intended", "test 46.50 % (45.52–47.48)", "2.0", "reproduced"]);
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
