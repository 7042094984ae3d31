import { numberText } from "../plot/number-text.ts";
import type { PairedDifference } from "../stats/paired-accuracy.ts";
import type { TextTable } from "./text-table.ts";

/** A run against the first one, on the same test images. */
export interface Paired {
  readonly run: string;
  readonly comparison: PairedDifference;
}

/** Runs against the first of them, image by image. */
export function pairedTable(first: string, others: readonly Paired[]): TextTable {
  return {
    caption: `Test accuracy against ${first}, image by image`,
    columns: [
      { header: "run", kind: "text" },
      { header: "only the first right", kind: "number" },
      { header: "only this right", kind: "number" },
      { header: "difference (points)", kind: "number" },
      { header: "95 % interval", kind: "range" },
      { header: "p", kind: "number" },
    ],
    groups: [
      {
        rows: others.map(({ run, comparison }) => ({
          cells: [
            run,
            numberText(comparison.onlyFirst, "count"),
            numberText(comparison.onlySecond, "count"),
            points(comparison.difference),
            `${points(comparison.low)} to ${points(comparison.high)}`,
            comparison.p < 1e-4 ? comparison.p.toExponential(1) : comparison.p.toFixed(4),
          ],
        })),
      },
    ],
    notes: [
      "95 % interval: Newcombe's, for paired fractions (Newcombe 1998, method 10). p: McNemar's exact test (McNemar 1947) of the images that only one of the two has right. Like the interval, it is of the images drawn: another seed is another network.",
    ],
    explanations: [],
  };
}

function points(fraction: number): string {
  const text = (100 * fraction).toFixed(2);
  return fraction > 0 ? `+${text}` : text;
}
