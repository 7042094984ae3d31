import type { SpecInput } from "../record/spec.ts";
import type { Unstated } from "./experiment.ts";

/** What an experiment of report 002 sets: the 2018 assignment, with momentum and batch normalisation. */
interface Settings2018 {
  readonly name: string;
  readonly hidden: readonly number[];
  readonly batchNorm: boolean;
  readonly rate: number;
  readonly lambda: number;
  readonly epochs: number;
  readonly every?: number;
}

/** The assignment's protocol: normal weights, velocities and running statistics kept, eps as small as can be. */
export function asIntended2018(settings: Settings2018): SpecInput {
  return spec(settings, {
    initialise: { kind: "normal", sigma: 0.001 },
    batchNorm: { affine: false, alpha: 0.99 },
    velocities: "kept",
  });
}

/** What the report's code did. */
export function asReported2018(settings: Settings2018): SpecInput {
  return spec(settings, {
    initialise: { kind: "uniform", low: 0, high: 0.001 },
    batchNorm: { affine: false, alpha: 0.99, eps: 1e-3, layers: "all-but-last", averages: "reset" },
    velocities: "reset",
  });
}

interface Protocol2018 {
  readonly initialise: NonNullable<SpecInput["network"]>["initialise"];
  readonly batchNorm: NonNullable<SpecInput["network"]>["batchNorm"];
  readonly velocities: "kept" | "reset";
}

function spec(settings: Settings2018, { initialise, batchNorm, velocities }: Protocol2018): SpecInput {
  const { name, hidden, rate, lambda, epochs, every } = settings;
  return {
    name,
    data: { split: { kind: "batches", train: [1], validation: [2] }, preprocess: "centre" },
    network: { hidden: [...hidden], initialise, ...(settings.batchNorm ? { batchNorm } : {}) },
    training: {
      batch: 100,
      lambda,
      schedule: { kind: "step-decay", rate, factor: 0.8 },
      update: { kind: "momentum", rho: 0.9, velocities },
      epochs,
    },
    ...(every === undefined ? {} : { evaluate: { every } }),
  };
}

/** How the report's code differs from the assignment, in a clause. */
export const differs2018 =
  "uniform positive initial weights, velocities and running statistics reset each epoch, eps 1e-3, the last hidden layer's normalised values overwritten";

export const fault2018 =
  "The code draws initial weights uniformly from [0, .001), all positive; it sets velocities and running statistics back " +
  "at every epoch; its eps of 1e-3 is larger than the variances it is added to, which switches the normalisation off; " +
  "and it overwrites the last hidden layer's normalised values with max(0, s), so that in a two-layer network batch " +
  "normalisation never reaches the output.";

export const unstated2018: readonly Unstated[] = [
  { what: "momentum", taken: "rho .9, as in the code" },
  { what: "decay of the learning rate", taken: ".8 after every epoch, as in the code" },
  { what: "mini-batches", taken: "100 images, in file order" },
  { what: "initial weights", taken: "N(0, .001^2), the assignment's; uniform in [0, .001) as reported, from the code" },
  { what: "preprocessing", taken: "x/255 less the training mean, without the standard deviation: code and assignment" },
  { what: "batch normalisation", taken: "the 2018 form, without gamma and beta; averages keep .99" },
];
