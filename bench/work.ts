import { slice } from "../src/data/dataset.ts";
import { preprocessing } from "../src/data/preprocess.ts";
import type { Split } from "../src/data/splits.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import type { Spec } from "../src/record/spec.ts";
import { randomness } from "../src/train/randomness.ts";
import { loadSplit } from "../src/train/split.node.ts";

// The work that all contestants do: steps of gradient descent at a constant rate on data_batch_1, standardised, in file
// order, from the same initial weights. `peers/` has these numbers once more, in the peers' own languages.

/** Images a mini-batch. */
export const batch = 100;
export const dimension = 3072;
export const classes = 10;
export const rate = 0.01;
export const lambda = 0.01;
export const hiddenOf = { two: [50], three: [50, 50] } as const;
export type Depth = keyof typeof hiddenOf;

/** The step, counted from 1, on whose loss all contestants must agree to `lossTolerance`. */
export const checkedStep = 100;
export const lossTolerance = 1e-4;

/** Floating-point operations of a two-layer step's two big products, W1 X and dS1 X^T. */
export const productFlops = 2 * 2 * hiddenOf.two[0] * dimension * batch;

/** The coarse search: 8 penalties from 1e-5 to 1e-1, equally far apart in their logarithm. */
const searchedLambdas = Array.from({ length: 8 }, (_, p) => 10 ** (-5 + (4 * p) / 7));

const endless = Number.MAX_SAFE_INTEGER;

/** A training that only takes steps: never measured, never finished. */
export function stepSpec(depth: Depth): Spec {
  return parseSpec({
    network: { hidden: [...hiddenOf[depth]] },
    training: { batch, lambda, schedule: { kind: "constant", rate }, steps: endless },
    evaluate: { every: endless, test: false },
  });
}

/** The images of every `stepSpec`, all 10,000 of data_batch_1; next to none to validate on. */
export async function stepData(): Promise<Split> {
  const data = await loadSplit(stepSpec("two"));
  return { ...data, validation: slice(data.validation, 0, batch) };
}

/** The searches' members: 45,000 images, two cycles of n_s 900 or the first `steps` of them, measured each epoch. */
export function searchSpecs(device: string, steps: number, lambdas: readonly number[] = searchedLambdas): Spec[] {
  const schedule = { kind: "triangular", min: 1e-5, max: 0.1, halfCycle: 900 } as const;
  return lambdas.map((lambda) =>
    parseSpec({
      data: { split: { kind: "hold-out", validation: 5000 } },
      training: { batch, lambda, schedule, steps },
      device,
      dtype: "f32",
    }),
  );
}

/** Operations of all products of one trial of a search: its steps and its measurements. */
export function trialFlops(steps: number): number {
  const [m] = hiddenOf.two;
  const forward = 2 * m * (dimension + classes); // one image
  const backward = 2 * m * (dimension + 2 * classes);
  const measurements = 1 + Math.ceil(steps / 450); // at the start and after each epoch of 450 steps
  return steps * batch * (forward + backward) + (measurements * 50_000 + 10_000) * forward;
}

/** First values of all parameters as one block: W1 [out, in] row-major, b1, W2, b2, ... */
export function initialWeights(depth: Depth): Float32Array<ArrayBuffer> {
  const widths = [dimension, ...hiddenOf[depth], classes];
  const { parameters } = randomness(stepSpec(depth), { members: 1, widths });
  return Float32Array.from(Object.values(parameters).flatMap((values) => [...values]));
}

/** data_batch_1 as a peer in JavaScript holds it: standardised, [10000, 3072], and one-hot labels [10000, 10]. */
export async function standardisedImages(): Promise<{ images: Float32Array; oneHot: Float32Array }> {
  const { train } = await stepData();
  const { scale, shift } = preprocessing("standardise", train);
  const images = new Float32Array(train.images.length);
  for (let at = 0; at < images.length; at++) {
    images[at] = train.images[at] * scale[at % dimension] + shift[at % dimension];
  }
  const oneHot = new Float32Array(train.count * classes);
  for (let image = 0; image < train.count; image++) oneHot[image * classes + train.labels[image]] = 1;
  return { images, oneHot };
}
