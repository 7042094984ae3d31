import { describe, expect, test } from "vitest";
import type { RunDocument } from "../record/run-document.ts";
import { specSchema } from "../record/spec.ts";
import { experiment004E2 } from "./004-e2.ts";
import { departures, verdict } from "./verdict.ts";

const spec = specSchema.parse(experiment004E2.spec);

function runWith(testAccuracy: number | undefined, changes: Partial<RunDocument> = {}): RunDocument {
  const metrics = { loss: 1.5, cost: 1.9, accuracy: 0.605 };
  return {
    run: "run",
    spec,
    device: { name: "reference", dtype: "f64", details: "" },
    state: "finished",
    startedAt: "2026-01-01T00:00:00Z",
    seconds: 1,
    versions: {},
    steps: 1000,
    stepsPerEpoch: 100,
    parameters: 154160,
    examples: { train: 10000, validation: 10000, test: 10000 },
    weightsSha256: "",
    final: {
      train: metrics,
      validation: metrics,
      ...(testAccuracy === undefined ? {} : { test: { ...metrics, accuracy: testAccuracy } }),
    },
    series: [],
    ...changes,
  };
}

describe("verdict", () => {
  test("is one row a reported number, in the experiment's order", () => {
    const rows = verdict(experiment004E2, runWith(0.4601));
    expect(rows.map(({ what, reported, obtained, passed }) => [what, reported, obtained, passed])).toEqual([
      ["testAccuracy", 0.4598, 0.4601, true],
      ["trainAccuracy", undefined, 0.605, true],
    ]);
  });

  test.each([
    [0.4519, false],
    [0.452, true],
    [0.472, true],
    [0.4721, false],
    [Number.NaN, false],
  ])("a test accuracy of %s passes: %s", (accuracy, passed) => {
    expect(verdict(experiment004E2, runWith(accuracy))[0].passed).toBe(passed);
  });

  test("losses are judged like accuracies", () => {
    const numbers = [
      { what: "trainLoss", low: 1.4, high: 1.6, because: "" },
      { what: "validationLoss", reported: 1.6, low: 1.55, high: 1.65, because: "" },
    ] as const;
    const rows = verdict({ ...experiment004E2, numbers }, runWith(0.46));
    expect(rows.map(({ obtained, passed }) => [obtained, passed])).toEqual([
      [1.5, true],
      [1.5, false],
    ]);
  });

  test("a run that did not measure the test set does not pass on it", () => {
    const [row] = verdict(experiment004E2, runWith(undefined));
    expect(row.passed).toBe(false);
    expect(row.obtained).toBeUndefined();
  });

  test("a run that diverged passes nothing", () => {
    const rows = verdict(experiment004E2, runWith(0.4601, { state: "diverged" }));
    expect(rows.map(({ passed }) => passed)).toEqual([false, false]);
  });
});

describe("departures", () => {
  test("another seed, device, precision or name is the same experiment", () => {
    const copy = { ...spec, seed: 7, name: "mine", device: "reference", dtype: "f64" } as const;
    expect(departures(experiment004E2, runWith(0.46, { spec: copy }))).toEqual([]);
  });

  test("names each setting that is not the experiment's, by its key", () => {
    const { cycles: _, ...training } = spec.training;
    const copy = { ...spec, network: { ...spec.network, hidden: [80] }, training: { ...training, steps: 500 } };
    expect(departures(experiment004E2, runWith(0.46, { spec: copy }))).toEqual([
      { key: "network.hidden", published: "[50]", taken: "[80]" },
      { key: "training.cycles", published: "1", taken: undefined },
      { key: "training.steps", published: undefined, taken: "500" },
    ]);
  });
});
