import type { SpecInput } from "../record/spec.ts";
import type { Unstated } from "./experiment.ts";

/** What an experiment of assignment 1 sets: softmax regression on data_batch_1, 40 epochs. */
export function oneLayer({ name, lambda, rate }: { name: string; lambda: number; rate: number }): SpecInput {
  return {
    name,
    data: { split: { kind: "batches", train: [1], validation: [2] }, order: "permuted" },
    network: { hidden: [], initialise: { kind: "normal", sigma: 0.01 } },
    training: { batch: 100, lambda, schedule: { kind: "constant", rate }, epochs: 40 },
  };
}

export const unstatedOneLayer: readonly Unstated[] = [
  { what: "order of the mini-batches", taken: "a new permutation before each epoch: the official result's" },
  { what: "initial biases", taken: "0" },
  {
    what: "mini-batches",
    taken: 'n_batch 100; the report says "number of batches", which with 10,000 images is the same',
  },
];
