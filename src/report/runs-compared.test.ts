import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { SpecInput } from "../record/spec.ts";
import { consoleTable } from "./console-table.ts";
import { runTable } from "./run-table.ts";
import { accuracyOf, companies, comparedTable, settingsTable } from "./runs-compared.ts";
import { runsTable } from "./runs-table.ts";

const base: SpecInput = { name: "base", training: { steps: 100, schedule: { kind: "constant", rate: 0.1 } } };

function run(id: string, input: SpecInput, accuracy: number | undefined, more: Partial<KeptRun> = {}): KeptRun {
  const spec = parseSpec(input);
  const metrics = { loss: 1, cost: 1, accuracy: accuracy ?? 0 };
  const series = accuracy === undefined ? [] : [{ step: 50, learningRate: 0.1, train: metrics, validation: metrics }];
  return {
    id,
    spec,
    name: spec.name,
    tags: [],
    notes: "",
    data: [{ file: "data_batch_1", sha256: "0123456789abcdef" }],
    startedAt: "2026-11-21T10:00:00.000Z",
    host: "h",
    versions: { gradus: "0.1.0" },
    sessions: 1,
    seconds: 1.23,
    state: "running",
    entries: 3,
    checkpoints: [],
    training: {
      spec,
      device: { name: "wasm", dtype: "f32", details: "1 thread" },
      state: "running",
      step: 50,
      steps: 100,
      stepsPerEpoch: 100,
      parameters: 10,
      examples: { train: 10_000, validation: 10_000, test: 10_000 },
      series,
    },
    ...more,
  };
}

const lambda = (value: number): SpecInput => ({ ...base, training: { ...base.training, lambda: value } });

test("runs that differ in nothing but seed, name and device are one company", () => {
  const compared = companies([
    run("a", base, 0.4),
    run("b", lambda(0.1), 0.5),
    run("c", { ...base, seed: 2, name: "another", device: "wasm" }, 0.42),
  ]);
  expect(compared.map(({ runs }) => runs.map(({ id }) => id))).toEqual([["a", "c"], ["b"]]);
  expect(compared.map(({ settings }) => [...settings])).toEqual([[["training.lambda", 0]], [["training.lambda", 0.1]]]);
});

test("data that has changed under the same name is a difference", () => {
  const changed = run("b", base, 0.5, { data: [{ file: "data_batch_1", sha256: "fedcba9876543210" }] });
  const compared = companies([run("a", base, 0.4), changed]);
  expect(compared.map(({ settings }) => [...settings])).toEqual([
    [["data data_batch_1", "0123456789ab"]],
    [["data data_batch_1", "fedcba987654"]],
  ]);
});

test("a setting that only one has is a difference", () => {
  const limited = { ...base, data: { limit: { train: 100 } } };
  const compared = companies([run("a", base, 0.4), run("b", limited, 0.5)]);
  expect(settingsTable(compared).groups[0].rows.map(({ cells }) => cells)).toEqual([["data.limit.train", "–", "100"]]);
});

test("one run has the interval of its images, several that of their seeds, and what was not measured none", () => {
  const [alone] = companies([run("a", base, 0.4)]);
  expect(accuracyOf(alone, "train")).toEqual({
    mean: 0.4,
    low: expect.closeTo(0.3904, 4), // statsmodels: proportion_confint(4000, 10000, method="wilson")
    high: expect.closeTo(0.4096, 4),
    n: 1,
  });
  expect(accuracyOf(alone, "test")).toBeUndefined();
  const seeds = [0.4, 0.42, 0.44].map((accuracy, seed) => run(String(seed), { ...base, seed }, accuracy));
  // Student's: .42 -+ 4.3027 * .02 / sqrt(3)
  expect(accuracyOf(companies(seeds)[0], "validation")).toEqual({
    mean: expect.closeTo(0.42, 10),
    low: expect.closeTo(0.3703, 4),
    high: expect.closeTo(0.4697, 4),
    n: 3,
  });
  const unmeasured = companies([run("a", base, 0.4), run("b", { ...base, seed: 2 }, undefined)]);
  expect(accuracyOf(unmeasured[0], "train")).toBeUndefined();
  const diverged = companies([run("a", base, Number.NaN)]);
  expect(accuracyOf(diverged[0], "train")).toBeUndefined();
});

test("the tables say it", () => {
  const compared = companies([run("a", base, 0.4), run("b", lambda(0.1), 0.5), run("c", { ...base, seed: 2 }, 0.42)]);
  const text = consoleTable(comparedTable(compared));
  expect(text).toMatch(/^A +2 +running +41\.00 +28\.29–53\.71/m);
  expect(text).toMatch(/^B +1 +running +50\.00 +49\.02–50\.98/m);
  expect(text).toMatch(/Student's 95 % interval/);
  expect(consoleTable(comparedTable(companies([run("a", base, 0.4), run("b", lambda(0.1), 0.5)])))).toMatch(
    /several seeds/,
  );
  expect(settingsTable(companies([run("a", base, 0.4), run("b", base, 0.4)])).caption).toMatch(/No setting differs/);
});

test("a list and a run, as far as they are known", () => {
  const early = run("a", base, undefined);
  const { training: _, ...unborn } = run("b", base, undefined, { state: "interrupted", tags: ["x", "y"] });
  const text = consoleTable(runsTable([early, unborn, run("c", base, 0.5)], "here"));
  expect(text).toMatch(/^3 runs in here\n/);
  expect(text).toMatch(/^a +2026-11-21 10:00 +base +running +50\/100 +– +– +1\.2$/m);
  expect(text).toMatch(/^b +2026-11-21 10:00 +base +interrupted +– +– +– +1\.2 {2}x, y$/m);
  expect(text).toMatch(/^c +2026-11-21 10:00 +base +running +50\/100 +50\.00 +–/m);
  const twice = consoleTable(
    runsTable([run("x-same", base, 0.5), run("y-same", base, 0.5), run("z-other", base, 0.5)], ""),
  );
  expect(twice.match(/^(x-same|y-same|other) /gm)).toHaveLength(3);
  const shown = consoleTable(runTable({ ...unborn, state: "failed", complaint: "the disk\u001b[31m", notes: "n" }));
  expect(shown).toMatch(/state +failed: the disk\ufffd\[31m/);
  expect(shown).toMatch(/training\.schedule\.rate +0\.1/);
  expect(shown).toMatch(/data_batch_1 +SHA-256 0123456789ab/);
});
