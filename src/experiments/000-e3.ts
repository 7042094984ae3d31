import type { Published } from "./experiment.ts";

export const published000E3: Published = {
  id: "000-E3",
  title: "Overfitting 100 examples",
  reported: null,
  shows: 'the loss of training and validation images falls and rises over 200 epochs; it "resulted in overfitting".',
  unstated: [
    { what: "learning rate", taken: ".01, as in the code" },
    { what: "mini-batches", taken: "one of all 100 examples, so one update an epoch" },
    { what: "validation images", taken: "the first 100 of data_batch_2" },
  ],
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: {
        name: "000-E3",
        data: { limit: { train: 100, validation: 100 } },
        network: { hidden: [50], initialise: { kind: "fan-in" } },
        training: { batch: 100, lambda: 0, schedule: { kind: "constant", rate: 0.01 }, epochs: 200 },
        evaluate: { every: 4 },
      },
      numbers: [
        { what: "trainLoss", low: 0.05, high: 0.2, because: "about .1 after 200 updates at this rate, for any seed" },
        { what: "trainAccuracy", low: 0.99, high: 1, because: "all examples are learned by heart" },
      ],
    },
  ],
};
