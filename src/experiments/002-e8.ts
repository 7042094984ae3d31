import { fault2018, trainings2018, unstated2018 } from "./assignment-2018.ts";
import type { Published } from "./experiment.ts";

const settings = { name: "002-E8", hidden: [50], batchNorm: true, rate: 0.09, lambda: 1.8245e-4, epochs: 10 };

export const published002E8: Published = {
  id: "002-E8",
  title: "Two layers with batch normalisation, rate .09",
  reported: {
    trainLoss: [1.815, 1.63, 1.55, 1.46, 1.36, 1.317, 1.272, 1.218, 1.17, 1.135],
    validationLoss: [1.862, 1.755, 1.73, 1.695, 1.66, 1.67, 1.677, 1.668, 1.658, 1.653],
  },
  shows: "training and validation loss over 10 epochs.",
  unstated: [...unstated2018, { what: "lambda", taken: "1.8245e-4, as in the code" }],
  fault: fault2018,
  variants: trainings2018(settings, {
    intended: [
      { what: "trainLoss", low: 1.0, high: 1.15, because: "four seeds give 1.07 to 1.09; the report has 1.135" },
      { what: "validationLoss", low: 1.58, high: 1.72, because: "four seeds give 1.64 to 1.66; the report has 1.653" },
    ],
    reported: [
      {
        what: "trainLoss",
        reported: 1.135,
        low: 1.075,
        high: 1.195,
        because: "read off the figure; four seeds give 1.12 to 1.14",
      },
      {
        what: "validationLoss",
        reported: 1.653,
        low: 1.593,
        high: 1.713,
        because: "read off the figure; four seeds give 1.64 to 1.66",
      },
    ],
  }),
};
