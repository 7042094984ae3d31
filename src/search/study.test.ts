import { expect, test } from "vitest";
import { expectedBest } from "../stats/expected-best.ts";
import { meanInterval } from "../stats/mean-interval.ts";
import { mean } from "../stats/moments.ts";
import { seedsNeeded } from "../stats/seeds-needed.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { conclusion } from "./conclusion.ts";
import { propose } from "./propose.ts";
import type { SearchInput } from "./search-document.ts";
import { searchResult } from "./search-result.ts";
import { createStudy, type Study } from "./study.ts";
import { decodeStudyEvent, encodeStudyEvent } from "./study-event.ts";
import { foldStudy, packed } from "./study-state.ts";

const spec = { training: { steps: 10, schedule: { kind: "constant", rate: 0.01 } } };
const vary: SearchInput["vary"] = {
  "training.lambda": { kind: "log", low: 1e-5, high: 0.1, count: 9 },
  "training.schedule.rate": { kind: "log", low: 1e-3, high: 1, count: 3 },
};

/** Best at a lambda of 1e-3 and a rate of .1. */
function accuracy(setting: Readonly<Record<string, unknown>>): number {
  const [lambda, rate] = Object.values(setting).map(Number);
  return 0.52 - 0.02 * (Math.log10(lambda) + 3) ** 2 - 0.02 * (Math.log10(rate) + 1) ** 2;
}

function finish(study: Study): void {
  for (const trial of study.ask()) study.tell(trial, accuracy(trial.setting));
}

const coarseToFine: SearchInput = {
  name: "coarse-to-fine",
  spec,
  vary,
  enqueue: [{ "training.lambda": 0 }],
  stages: [
    { sampler: { kind: "grid" } },
    { sampler: { kind: "random", trials: 6 }, narrow: { rule: "top", count: 3 } },
    { sampler: { kind: "tpe", trials: 12 }, narrow: { rule: "top", count: 2, widen: 1 } },
  ],
};

test("ask and tell: stages one after the other, each in the space that the last one's best leave", () => {
  const study = createStudy(coarseToFine);
  finish(study);
  const { stages, trials } = study.state();
  expect(stages).toHaveLength(3);
  expect(trials.map(({ stage, by }) => `${stage} ${by}`)).toEqual([
    "0 person",
    ...Array(27).fill("0 sampler"),
    ...Array(6).fill("1 sampler"),
    ...Array(12).fill("2 sampler"),
  ]);
  expect(stages[1].narrowing).toMatchObject({ rule: "top", widen: 0.5, from: expect.any(Array), atEdge: [] });
  const best = trials[study.conclusion().order[0]];
  expect(Math.abs(Math.log10(Number(best.setting["training.lambda"])) + 3)).toBeLessThan(0.2);
  for (const { stage, setting } of trials.filter((trial) => trial.stage > 0)) {
    const { low, high } = stages[stage].space["training.lambda"] as { low: number; high: number };
    expect(setting["training.lambda"]).toSatisfy((value: number) => value >= low && value <= high);
  }
});

test("a study gone on with from any part of its events proposes the same trials", () => {
  const whole = createStudy(coarseToFine);
  finish(whole);
  for (const part of [1, 2, 17, 40, 60, whole.events.length - 1]) {
    const texts = whole.events.slice(0, part).map(encodeStudyEvent);
    const again = createStudy(
      coarseToFine,
      texts.map((text, i) => decodeStudyEvent(text, `entry ${i}`)),
    );
    finish(again);
    expect(again.events).toEqual(whole.events);
  }
});

test("proposing is a pure function of the log, and proposes nothing twice while it waits", () => {
  const state = createStudy(coarseToFine).state();
  const events = propose(state, 4);
  expect(propose(state, 4)).toEqual(events);
  const after = foldStudy(state, ...events);
  expect(propose(after, 4)).toEqual([]);
  expect(events.map(({ kind }) => kind)).toEqual(["stage", "proposed", "proposed", "proposed", "proposed"]);
});

