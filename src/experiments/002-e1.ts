import type { Published } from "./experiment.ts";

export const published002E1: Published = {
  id: "002-E1",
  title: "Relative errors for 10, 20 and 30 examples",
  reported: {
    rows: [
      { examples: 10, W1: 5.8156e-7, b1: 1.2866e-7, W2: 1.2639e-9, b2: 1.0594e-10 },
      { examples: 20, W1: 7.6248e-7, b1: 1.4993e-7, W2: 1.4795e-9, b2: 2.0207e-10 },
      { examples: 30, W1: 1.3399e-6, b1: 2.6862e-7, W2: 2.1623e-9, b2: 3.0972e-10 },
    ],
  },
  shows: "a table of relative errors; no check with batch normalisation, which the assignment asks for.",
  unstated: [{ what: "h and dimensions", taken: "1e-5, as in the code; 20 dimensions" }],
  fault:
    "Nothing was checked with batch normalisation, which the assignment asks for: that is how an overwritten layer " +
    "went unseen.",
  variants: [
    {
      name: "as-intended",
      kind: "gradient-check",
      problem: { layers: 2, lambda: 0, dimensions: 20, examples: [10, 20, 30], hidden: 50, step: { centred: 1e-5 } },
      difference: "centred",
      measure: "maxRelative",
      bound: 1e-5,
      because: "the report has up to 1.3e-6, with an eps of 0: rounding leaves 1e-10, the smallest entries are 1e-4",
    },
  ],
};
