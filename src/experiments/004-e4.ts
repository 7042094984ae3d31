import { power } from "../math/elementary/power.ts";
import { largeLambdasLose, sameAccuracies } from "./claims.ts";
import type { Published } from "./experiment.ts";
import { lambdaSearch, unstatedTwoLayer } from "./two-layer.ts";

const rows = [
  { lambda: 1e-5, validationAccuracy: 0.5088 },
  { lambda: 3.73e-5, validationAccuracy: 0.5052 },
  { lambda: 0.000139, validationAccuracy: 0.5176 },
  { lambda: 0.000518, validationAccuracy: 0.5194 },
  { lambda: 0.00193, validationAccuracy: 0.521 },
  { lambda: 0.0072, validationAccuracy: 0.52 },
  { lambda: 0.0268, validationAccuracy: 0.4692 },
  { lambda: 0.1, validationAccuracy: 0.3792 },
];
// logspace(-5, -1, 8)
const lambdas = () => Array.from({ length: 8 }, (_, i) => power(10, -5 + (4 * i) / 7));

export const published004E4: Published = {
  id: "004-E4",
  title: "Coarse search: 8 lambdas from 1e-5 to 1e-1",
  reported: { rows },
  shows: "a table of the eight lambdas and their accuracies.",
  unstated: [...unstatedTwoLayer, { what: '"accuracy"', taken: "that of the validation images" }],
  variants: [
    {
      name: "as-intended",
      kind: "search",
      get trials() {
        return lambdaSearch({ name: "004-E4", halfCycle: 900, cycles: 2, held: 5000 }, lambdas());
      },
      claims: [sameAccuracies(rows), largeLambdasLose(0.02, 3)],
    },
  ],
};
