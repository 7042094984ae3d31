import { numberText } from "../plot/number-text.ts";
import type { Dimension } from "../search/dimension.ts";
import type { SearchDocument } from "../search/search-document.ts";
import type { SearchResult } from "../search/search-result.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { rangeText as accuracyRange } from "./accuracy-text.ts";
import { rangeText, reportLook } from "./search-table.ts";
import { nothing, type TextTable } from "./text-table.ts";

/** Stages, one a row: how each proposed its trials, in which ranges, and what the best reached. */
export function stagesTable({ document, stages }: SearchResult): TextTable {
  const paths = Object.keys(document.vary);
  return {
    caption: stages.length === 1 ? "What was searched" : "Stages of the search",
    columns: [
      { header: "stage", kind: "text" },
      { header: "sampler", kind: "text" },
      { header: "trials", kind: "number" },
      ...paths.map((path) => ({ header: reportLook.name(path), kind: "text" }) as const),
      { header: "best validation (%)", kind: "number" },
    ],
    groups: [
      {
        rows: stages.map(({ sampler, space, trials, top }, stage) => ({
          cells: [
            String(stage + 1),
            sampler.kind,
            numberText(trials.length, "count"),
            ...paths.map((path) => dimensionText(path, space[path])),
            bestText(trials.find(({ trial }) => trial === top[0])?.accuracy),
          ],
        })),
      },
    ],
    notes: stages.flatMap(({ narrowing }, stage) =>
      narrowing === undefined
        ? []
        : [`Stage ${stage + 1}: ${narrowText(document.stages[stage].narrow, narrowing.from, narrowing.widen)}`],
    ),
    explanations: [],
  };
}

/** In place of the best: from where to where what may be it lies, and how much each parameter matters. */
export function setTable({ document, stages, indistinguishable, order, importance }: SearchResult): TextTable {
  const trials = stages.flatMap((stage) => stage.trials);
  const { trials: set, margin, seedDeviation } = indistinguishable;
  const points = (fraction: number) => numberText(fraction, "fraction");
  return {
    caption:
      set.length === 1
        ? `Trial ${set[0]} alone may be the best of ${order.length}`
        : `${set.length} of ${order.length} trials may be the best`,
    columns: [
      { header: "parameter", kind: "text" },
      { header: "searched", kind: "text" },
      { header: "may be best", kind: "text" },
      ...(importance === undefined ? [] : [{ header: "importance (%)", kind: "number" } as const]),
    ],
    groups: [
      {
        rows: Object.entries(document.vary).map(([path, dimension]) => ({
          cells: [
            reportLook.name(path),
            dimensionText(path, dimension),
            rangeText(
              path,
              set.map((at) => trials[at].setting[path]),
              reportLook,
            ),
            ...(importance === undefined ? [] : [String(Math.round(100 * (importance[path] ?? 0)))]),
          ],
        })),
      },
    ],
    notes: [
      ...(Number.isFinite(margin)
        ? [`What lies less than ${points(margin)} points below the best cannot be told from it (95 %).`]
        : ["From these measurements no trial can be told from the best."]),
      seedDeviation === undefined
        ? "With one seed a setting, what differs from seed to seed is not known: the set rests on there being so few images."
        : `From seed to seed a setting's accuracy differs by ${points(seedDeviation)} points (standard deviation).`,
    ],
    explanations: [],
  };
}

/** What the best reached, what it may be expected to reach where it was not chosen, and on the test images. */
export function curseTable({ expected, order, final }: SearchResult): TextTable | undefined {
  if (expected === undefined) return undefined;
  const row = (...cells: readonly string[]) => ({ cells });
  const points = (fraction: number) => numberText(fraction, "fraction");
  return {
    caption: "The best, where it was chosen and elsewhere",
    columns: [
      { header: `trial ${order[0]}`, kind: "text" },
      { header: "accuracy (%)", kind: "number" },
      { header: "95 % interval", kind: "range" },
    ],
    groups: [
      {
        rows: [
          row("validation images, on which it was picked", points(expected.measured), nothing),
          row(
            "expected on fresh images with fresh seeds",
            points(expected.expected),
            accuracyRange(expected.low, expected.high),
          ),
          ...(final === null
            ? []
            : [
                row(
                  `test images, trained for good on ${numberText(final.trainImages, "count")} images`,
                  points(final.testAccuracy),
                  accuracyRange(...wilsonInterval(final.testAccuracy, final.testImages)),
                ),
              ]),
        ],
      },
    ],
    notes: [
      "Picked as the best of many, a measurement is too high on average (the winner's curse): drawn towards the mean of those that may be the best by as much of their spread as is error (Efron 2011).",
    ],
    explanations: [],
  };
}

/** `grid` of `1e-5 to 0.1 (log)`, `10, 40`. */
function dimensionText(path: string, dimension: Dimension): string {
  if (dimension.kind === "choice") return dimension.values.map((value) => reportLook.value(path, value)).join(", ");
  const isLog = dimension.kind === "log" || (dimension.kind === "integer" && dimension.scale === "log");
  const range = `${reportLook.value(path, dimension.low)} to ${reportLook.value(path, dimension.high)}`;
  return isLog ? `${range} (log)` : range;
}

function narrowText(rule: SearchDocument["stages"][number]["narrow"], from: readonly number[], widen: number): string {
  const which =
    rule?.rule === "indistinguishable"
      ? "those that cannot be told from the best"
      : `the best ${from.length} of the stage before (trials ${from.join(", ")})`;
  return `between the smallest and the largest value of ${which}, and ${numberText(widen, "rate")} of a step more on either side.`;
}

function bestText(accuracy: number | undefined): string {
  return accuracy === undefined ? nothing : numberText(accuracy, "fraction");
}
