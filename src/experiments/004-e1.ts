import type { Published } from "./experiment.ts";

export const published004E1: Published = {
  id: "004-E1",
  title: "Relative errors by norms",
  reported: { W1: 9.94281e-11, b1: 3.59099e-10, W2: 1.00939e-10, b2: 1.58156e-10 },
  shows: "a table of ||ga - gn|| / max(eps, ||ga|| + ||gn||).",
  unstated: [
    { what: "h, dimensions, examples and nodes", taken: "1e-5, 20, 10 and 50" },
    { what: "lambda", taken: "0" },
  ],
  variants: [
    {
      name: "as-intended",
      kind: "gradient-check",
      problem: { layers: 2, lambda: 0, dimensions: 20, examples: [10], hidden: 50, eps: 1e-7 },
      difference: "centred",
      measure: "normRelative",
      bound: 1e-8,
      because: "rounding of a centred difference leaves 1e-10 of the gradient",
    },
  ],
};
