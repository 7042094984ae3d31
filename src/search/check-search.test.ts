import { expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { checkSearch, specOf } from "./check-search.ts";
import { parseSearch } from "./search-document.ts";

const spec = { training: { steps: 10, schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 5 } } };
const lambda = { kind: "log", low: 1e-5, high: 0.1, count: 4 };
const search = { spec, vary: { "training.lambda": lambda }, stages: [{ sampler: { kind: "grid" } }] };

function faultOf(changes: object): Pick<Fault, "place" | "complaint" | "remedy"> {
  try {
    checkSearch(parseSearch({ ...search, ...changes }));
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("it was taken");
}

test("a search in order", () => {
  const document = parseSearch(search);
  expect(document).toMatchObject({
    name: "search",
    seeds: 1,
    seed: 1,
    pruner: { kind: "none" },
    objectives: ["accuracy"],
  });
  expect(() => checkSearch(document)).not.toThrow();
});

test("each pruner keeps a third where nothing is said, and no less than a half; a median waits for three", () => {
  const halving = ["successive-halving", "hyperband", "asynchronous-successive-halving"];
  const prunerOf = (pruner: object) => parseSearch({ ...search, pruner }).pruner;
  for (const kind of halving) {
    expect(prunerOf({ kind, first: 100 })).toEqual({ kind, first: 100, eta: 3 });
    expect(prunerOf({ kind, first: 100, eta: 2 })).toMatchObject({ eta: 2 });
    expect(() => prunerOf({ kind, first: 100, eta: 1 })).toThrow(/eta/);
  }
  expect(prunerOf({ kind: "median" })).toEqual({ kind: "median", after: 3 });
});

test("a stage narrows to the best three and half as much again where nothing is said", () => {
  const narrowed = (rule: string) => {
    const stages = [...search.stages, { ...search.stages[0], narrow: { rule } }];
    return parseSearch({ ...search, stages }).stages[1].narrow;
  };
  expect(narrowed("top")).toEqual({ rule: "top", count: 3, widen: 0.5 });
  expect(narrowed("indistinguishable")).toEqual({ rule: "indistinguishable", widen: 0.5 });
});

test("cma-es over two ranges is in order", () => {
  const vary = { "training.lambda": lambda, "training.schedule.max": { kind: "log", low: 0.01, high: 1 } };
  const stages = [{ sampler: { kind: "cma-es", trials: 12 } }];
  expect(() => checkSearch(parseSearch({ ...search, vary, stages }))).not.toThrow();
});

test("a null among the values leaves the key out", () => {
  const changed = { "network.batchNorm": null, "training.lambda": 0.1 };
  const { network } = specOf({ ...spec, network: { batchNorm: { alpha: 0.5 } } }, changed);
  expect(network.batchNorm).toBeUndefined();
  const vary = { "network.batchNorm": { kind: "choice", values: [null, {}] } };
  expect(() => checkSearch(parseSearch({ ...search, vary }))).not.toThrow();
});

const vary = (dimension: object, path = "training.lambda") => ({ vary: { [path]: dimension } });
const stages = (...list: object[]) => ({ stages: list });

test.each<[string, object, string, string | RegExp]>([
  ["a reversed range", vary({ ...lambda, low: 0.2 }), "vary.training.lambda", "the range 0.2 to 0.1 is reversed"],
  ["an empty range", vary({ ...lambda, low: 0.1 }), "vary.training.lambda", "the range 0.1 to 0.1 is empty"],
  ["a log range from zero", vary({ ...lambda, low: 0 }), "vary.training.lambda.low", /^0 has no logarithm/],
  ["a log range through zero", vary({ ...lambda, low: -1 }), "vary.training.lambda.low", /^-1 has no logarithm/],
  [
    "an unknown path",
    vary(lambda, "training.lamda"),
    "vary.training.lamda",
    'unknown "training.lamda"; did you mean "training.lambda"?',
  ],
  ["nothing varied", { vary: {} }, "vary", "nothing is varied"],
  [
    "the validation images",
    vary({ kind: "choice", values: [{ kind: "hold-out", validation: 100 }] }, "data.split"),
    "vary.data.split",
    /^cannot be varied/,
  ],
  [
    "the data's shape",
    vary({ kind: "choice", values: ["cifar-10"] }, "data.dataset"),
    "vary.data.dataset",
    /^cannot be varied/,
  ],
  ["the seed", vary({ kind: "integer", low: 1, high: 3 }, "seed"), "vary.seed", /seed is no setting/],
  [
    "the test set",
    vary({ kind: "choice", values: [true, false] }, "evaluate.test"),
    "vary.evaluate.test",
    /stays locked/,
  ],
  [
    "an end that the key cannot have",
    vary({ kind: "uniform", low: -1, high: 1, count: 3 }),
    "vary.training.lambda",
    "-1; must be at least 0",
  ],
  [
    "a choice that the key cannot have",
    vary({ kind: "choice", values: [0.1, "much"] }),
    "vary.training.lambda",
    /"much"/,
  ],
  [
    "a choice named twice",
    vary({ kind: "choice", values: [0.1, 0.1] }),
    "vary.training.lambda.values",
    "0.1 is named twice",
  ],
  [
    "a space that no spec accepts",
    vary({ kind: "uniform", low: 0.2, high: 0.9, count: 3 }, "training.schedule.min"),
    "vary",
    /no setting of it is a spec: training.schedule.min/,
  ],
  [
    "a grid without a count",
    vary({ kind: "log", low: 1e-5, high: 0.1 }),
    "vary.training.lambda.count",
    "missing; a grid needs it",
  ],
  [
    "a grid beyond all time",
    vary({ ...lambda, count: 100_000 }).vary && {
      vary: {
        "training.lambda": { ...lambda, count: 1000 },
        "training.schedule.max": { kind: "log", low: 0.01, high: 0.1, count: 1000 },
      },
    },
    "stages.0.sampler",
    "the grid has 1000000 settings; at most 100000",
  ],
  [
    "a condition on what is not varied",
    vary({ ...lambda, when: { "training.batch": 5 } }),
    "vary.training.lambda.when",
    '"training.batch" is not varied',
  ],
  ["a condition on itself", vary({ ...lambda, when: { "training.lambda": 5 } }), "vary.training.lambda.when", /circle/],
  [
    "an enqueued path that is not varied",
    { enqueue: [{ "training.batch": 5 }] },
    "enqueue.0.training.batch",
    /unknown "training.batch"/,
  ],
  [
    "an enqueued setting that is no spec",
    { enqueue: [{ "training.lambda": -1 }] },
    "enqueue.0.training.lambda",
    "-1; must be at least 0",
  ],
  [
    "a listed setting that is no spec",
    stages({ sampler: { kind: "list", settings: [{ "training.lambda": -1 }] } }),
    "stages.0.sampler.settings.0.training.lambda",
    "-1; must be at least 0",
  ],
  [
    "an evolution of choices",
    { ...vary({ kind: "choice", values: [0.1, 1] }), ...stages({ sampler: { kind: "cma-es", trials: 9 } }) },
    "stages.0.sampler.kind",
    "cma-es is for ranges, and training.lambda is a choice",
  ],
  [
    "narrowing what was not searched",
    stages({ sampler: { kind: "grid" }, narrow: { rule: "top" } }),
    "stages.0.narrow",
    "there is no stage before the first",
  ],
  ["an unknown key", { sampler: "grid" }, "sampler", /unknown "sampler"/],
  [
    "an unknown sampler",
    stages({ sampler: { kind: "tpee", trials: 3 } }),
    "stages.0.sampler.kind",
    /unknown "tpee"; did you mean "tpe"\?/,
  ],
  ["an unknown key of a dimension", vary({ ...lambda, step: 1 }), "vary.training.lambda.step", /unknown "step"/],
  [
    "an unknown kind of dimension",
    vary({ ...lambda, kind: "logs" }),
    "vary.training.lambda.kind",
    /did you mean "log"\?/,
  ],
  ["an objective twice", { objectives: ["accuracy", "accuracy"] }, "objectives", /names one twice/],
  ["no stages", { stages: [] }, "stages", /at least 1/],
])("%s is refused", (_, changes, place, complaint) => {
  const fault = faultOf(changes);
  expect([fault.place, fault.complaint]).toEqual([
    place,
    typeof complaint === "string" ? complaint : expect.stringMatching(complaint),
  ]);
  expect(fault.remedy).not.toBe("");
});

test("a space of which a part is a spec is searched", () => {
  const partly = { "training.schedule.min": { kind: "uniform", low: 0.05, high: 0.2, count: 4 } };
  expect(() => checkSearch(parseSearch({ ...search, vary: partly }))).not.toThrow();
});
