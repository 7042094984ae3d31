import type { Published } from "./experiment.ts";
import { expected, twoLayer, unstatedTwoLayer } from "./two-layer.ts";

export const published004E6: Published = {
  id: "004-E6",
  title: "Final training, lambda 1.668e-3",
  reported: { testAccuracy: 0.512 },
  shows: "loss, cost and accuracy of training and validation images against the update step.",
  unstated: unstatedTwoLayer,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: twoLayer({ name: "004-E6", lambda: 1.668e-3, halfCycle: 980, cycles: 3, held: 1000 }),
      numbers: [{ ...expected.final, reported: 0.512 }],
    },
  ],
};
