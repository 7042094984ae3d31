import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { expectRefusal, gradus, gradusJson, temporaryFolder } from "./run-gradus.ts";
import { digits, coarseToFine as longer, smallSpec } from "./searches.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);

// Shorter than where searches are killed at random moments.
const spec = { ...smallSpec, training: { ...smallSpec.training, epochs: 12 } };
const coarseToFine = { ...longer, spec, final: { "training.epochs": 13 } };

let files = 0;
const newStore = () => ({ env: { GRADUS_STORE: join(folder, `store-${files++}`) } });
function written(content: unknown): string {
  const file = join(folder, `document-${files++}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

describe("a search of two stages", () => {
  const options = newStore();
  const file = written(coarseToFine);

  test("gives its trials, the set, the runs; killed with -9 and begun again the same, bit for bit", async () => {
    const whole = await gradusJson(["search", file], options);
    expect(whole).toMatchObject({ study: "two-stages", final: null, indistinguishable: { images: "single images" } });
    expect(whole.stages.map(({ trials }: { trials: object[] }) => trials.length)).toEqual([4, 10]);
    expect(whole.stages[1].narrowing).toMatchObject({ rule: "top", from: whole.stages[0].top.slice(0, 2) });
    expect(whole.indistinguishable.trials).toContain(whole.order[0]);

    // Five random moments: `npm run test:slow -- search`.
    const killedStore = newStore();
    const killed = await gradus(["search", file], {
      ...killedStore,
      onError: (child, text) => text.includes("trial 4/14") && child.kill("SIGKILL"),
    });
    expect(killed.exitCode).toBeNull();
    const again = await gradusJson(["search", "two-stages"], killedStore);
    expect(digits(again)).toEqual(digits(whole));
    const { runs } = await gradusJson(["runs", "--tag", "two-stages"], killedStore);
    expect(runs).toHaveLength(new Set(whole.stages.flatMap((s: { trials: object[] }) => s.trials)).size * 2);
    expect(runs.every(({ state }: { state: string }) => state === "finished")).toBe(true);
  });

  test("once it is through, the same command trains nothing; another document is refused with the field that differs", async () => {
    const { stderr } = await gradus(["search", file], options);
    expect(stderr).not.toContain("left");
    const { stages } = await gradusJson(["search", "two-stages", "--top", "4"], options);
    expect(stages[0].top).toHaveLength(4);
    await expectRefusal(
      ["search", "two-stages", "--seeds", "3"],
      {
        code: "spec",
        place: "seeds",
        complaint: "was begun with 2, and is now to go on with 3",
        remedy: "--fork",
      },
      options,
    );
  });

  test("another study of the same document is a fork; what a study varies stays", async () => {
    const fork = ["search", "two-stages", "--fork", "three", "--seeds", "1", "--top", "1"];
    const { study, document } = await gradusJson(fork, options);
    expect([study, document.seeds, document.vary]).toEqual(["three", 1, coarseToFine.vary]);
    await expectRefusal(
      ["search", "two-stages", "--vary", "training.lambda=1,2"],
      { code: "usage", place: "search", complaint: "two-stages is a study", remedy: "--name" },
      options,
    );
  });

  test("its best trains for good, and the test set answers once", async () => {
    const first = await gradusJson(["search", "--final", "two-stages"], options);
    expect(first.final).toMatchObject({ trial: first.order[0], testImages: 200, testAccuracy: expect.any(Number) });
    const second = await gradusJson(["search", "--final", "two-stages"], options);
    expect(second.final).toEqual(first.final);
    const { runs } = await gradusJson(["runs", "--name", "two-stages-final"], options);
    expect(runs).toHaveLength(1);
    const trial = await gradusJson(["show", first.stages[0].trials[0].runs[0].run], options);
    expect(trial.document?.final.test ?? trial.training?.final?.test).toBeUndefined();
  });

  test("its report has stages, set, figures and the test that was asked; with runs, a section among theirs", async () => {
    const out = join(folder, "study");
    await gradusJson(["report", "--study", "two-stages", "--format", "tex", "--out", out], options);
    const text = readFileSync(join(out, "report.tex"), "utf8");
    for (const said of ["Stages of the search", "may be the best", "winner's curse", "asked this once"])
      expect(text).toContain(said);
    const shown = [...text.matchAll(/\{([\w-]+\.pdf)\}/g)].map(([, name]) => name);
    expect(shown).toEqual(expect.arrayContaining(["search-accuracy-training-lambda.pdf", "final-confusion.pdf"]));
    expect(readdirSync(out).sort()).toEqual([...shown, "report.tex"].sort());

    const both = join(folder, "both.html");
    await gradusJson(["report", "latest", "--study", "two-stages", "--out", both], options);
    expect(readFileSync(both, "utf8")).toMatch(/Report of 1 run and 1 search[\s\S]*Search two-stages/);
  });

  test("a study that is not there is refused with the nearest name, and nothing is written", async () => {
    const out = join(folder, "refused.html");
    const refusal = {
      code: "usage",
      place: "two-stage",
      complaint: 'did you mean "two-stages"',
      remedy: "known",
    } as const;
    await expectRefusal(["report", "--study", "two-stage", "--out", out], refusal, options);
    expect(existsSync(out)).toBe(false);
  });

  test("it is refined, and all its runs are a table for programs", async () => {
    const csv = join(folder, "trials.csv");
    const fine = await gradusJson(["search", "--refine", "two-stages", "--random", "2", "--csv", csv], options);
    expect(fine.document).toMatchObject({ name: "two-stages-fine", refines: { study: "two-stages" } });
    const lines = readFileSync(csv, "utf8").trim().split("\n");
    expect(lines[0]).toMatch(/^trial,stage,state,training.lambda,seed,fold,run,validation_accuracy/);
    expect(lines).toHaveLength(1 + 2 * 2);
  });
});

test("fifty trials that diverge are a state, never best, and the search goes on", async () => {
  const wild = written({
    name: "wild",
    spec,
    vary: {
      "training.schedule.rate": {
        kind: "choice",
        values: Array.from({ length: 52 }, (_, i) => (i < 50 ? 1e30 * (i + 1) : 0.01 * (i - 49))),
      },
    },
    stages: [{ sampler: { kind: "grid" } }],
  });
  const { stages, order } = await gradusJson(["search", wild], newStore());
  const states = stages[0].trials.map(({ state }: { state: string }) => state);
  expect(states).toEqual([...Array(50).fill("diverged"), "finished", "finished"]);
  expect(order).toHaveLength(2);
});

test("--device, --dtype and --seed change the spec that is searched", async () => {
  const words = ["search", written(spec), "--vary", "training.lambda=0,1", "--set", "training.epochs=2"];
  const { document } = await gradusJson([...words, "--device", "wasm", "--dtype", "f64", "--seed", "7"], newStore());
  expect(document.spec).toMatchObject({ device: "wasm", dtype: "f64", seed: 7 });
});

test("a pruned trial ends early, and those that go on end as without a pruner, to the last bit", async () => {
  const search = {
    spec: { ...spec, training: { ...spec.training, epochs: 9 } },
    vary: { "training.lambda": { kind: "log", low: 1e-4, high: 10, count: 6 } },
    stages: [{ sampler: { kind: "grid" } }],
  };
  const options = newStore();
  const whole = await gradusJson(["search", written({ ...search, name: "whole" })], options);
  const pruner = { kind: "successive-halving", first: 8, eta: 2 };
  const pruned = await gradusJson(["search", written({ ...search, name: "halved", pruner })], options);
  const states = pruned.stages[0].trials.map(({ state }: { state: string }) => state);
  expect(states.filter((state: string) => state === "pruned")).toHaveLength(5);
  const [survivor] = pruned.order;
  expect(pruned.order).toHaveLength(1);
  expect(pruned.stages[0].trials[survivor].runs[0].weightsSha256).toBe(
    whole.stages[0].trials[survivor].runs[0].weightsSha256,
  );
});

test("asynchronous halving: trials end by what all before them came to, notices are said, and objectives give a Pareto set", async () => {
  const search = written({
    name: "asynchronous",
    spec: { ...spec, training: { ...spec.training, epochs: 9 }, network: { hidden: [], dropout: 0.5 } },
    vary: { "training.schedule.rate": { kind: "log", low: 1e-9, high: 0.1, count: 40 } },
    stages: [{ sampler: { kind: "grid" } }],
  });
  const words = ["search", search, "--prune", "asha:8:2", "--objectives", "accuracy,seconds"];
  const options = newStore();
  const { exitCode, stdout, stderr } = await gradus([...words, "--json"], options);
  expect(exitCode, stderr).toBe(0);
  const { stages, pareto } = JSON.parse(stdout);
  const states = stages[0].trials.map(({ state }: { state: string }) => state);
  expect(states.filter((state: string) => state === "pruned").length).toBeGreaterThan(25);
  // The second population meets rungs that the first has filled.
  expect(states.slice(20).filter((state: string) => state === "finished").length).toBeGreaterThan(0);
  expect(pareto.length).toBeGreaterThan(0);
  expect(stderr.match(/notice: network.dropout does nothing/g)).toHaveLength(1);
  const again = await gradusJson(["search", "asynchronous"], options);
  expect(again.stages).toEqual(stages);
});

/** Sixty points in a plane, two classes. */
function points(): string {
  const file = join(folder, `points-${files++}.csv`);
  const rows = Array.from({ length: 60 }, (_, i) => `${i % 2},${60 + 90 * (i % 2) + (i % 7)},${(37 * i) % 256}`);
  writeFileSync(file, `label,x,y\n${rows.join("\n")}\n`);
  return file;
}

describe("folds", () => {
  const file = written({
    device: "wasm",
    data: { dataset: { train: [points()], label: "label" }, split: { kind: "hold-out", validation: 10 } },
    network: { hidden: [] },
    training: { batch: 10, schedule: { kind: "constant", rate: 0.1 }, epochs: 4 },
    evaluate: { test: false },
  });
  const search = ["search", file, "--vary", "training.lambda=0,0.1"];

  test("every trial is trained without each part, and measured on it", async () => {
    const { stages, indistinguishable } = await gradusJson([...search, "--folds", "6"], newStore());
    const folds = stages[0].trials.map(({ runs }: { runs: { fold: number }[] }) => runs.map(({ fold }) => fold));
    expect(folds).toEqual([
      [0, 1, 2, 3, 4, 5],
      [0, 1, 2, 3, 4, 5],
    ]);
    expect(indistinguishable.images).toBe("other images each fold");
  });

  test("more folds than images are refused, and nothing is left", async () => {
    const options = newStore();
    const refusal = {
      code: "spec",
      place: "data.split.of",
      complaint: "61 folds of 60",
      remedy: "at most 60 folds",
    } as const;
    await expectRefusal([...search, "--folds", "61"], refusal, options);
    const folded = await gradusJson([...search, "--folds", "2"], options);
    expect(folded.stages[0].trials).toHaveLength(2);
  });
});

test("an experiment is searched by its name, as the guide says", async () => {
  const small = ["data.limit.train=300", "data.limit.validation=100", "training.cycles=0.01"];
  const set = small.flatMap((change) => ["--set", change]);
  const options = newStore();
  const vary = ["--vary", "training.lambda=log:1e-5..1e-1:3", "--name", "coarse"];
  const { stages } = await gradusJson(["search", "004-E2", ...vary, ...set], options);
  expect(stages[0].trials.map(({ state }: { state: string }) => state)).toEqual(Array(3).fill("finished"));
  await expectRefusal(
    ["search", "coarce"],
    { code: "usage", place: "coarce", complaint: 'the study "coarse"', remedy: "gradus search coarse" },
    options,
  );
});

describe("refused before anything is trained, leaving nothing", () => {
  const file = written(spec);
  test.each<[string[], { code: "usage" | "spec"; place: string; complaint: string; remedy: string }]>([
    [[file], { code: "usage", place: "--vary", complaint: "nothing is varied", remedy: "--vary training.lambda" }],
    [[], { code: "usage", place: "search", complaint: "no search is named", remedy: "--vary" }],
    [
      [file, "--vary", "training.lamda=0,1"],
      {
        code: "spec",
        place: "vary.training.lamda",
        complaint: 'did you mean "training.lambda"',
        remedy: "docs/spec.md",
      },
    ],
    [
      [file, "--vary", "training.lambda"],
      { code: "usage", place: "--vary", complaint: "is no path=range", remedy: "training.lambda=log:1e-5..1e-1:8" },
    ],
    [
      [file, "--vary", "training.lambda=lg:1..2:3"],
      { code: "usage", place: "--vary", complaint: '"lg" is none of log', remedy: "write it like" },
    ],
    [
      [file, "--vary", "training.lambda=log:1..x:3"],
      { code: "usage", place: "--vary", complaint: "is no range", remedy: "write it like" },
    ],
    [
      [file, "--vary", "training.lambda=log:1..0.1:3"],
      { code: "spec", place: "vary.training.lambda", complaint: "is reversed", remedy: "exchange" },
    ],
    [
      [file, "--vary", "training.lambda=log:0..0.1:3"],
      { code: "spec", place: "vary.training.lambda.low", complaint: "has no logarithm", remedy: "enqueue" },
    ],
    [
      [file, "--vary", "training.lambda=0,1", "--tpe", "3", "--random", "3"],
      { code: "usage", place: "--tpe", complaint: "beside --random", remedy: "one of the two" },
    ],
    [
      [file, "--vary", "training.lambda=0,1", "--prune", "halving"],
      { code: "usage", place: "--prune", complaint: "is no pruner", remedy: "median" },
    ],
    [
      [file, "--vary", "training.lambda=0,1", "--objectives", "accuracy,parameter"],
      { code: "usage", place: "--objectives", complaint: 'did you mean "parameters"', remedy: "accuracy,parameters" },
    ],
    [
      [file, "--vary", "training.lambda=0,1", "--prune", "asha:8", "--set", "evaluate.every=end"],
      { code: "spec", place: "pruner.kind", complaint: "decides at measurements", remedy: "measures every epoch" },
    ],
    [
      [file, "--vary", "training.lambda=0,1", "--enqueue", "lambda"],
      { code: "usage", place: "--enqueue", complaint: "is no path=value", remedy: "--enqueue" },
    ],
    [
      [file, "--vary", "training.batch=50,100000"],
      {
        code: "spec",
        place: "vary.training.batch",
        complaint: "more than the 400 training images",
        remedy: "up to 400",
      },
    ],
    [
      [file, "--vary", "training.lambda=0,1", "--folds", "1"],
      { code: "usage", place: "--folds", complaint: '"1" is not a whole number from 2', remedy: "" },
    ],
    [["--final", "none"], { code: "usage", place: "none", complaint: "no such study", remedy: "gradus search SPEC" }],
    [["--refine", "none"], { code: "usage", place: "none", complaint: "no such study", remedy: "gradus search SPEC" }],
  ])("%j", async (flags, refusal) => {
    const options = newStore();
    await expectRefusal(["search", ...flags], refusal, options);
    const { runs } = await gradusJson(["runs"], options).catch(() => ({ runs: [] }));
    expect(runs).toEqual([]);
  });
});