test("a sampler that learns is asked for a few at a time, also after a grid", () => {
  let state = createStudy({
    spec,
    vary,
    stages: [{ sampler: { kind: "grid" } }, { sampler: { kind: "tpe", trials: 20 } }],
  }).state();
  const batches: number[] = [];
  for (;;) {
    const events = propose(state);
    const proposed = events.filter(({ kind }) => kind === "proposed");
    if (proposed.length === 0) break;
    batches.push(proposed.length);
    state = foldStudy(state, ...events);
    for (const { number, setting } of state.trials.slice(-proposed.length)) {
      const outcome = { state: "finished", accuracy: accuracy(setting) } as const;
      state = foldStudy(state, { kind: "ended", trial: number, seed: 0, outcome });
    }
  }
  expect(batches).toEqual([27, 8, 8, 4]);
});

test("a setting that is no spec is refused, said so, and never best; fifty that diverge do not stop a search", () => {
  const study = createStudy({
    spec: { training: { steps: 10, schedule: { kind: "triangular", min: 0.01, max: 0.1, halfCycle: 5 } } },
    vary: { "training.schedule.min": { kind: "uniform", low: 0, high: 0.2 } },
    stages: [{ sampler: { kind: "tpe", trials: 130 } }],
  });
  let tells = 0;
  for (const trial of study.ask()) {
    tells += 1;
    study.tell(trial, tells <= 50 ? Number.NaN : Number(trial.setting["training.schedule.min"]));
  }
  const { trials } = study.state();
  expect(trials).toHaveLength(130);
  const refused = trials.filter((trial) => trial.refused !== undefined);
  expect(refused.length).toBeGreaterThan(3);
  expect(refused[0].refused).toMatch(/^training.schedule.min: 0.1\d+ lies above max/);
  const { order } = study.conclusion();
  expect(order).toHaveLength(130 - refused.length - 50);
  expect(trials[order[0]].setting["training.schedule.min"]).toBeGreaterThan(0.09);
});

test("several seeds: a trial waits for all of them, and one that diverged makes it diverged", () => {
  const study = createStudy({
    spec,
    vary: { "training.lambda": vary["training.lambda"] },
    stages: [{ sampler: { kind: "grid" } }],
    seeds: 3,
  });
  for (const trial of study.ask()) {
    const mean = accuracy({ ...trial.setting, rate: 0.1 });
    study.tell(trial, trial.number === 4 ? [mean, Number.NaN, mean] : [mean, mean + 0.001, mean - 0.001]);
  }
  const { order, indistinguishable, expected } = study.conclusion();
  expect(order).not.toContain(4);
  expect(order.slice(0, 2).sort()).toEqual([3, 5]);
  expect(indistinguishable).toMatchObject({ trials: [3, 5], images: "their number" });
  expect(expected?.expected).toBeCloseTo(0.515, 3);
  const [trial] = createStudy({ spec, vary, stages: [{ sampler: { kind: "grid" } }], seeds: 2 }).ask();
  expect(() => study.tell(trial, [0.5])).toThrow(RangeError);
});

test("single images narrow the set: trials that are right on the same ones need less to be told apart", () => {
  const base: SearchInput = {
    spec,
    vary: { "training.lambda": { kind: "choice", values: [0.1, 0.2] } },
    stages: [{ sampler: { kind: "grid" } }],
  } as const;
  const study = createStudy(base);
  for (const trial of study.ask()) study.tell(trial, trial.number === 0 ? 0.5 : 0.52);
  const right = (correct: number) => packed(Array.from({ length: 1000 }, (_, i) => i < correct));
  const images = 1000;
  const counted = study.events.map((event) => (event.kind === "ended" ? { ...event, images } : event));
  const fold = (events: typeof counted) => foldStudy(undefined, ...events);
  expect(conclusion(fold(counted)).indistinguishable).toMatchObject({ trials: [1, 0], images: "their number" });
  const judged = [500, 520].map(
    (correct, trial) => ({ kind: "judged", trial, seed: 0, images, right: right(correct) }) as const,
  );
  expect(conclusion(fold([...counted, ...judged])).indistinguishable).toMatchObject({
    trials: [1],
    images: "single images",
  });
});

