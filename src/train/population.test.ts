import { describe, expect, test } from "vitest";
import { nativeLibrary } from "../math/devices/native/library.node.ts";
import { startNodeHelper } from "../math/devices/wasm/start-helper.node.ts";
import { createWasmDevice } from "../math/devices/wasm/wasm-device.ts";
import { createNodeDevice } from "../math/select.node.ts";
import type { CreateDevice } from "../math/select.ts";
import type { TrainingEvent } from "../record/event.ts";
import { setPath } from "../record/parse-spec.ts";
import type { SpecInput } from "../record/spec.ts";
import { type Change, changed, data, run, spec, trained } from "./fixtures/small-runs.ts";
import { outcome, train } from "./train.ts";

// Where there is a C compiler.
const hasNative = await nativeLibrary("f32").then(
  () => true,
  () => false,
);

/** Two hidden layers with everything a step can have. */
const regularised: Change[] = [
  ["network.hidden", [13, 7]],
  ["network.batchNorm", { alpha: 0.8 }],
  ["network.dropout", 0.1],
  ["training.update", { kind: "momentum", rho: 0.8 }],
  ["training.schedule", { kind: "step-decay", rate: 0.05, factor: 0.9 }],
];

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
    const otherSeed = await run(["seed", 2]);
    expect(otherSeed.weightsSha256).not.toBe(first.weightsSha256);
  });

  test("reference and wasm agree after 50 steps: to 1e-10 in f64, to 1e-4 in f32", async () => {
    const reference = await run(["device", "reference"]);
    const f64 = await run(["device", "wasm"], ["dtype", "f64"]);
    const f32 = await run(["device", "wasm"], ["dtype", "f32"]);
    const losses = [reference, f64, f32].map(({ final }) => final?.train.loss as number);
    expect(Math.abs(losses[1] - losses[0])).toBeLessThan(1e-10);
    expect(Math.abs(losses[2] - losses[0])).toBeLessThan(1e-4);
    expect(losses[2]).not.toBe(losses[0]); // f32 is f32
  });

  test.skipIf(!hasNative).each([
    ["f32", []],
    ["f64", []],
    ["f32", regularised],
    ["f64", regularised],
  ] as [string, Change[]][])(
    "native and wasm end with the same bits in %s, with all that a step can have",
    async (dtype, changes) => {
      const on = (device: string) =>
        trained(changed(["dtype", dtype], ["device", device], ...changes), { create: createNodeDevice });
      const [native, wasm] = [await on("native"), await on("wasm")];
      expect(native.runs[0].device.name).toBe("native");
      expect(native.runs[0].series).toEqual(wasm.runs[0].series);
      expect(native.runs[0].weightsSha256).toBe(wasm.runs[0].weightsSha256);
    },
  );

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

  test.each<[what: string, changes: Change[]]>([
    ["plain", []],
    ["all at once", regularised],
  ])("measurements do not change what is learned: %s", async (_what, changes) => {
    const often = await run(...changes, ["evaluate.every", 7]);
    const seldom = await run(...changes, ["evaluate.every", 50]);
    expect(often.weightsSha256).toBe(seldom.weightsSha256);
    expect(often.final).toEqual(seldom.final);
    expect(often.series.length).toBe(1 + 7 + 1);
    const once = await run(...changes, ["evaluate.every", "end"]);
    expect(once.weightsSha256).toBe(often.weightsSha256);
    expect(once.series.map(({ step }) => step)).toEqual([50]);
    expect(once.final).toEqual(often.final);
  });

  test("learns with batch normalisation, momentum and dropout", async () => {
    for (const place of ["before-relu", "after-relu"]) {
      const { state, series, final, parameters } = await run(...regularised, ["network.batchNorm.place", place]);
      expect({ state, parameters }).toEqual({ state: "finished", parameters: 30 * 13 + 3 * 13 + 13 * 7 + 3 * 7 + 24 });
      expect(final?.train.cost).toBeLessThan(0.6 * series[0].train.cost);
      expect(final?.test?.accuracy).toBeGreaterThan(0.75);
    }
  });

  test("with batch normalisation: reference and wasm agree", async () => {
    const [reference, f64] = [
      await run(...regularised, ["device", "reference"]),
      await run(...regularised, ["device", "wasm"], ["dtype", "f64"]),
    ];
    expect(Math.abs((f64.final?.train.loss as number) - (reference.final?.train.loss as number))).toBeLessThan(1e-9);
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
    for (const [index, spec] of specs.entries()) {
      const alone = await outcome(train(spec, data));
      expect(together.runs[index]).toEqual(alone.runs[0]);
      expect(together.weights[index]).toEqual(alone.weights[0]);
    }
  });

  // What may differ from member to member, in three of them.
  const ways: Change[][] = [
    [],
    [
      ["seed", 2],
      ["training.lambda", 0.1],
      ["training.update.rho", 0],
      ["network.dropout", 0.3],
    ],
    [
      ["seed", 3],
      ["training.schedule", { kind: "ramp", min: 1e-4, max: 0.3 }],
      ["training.update.rho", 0.95],
      ["network.batchNorm.alpha", 0],
      ["network.initialise", { kind: "normal", sigma: 1e-4 }],
    ],
  ];
  const kinds: { kind: string; changes: Change[] }[] = [
    { kind: "before the ReLU, kept", changes: [] },
    {
      kind: "after the ReLU, reset",
      changes: [
        ["network.batchNorm", { place: "after-relu", layers: "all-but-last", affine: false, averages: "reset" }],
        ["training.update.velocities", "reset"],
      ],
    },
  ];

  test.each(
    (["f32", "f64"] as const).flatMap((dtype) =>
      [1, 2, 4].flatMap((threads) => kinds.map((kind) => ({ dtype, threads, ...kind }))),
    ),
  )(
    "with batch normalisation, momentum and dropout the same, on $threads threads ($dtype, $kind)",
    async ({ dtype, threads, changes }) => {
      const on = (threads: number): CreateDevice => {
        return () => createWasmDevice(dtype, { threads, workAPart: 1, startHelper: startNodeHelper });
      };
      const specs = ways.map((way) => changed(...regularised, ...changes, ...way, ["dtype", dtype]));
      const together = await trained(specs, { create: on(threads) });
      for (const [index, spec] of specs.entries()) {
        const alone = await trained(spec, { create: on(1) });
        expect(together.runs[index].series).toEqual(alone.runs[0].series);
        expect(together.runs[index].final).toEqual(alone.runs[0].final);
        expect(together.weights[index]).toEqual(alone.weights[0]);
      }
      expect(together.runs[1].weightsSha256).not.toBe(together.runs[0].weightsSha256);
    },
  );

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
    const others: Change[] = [
      ["network.batchNorm.place", "after-relu"],
      ["network.batchNorm.layers", "all-but-last"],
      ["network.batchNorm.affine", false],
      ["network.batchNorm.eps", 0.001],
      ["network.batchNorm.averages", "reset"],
      ["network.batchNorm", undefined],
      ["network.dropout", 0],
      ["training.update", { kind: "sgd" }],
      ["training.update.velocities", "reset"],
    ];
    for (const change of others) {
      const pair = [changed(...regularised), changed(...regularised, change)];
      await expect(trained(pair), change[0]).rejects.toThrow(/^members.1: /);
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
  // The first layer's products are still finite; the second's are not.
  expect(divergence).toEqual({ step: 2, layer: 2, where: "scores" });
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

describe("a limit to the cost", () => {
  const high: Change[] = [
    ["training.schedule", { kind: "constant", rate: 3 }],
    ["training.lambda", 0.1],
    ["evaluate.every", 1],
  ];

  test("ends a run that exceeds it as diverged, at the measurement that shows it", async () => {
    const unlimited = await run(...high);
    expect(unlimited.state).toBe("finished");
    const [first] = unlimited.series;
    const step = unlimited.series.find(({ train }) => train.cost > 3 * first.train.cost)?.step as number;
    expect(step).toBeLessThan(50);

    const { state, divergence, series } = await run(...high, ["training.costLimit", 3]);
    expect(state).toBe("diverged");
    expect(divergence).toEqual({ step, layer: 2, where: "cost" });
    expect(series).toEqual(unlimited.series.slice(0, step));
  });

  test("leaves a run that stays under it as it was, and the other members to go on", async () => {
    const limited = changed(["training.costLimit", 3], ["evaluate.every", 1]);
    const { runs } = await trained([limited, changed(...high, ["training.costLimit", 3])]);
    expect(runs.map(({ state }) => state)).toEqual(["finished", "diverged"]);
    expect(runs[0].weightsSha256).toBe((await run(["evaluate.every", 1])).weightsSha256);
  });
});

test("velocities that are reset begin each epoch at rest: two epochs are two trainings of one", async () => {
  const changes = (steps: number): Change[] => [
    ["training.schedule", { kind: "constant", rate: 0.1 }],
    ["training.update", { kind: "momentum", rho: 0.8, velocities: "reset" }],
    ["training.steps", steps],
  ];
  const first = await trained(changed(...changes(10)));
  const second = await trained(changed(...changes(10)), { initial: first.weights });
  const both = await trained(changed(...changes(20)));
  expect(both.weights).toEqual(second.weights);
  const kept = await trained(changed(...changes(20), ["training.update.velocities", "kept"]));
  expect(kept.weights).not.toEqual(both.weights);
});

test("the last measurement has the rate of the last update", async () => {
  const { series } = await run(["training.schedule", { kind: "triangular", min: 0, max: 0.5, halfCycle: 50 }]);
  expect(series.map(({ learningRate }) => learningRate)).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.49]);
});

