import { defaultRng } from "../math/random/numpy-generator.ts";
import { stream, streamKey } from "../math/random/stream.ts";
import type { Architecture } from "../nn/architecture.ts";
import { initialParameters } from "../nn/initialise.ts";
import type { Spec } from "../record/spec.ts";

type InitialParameters = Readonly<Record<string, Float64Array>>;

/** Every random number of one run. */
export interface Randomness {
  /** First values of every parameter, by name. */
  readonly parameters: InitialParameters;
  /** The order of the training images in each epoch; epochs are asked for in order, from 0. */
  order(epoch: number, images: number): Uint32Array;
  /** Which nodes are left out of a step: the key of its streams, whose indices are step and layer, and how many are. */
  readonly dropout: { readonly key: Uint32Array; readonly rate: number };
}

/** Those of runs side by side: runs of one seed begin alike, as those of a search do, and their first values are drawn once. */
export function randomnessOf(specs: readonly Spec[], architecture: Architecture): Randomness[] {
  const drawn = new Map<string, InitialParameters>();
  return specs.map((spec) => randomness(spec, architecture, drawn));
}

/**
 * `streams`: each layer and each epoch has its own stream, so nothing depends on what was drawn before.
 * `numpy`: one generator as in a NumPy script: W1, W2, ... first, then a permutation an epoch. What is left out is streams' in both.
 */
export function randomness(
  spec: Spec,
  architecture: Architecture,
  drawn = new Map<string, InitialParameters>(), // of streams, by what decides them
): Randomness {
  const { seed, network, data } = spec;
  const orderSeed = data.orderSeed ?? seed;
  const dropout = { key: streamKey(seed, "dropout", 2), rate: network.dropout };
  if (spec.random === "streams") {
    const key = JSON.stringify([seed, network.initialise]);
    const parameters =
      drawn.get(key) ?? initialParameters(architecture, network.initialise, (layer) => stream(seed, "weights", layer));
    drawn.set(key, parameters);
    return {
      parameters,
      order: orderOf(data.order, (epoch, images) => stream(orderSeed, "order", epoch).permutation(images)),
      dropout,
    };
  }
  const generator = defaultRng(seed);
  const ordering = data.orderSeed === undefined ? generator : defaultRng(data.orderSeed);
  return {
    parameters: initialParameters(architecture, network.initialise, () => generator),
    order: orderOf(data.order, (_, images) => ordering.permutation(images)),
    dropout,
  };
}

/** What decides a run's mini-batches: runs whose keys are equal see the same images at every step. */
export function batchKey(spec: Spec): string {
  const { data, training, random, seed, network } = spec;
  const order =
    data.order === "sequential"
      ? "sequential"
      : // A NumPy run's own generator has drawn its weights before it draws an order.
        [random, data.orderSeed ?? seed, data.orderSeed === undefined && random === "numpy" ? network : ""];
  const augmented = data.augment === undefined ? [] : [data.augment, data.orderSeed ?? seed];
  return JSON.stringify([data.dataset, data.split, data.preprocess, data.limit, training.batch, order, ...augmented]);
}

function orderOf(order: Spec["data"]["order"], permuted: Randomness["order"]): Randomness["order"] {
  if (order === "permuted") return permuted;
  return (_, images) => Uint32Array.from({ length: images }, (_, index) => index);
}
