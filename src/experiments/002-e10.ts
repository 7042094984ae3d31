import { asIntended2018, asReported2018, differs2018, fault2018, unstated2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E10", hidden: [50], batchNorm: true, rate: 0.2, lambda: 1.8245e-4, epochs: 10 };

export const published002E10: Published = {
  id: "002-E10",
  title: "Two layers with batch normalisation, rate .2",
  reported: {
    trainLoss: [2.215, 2.26, 1.89, 1.64, 1.46, 1.42, 1.3, 1.24, 1.17, 1.11],
    validationLoss: [2.31, 2.41, 2.07, 1.89, 1.775, 1.8, 1.765, 1.76, 1.75, 1.748],
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
        { what: "trainLoss", low: 0.8, high: 1.25, because: "what two layers of 50 nodes reach in ten epochs" },
      ],
    },
    {
      name: "as-reported",
      differs: differs2018,
      kind: "training",
      spec: asReported2018(settings),
      numbers: [
        { what: "trainLoss", reported: 1.11, low: 1.05, high: 1.17, because: "read off the figure" },
        { what: "validationLoss", reported: 1.748, low: 1.688, high: 1.808, because: "read off the figure" },
      ],
    },
  ],
};
