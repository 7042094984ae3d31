import type { Published } from "./experiment.ts";
import { oneLayer, unstatedOneLayer } from "./one-layer.ts";

export const published003E2: Published = {
  id: "003-E2",
  title: "Softmax regression, lambda 0, rate 0.1",
  reported: { testAccuracy: 0.2956 },
  shows: "cost and loss of training and validation images over 40 epochs; the ten rows of the weight matrix as images.",
  unstated: unstatedOneLayer,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: oneLayer({ name: "003-E2", lambda: 0, rate: 0.1 }),
      numbers: [
        {
          what: "testAccuracy",
          reported: 0.2956,
          low: 0.24,
          high: 0.34,
          because: "a rate of .1 is unstable: from update to update the accuracy moves by points",
        },
      ],
    },
  ],
};
