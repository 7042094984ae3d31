import { asIntended2018, asReported2018, differs2018, fault2018, unstated2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E2", hidden: [50, 30], batchNorm: false, rate: 0.1, lambda: 1e-4, epochs: 10 };

export const published002E2: Published = {
  id: "002-E2",
  title: "Three layers without batch normalisation",
  reported: {
    trainLoss: [2.186, 2.108, 2.104, 2.085, 2.042, 2.025, 2.018, 2.013, 2.006, 2.008],
    validationLoss: [2.222, 2.152, 2.148, 2.137, 2.098, 2.086, 2.081, 2.074, 2.067, 2.071],
  },
  shows: "training and validation loss over 10 epochs.",
  unstated: unstated2018,
  fault: fault2018,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: asIntended2018(settings),
      numbers: [
        {
          what: "trainLoss",
          low: 1.9,
          high: 2.31,
          because: "from weights this small three layers hardly begin to learn in ten epochs",
        },
      ],
    },
    {
      name: "as-reported",
      differs: differs2018,
      kind: "training",
      spec: asReported2018(settings),
      numbers: [
        { what: "trainLoss", reported: 2.008, low: 1.93, high: 2.09, because: "read off the figure" },
        { what: "validationLoss", reported: 2.071, low: 1.99, high: 2.15, because: "read off the figure" },
      ],
    },
  ],
};
