import type { Published } from "./experiment.ts";

export const published000E1: Published = {
  id: "000-E1",
  title: "Analytic against centred differences",
  reported: { maxAbsolute: { W1: 3.9846e-11, b1: 2.9749e-11, W2: 3.3175e-11, b2: 3.2699e-11 } },
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
      difference: "centred",
      measure: "maxAbsolute",
      bound: 1e-9,
      because:
        "the report asks for 1e-5; rounding of a centred difference with h 1e-5 in double precision leaves some 1e-11",
    },
  ],
};
