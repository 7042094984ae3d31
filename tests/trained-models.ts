import type { Dataset } from "../src/data/dataset.ts";
import { createDevice } from "../src/math/select.ts";
import { classify } from "../src/model/classify.ts";
import type { Model } from "../src/model/model.ts";
import { modelOf } from "../src/model/model-of.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { loadSplit } from "../src/train/split.node.ts";
import { outcome, train } from "../src/train/train.ts";

/** The networks that an exported file must agree with. */
export const networks = {
  "softmax regression": { hidden: [] },
  "2 layers": { hidden: [20] },
  "3 layers, norm before the ReLU": { hidden: [20, 15], batchNorm: {} },
  "3 layers, norm after the ReLU": { hidden: [20, 15], batchNorm: { place: "after-relu" } },
  "3 layers, norm as in 2018": {
    hidden: [20, 15],
    batchNorm: { affine: false, layers: "all-but-last", alpha: 0.99, eps: 1e-3 },
  },
  "leaky ReLUs": { hidden: [20, 15], activation: "leaky-relu", slope: 0.1 },
  "tanh, norm before it": { hidden: [20, 15], activation: "tanh", batchNorm: {} },
  "GELUs and shortcuts": { hidden: [20, 20, 20], activation: "gelu", residual: true },
  "shortcuts, norm before the ReLU": { hidden: [20, 20, 20], residual: true, batchNorm: {} },
  "shortcuts, norm after the ReLU": { hidden: [20, 20, 20], residual: true, batchNorm: { place: "after-relu" } },
} as const;

export type NetworkName = keyof typeof networks;

/** Real images: 2,000 to train on, and the first of the test set. */
export async function images(): Promise<{ training: Dataset; test: Dataset }> {
  const spec = parseSpec(specOf("2 layers", "f32"));
  const split = await loadSplit(spec);
  return { training: split.train, test: split.test };
}

/** A network after sixty steps, at a rate that moves everything it learns. */
export async function trained(name: NetworkName, dtype: "f32" | "f64", training: Dataset): Promise<Model> {
  const spec = parseSpec(specOf(name, dtype));
  const { weights } = await outcome(train(spec, { train: training, validation: training, test: training }));
  return modelOf(spec, training, weights[0], dtype);
}

/** Probabilities by Gradus itself. */
export async function gradusProbabilities(model: Model, test: Uint8Array): Promise<Float64Array> {
  const device = await createDevice("wasm", model.dtype);
  try {
    return Float64Array.from(await classify(model, test, device));
  } finally {
    device.close();
  }
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`${a.length} numbers and ${b.length}`);
  return Array.from(a).reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);
}

/** The number of each row's largest value, the first of equals. */
export function labelsOf(probabilities: ArrayLike<number>, classes: number): number[] {
  return Array.from({ length: probabilities.length / classes }, (_, j) => {
    const row = Array.from({ length: classes }, (_, k) => probabilities[j * classes + k]);
    return row.indexOf(Math.max(...row));
  });
}

function specOf(name: NetworkName, dtype: "f32" | "f64") {
  return {
    name,
    data: { limit: { train: 2000, validation: 100 } },
    network: networks[name],
    training: { batch: 50, steps: 60, lambda: 0.001, schedule: { kind: "constant" as const, rate: 0.1 } },
    evaluate: { every: "end" as const, test: false },
    device: "wasm",
    dtype,
  };
}
