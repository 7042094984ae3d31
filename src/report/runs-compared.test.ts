import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import type { KeptRun } from "../record/run-record.ts";
import { type KeptSummary, runSummary } from "../record/run-summary.ts";
import type { SpecInput } from "../record/spec.ts";
import { consoleTable } from "./console-table.ts";
import { runTable } from "./run-table.ts";
import { comparedTable, settingsTable } from "./runs-compared.ts";
import { runsTable } from "./runs-table.ts";
import { accuracyOf, seedGroups } from "./seed-groups.ts";

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
      notices: [],
    },
    ...more,
  };
}

const lambda = (value: number): SpecInput => ({ ...base, training: { ...base.training, lambda: value } });

/** A run that has ended, with final weights of this hash. */
function ended(id: string, input: SpecInput, accuracy: number, weightsSha256: string): KeptRun {
  const begun = run(id, input, accuracy, { state: "finished" });
  const metrics = { loss: 1, cost: 1, accuracy };
  const final = { train: metrics, validation: metrics, test: metrics };
  return begun.training === undefined ? begun : { ...begun, training: { ...begun.training, final, weightsSha256 } };
}

test("runs that differ in nothing but seed and name are one group", () => {
  const compared = seedGroups([
    run("a", base, 0.4),
    run("b", lambda(0.1), 0.5),
    run("c", { ...base, seed: 2, name: "another", device: "wasm" }, 0.42),
  ]);
  expect(compared.map(({ runs }) => runs.map(({ id }) => id))).toEqual([["a", "c"], ["b"]]);
  expect(compared.map(({ settings }) => [...settings])).toEqual([[["training.lambda", 0]], [["training.lambda", 0.1]]]);
});

test("runs of other devices, of another precision and from other starts are not pooled", () => {
  const [a, onBlas, inDouble, fork] = ["a", "b", "c", "d"].map((id, at) => run(id, { ...base, seed: at }, 0.4));
  const computed = (of: KeptRun, device: { name: string; dtype: "f32" | "f64" }): KeptRun =>
    of.training === undefined ? of : { ...of, training: { ...of.training, device: { ...device, details: "" } } };
  const compared = seedGroups([
    a,
    computed(onBlas, { name: "blas", dtype: "f32" }),
    computed(inDouble, { name: "wasm", dtype: "f64" }),
    { ...fork, fork: { run: "a", step: 20 } },
  ]);
  const settingsOfAll = compared.map(({ settings }) => Object.fromEntries(settings));
  expect(settingsOfAll).toEqual([
    { device: "wasm", dtype: "f32" },
    { device: "blas", dtype: "f32" },
    { device: "wasm", dtype: "f64" },
    { device: "wasm", dtype: "f32", "branched off from": "a after update 20" },
  ]);
});

test("distinct seeds are the sample: a run again is said to be one, and makes no interval narrower", () => {
  const again = [ended("a", base, 0.4618, "abc"), ended("b", base, 0.4618, "abc")];
  const [alone] = seedGroups(again);
  expect(accuracyOf(alone, "test")).toMatchObject({ mean: 0.4618, n: 1, low: expect.closeTo(0.452, 3) });
  expect(alone.repeats.map(({ run, of, isExact }) => [run.id, of.id, isExact])).toEqual([["b", "a", true]]);
  const text = consoleTable(comparedTable([alone])).replace(/\s+/g, " ");
  expect(text).toContain("A 1 finished 46.18 46.18 45.20–47.16 46.18");
  expect(text).toContain("b is an exact repeat of a, seed 1, to the last bit");
  expect(text).toContain("One seed each");
  const seeds = [...again, ended("c", { ...base, seed: 7 }, 0.47, "def")];
  expect(accuracyOf(seedGroups(seeds)[0], "test")).toMatchObject({ mean: expect.closeTo(0.4659, 6), n: 2 });
  expect(consoleTable(comparedTable(seedGroups(seeds)))).toMatch(/^A +1, 7 +finished +46\.59/m);
});

test("seeds that came to the same say nothing of how far seeds vary: no interval of one number", () => {
  const [group] = seedGroups([1, 2, 3].map((seed) => ended(`${seed}`, { ...base, seed }, 0.1, `${seed}`)));
  expect(accuracyOf(group, "test")).toEqual({ mean: 0.1, n: 3 });
  expect(consoleTable(comparedTable([group]))).toMatch(/^A +1, 2, 3 +finished +10\.00 +10\.00 +10\.00$/m);
});

test("of one seed, the run that has ended counts; other bits are no exact repeat", () => {
  const [group] = seedGroups([run("a", base, 0.3), ended("b", base, 0.4, "abc"), ended("c", base, 0.4, "abd")]);
  expect(group.sample.map(({ id }) => id)).toEqual(["b"]);
  expect(group.repeats.map(({ run, isExact }) => [run.id, isExact])).toEqual([
    ["a", false],
    ["c", false],
  ]);
  expect(consoleTable(comparedTable([group])).replace(/\s+/g, " ")).toContain(
    "c has the settings and the seed 1 of b, but not its final weights",
  );
});

