import { beforeAll, describe, expect, test } from "vitest";
import type { Dataset } from "../src/data/dataset.ts";
import { meanProbabilities } from "../src/model/ensemble.ts";
import type { Model } from "../src/model/model.ts";
import { encodeOnnx } from "../src/model/onnx.ts";
import { readOnnx, runOnnx } from "./onnx-interpreter.ts";
import {
  gradusProbabilities,
  images,
  labelsOf,
  largestDifference,
  type NetworkName,
  networks,
  trained,
} from "./trained-models.ts";

// tests/slow/onnx.test.ts runs the same files with ONNX Runtime.

const count = 100;
let training: Dataset;
let test100: Uint8Array;
beforeAll(async () => {
  const { training: first, test: rest } = await images();
  training = first;
  test100 = rest.images.subarray(0, count * rest.dimension);
});

const run = (file: Uint8Array) => runOnnx(readOnnx(file), test100, count);

/** Several tests ask the same network. */
const models = new Map<string, Promise<Model>>();
function model(name: NetworkName, dtype: "f32" | "f64"): Promise<Model> {
  const key = `${name} ${dtype}`;
  const asked = models.get(key) ?? trained(name, dtype, training);
  models.set(key, asked);
  return asked;
}

describe.each(Object.keys(networks) as NetworkName[])("%s", (name) => {
  // What float32 weights and float32 sums are apart from float64 ones, for scores of at most some tens.
  const most = 1e-5;

  test.each(["f32", "f64"] as const)("trained in %s, the graph computes what classify does", async (dtype) => {
    // In front of a norm a bias stays 0, as its gradient is.
    const network = replaced(await model(name, dtype), "b1", (value) => value + 0.1);
    const classified = await gradusProbabilities(network, test100);
    for (const batchNorm of ["fold", "keep"] as const) {
      const { probabilities, label } = run(encodeOnnx(network, { batchNorm }));
      expect(probabilities.shape).toEqual([count, 10]);
      expect(largestDifference(probabilities.values, classified), batchNorm).toBeLessThan(most);
      expect([...label.values]).toEqual(labelsOf(classified, 10));
    }
  });

  test("the classes that a kept norm needs are in the file, and a folded one leaves none", async () => {
    const network = await model(name, "f32");
    const kinds = (batchNorm: "fold" | "keep") =>
      readOnnx(encodeOnnx(network, { batchNorm })).nodes.map(({ kind }) => kind);
    const norms = Object.keys(network.weights).filter((weight) => weight.startsWith("mean")).length;
    expect(kinds("keep").filter((kind) => kind === "BatchNormalization")).toHaveLength(norms);
    // Around the layer into which a norm after the activation would go, a shortcut leads.
    if (name === "shortcuts, norm after the ReLU") return expect(kinds("fold")).toEqual(kinds("keep"));
    expect(kinds("fold")).not.toContain("BatchNormalization");
    expect(kinds("fold")).toEqual(kinds("keep").filter((kind) => kind !== "BatchNormalization"));
  });
});

test("several models are one graph, with the mean of their probabilities", async () => {
  const names = ["softmax regression", "GELUs and shortcuts", "3 layers, norm after the ReLU"] as const;
  const several = await Promise.all(names.map((name) => model(name, "f32")));
  const alone = await Promise.all(several.map((network) => gradusProbabilities(network, test100)));
  const mean = meanProbabilities(alone);
  const file = encodeOnnx(several);
  const { probabilities, label } = run(file);
  expect(largestDifference(probabilities.values, mean)).toBeLessThan(1e-5);
  expect(largestDifference(mean, alone[0])).toBeGreaterThan(0.01);
  expect([...label.values]).toEqual(labelsOf(mean, 10));
  expect(readOnnx(file).metadata).toMatchObject({ models: "3", dataset: "cifar-10" });
  expect(readOnnx(encodeOnnx([several[0]]))).toEqual(readOnnx(encodeOnnx(several[0])));
});

describe("a norm that is folded wrongly shows", () => {
  const changes: [what: string, change: (model: Model) => Model][] = [
    ["its mean", (model) => replaced(model, "mean1", () => 0)],
    ["its variance", (model) => replaced(model, "variance1", (v) => v ** 2)],
    ["its gain", (model) => replaced(model, "gamma1", () => 1)],
    ["its offset", (model) => replaced(model, "beta1", () => 0)],
    ["the second one's offset", (model) => replaced(model, "beta2", () => 0)],
    ["its place", (model) => ({ ...model, batchNorm: { ...model.batchNorm!, place: otherPlace(model) } })],
    ["its eps", (model) => ({ ...model, batchNorm: { ...model.batchNorm!, eps: 0.1 } })],
  ];
  const places = ["3 layers, norm before the ReLU", "3 layers, norm after the ReLU"] as const;
  test.each(places)("%s", async (name) => {
    const network = await model(name, "f64");
    const classified = await gradusProbabilities(network, test100);
    for (const [what, change] of changes) {
      for (const batchNorm of ["fold", "keep"] as const) {
        const { probabilities } = run(encodeOnnx(change(network), { batchNorm }));
        expect(largestDifference(probabilities.values, classified), `${what}, ${batchNorm}`).toBeGreaterThan(1e-3);
      }
    }
  });
});

test("the file says what it is", async () => {
  const { classes, ...network } = await model("2 layers", "f32");
  const names = [...classes.slice(0, 9), "naïve ☃"];
  const { nodes: _nodes, constants, ...description } = readOnnx(encodeOnnx({ ...network, classes: names }));
  expect(description).toEqual({
    irVersion: 8,
    opset: 17,
    producer: "gradus",
    metadata: { classes: JSON.stringify(names), dataset: "cifar-10", dtype: "f32", shape: "[3,32,32]" },
    signature: [
      ["images", 2, ["batch", 3072]],
      ["probabilities", 1, ["batch", 10]],
      ["label", 7, ["batch"]],
    ],
  });
  expect(Object.fromEntries(Object.entries(constants).map(([name, { shape }]) => [name, shape]))).toEqual({
    scale: [3072],
    shift: [3072],
    W1: [20, 3072],
    b1: [20],
    W2: [10, 20],
    b2: [10],
  });
});

function replaced(model: Model, name: string, change: (value: number) => number): Model {
  const { shape, values } = model.weights[name];
  return { ...model, weights: { ...model.weights, [name]: { shape, values: values.map(change) } } };
}

function otherPlace({ batchNorm }: Model): "before-relu" | "after-relu" {
  return batchNorm?.place === "before-relu" ? "after-relu" : "before-relu";
}