describe("initial weights", () => {
  const constant: Change = ["training.schedule", { kind: "constant", rate: 0.1 }];
  const steps = (count: number): Change => ["training.steps", count];

  test("carry over: two trainings of an epoch are one of two", async () => {
    const first = await trained(changed(constant, steps(10)));
    const second = await trained(changed(constant, steps(10), ["seed", 9]), { initial: first.weights });
    const once = await trained(changed(constant, steps(20)));
    expect(second.weights).toEqual(once.weights);
    expect(second.runs[0].weightsSha256).toBe(once.runs[0].weightsSha256);
    expect(second.runs[0].series[0].train).toEqual(first.runs[0].final?.train);
  });

  test("are every member's own, with gains and offsets; averages begin anew", async () => {
    const normalised: Change[] = [constant, ["network.batchNorm", {}], ["network.hidden", [13, 7]]];
    const both = (...changes: Change[]) => [
      changed(...normalised, ...changes),
      changed(...normalised, ...changes, ["seed", 2]),
    ];
    const first = await trained(both(steps(10)));
    const second = await trained(both(steps(10)), { initial: first.weights });
    const once = await trained(both(steps(20)));
    for (const member of [0, 1]) {
      for (const [name, { values }] of Object.entries(once.weights[member])) {
        const isAverage = /^(mean|variance)/.test(name);
        if (isAverage) expect(second.weights[member][name].values).not.toEqual(values);
        else expect(second.weights[member][name].values).toEqual(values);
      }
    }
    expect(second.weights[0].gamma1).not.toEqual(second.weights[1].gamma1);
  });
});
