import type { Published } from "./experiment.ts";
import { oneLayer, unstatedOneLayer } from "./one-layer.ts";

export const published003E5: Published = {
  id: "003-E5",
  title: "Softmax regression, lambda 1, rate 0.001",
  reported: { testAccuracy: 0.3753 },
  shows: "cost and loss of training and validation images over 40 epochs; the ten rows of the weight matrix as images.",
  unstated: unstatedOneLayer,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: oneLayer({ name: "003-E5", lambda: 1, rate: 0.001 }),
      numbers: [
        {
          what: "testAccuracy",
          reported: 0.3753,
          low: 0.3703,
          high: 0.3803,
          because: "half a point: 10,000 images leave .5 points of sampling error, the order of the images some tenths",
        },
      ],
    },
  ],
};
