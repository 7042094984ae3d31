import { faultWithoutBatchNorm2018, trainings2018, unstatedWithoutBatchNorm2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E9", hidden: [50], batchNorm: false, rate: 0.09, lambda: 1.8245e-4, epochs: 10 };

export const published002E9: Published = {
  id: "002-E9",
  title: "Two layers without batch normalisation, rate .09",
  reported: {
    trainLoss: [1.83, 1.635, 1.518, 1.452, 1.37, 1.315, 1.285, 1.237, 1.19, 1.155],
    validationLoss: [1.872, 1.75, 1.703, 1.69, 1.663, 1.659, 1.67, 1.662, 1.655, 1.652],
  },
  shows: "training and validation loss over 10 epochs.",
  unstated: [...unstatedWithoutBatchNorm2018, { what: "lambda", taken: "1.8245e-4, as in the code" }],
  fault: faultWithoutBatchNorm2018,
  variants: trainings2018(settings, {
    intended: [
      { what: "trainLoss", low: 0.95, high: 1.1, because: "four seeds give 1.02 to 1.04; the report has 1.155" },
      { what: "validationLoss", low: 1.58, high: 1.74, because: "four seeds give 1.65 to 1.67; the report has 1.652" },
    ],
    reported: [
      {
        what: "trainLoss",
        reported: 1.155,
        low: 1.095,
        high: 1.215,
        because: "read off the figure; four seeds give 1.12 to 1.14",
      },
      {
        what: "validationLoss",
        reported: 1.652,
        low: 1.592,
        high: 1.712,
        because: "read off the figure; four seeds give 1.64 to 1.66",
      },
    ],
  }),
};
