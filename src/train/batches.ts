import type { Mixture, Tensor } from "../math/device.ts";
import type { Activations } from "../nn/activations.ts";
import type { Spec } from "../record/spec.ts";
import { createAugmentation } from "./augmented.ts";
import type { Bench } from "./bench.ts";
import type { Plan } from "./plan.ts";
import type { Randomness } from "./randomness.ts";

/** Which images each update sees; steps are asked for in order, since a generator may be drawn from in order. */
export type Order = (step: number) => {
  readonly rows: Uint32Array; // [batch] of the training images
  readonly next: Uint32Array; // those of the update after it, none where an epoch ends
};

/** `batch` images an update, `stepsPerEpoch` updates from one order of all images. */
export function createOrder({ order }: Randomness, images: number, batch: number, stepsPerEpoch: number): Order {
  let epoch = -1;
  let rows: Uint32Array = new Uint32Array(0);
  return (step) => {
    // A generator that is drawn from in order is brought to where it was.
    while (epoch < Math.floor(step / stepsPerEpoch)) rows = order(++epoch, images);
    const within = step % stepsPerEpoch;
    const ofBatch = (at: number) => rows.subarray(at * batch, (at + 1) * batch);
    return { rows: ofBatch(within), next: within + 1 < stepsPerEpoch ? ofBatch(within + 1) : rows.subarray(0, 0) };
  };
}

/** A population's mini-batch, and what its hidden layers are multiplied with. */
export interface Batches {
  readonly x: Tensor; // [1, dimension, batch], shared
  readonly labels: Tensor; // [1, 1, batch]
  /** One a hidden layer, [members, width, batch]; undefined where nothing is left out. */
  readonly masks: readonly Tensor[] | undefined;
  /** Second labels, where images are mixed. */
  readonly mixture: Mixture | undefined;
  /** Brings in the images of update `step`, changed where the spec wants them changed. */
  load(step: number): void;
  /** Decides which nodes are left out of update `step`. */
  drop(step: number): void;
}

export function createBatches(
  bench: Pick<Bench, "device" | "data" | "train" | "standardisation">,
  spec: Spec, // of a member: they share their batches
  order: Order,
  { batch, stepsPerEpoch }: Pick<Plan, "batch" | "stepsPerEpoch">,
  { hidden }: Activations,
  randomness: readonly Randomness[], // one a member
): Batches {
  const { device, train, standardisation } = bench;
  const augmentation = createAugmentation(device, bench, spec, batch);
  const x = device.batch(train.dimension, batch);
  const labels = device.tensor([1, 1, batch]);
  const masks = spec.network.dropout > 0 ? hidden.map(({ h }) => device.tensor(h.shape)) : undefined;
  const keys = Uint32Array.from(randomness.flatMap(({ dropout }) => [...dropout.key]));
  const rates = Float64Array.from(randomness, ({ dropout }) => dropout.rate);
  return {
    x,
    labels,
    masks,
    mixture: augmentation?.mixture,
    load(step) {
      const { rows, next } = order(step);
      if (augmentation === undefined) device.gather(x, labels, train, rows, standardisation, next);
      else augmentation.gather(x, labels, rows, Math.floor(step / stepsPerEpoch));
    },
    drop(step) {
      masks?.forEach((mask, index) => {
        device.drop(mask, { keys, rates, indices: [step, index + 1] });
      });
    },
  };
}
