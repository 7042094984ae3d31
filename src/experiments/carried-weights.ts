import { largestOf, smallestOf } from "../math/extremes.ts";
import type { Claim, SearchRow } from "./experiment.ts";

// What tells a search whose trials were trainings of their own from one that carried its weights from trial to trial,
// beside the climb.

/** Carried: the images are learned by heart. */
export const firstIsBest: Claim = {
  text: "no later row has the validation accuracy of the first",
  holds: ([first, ...others]) =>
    others.length > 0 && others.every((row) => row.validationAccuracy < first.validationAccuracy),
  because: "every row after it is overfitted further; only the first is a result of its lambda",
};

/** Their own: penalties below 1e-3 do not matter. */
export const lambdaDecidesLittle: Claim = {
  text: "all training accuracies lie within 3 points, all validation accuracies within 2.5",
  holds: (rows) => spread(rows, "trainAccuracy") < 0.03 && spread(rows, "validationAccuracy") < 0.025,
  because:
    "thirty runs that only chance tells apart, with a deviation of .43 points, lie within 1.8, seldom within 2.5",
};

function spread(rows: readonly SearchRow[], what: "trainAccuracy" | "validationAccuracy"): number {
  const values = rows.map((row) => row[what]);
  return largestOf(values) - smallestOf(values);
}
