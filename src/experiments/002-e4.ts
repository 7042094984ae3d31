import { exponential } from "../math/elementary/exponential.ts";
import { logarithm } from "../math/elementary/logarithm.ts";
import { largestOf } from "../math/extremes.ts";
import { stream } from "../math/random/stream.ts";
import { asIntended2018, asReported2018, differs2018, fault2018, unstated2018 } from "./assignment-2018.ts";
import type { Claim, Published } from "./experiment.ts";

const pairsPerInterval = 50;
const intervals = [
  { eta: [0.01, 0.7], lambda: [1e-6, 0.1] },
  { eta: [0.08, 0.2], lambda: [4e-5, 3e-3] },
  { eta: [0.07, 0.09], lambda: [5e-5, 3e-4] },
] as const;

// Uniform in the logarithms: drawn once for all.
const settings = () =>
  intervals.flatMap(({ eta, lambda }, interval) => {
    const draw = ([low, high]: readonly [number, number], name: string) =>
      [...stream(1, `002-E4 ${name}`, interval).uniform(logarithm(low), logarithm(high), pairsPerInterval)].map(
        exponential,
      );
    const [rates, lambdas] = [draw(eta, "eta"), draw(lambda, "lambda")];
    return rates.map((rate, i) => ({
      name: "002-E4",
      hidden: [50, 30],
      batchNorm: true,
      rate,
      lambda: lambdas[i],
      epochs: 10,
      every: "end" as const,
    }));
  });

const narrows: Claim = {
  text: "the narrowest interval is no worse on average than the widest",
  holds: (rows) => {
    const [wide, , narrow] = [0, 1, 2].map((i) => rows.slice(i * pairsPerInterval, (i + 1) * pairsPerInterval));
    const mean = (part: typeof rows) => part.reduce((sum, row) => sum + row.validationAccuracy, 0) / part.length;
    return mean(narrow) >= mean(wide);
  },
  because: "each interval was chosen around what the one before found best",
};

const manyAlike: Claim = {
  text: "ten pairs and more lie within 1.2 points of the best: no single pair can be told to be the best",
  holds: (rows) => {
    const best = largestOf(rows.map((row) => row.validationAccuracy));
    return rows.filter((row) => best - row.validationAccuracy <= 0.012).length >= 10;
  },
  because: "seeds spread by .43 points, and 10,000 images by .5",
};

export const published002E4: Published = {
  id: "002-E4",
  title: "Random search of rate and penalty, three nested intervals of 50 pairs",
  reported: { best: { eta: 0.0864, lambda: 1.8245e-4 } },
  shows: "the best pair, and no table.",
  unstated: [
    ...unstated2018,
    { what: "sampling", taken: "uniform in the logarithms, as in the code" },
    { what: "epochs", taken: "10, as in the code" },
    { what: "upper end of lambda in the first interval", taken: ".1 as the report says; the code has .01" },
  ],
  fault: fault2018,
  variants: [
    {
      name: "as-intended",
      kind: "search",
      get trials() {
        return settings().map(asIntended2018);
      },
      claims: [narrows, manyAlike],
    },
    {
      name: "as-reported",
      differs: differs2018,
      kind: "search",
      get trials() {
        return settings().map(asReported2018);
      },
      claims: [narrows, manyAlike],
    },
  ],
};
