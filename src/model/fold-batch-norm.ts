import { isNormalised } from "../nn/architecture.ts";
import { architectureOf, type Model } from "./model.ts";

/** s = W x + b in float64, and how s goes on: to a ReLU in hidden layers, to the softmax in the last. */
export interface Layer {
  readonly out: number;
  readonly inputs: number;
  readonly W: Float64Array; // [out, inputs]
  readonly b: Float64Array; // [out]
}

/** y = gain x + offset, number by number: what a normalised layer does once its statistics are known. */
interface Normalisation {
  readonly gain: Float64Array;
  readonly offset: Float64Array;
}

/** The layers as they were trained, in float64. */
export function layersOf({ hidden, weights }: Model): Layer[] {
  return Array.from({ length: hidden.length + 1 }, (_, index) => {
    const [W, b] = [weights[`W${index + 1}`], weights[`b${index + 1}`]];
    const [out, inputs] = W.shape;
    return { out, inputs, W: Float64Array.from(W.values), b: Float64Array.from(b.values) };
  });
}

/** The normalisation of a hidden layer (0 is the first); undefined where there is none. */
function normalisationOf(model: Model, index: number): Normalisation | undefined {
  const { batchNorm, weights } = model;
  if (batchNorm === undefined || !isNormalised(architectureOf(model), index)) return undefined;
  const of = (name: string) => weights[`${name}${index + 1}`]?.values;
  const [mean, variance, gamma, beta] = ["mean", "variance", "gamma", "beta"].map(of);
  // gamma (x - mean) / sqrt(variance + eps) + beta = gain x + offset
  const gain = Float64Array.from(variance, (v, i) => (gamma?.[i] ?? 1) / Math.sqrt(v + batchNorm.eps));
  const offset = Float64Array.from(mean, (m, i) => (beta?.[i] ?? 0) - gain[i] * m);
  return { gain, offset };
}

/**
 * The same network without batch normalisation, computed in float64. A norm before the ReLU goes into its own layer, one
 * after it into the next:
 *   gain (W x + b) + offset = (diag(gain) W) x + (gain b + offset)
 *   W (gain h + offset) + b = (W diag(gain)) h + (W offset + b)
 */
export function foldBatchNorm(model: Model): Layer[] {
  const layers = layersOf(model);
  for (const index of model.hidden.keys()) {
    const norm = normalisationOf(model, index);
    if (norm === undefined) continue;
    if (model.batchNorm?.place === "before-relu") layers[index] = behind(layers[index], norm);
    else layers[index + 1] = ahead(layers[index + 1], norm);
  }
  return layers;
}

/** The layer with a normalisation of its result. */
function behind({ out, inputs, W, b }: Layer, { gain, offset }: Normalisation): Layer {
  return {
    out,
    inputs,
    W: W.map((w, at) => gain[Math.floor(at / inputs)] * w),
    b: b.map((value, i) => gain[i] * value + offset[i]),
  };
}

/** The layer with a normalisation of what it reads. */
function ahead({ out, inputs, W, b }: Layer, { gain, offset }: Normalisation): Layer {
  return {
    out,
    inputs,
    W: W.map((w, at) => w * gain[at % inputs]),
    b: b.map((value, i) => {
      const row = W.subarray(i * inputs, (i + 1) * inputs);
      return row.reduce((sum, w, k) => sum + w * offset[k], value);
    }),
  };
}
