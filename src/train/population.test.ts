import { describe, expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import type { Split } from "../data/splits.ts";
import { stream } from "../math/random/stream.ts";
import type { TrainingEvent } from "../record/event.ts";
import { setPath } from "../record/parse-spec.ts";
import type { SpecInput } from "../record/spec.ts";
import { outcome, train } from "./train.ts";

// Small images of three classes: one colour plane each, the class's brighter, with noise.
function images(name: string, count: number): Dataset {
  const [dimension, classes] = [30, ["red", "green", "blue"]];
  const labels = Uint8Array.from(stream(5, `${name} labels`).integers(0, 3, count));
  const noise = stream(5, `${name} pixels`).integers(0, 120, count * dimension);
  const bytes = Uint8Array.from(noise, (value, i) => {
    const [image, pixel] = [Math.floor(i / dimension), i % dimension];
    return value + (Math.floor(pixel / 10) === labels[image] ? 40 : 0);
  });
  return { name, images: bytes, labels, count, dimension, classes };
}

const data: Split = { train: images("train", 210), validation: images("validation", 77), test: images("test", 91) };

const spec: SpecInput = {
  network: { hidden: [13] },
  training: {
    batch: 20,
    lambda: 0.001,
    schedule: { kind: "triangular", min: 1e-5, max: 0.2, halfCycle: 25 },
    steps: 50,
  },
  evaluate: { every: 10 },
};
const changed = (...changes: [path: string, value: unknown][]) =>
  changes.reduce<unknown>((input, [path, value]) => setPath(input, path, value), spec) as SpecInput;
const run = async (...changes: [path: string, value: unknown][]) =>
  (await outcome(train(changed(...changes), data))).runs[0];

describe("one run", () => {
  test("learns: the cost falls and unseen images are classified", async () => {
    const { state, series, final, steps, stepsPerEpoch } = await run();
    expect({ state, steps, stepsPerEpoch }).toEqual({ state: "finished", steps: 50, stepsPerEpoch: 10 });
    expect(series.map(({ step }) => step)).toEqual([0, 10, 20, 30, 40, 50]);
    expect(series[5].train.cost).toBeLessThan(0.6 * series[0].train.cost);
    expect(final?.test?.accuracy).toBeGreaterThan(0.8);
    expect(final?.train).toEqual(series[5].train);
    expect(series[0].learningRate).toBe(1e-5);
  });

  test("cost is loss plus lambda times the squared weights", async () => {
    const { series } = await run(["training.lambda", 0]);
    for (const { train: on } of series) expect(on.cost).toBe(on.loss);
    const penalised = await run();
    for (const { train: on } of penalised.series) expect(on.cost).toBeGreaterThan(on.loss);
  });

  test("twice the same, to the last bit", async () => {
    const [first, second] = [await run(), await run()];
    expect(second).toEqual(first);
    const other = await run(["seed", 2]);
    expect(other.weightsSha256).not.toBe(first.weightsSha256);
  });

  test("reference and wasm agree after 50 steps: to 1e-10 in f64, to 1e-4 in f32", async () => {
    const meant = await run(["device", "reference"]);
    const f64 = await run(["device", "wasm"], ["dtype", "f64"]);
    const f32 = await run(["device", "wasm"], ["dtype", "f32"]);
    const losses = [meant, f64, f32].map(({ final }) => final?.train.loss as number);
    expect(Math.abs(losses[1] - losses[0])).toBeLessThan(1e-10);
    expect(Math.abs(losses[2] - losses[0])).toBeLessThan(1e-4);
    expect(losses[2]).not.toBe(losses[0]); // f32 is f32
  });

  test("permuted batches differ from epoch to epoch; an order of their own seed survives another run seed", async () => {
    const ordered = ["data.order", "permuted"] as [string, unknown];
    const permuted = await run(ordered);
    expect(permuted.weightsSha256).not.toBe((await run()).weightsSha256);
    expect((await run(ordered, ["data.orderSeed", 1])).weightsSha256).toBe(permuted.weightsSha256);
    expect((await run(ordered, ["data.orderSeed", 2])).weightsSha256).not.toBe(permuted.weightsSha256);
  });

  test("no hidden layer is softmax regression; several are a deep network", async () => {
    expect((await run(["network.hidden", []])).parameters).toBe(93);
    expect((await run(["network.hidden", [9, 8, 7]])).final?.train.accuracy).toBeGreaterThan(0.5);
  });

  test("limits keep the first images of each set", async () => {
    const { examples, stepsPerEpoch } = await run(["data.limit", { train: 40, validation: 5, test: 3 }]);
    expect({ examples, stepsPerEpoch }).toEqual({ examples: { train: 40, validation: 5, test: 3 }, stepsPerEpoch: 2 });
  });

  test("the test set is measured only where the spec asks for it", async () => {
    expect((await run(["evaluate.test", false])).final?.test).toBeUndefined();
  });

  test("measurements do not change what is learned", async () => {
    expect((await run(["evaluate.every", 7])).weightsSha256).toBe((await run()).weightsSha256);
  });
});

describe("a population", () => {
  const members = [
    changed(["seed", 1]),
    changed(["seed", 2], ["training.lambda", 0.1]),
    changed(["seed", 3], ["training.schedule.max", 0.05], ["network.initialise", { kind: "he" }]),
  ];

  test.each(["f32", "f64"])("each member is what it is alone, to the last bit (%s)", async (dtype) => {
    const specs = members.map((member) => setPath(member, "dtype", dtype) as SpecInput);
    const together = await outcome(train(specs, data));
    for (const [index, own] of specs.entries()) {
      const alone = await outcome(train(own, data));
      expect(together.runs[index]).toEqual(alone.runs[0]);
      expect(together.weights[index]).toEqual(alone.weights[0]);
    }
  });

  test("a member that diverges is named with step and layer, and the others go on", async () => {
    const wild = changed(["training.schedule", { kind: "constant", rate: 1e30 }]);
    const { runs } = await outcome(train([members[0], wild], data));
    expect(runs.map(({ state }) => state)).toEqual(["finished", "diverged"]);
    expect(runs[1].divergence?.layer).toBeGreaterThanOrEqual(1);
    expect(runs[1].divergence?.step).toBeLessThanOrEqual(4);
    expect(runs[1].series.map(({ step }) => step)).toEqual([0]);
    expect(runs[0].weightsSha256).toBe((await outcome(train(members[0], data))).runs[0].weightsSha256);
  });

  test("runs that cannot share their batches are refused", async () => {
    const strangers: [string, unknown][] = [
      ["data.order", "permuted"],
      ["training.batch", 10],
      ["network.hidden", [5]],
      ["training.steps", 40],
      ["data.preprocess", "scale"],
      ["device", "wasm"],
      ["dtype", "f64"],
    ];
    for (const change of strangers) {
      await expect(outcome(train([spec, changed(change)], data))).rejects.toThrow(/^members.1: /);
    }
  });
});

describe("refusals", () => {
  test.each<[string, unknown, RegExp]>([
    ["training.batch", 211, /^training.batch: 211 is more than the 210 training images$/],
    [
      "network.hidden",
      [100_000_000],
      /^network.hidden: 100000000: 3400 million parameters in all; at most 200 million/,
    ],
    ["device", "wsm", /^device: unknown "wsm"; did you mean "wasm"/],
    ["device", "reference", /^dtype: f32 is not a precision of the device reference/],
  ])("%s = %j", async (path, value, message) => {
    await expect(outcome(train(changed([path, value], ["dtype", "f32"]), data))).rejects.toThrow(message);
  });

  test("cycles that end between two steps", async () => {
    const cycles = { ...(changed() as SpecInput), training: { ...spec.training, steps: undefined, cycles: 0.333 } };
    await expect(outcome(train(cycles as SpecInput, data))).rejects.toThrow(
      /^training.cycles: 0.333 cycles of 50 steps/,
    );
  });
});

test("a run that diverges at once says where", async () => {
  const { state, divergence, final } = await run(
    ["training.schedule", { kind: "constant", rate: 1e300 }],
    ["dtype", "f64"],
  );
  expect(state).toBe("diverged");
  expect(divergence).toEqual({ step: 2, layer: 1, where: expect.stringMatching(/^(W1|b1|scores)$/) });
  expect(final?.train.loss).toBeNaN();
});

test("an overflow in the last update is a divergence too", async () => {
  const { state, divergence, series } = await run(
    ["training.schedule", { kind: "constant", rate: 1e300 }],
    ["dtype", "f64"],
    ["training.steps", 1],
  );
  expect(state).toBe("diverged");
  expect(divergence?.step).toBe(1);
  expect(series.map(({ step }) => step)).toEqual([0]);
});

test("four epochs are not four steps", async () => {
  const epochs = { ...spec, training: { ...spec.training, steps: undefined, epochs: 5 } } as SpecInput;
  await expect(outcome(train([changed(["training.steps", 5]), epochs], data))).rejects.toThrow(/^members.1: /);
  const same = await outcome(train([spec, epochs], data)); // 5 epochs of 10 batches
  expect(same.runs.map(({ steps }) => steps)).toEqual([50, 50]);
});

test("images and labels that do not fit are refused", async () => {
  const labels = data.train.labels.slice();
  labels[7] = 3;
  const wrong = { ...data, train: { ...data.train, labels } };
  await expect(outcome(train(spec, wrong))).rejects.toThrow(
    /^data.train: image 7 has the label 3, and there are 3 classes/,
  );
  const short = { ...data, test: { ...data.test, images: data.test.images.subarray(1) } };
  await expect(outcome(train(spec, short))).rejects.toThrow(/^data.test: 2729 bytes for 91 images of 30/);
  await expect(outcome(train([], data))).rejects.toThrow(/^members: none is given/);
});

test("an aborted training stops after its step and finishes nothing", async () => {
  const controller = new AbortController();
  const events: TrainingEvent[] = [];
  await outcome(train(spec, data, { signal: controller.signal }), (event) => {
    events.push(event);
    if (event.kind === "progress") controller.abort();
  });
  expect(events.at(-1)).toMatchObject({ kind: "progress", step: 20 });
});
