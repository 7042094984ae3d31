import { describe, expect, test } from "vitest";
import type { Checkpoint, Measurement } from "../record/event.ts";
import { runDocument } from "../record/run-document.ts";
import { type Change, changed, data, run, trained } from "./fixtures/small-runs.ts";
import { outcome, train } from "./train.ts";

/** A run that gets better and then worse. */
const restless: Change[] = [
  ["training.schedule", { kind: "ramp", min: 0.001, max: 20 }],
  ["evaluate.every", 2],
];

function bestOf(series: readonly Measurement[]): Measurement {
  return series.reduce((best, row) => (row.validation.accuracy > best.validation.accuracy ? row : best));
}

describe("evaluate.keep: best", () => {
  test.each<[what: string, changes: Change[]]>([
    ["plain", []],
    ["with averages", [["network.batchNorm", {}]]],
  ])("hands over the weights of the best validation accuracy, the first of equals: %s", async (_what, changes) => {
    const last = await run(...restless, ...changes);
    const { runs, weights } = await trained(changed(...restless, ...changes, ["evaluate.keep", "best"]));
    const [{ best, final, series, weightsSha256 }] = runs;
    const row = bestOf(series);
    expect(series).toEqual(last.series);
    expect(row.step).toBeGreaterThan(0);
    expect(row.step).toBeLessThan(50);
    expect(best).toEqual({ step: row.step, looks: 26 });
    expect({ train: final?.train, validation: final?.validation }).toEqual({
      train: row.train,
      validation: row.validation,
    });
    // They are the weights of that update: measured again as the end of a run that stops there.
    const until = await trained(changed(...restless, ...changes), {
      retire: (_, step) => (step === row.step ? [0] : []),
    });
    expect(weights).toEqual(until.weights);
    expect(weightsSha256).toBe(until.runs[0].weightsSha256);
    expect(final).toEqual(until.runs[0].final);
  });

  test("the document says which update was chosen, and among how many looks", async () => {
    const state = await run(...restless, ["evaluate.keep", "best"]);
    const document = runDocument(state, { run: "r", startedAt: "2026-11-25T00:00:00.000Z", seconds: 1, versions: {} });
    expect(document?.best).toEqual({ step: bestOf(state.series).step, looks: 26 });
    expect(runDocument(await run(), { run: "r", startedAt: "", seconds: 1, versions: {} })).not.toHaveProperty("best");
  });

  test("of a run that diverged nothing is chosen", async () => {
    const { state, best } = await run(...restless, ["evaluate.keep", "best"], ["training.costLimit", 3]);
    expect({ state, best }).toEqual({ state: "diverged", best: undefined });
  });
});

describe("training.patience", () => {
  test("ends a run when so many measurements in a row are no better, and the document says so", async () => {
    const { series } = await run(...restless);
    const best = series.indexOf(bestOf(series));
    const state = await run(...restless, ["training.patience", 4]);
    // An earlier lull of four may end it before the best of all.
    const first = series.findIndex((_, at) => at >= 4 && lull(series, at) >= 4);
    expect(first).toBeLessThanOrEqual(best + 4);
    expect(state.series).toEqual(series.slice(0, first + 1));
    expect(state).toMatchObject({ state: "finished", early: "patience", step: series[first].step });
    const document = runDocument(state, { run: "r", startedAt: "", seconds: 1, versions: {} });
    expect(document?.ended).toEqual({ step: series[first].step, why: "patience" });
  });

  test("counts on where a run is resumed: it ends at the same measurement", async () => {
    const patient = changed(...restless, ["training.patience", 4]);
    const checkpoints: Checkpoint[] = [];
    const whole = await outcome(train(patient, data, { wantsCheckpoint: () => true }), (event) => {
      if (event.kind === "checkpoint") checkpoints.push(...event.checkpoints);
    });
    const { early, step, weightsSha256 } = whole.runs[0];
    expect(checkpoints).toHaveLength(step);
    for (const checkpoint of checkpoints) {
      const { runs } = await trained(patient, { resume: [checkpoint] });
      expect(runs[0]).toMatchObject({ early, step, weightsSha256 });
    }
  });

  test("does nothing to a run that keeps getting better, and is no early end at the last update", async () => {
    const { early, step } = await run(["training.patience", 5]);
    expect({ early, step }).toEqual({ early: undefined, step: 50 });
    const still = await run(["training.schedule", { kind: "constant", rate: 0 }], ["training.patience", 5]);
    expect({ early: still.early, step: still.step }).toEqual({ early: undefined, step: 50 });
  });
});

/** Measurements since the best up to `at`. */
function lull(series: readonly Measurement[], at: number): number {
  return at - series.indexOf(bestOf(series.slice(0, at + 1)));
}

test.each<[key: string, value: unknown]>([
  ["training.patience", 3],
  ["evaluate.keep", "best"],
])("%s needs more than one measurement", async (place, value) => {
  await expect(run([place, value], ["evaluate.every", "end"])).rejects.toMatchObject({ code: "spec", place });
});
