import type { Published } from "./experiment.ts";
import { expected, twoLayer, unstatedTwoLayer } from "./two-layer.ts";

export const published000E8: Published = {
  id: "000-E8",
  title: "Final training, n_s 900",
  reported: { testAccuracy: 0.5154 },
  shows: "the test accuracy.",
  unstated: unstatedTwoLayer,
  variants: [
    {
      name: "as-intended",
      kind: "training",
      spec: twoLayer({ name: "000-E8", lambda: 0.00211, halfCycle: 900, cycles: 3, held: 1000 }),
      numbers: [{ ...expected.final, reported: 0.5154 }],
    },
  ],
};
