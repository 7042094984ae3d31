import { expect, test } from "vitest";
import { wilsonInterval } from "../stats/wilson.ts";
import { published, run, search, training } from "./fixtures/ledger-runs.ts";
import { checkEntry, type ObtainedSearch, type ObtainedTraining, searchEntry, trainingEntry } from "./ledger.ts";

test("one run has Wilson's interval, several have Student's; both are judged by their mean", () => {
  const alone = trainingEntry(published, training, [run(0.465)], 2);
  const [low, high] = wilsonInterval(0.465, 10_000);
  expect((alone.obtained as ObtainedTraining).testAccuracy).toEqual({ mean: 0.465, low, high, n: 1 });
  // Images that the network was fitted to are no sample of others.
  expect((alone.obtained as ObtainedTraining).trainAccuracy).toEqual({ mean: 0.6, low: 0.6, high: 0.6, n: 1 });
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
