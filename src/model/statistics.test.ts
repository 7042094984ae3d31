import { expect, test } from "vitest";
import type { Dataset } from "../data/dataset.ts";
import { preprocessing } from "../data/preprocess.ts";
import { createDevice } from "../math/select.ts";
import { createActivations } from "../nn/activations.ts";
import { mlpForward } from "../nn/mlp.ts";
import { createParameters } from "../nn/parameters.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { type Change, changed, data, trained } from "../train/fixtures/small-runs.ts";
import { plan } from "../train/plan.ts";
import type { Weights } from "../train/weights.ts";
import { classify } from "./classify.ts";
import { modelOf } from "./model-of.ts";

// Against a pass of training over one mini-batch of all images: its own statistics are what is asked for.

const base: Change[] = [
  ["network", { hidden: [13, 7, 5], residual: false, batchNorm: {} }],
  ["dtype", "f64"],
];
const statistics = (kind: string): Change => ["network.batchNorm.statistics", kind];

/** Loss, right answers and each layer's statistics of one pass over all images of a set, normalised by themselves. */
async function wholePass(changes: readonly Change[], weights: Weights, { images, labels, count, dimension }: Dataset) {
  const spec = parseSpec(changed(...changes));
  const { architecture } = plan([spec], data, "f64");
  const device = await createDevice("reference");
  const parameters = createParameters(device, architecture);
  for (const name of Object.keys(parameters)) device.write(parameters[name], weights[name].values);
  const { scale, shift } = preprocessing(spec.data.preprocess, data.train);
  const x = device.batch(dimension, count);
  device.write(
    x,
    Float64Array.from({ length: count * dimension }, (_, at) => {
      const [f, j] = [Math.floor(at / count), at % count];
      return images[j * dimension + f] * scale[f] + shift[f];
    }),
  );
  const [y, tally] = [device.tensor([1, 1, count]), device.tally(1, 2)];
  device.write(y, labels);
  const activations = createActivations(device, architecture, count);
  mlpForward(device, architecture, activations, tally, parameters, x, y);
  const [loss, right] = await device.readTally(tally);
  const found = await Promise.all(
    activations.hidden.map(async ({ norm }) => ({
      mean: norm === undefined ? [] : [...(await device.read(norm.statistics.mean))],
      variance: norm === undefined ? [] : [...(await device.read(norm.statistics.variance))],
    })),
  );
  return { loss: loss / count, accuracy: right / count, found };
}

test.each<[what: string, changes: Change[]]>([
  ["before the ReLU", []],
  ["after it, all but the last layer", [["network.batchNorm", { place: "after-relu", layers: "all-but-last" }]]],
  [
    "with shortcuts",
    [
      ["network.hidden", [9, 9, 9]],
      ["network.residual", true],
    ],
  ],
  ["of averaged weights", [["training.average", { kind: "ema", decay: 0.8 }]]],
])("precise statistics are those of all training images, %s", async (_what, changes) => {
  const all = [...base, ...changes, statistics("precise")];
  const { runs, weights } = await trained(changed(...all));
  const { loss, accuracy, found } = await wholePass(all, weights[0], data.train);
  let compared = 0;
  for (const [index, { mean, variance }] of found.entries()) {
    for (const [i, value] of mean.entries()) expect(weights[0][`mean${index + 1}`].values[i]).toBeCloseTo(value, 12);
    for (const [i, value] of variance.entries()) {
      expect(weights[0][`variance${index + 1}`].values[i]).toBeCloseTo(value, 12);
    }
    compared += mean.length;
  }
  expect(compared).toBeGreaterThan(10);
  expect(runs[0].final?.train.loss).toBeCloseTo(loss, 12);
  expect(runs[0].final?.train.accuracy).toBe(accuracy);
});

test("weights are the same whatever measures them; only averages differ", async () => {
  const [running, precise, adaptive] = await Promise.all(
    ["running", "precise", "adaptive"].map(
      async (kind) => (await trained(changed(...base, statistics(kind)))).weights[0],
    ),
  );
  for (const name of ["W1", "b2", "gamma3", "W4"]) {
    expect(precise[name]).toEqual(running[name]);
    expect(adaptive[name]).toEqual(running[name]);
  }
  expect(precise.mean1).not.toEqual(running.mean1);
  expect(adaptive).toEqual(precise); // the training images' own
});

test("averaged weights are measured by statistics of their own, also where moving averages are asked for", async () => {
  const average: Change = ["training.average", { kind: "ema", decay: 0.8 }];
  const of = async (kind: string) => (await trained(changed(...base, average, statistics(kind)))).weights[0];
  expect(await of("running")).toEqual(await of("precise"));
});

test("adaptive: each set by its own statistics, and so does the model with what it is given", async () => {
  const all = [...base, statistics("adaptive")];
  const { runs, weights } = await trained(changed(...all));
  for (const part of ["train", "validation", "test"] as const) {
    const { loss, accuracy } = await wholePass(all, weights[0], data[part]);
    expect(runs[0].final?.[part]?.loss, part).toBeCloseTo(loss, 12);
    expect(runs[0].final?.[part]?.accuracy, part).toBe(accuracy);
  }
  const device = await createDevice("wasm", "f64");
  const model = modelOf(parseSpec(changed(...all)), data.train, weights[0], "f64");
  const probabilities = await classify(model, data.test.images, device);
  const losses = Array.from(data.test.labels, (label, j) => -Math.log(probabilities[3 * j + label]));
  const loss = losses.reduce((sum, value) => sum + value, 0) / data.test.count;
  expect(loss).toBeCloseTo(runs[0].final?.test?.loss as number, 10);
  await expect(classify(model, data.test.images.subarray(0, 30), device)).rejects.toThrow(/one image is its own mean/);
  device.close();
});
