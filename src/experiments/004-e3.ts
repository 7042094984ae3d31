import type { Published } from "./experiment.ts";
import { expected, twoLayer, unstatedTwoLayer } from "./two-layer.ts";

export const published004E3: Published = {
  id: "004-E3",
  title: "Three cycles, n_s 800",
  reported: { testAccuracy: 0.4746 },
  shows: "loss, cost and accuracy of training and validation images against the update step.",
  unstated: unstatedTwoLayer,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: twoLayer({ name: "004-E3", lambda: 0.01, halfCycle: 800, cycles: 3 }),
      numbers: [{ ...expected.threeCycles, reported: 0.4746 }],
    },
  ],
};
