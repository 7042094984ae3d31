import { asIntended2018, asReported2018, differs2018, fault2018, unstated2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E7", hidden: [50], batchNorm: false, rate: 0.001, lambda: 1.8245e-4, epochs: 10 };

export const published002E7: Published = {
  id: "002-E7",
  title: "Two layers without batch normalisation, rate .001",
  reported: {
    trainLoss: [2.291, 2.2707, 2.259, 2.252, 2.2467, 2.2427, 2.2392, 2.2365, 2.2343, 2.2325],
    validationLoss: [2.292, 2.2738, 2.2635, 2.2571, 2.2524, 2.2484, 2.2452, 2.2427, 2.2405, 2.2389],
  },
  shows: "training and validation loss over 10 epochs.",
  unstated: [...unstated2018, { what: "lambda", taken: "1.8245e-4, as in the code" }],
  fault: fault2018,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: asIntended2018(settings),
      numbers: [
        { what: "trainLoss", low: 2.25, high: 2.31, because: "from weights this small a rate of .001 hardly begins" },
      ],
    },
    {
      name: "as-reported",
      differs: differs2018,
      kind: "training",
      spec: asReported2018(settings),
      numbers: [
        { what: "trainLoss", reported: 2.2325, low: 2.192, high: 2.272, because: "read off the figure" },
        { what: "validationLoss", reported: 2.2389, low: 2.199, high: 2.279, because: "read off the figure" },
      ],
    },
  ],
};
