import type { GradientVariant, Published } from "./experiment.ts";

const problem = { layers: 1, lambda: 0, dimensions: 20, examples: [100], hidden: 1, eps: 1e-12 };
const measured = { kind: "gradient-check", difference: "centred", measure: "maxRelative", bound: 1e-6 } as const;
const because = "the report's own threshold, here with the absolute value";

const asIntended: GradientVariant = {
  name: "as-intended",
  differs: "h 1e-5, where rounding and truncation are both small",
  ...measured,
  problem: { ...problem, step: { centred: 1e-5 } },
  because,
};

const asReported: GradientVariant = {
  name: "as-reported",
  differs: "h 1e-6",
  ...measured,
  problem: { ...problem, step: { centred: 1e-6 } },
  because,
};

export const published003E1: Published = {
  id: "003-E1",
  title: "Relative errors below 1e-6",
  reported: null,
  shows: '"all values < 1e-6", by (ga - gn)/max(eps, |ga| + |gn|) without the absolute value.',
  unstated: [
    { what: "difference", taken: "centred" },
    { what: "dimensions", taken: "20 standard normal inputs, for a short check; the report has 3072" },
  ],
  fault:
    "Without the absolute value every negative error passes, however large. With h 1e-6 rounding leaves some 1e-9 of a " +
    "numeric gradient, more than a millionth of its small entries: a check of every entry does not stay below 1e-6.",
  variants: [asIntended, asReported],
};
