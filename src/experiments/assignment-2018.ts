import type { SpecInput } from "../record/spec.ts";
import type { ReportedNumber, TrainingVariant, Unstated } from "./experiment.ts";

/** What an experiment of report 002 sets: the 2018 assignment, with momentum and batch normalisation. */
interface Settings2018 {
  readonly name: string;
  readonly hidden: readonly number[];
  readonly batchNorm: boolean;
  readonly rate: number;
  readonly lambda: number;
  readonly epochs: number;
  /** Steps between measurements; an epoch when absent. */
  readonly every?: number | "end";
  /** What the report's rate was multiplied by after each epoch, where its figure shows another factor than .8. */
  readonly reportedDecay?: number;
}

/** The assignment's protocol: normal weights, velocities and running statistics kept, eps as small as can be. */
export function asIntended2018(settings: Settings2018): SpecInput {
  return spec(settings, {
    initialise: { kind: "normal", sigma: 0.001 },
    batchNorm: { affine: false, alpha: 0.99 },
    velocities: "kept",
    decay: 0.8,
  });
}

/** What the report's code did. */
export function asReported2018(settings: Settings2018): SpecInput {
  return spec(settings, {
    initialise: { kind: "uniform", low: 0, high: 0.001 },
    batchNorm: { affine: false, alpha: 0.99, eps: 1e-3, layers: "all-but-last", averages: "reset" },
    velocities: "reset",
    decay: settings.reportedDecay ?? 0.8,
  });
}

/** One training by both protocols, each with the numbers it must reach. */
export function trainings2018(
  settings: Settings2018,
  numbers: { readonly intended: readonly ReportedNumber[]; readonly reported: readonly ReportedNumber[] },
): [TrainingVariant, TrainingVariant] {
  return [
    { name: "as-intended", kind: "training", spec: asIntended2018(settings), numbers: numbers.intended },
    {
      name: "as-reported",
      differs: differs(settings),
      kind: "training",
      spec: asReported2018(settings),
      numbers: numbers.reported,
    },
  ];
}

const differsWithoutBatchNorm2018 = "uniform positive initial weights, velocities reset each epoch";

/** How the report's code differs from the assignment, in a clause. */
export const differs2018 = [
  differsWithoutBatchNorm2018,
  "running statistics too, eps 1e-3, the last hidden layer's normalised values overwritten",
].join(", ");

function differs({ batchNorm, reportedDecay }: Settings2018): string {
  const decay = reportedDecay === undefined ? "" : `, the rate times ${reportedDecay} each epoch`;
  return `${batchNorm ? differs2018 : differsWithoutBatchNorm2018}${decay}`;
}

interface Protocol2018 {
  readonly initialise: NonNullable<SpecInput["network"]>["initialise"];
  readonly batchNorm: NonNullable<SpecInput["network"]>["batchNorm"];
  readonly velocities: "kept" | "reset";
  readonly decay: number;
}

function spec(settings: Settings2018, { initialise, batchNorm, velocities, decay }: Protocol2018): SpecInput {
  const { name, hidden, rate, lambda, epochs, every } = settings;
  return {
    name,
    data: { split: { kind: "batches", train: [1], validation: [2] }, preprocess: "centre" },
    network: { hidden: [...hidden], initialise, ...(settings.batchNorm ? { batchNorm } : {}) },
    training: {
      batch: 100,
      lambda,
      schedule: { kind: "step-decay", rate, factor: decay },
      update: { kind: "momentum", rho: 0.9, velocities },
      epochs,
    },
    ...(every === undefined ? {} : { evaluate: { every } }),
  };
}

/** What was wrong where there is no batch normalisation. */
export const faultWithoutBatchNorm2018 =
  "The code draws initial weights uniformly from [0, .001), all positive, where the assignment has N(0, .001^2), and " +
  "sets velocities back to 0 at every epoch.";

/** What was wrong where there is. */
export const fault2018 =
  `${faultWithoutBatchNorm2018} Its eps of 1e-3 is larger than the variances it is added to, which switches the ` +
  "normalisation off; running statistics start anew at every epoch; and the last hidden layer's normalised values are " +
  "overwritten with max(0, s), so that in a two-layer network batch normalisation never reaches the output.";

export const unstatedWithoutBatchNorm2018: readonly Unstated[] = [
  { what: "momentum", taken: "rho .9, as in the code" },
  { what: "decay of the learning rate", taken: ".8 after every epoch, as in the code" },
  { what: "mini-batches", taken: "100 images, in file order" },
  { what: "initial weights", taken: "N(0, .001^2), the assignment's; uniform in [0, .001) as reported, from the code" },
  { what: "preprocessing", taken: "x/255 less the training mean, without the standard deviation: code and assignment" },
];

export const unstated2018: readonly Unstated[] = [
  ...unstatedWithoutBatchNorm2018,
  { what: "batch normalisation", taken: "the 2018 form, without gamma and beta; averages keep .99" },
];
