import { asIntended2018, asReported2018, differs2018, fault2018, unstated2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E6", hidden: [50], batchNorm: true, rate: 0.001, lambda: 1.8245e-4, epochs: 10 };

export const published002E6: Published = {
  id: "002-E6",
  title: "Two layers with batch normalisation, rate .001",
  reported: {
    trainLoss: [2.2917, 2.2704, 2.2587, 2.2517, 2.2464, 2.2423, 2.2389, 2.2361, 2.234, 2.2322],
    validationLoss: [2.292, 2.2735, 2.2632, 2.257, 2.2521, 2.2481, 2.2449, 2.2423, 2.2402, 2.2386],
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
        {
          what: "trainLoss",
          low: 1.7,
          high: 2.05,
          because: "normalised for real, the loss falls to about 1.9 even at this rate",
        },
      ],
    },
    {
      name: "as-reported",
      differs: differs2018,
      kind: "training",
      spec: asReported2018(settings),
      numbers: [
        { what: "trainLoss", reported: 2.2322, low: 2.192, high: 2.272, because: "read off the figure" },
        { what: "validationLoss", reported: 2.2386, low: 2.199, high: 2.279, because: "read off the figure" },
      ],
    },
  ],
};
