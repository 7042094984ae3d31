import { asIntended2018, asReported2018, differs2018, fault2018, unstated2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E3", hidden: [50, 30], batchNorm: true, rate: 0.1, lambda: 1e-4, epochs: 50 };

export const published002E3: Published = {
  id: "002-E3",
  title: "Three layers with batch normalisation",
  reported: {
    trainLoss: { 1: 2.49, 2: 1.95, 5: 1.75, 8: 1.69, 50: 1.675 },
    validationLoss: { 1: 2.49, 2: 1.97, 5: 1.84, 8: 1.81, 50: 1.806 },
  },
  shows: "training and validation loss over 50 epochs.",
  unstated: unstated2018,
  fault: `${fault2018} Fifty epochs are compared with the ten without batch normalisation.`,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: asIntended2018(settings),
      numbers: [
        { what: "trainLoss", low: 0.5, high: 1.2, because: "normalised, three layers learn at a rate of .1" },
        { what: "testAccuracy", low: 0.41, high: 0.47, because: "what three small layers reach on 10,000 images" },
      ],
    },
    {
      name: "as-reported",
      differs: differs2018,
      kind: "training",
      spec: asReported2018(settings),
      numbers: [
        { what: "trainLoss", reported: 1.675, low: 1.6, high: 1.75, because: "read off the figure" },
        { what: "validationLoss", reported: 1.806, low: 1.73, high: 1.88, because: "read off the figure" },
      ],
    },
  ],
};
