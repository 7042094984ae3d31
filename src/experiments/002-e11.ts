import { faultWithoutBatchNorm2018, trainings2018, unstatedWithoutBatchNorm2018 } from "./assignment-2018.ts";
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
  unstated: [...unstatedWithoutBatchNorm2018, { what: "lambda", taken: "1.8245e-4, as in the code" }],
  fault: faultWithoutBatchNorm2018,
  variants: trainings2018(settings, {
    intended: [
      { what: "trainLoss", low: 0.9, high: 1.1, because: "four seeds give .98 to 1.04; the report has 1.12" },
      { what: "validationLoss", low: 1.7, high: 1.95, because: "four seeds give 1.81 to 1.88; the report has 1.765" },
    ],
    reported: [
      {
        what: "trainLoss",
        reported: 1.12,
        low: 0.98,
        high: 1.26,
        because:
          "at this rate chance decides the first epochs, the report's own two runs are .7 apart; five seeds give 1.03",
      },
      {
        what: "validationLoss",
        reported: 1.765,
        low: 1.645,
        high: 1.885,
        because: "five seeds give 1.79 to 1.83; see the training loss",
      },
    ],
  }),
};
