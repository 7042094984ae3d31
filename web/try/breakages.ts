import type { Device, Into } from "../../src/math/device.ts";

/** A mistake that people make in a backward pass, put into a device that is right. */
export interface Breakage {
  readonly id: string;
  readonly name: string;
  /** What is left out, as the derivations write it. */
  readonly formula: string;
  readonly broken: (device: Device) => Device;
}

export const breakages: readonly Breakage[] = [
  {
    id: "factor-2",
    name: "Drop the factor 2 of the penalty",
    formula: "dJ/dW = G X^T + lambda W, and not 2 lambda W",
    broken: (device) => ({
      ...device,
      outerProduct: (into, ...of) => device.outerProduct({ ...into, beta: into.beta.map((part) => part / 2) }, ...of),
    }),
  },
  {
    id: "bias",
    name: "Forget the bias",
    formula: "dJ/db stays 0, and is not G 1",
    broken: (device) => ({ ...device, sampleSum: (into, ds) => device.sampleSum(nothing(into), ds) }),
  },
  {
    id: "relu",
    name: "Forget the ReLU on the way back",
    formula: "dJ/ds = dJ/dh, also where s <= 0",
    broken: (device) => ({
      ...device,
      reluGradient(ds, dh) {
        if (ds !== dh) device.combine({ target: ds, base: ds, alpha: ones(ds), beta: zeros(ds) }, dh);
      },
    }),
  },
  {
    id: "mean",
    name: "Sum over the examples in place of their mean",
    formula: "G = P - Y, and not (P - Y) / n",
    broken: (device) => ({
      ...device,
      softmaxCrossEntropyGradient(ds, p, labels) {
        device.softmaxCrossEntropyGradient(ds, p, labels);
        const n = ds.shape[2];
        device.combine({ target: ds, base: ds, alpha: ones(ds).map(() => n - 1), beta: ones(ds) }, ds);
      },
    }),
  },
  {
    id: "sign",
    name: "Turn a sign around",
    formula: "G = (Y - P) / n: steps go uphill",
    broken: (device) => ({
      ...device,
      softmaxCrossEntropyGradient(ds, p, labels) {
        device.softmaxCrossEntropyGradient(ds, p, labels);
        device.combine({ target: ds, base: ds, alpha: ones(ds).map(() => -2), beta: ones(ds) }, ds);
      },
    }),
  },
  {
    id: "batch-norm",
    name: "Take the batch's mean and variance for constants",
    formula: "dJ/ds = gamma r G, without the two sums of the derivation; shows with batch normalisation",
    broken: (device) => ({
      ...device,
      batchNormGradient(ds, dy, _normalised, variance, gamma, eps) {
        const zero = device.tensor(variance.shape);
        device.normalise(ds, dy, { mean: zero, variance }, gamma && { gamma, beta: zero }, eps);
      },
    }),
  },
];

function nothing(into: Into): Into {
  return { ...into, alpha: into.alpha.map(() => 0), beta: into.beta.map(() => 0) };
}

function ones({ shape }: { readonly shape: readonly number[] }): Float64Array {
  return new Float64Array(shape[0]).fill(1);
}

function zeros({ shape }: { readonly shape: readonly number[] }): Float64Array {
  return new Float64Array(shape[0]);
}
