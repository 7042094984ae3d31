import type { Published } from "./experiment.ts";
import { expected, twoLayer, unstatedTwoLayer } from "./two-layer.ts";

const { training, ...rest } = twoLayer({ name: "001-E3", lambda: 0.01, halfCycle: 700, cycles: 3 });
const { cycles: _, ...settings } = training;
const stoppedMidCycle = { ...rest, training: { ...settings, epochs: 38 } };

export const published001E3: Published = {
  id: "001-E3",
  title: "Three cycles, n_s 800 asked for, 700 taken",
  reported: { trainAccuracy: 0.7825, validationAccuracy: 0.4465, testAccuracy: 0.4665 },
  shows: "cost, loss and accuracy of training and validation images over 38 epochs.",
  unstated: unstatedTwoLayer,
  fault:
    "38 epochs at n_s 700 are 2.71 cycles: training stops while the rate is .057, where the last updates decide the " +
    "result. By that protocol the training accuracy is 60 to 63 %, and 71 % after three whole cycles; the 78 % " +
    "printed take a penalty of half the weight stated (lambda .005 gives 78.5 % after three cycles of 700).",
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: twoLayer({ name: "001-E3", lambda: 0.01, halfCycle: 800, cycles: 3 }),
      numbers: [
        { ...expected.threeCycles, reported: 0.4665 },
        {
          what: "validationAccuracy",
          reported: 0.4465,
          low: 0.426,
          high: 0.47,
          because: "eight seeds give 45.9 to 46.6 %; two points for what seeds and 10,000 images leave to chance",
        },
        {
          what: "trainAccuracy",
          low: 0.69,
          high: 0.735,
          because: "eight seeds give 70.6 to 71.9 %; the report's 78.25 % is of another penalty",
        },
      ],
    },
    {
      name: "as-reported",
      differs: "n_s 700 and 38 epochs: 2.71 cycles",
      kind: "training",
      spec: stoppedMidCycle,
      numbers: [
        {
          what: "testAccuracy",
          reported: 0.4665,
          low: 0.425,
          high: 0.475,
          because:
            "at a rate of .057 single updates still move the accuracy by points: eight seeds give 42.8 to 44.6 %",
        },
        {
          what: "validationAccuracy",
          reported: 0.4465,
          low: 0.42,
          high: 0.46,
          because: "as for the test images: eight seeds give 42.5 to 44.2 %",
        },
        {
          what: "trainAccuracy",
          reported: 0.7825,
          low: 0.765,
          high: 0.8,
          because: "the reported value and two points; eight seeds give 60 to 63 %",
        },
      ],
    },
  ],
};
