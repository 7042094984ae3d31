import type { Published } from "./experiment.ts";

export const published001E1: Published = {
  id: "001-E1",
  title: "Agreement to so many decimals",
  reported: {
    decimals: { passed: 5, failed: 6 },
    mismatchedPercent: 13,
    maxAbsolute: 5.69965034e-6,
    maxRelative: 1.5417e-4,
  },
  shows: "NumPy's assert_almost_equal passes with 5 decimals and fails with 6, for 13 % of the entries.",
  unstated: [
    {
      what: "difference, h, lambda, dimensions and examples",
      taken: "centred as intended, forward as reported; h 1e-5, lambda 0, 20 dimensions, 10 examples",
    },
  ],
  fault:
    "Differences of 6e-6 are those of forward differences, of single precision or of inputs that were not reduced: a " +
    "centred difference would agree to 8 decimals and more.",
  variants: [
    {
      name: "as-intended",
      kind: "gradient-check",
      problem: { layers: 2, lambda: 0, dimensions: 20, examples: [10], hidden: 50 },
      difference: "centred",
      measure: "decimals",
      bound: 8,
      because: "a centred difference in double precision leaves some 1e-11",
    },
    {
      name: "as-reported",
      differs: "forward differences",
      kind: "gradient-check",
      problem: { layers: 2, lambda: 0, dimensions: 20, examples: [10], hidden: 50 },
      difference: "forward",
      measure: "decimals",
      bound: 5,
      because: "a forward difference with h 1e-5 leaves errors of some 1e-6",
    },
  ],
};
