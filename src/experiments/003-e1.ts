import type { Published } from "./experiment.ts";

export const published003E1: Published = {
  id: "003-E1",
  title: "Relative errors below 1e-6",
  reported: null,
  shows: '"all values < 1e-6", by (ga - gn)/max(eps, |ga| + |gn|) without the absolute value.',
  unstated: [
    { what: "difference", taken: "centred" },
    { what: "dimensions", taken: "20, so that numeric differences stay exact; the report has 3072" },
  ],
  variants: [
    {
      name: "as-intended",
      kind: "gradient-check",
      problem: {
        layers: 1,
        lambda: 0,
        dimensions: 20,
        examples: [100],
        hidden: 1,
        step: { centred: 1e-6 },
        eps: 1e-12,
      },
      difference: "centred",
      measure: "maxRelative",
      bound: 1e-6,
      because: "the report's own threshold, here with the absolute value",
    },
  ],
};
