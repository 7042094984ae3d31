import { numberText } from "../plot/number-text.ts";
import type { PairedDifference } from "../stats/paired-accuracy.ts";
import type { TextTable } from "./text-table.ts";

/** A run against the first one, on the same test images. */
export interface Paired {
  readonly run: string;
  readonly found: PairedDifference;
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
        rows: others.map(({ run, found }) => ({
          cells: [
            run,
            numberText(found.onlyFirst, "count"),
            numberText(found.onlySecond, "count"),
            points(found.difference),
            `${points(found.low)} to ${points(found.high)}`,
            found.p < 1e-4 ? found.p.toExponential(1) : found.p.toFixed(4),
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