test("of one run each, on nobody knows how many images, nothing can be told apart", () => {
  const study = createStudy({ spec, vary, stages: [{ sampler: { kind: "random", trials: 5 } }] });
  finish(study);
  expect(study.conclusion().indistinguishable.trials).toHaveLength(5);
});

test("several objectives give what no other trial beats in all", () => {
  const study = createStudy({
    spec,
    vary: { "network.hidden": { kind: "choice", values: [[10], [50], [100], [200]] } },
    stages: [{ sampler: { kind: "grid" } }],
    objectives: ["accuracy", "parameters"],
  });
  const results = [
    [0.4, 10],
    [0.5, 50],
    [0.49, 100],
    [0.55, 200],
  ];
  for (const trial of study.ask()) {
    const [value, parameters] = results[trial.number];
    study.tell(trial, { seed: 0, state: "finished", accuracy: value, parameters });
  }
  expect(study.conclusion().pareto).toEqual([0, 1, 3]);
});

test("of several seeds an objective is the mean of the runs", () => {
  const study = createStudy({
    spec,
    vary: { "network.hidden": { kind: "choice", values: [[10], [50], [100]] } },
    stages: [{ sampler: { kind: "grid" } }],
    objectives: ["accuracy", "parameters"],
    seeds: 2,
  });
  // The third is as accurate as the second, and smaller by a hair of one of its runs.
  const results = [
    { accuracy: [0.4, 0.4], parameters: [10, 10] },
    { accuracy: [0.5, 0.7], parameters: [100, 100] },
    { accuracy: [0.7, 0.5], parameters: [99, 100] },
  ];
  for (const trial of study.ask()) {
    const { accuracy: values, parameters } = results[trial.number];
    for (const seed of [0, 1]) {
      study.tell(trial, { seed, state: "finished", accuracy: values[seed], parameters: parameters[seed] });
    }
  }
  expect(study.conclusion().pareto).toEqual([0, 2]);
});

test("a study says how many seeds would tell the first of the set from its last, and what its best is expected to be", () => {
  const values = [
    [0.5, 0.51, 0.52],
    [0.505, 0.51, 0.518],
    [0.497, 0.509, 0.517],
    [0.3, 0.31, 0.32],
  ];
  const study = createStudy({
    spec,
    vary: { "training.lambda": { kind: "choice", values: [0.1, 0.2, 0.3, 0.4] } },
    stages: [{ sampler: { kind: "grid" } }],
    seeds: 3,
  });
  for (const trial of study.ask()) study.tell(trial, values[trial.number]);
  const { indistinguishable, seedsNeeded: needed, expected } = study.conclusion();
  expect(indistinguishable.trials).toEqual([1, 0, 2]);
  const { seedDeviation = Number.NaN } = indistinguishable;
  const means = values.map(mean);
  expect(needed).toBe(seedsNeeded(means[1] - means[2], Math.SQRT2 * seedDeviation));
  const members = [means[1], means[0], means[2]];
  expect(expected).toEqual(expectedBest(members, seedDeviation / Math.sqrt(3), 0));
});

test("a trial has the interval of its runs, one run that of its images, and neither where nothing is known", () => {
  const results = ([seeds, images]: readonly [number, number | undefined]) => {
    const study = createStudy({ spec, vary, stages: [{ sampler: { kind: "random", trials: 1 } }], seeds });
    for (const trial of study.ask()) study.tell(trial, [0.5, 0.51].slice(0, seeds));
    const events = study.events.map((event) =>
      event.kind === "ended" && images !== undefined ? { ...event, images } : event,
    );
    const { accuracy: value, low, high } = searchResult(foldStudy(undefined, ...events)).stages[0].trials[0];
    return { value, low, high };
  };
  expect(results([1, undefined])).toEqual({ value: 0.5, low: undefined, high: undefined });
  const [low, high] = wilsonInterval(0.5, 1000);
  expect(results([1, 1000])).toEqual({ value: 0.5, low, high });
  const between = meanInterval([0.5, 0.51]);
  expect(results([2, 1000])).toEqual({ value: 0.505, low: between.low, high: between.high });
});
