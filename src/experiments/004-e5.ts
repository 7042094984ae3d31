import { power } from "../math/elementary/power.ts";
import { hardToTellApart, largeLambdasLose, sameAccuracies } from "./claims.ts";
import type { Published } from "./experiment.ts";
import { lambdaSearch, unstatedTwoLayer } from "./two-layer.ts";

const rows = [
  { lambda: 1e-5, validationAccuracy: 0.5122 },
  { lambda: 2.783e-5, validationAccuracy: 0.5098 },
  { lambda: 7.743e-5, validationAccuracy: 0.5078 },
  { lambda: 0.0002154, validationAccuracy: 0.5112 },
  { lambda: 0.0005995, validationAccuracy: 0.5128 },
  { lambda: 0.001668, validationAccuracy: 0.5224 },
  { lambda: 0.004642, validationAccuracy: 0.5174 },
  { lambda: 0.01292, validationAccuracy: 0.503 },
  { lambda: 0.03594, validationAccuracy: 0.4542 },
  { lambda: 0.1, validationAccuracy: 0.3822 },
];

const settings = { name: "004-E5", halfCycle: 900, cycles: 2, held: 5000 };
const logarithmic = (from: number, range: number) =>
  Array.from({ length: 10 }, (_, i) => power(10, from + (i / 9) * range));
// log10 of 5.18e-4, and of 7.2e-3 / 5.18e-4: written out, so that no engine's logarithm decides a last bit.
const narrowed = () => logarithmic(-3.285670240254767, 1.1430027366860354);
const whole = () => logarithmic(-5, 4);

export const published004E5: Published = {
  id: "004-E5",
  title: "The search called fine",
  reported: { rows, best: { lambda: 1.668e-3, validationAccuracy: 0.5224 } },
  shows: "a table of ten lambdas and their accuracies.",
  unstated: [...unstatedTwoLayer, { what: '"accuracy"', taken: "that of the validation images" }],
  fault:
    "The text says that the range was narrowed to the three best lambdas of the coarse search, 5.18e-4 to 7.20e-3; the ten values listed are logspace(-5, -1, 10), the whole range again.",
  variants: [
    {
      name: "as-intended",
      differs: "ten lambdas between the best of the coarse search, 5.18e-4 to 7.2e-3",
      kind: "search",
      get trials() {
        return lambdaSearch(settings, narrowed());
      },
      claims: [hardToTellApart(5e-4, 7.3e-3, 2.4)],
    },
    {
      name: "as-reported",
      differs: "ten lambdas from 1e-5 to 1e-1",
      kind: "search",
      get trials() {
        return lambdaSearch(settings, whole());
      },
      claims: [sameAccuracies(rows), largeLambdasLose(0.03, 3)],
    },
  ],
};