test("data that has changed under the same name is a difference", () => {
  const changed = run("b", base, 0.5, { data: [{ file: "data_batch_1", sha256: "fedcba9876543210" }] });
  const compared = seedGroups([run("a", base, 0.4), changed]);
  expect(compared.map(({ settings }) => [...settings])).toEqual([
    [["data data_batch_1", "0123456789ab"]],
    [["data data_batch_1", "fedcba987654"]],
  ]);
});

test("a setting that only one has is a difference", () => {
  const limited = { ...base, data: { limit: { train: 100 } } };
  const compared = seedGroups([run("a", base, 0.4), run("b", limited, 0.5)]);
  expect(settingsTable(compared).groups[0].rows.map(({ cells }) => cells)).toEqual([["data.limit.train", "–", "100"]]);
});

test("one run has the interval of its images, several that of their seeds, and what was not measured none", () => {
  const [alone] = seedGroups([run("a", base, 0.4)]);
  expect(accuracyOf(alone, "train")).toEqual({ mean: 0.4, n: 1 });
  expect(accuracyOf(alone, "validation")).toEqual({
    mean: 0.4,
    low: expect.closeTo(0.3904, 4), // statsmodels: proportion_confint(4000, 10000, method="wilson")
    high: expect.closeTo(0.4096, 4),
    n: 1,
  });
  expect(accuracyOf(alone, "test")).toBeUndefined();
  const seeds = [0.4, 0.42, 0.44].map((accuracy, seed) => run(String(seed), { ...base, seed }, accuracy));
  // Student's: .42 -+ 4.3027 * .02 / sqrt(3)
  expect(accuracyOf(seedGroups(seeds)[0], "validation")).toEqual({
    mean: expect.closeTo(0.42, 10),
    low: expect.closeTo(0.3703, 4),
    high: expect.closeTo(0.4697, 4),
    n: 3,
  });
  const unmeasured = seedGroups([run("a", base, 0.4), run("b", { ...base, seed: 2 }, undefined)]);
  expect(accuracyOf(unmeasured[0], "train")).toBeUndefined();
  const diverged = seedGroups([run("a", base, Number.NaN)]);
  expect(accuracyOf(diverged[0], "train")).toBeUndefined();
});

test("the tables say it", () => {
  const compared = seedGroups([run("a", base, 0.4), run("b", lambda(0.1), 0.5), run("c", { ...base, seed: 2 }, 0.42)]);
  const text = consoleTable(comparedTable(compared));
  expect(text).toMatch(/^A +1, 2 +running +41\.00 +28\.29–53\.71/m);
  expect(text).toMatch(/^B +1 +running +50\.00 +– +50\.00 +49\.02–50\.98/m);
  expect(text).toMatch(/Student's 95 % interval/);
  expect(consoleTable(comparedTable(seedGroups([run("a", base, 0.4), run("b", lambda(0.1), 0.5)])))).toMatch(
    /several seeds/,
  );
  expect(settingsTable(seedGroups([run("a", base, 0.4), run("b", base, 0.4)])).caption).toMatch(/No setting differs/);
});

/** As lists show it. */
function listed(kept: KeptRun): KeptSummary {
  return { ...runSummary(kept), entries: kept.entries };
}

test("a list and a run, as far as they are known", () => {
  const early = run("a", base, undefined);
  const { training: _, ...unborn } = run("b", base, undefined, { state: "interrupted", tags: ["x", "y"] });
  const text = consoleTable(runsTable([early, unborn, run("c", base, 0.5)].map(listed), "here"));
  expect(text).toMatch(/^3 runs in here\n/);
  expect(text).toMatch(/^a +2026-11-21 10:00 +base +running +50\/100 +– +– +1\.2$/m);
  expect(text).toMatch(/^b +2026-11-21 10:00 +base +interrupted +– +– +– +1\.2 {2}x, y$/m);
  expect(text).toMatch(/^c +2026-11-21 10:00 +base +running +50\/100 +50\.00 +–/m);
  const twice = consoleTable(
    runsTable(
      ["x-same", "y-same", "z-other"].map((id) => listed(run(id, base, 0.5))),
      "",
    ),
  );
  expect(twice.match(/^(x-same|y-same|other) /gm)).toHaveLength(3);
  const shown = consoleTable(runTable({ ...unborn, state: "failed", complaint: "the disk\u001b[31m", notes: "n" }));
  expect(shown).toMatch(/state +failed: the disk\ufffd\[31m/);
  expect(shown).toMatch(/training\.schedule\.rate +0\.1/);
  expect(shown).toMatch(/data_batch_1 +SHA-256 0123456789ab/);
});
