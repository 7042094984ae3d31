import { asIntended2018, asReported2018, differs2018, fault2018, unstated2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E11", hidden: [50], batchNorm: false, rate: 0.2, lambda: 1.8245e-4, epochs: 10 };

export const published002E11: Published = {
  id: "002-E11",
  title: "Two layers without batch normalisation, rate .2",
  reported: {
    trainLoss: [2.56, 3.0, 2.07, 1.72, 1.48, 1.385, 1.3, 1.215, 1.165, 1.12],
    validationLoss: [2.65, 3.13, 2.26, 1.96, 1.81, 1.795, 1.775, 1.75, 1.75, 1.765],
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
          low: 0.9,
          high: 1.5,
          because: "the first epochs of so large a rate cost some of what the later ones gain",
        },
      ],
    },
    {
      name: "as-reported",
      differs: differs2018,
      kind: "training",
      spec: asReported2018(settings),
      numbers: [
        { what: "trainLoss", reported: 1.12, low: 1.06, high: 1.18, because: "read off the figure" },
        { what: "validationLoss", reported: 1.765, low: 1.705, high: 1.825, because: "read off the figure" },
      ],
    },
  ],
};
