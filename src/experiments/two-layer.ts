import type { SpecInput } from "../record/spec.ts";
import type { ReportedNumber, Unstated } from "./experiment.ts";

/** What an experiment of assignment 2 sets: 3072-50-10, plain descent, cyclical rate between 1e-5 and 1e-1. */
interface TwoLayer {
  readonly name: string;
  readonly lambda: number;
  /** n_s */
  readonly halfCycle: number;
  readonly cycles: number;
  /** Images held out of all 50,000; data_batch_1 to train and data_batch_2 to validate when absent. */
  readonly held?: number;
  /** Steps between measurements; ten a cycle when absent. */
  readonly every?: number | "end";
}

export function twoLayer({ name, lambda, halfCycle, cycles, held, every = halfCycle / 5 }: TwoLayer): SpecInput {
  return {
    name,
    data: {
      split:
        held === undefined ? { kind: "batches", train: [1], validation: [2] } : { kind: "hold-out", validation: held },
    },
    network: { hidden: [50], initialise: { kind: "fan-in" } },
    training: { batch: 100, lambda, schedule: { kind: "triangular", min: 1e-5, max: 0.1, halfCycle }, cycles },
    evaluate: { every },
  };
}

/** One training for each lambda, measured after its last step only. */
export function lambdaSearch(settings: Omit<TwoLayer, "lambda" | "every">, lambdas: readonly number[]): SpecInput[] {
  return lambdas.map((lambda) => twoLayer({ ...settings, lambda, every: "end" }));
}

/** What no report of assignment 2 states. */
export const unstatedTwoLayer: readonly Unstated[] = [
  { what: "initial weights", taken: "N(0, 1/fan_in), biases 0: the assignment's" },
  { what: "preprocessing", taken: "per-dimension mean and standard deviation of the training images" },
  { what: "order of the mini-batches", taken: "file order, the same in every epoch" },
];

const seeds = "runs that differ only in their seed spread by about 0.4 points, and 10,000 test images add 0.5";

/** The test accuracies that repeated runs of the assignment's protocols have. */
export const expected = {
  oneCycle: { what: "testAccuracy", low: 0.45, high: 0.475, because: seeds },
  threeCycles: { what: "testAccuracy", low: 0.46, high: 0.49, because: seeds },
  final: { what: "testAccuracy", low: 0.505, high: 0.53, because: seeds },
} as const satisfies Record<string, ReportedNumber>;
