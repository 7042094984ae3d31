import type { Published } from "./experiment.ts";

export const published000E2: Published = {
  id: "000-E2",
  title: "Analytic against forward differences",
  reported: { maxAbsolute: { W1: 1.9299e-7, b1: 1.3112e-7, W2: 6.4177e-7, b2: 5.6976e-7 } },
  shows: "a table of the largest differences, threshold 1e-5.",
  unstated: [
    { what: "h", taken: "1e-5, the assignment's" },
    { what: "lambda", taken: "0, with which the assignment begins" },
  ],
  variants: [
    {
      name: "as-intended",
      kind: "gradient-check",
      problem: { layers: 2, lambda: 0, dimensions: 20, examples: [2], hidden: 50 },
      difference: "forward",
      measure: "maxAbsolute",
      bound: 1e-5,
      because: "the error of a forward difference is of order h: 1e-7 to 1e-6 for h 1e-5",
    },
  ],
};
