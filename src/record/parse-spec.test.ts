import { expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { parseSpec, setPath } from "./parse-spec.ts";
import type { SpecInput } from "./spec.ts";

const smallest: SpecInput = { training: { epochs: 1, schedule: { kind: "constant", rate: 0.1 } } };

test("what has a default may be left out", () => {
  expect(parseSpec(smallest)).toEqual({
    name: "run",
    seed: 1,
    random: "streams",
    data: {
      dataset: "cifar-10",
      split: { kind: "batches", train: [1], validation: [2] },
      preprocess: "standardise",
      order: "sequential",
      limit: {},
    },
    network: { hidden: [50], initialise: { kind: "fan-in" }, dropout: 0 },
    training: {
      batch: 100,
      lambda: 0,
      schedule: { kind: "constant", rate: 0.1 },
      update: { kind: "sgd" },
      epochs: 1,
    },
    evaluate: { keep: "last", test: true },
    device: "auto",
  });
});

test("a parsed spec parses to itself", () => {
  expect(parseSpec(parseSpec(smallest))).toEqual(parseSpec(smallest));
});

test.each<[path: string, value: unknown, place: string, message: RegExp]>([
  [
    "data.split",
    { kind: "hold-out", validation: 0 },
    "data.split.validation",
    /0; a run measures at least one validation image/,
  ],
  ["sed", 1, "sed", /unknown "sed"; did you mean "seed"\? known: name, seed/],
  [
    "network.slope",
    0.2,
    "network.slope",
    /^network.slope: 0.2 is the slope of a leaky ReLU below 0, and network.activation is "relu"/,
  ],
  ["network", { hidden: [5, 5, 4], residual: true }, "network.residual", /a layer of 4 nodes cannot add the 5/],
  ["network.activation", "gellu", "network.activation", /did you mean "gelu"/],
  ["data.augment", { mixup: 0.01 }, "data.augment.mixup", /0.01 mixes next to nothing/],
  [
    "training.average",
    { kind: "swa", from: 5, fromCycle: 2 },
    "training.average.fromCycle",
    /2 cycles, and training.average.from says 5 updates/,
  ],
  [
    "training.average",
    { kind: "swa", fromCycle: 2 },
    "training.average.fromCycle",
    /2 with a constant schedule, which has no cycles/,
  ],
  ["training.average", { kind: "ema", decay: 1 }, "training.average.decay", /1/],
  ["network.batchNorm", { statistics: "exact" }, "network.batchNorm.statistics", /known: running, precise, adaptive/],
  ["training.lamda", 1, "training.lamda", /did you mean "lambda"/],
  ["training.schedule.rat", 1, "training.schedule.rat", /did you mean "rate"\? known: kind, rate, warmup$/],
  [
    "training.schedule.kind",
    "constnt",
    "training.schedule.kind",
    /did you mean "constant"\? known: constant, step-decay/,
  ],
  ["training.schedule", {}, "training.schedule.kind", /missing; known: constant, step-decay, ramp, triangular/],
  ["training.schedule", { kind: "linear", max: 0.1, min: 0.2 }, "training.schedule.min", /0.2 lies above max: 0.1/],
  [
    "training.schedule",
    { kind: "cosine", max: 0.1, min: 0, cycle: 1 },
    "training.schedule.cycle",
    /1; must be at least 2/,
  ],
  ["training.schedule.rate", -0.1, "training.schedule.rate", /-0.1; must be at least 0/],
  ["training.schedule.rate", Number.NaN, "training.schedule.rate", /NaN; must be a finite number/],
  ["training.lambda", -1, "training.lambda", /-1; must be at least 0/],
  ["training.lambda", Number.NaN, "training.lambda", /NaN; must be a finite number/],
  ["training.lambda", "much", "training.lambda", /"much"; must be a finite number/],
  ["training.batch", 0, "training.batch", /0; must be at least 1/],
  ["training.batch", 2.5, "training.batch", /2.5; must be a whole number/],
  ["evaluate.every", "never", "evaluate.every", /"never"; must be a whole number from 1, or "end"/],
  ["training.steps", 4, "training.steps", /epochs and steps are given/],
  ["training.epochs", undefined, "training", /none is given/],
  ["training.cycles", 1, "training.cycles", /are given/],
  ["network.hidden", 50, "network.hidden", /50; must be a list/],
  ["network.hidden", [50, 0], "network.hidden.1", /0; must be at least 1/],
  [
    "network.initialise",
    { kind: "uniform", low: 1, high: 1 },
    "network.initialise.low",
    /1 does not lie below high: 1/,
  ],
  ["seed", "abc", "seed", /"abc"; must be a whole number$/],
  [
    "training.schedule",
    { kind: "triangular", min: 0, max: 1, halfCycle: 5, start: 3 },
    "training.schedule.start",
    /3; known: 0, 1$/,
  ],
  ["seed", "x".repeat(1000), "seed", /^.{90,120}$/],
  ["data.dataset", "cifar10", "data.dataset", /did you mean "cifar-10"/],
  ["data.split", { kind: "batches", train: [6], validation: [1] }, "data.split.train.0", /6; must be at most 5/],
  ["dtype", "f16", "dtype", /unknown "f16"; did you mean "f32"\? known: f32, f64/],
  ["__proto__.polluted", true, "__proto__", /unknown "__proto__"/],
  ["data.__proto__", {}, "data.__proto__", /unknown "__proto__"/],
  ["name", "", "name", /must be a text of at least 1 character/],
])("%s = %j is refused", (path, value, place, message) => {
  const attempt = () => parseSpec(setPath(smallest, path, value));
  expect(attempt).toThrow(Fault);
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(expect.objectContaining({ code: "spec", place, remedy: expect.stringMatching(/.{10}/) }));
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test("a misspelt key is named before the required one that it was to be", () => {
  expect(() => parseSpec({ trainng: {} })).toThrow(/^trainng: unknown "trainng"; did you mean "training"/);
});

test.each([null, 5, "spec", []])("%j is no spec", (input) => {
  expect(() => parseSpec(input)).toThrow(/^spec: .*; must be an object with keys/);
});

test("rates the wrong way round, and cycles without a cycle, are refused", () => {
  const triangular = { kind: "triangular", min: 0.1, max: 0.01, halfCycle: 10 };
  expect(() => parseSpec(setPath(smallest, "training.schedule", triangular))).toThrow(/0.1 lies above max: 0.01/);
  const cycles = { training: { cycles: 1, schedule: { kind: "constant", rate: 0.1 } } };
  expect(() => parseSpec(cycles)).toThrow(/constant schedule, which has no cycles/);
});

test("all images without any to validate on: the refusal says what comes nearest, as a flag", () => {
  const attempt = () => parseSpec(setPath(smallest, "data.split", { kind: "hold-out", validation: 0 }));
  expect(attempt).toThrow(
    expect.objectContaining({ remedy: expect.stringContaining("--set data.split.validation=1") }),
  );
});

test("the first complaint is made, and the others counted", () => {
  const attempt = () => parseSpec({ ...smallest, seed: -1, dtype: "f8" });
  expect(attempt).toThrow(/^seed: -1; must be at least 0 \(and 1 more\)$/);
});

test("setPath sets, adds and replaces, and leaves its input alone", () => {
  const input = { a: { b: [1, 2, 3] } };
  expect(setPath(input, "a.b.1", 9)).toEqual({ a: { b: [1, 9, 3] } });
  expect(setPath(input, "a.c.d", 1)).toEqual({ a: { b: [1, 2, 3], c: { d: 1 } } });
  expect(setPath(undefined, "x.y", 1)).toEqual({ x: { y: 1 } });
  expect(input).toEqual({ a: { b: [1, 2, 3] } });
  const cycles = { training: { cycles: 1, schedule: { kind: "triangular", min: 0, max: 0.1, halfCycle: 10 } } };
  const steps = setPath(setPath(cycles, "training.cycles", undefined), "training.steps", 7);
  expect(parseSpec(steps).training).toMatchObject({ steps: 7 });
  expect(() => setPath({ a: 5 }, "a.b", 1)).toThrow(/^a: 5 has no keys, so no "b"$/);
  expect(setPath({ a: [1, { b: 2 }] }, "a.1.b", 3)).toEqual({ a: [1, { b: 3 }] });
  for (const item of ["2", "-1", "x", "length", "__proto__"]) {
    expect(() => setPath({ a: [1, 2] }, `a.${item}`, 3)).toThrow(`a.${item}: the list [1,2] has no item "${item}"`);
  }
});

test("the hinge takes no mixed labels", () => {
  const hinge = {
    ...smallest,
    data: { augment: { mixup: 0.2 } },
    training: { ...smallest.training, loss: { kind: "hinge" } },
  };
  expect(() => parseSpec(hinge)).toThrow(/^data.augment.mixup: 0.2 gives an image two labels.*the hinge compares one/);
});
