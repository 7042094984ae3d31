import type { Experiment } from "../experiments/experiment.ts";
import { departures, type Verdict, verdict } from "../experiments/verdict.ts";
import { numberText } from "../plot/number-text.ts";
import type { RunDocument } from "../record/run-document.ts";
import { accuracyNames, intervalText, rangeText } from "./accuracy-text.ts";
import { nothing, type TextRow, type TextTable } from "./text-table.ts";

/** What the report printed beside what the run obtained. */
export function verdictTable(experiment: Experiment, run: RunDocument): TextTable {
  const verdicts = verdict(experiment, run);
  return {
    caption: `Reported against obtained: ${experiment.id}`,
    columns: [
      { header: "number", kind: "text" },
      { header: "reported (%)", kind: "number" },
      { header: "obtained (%)", kind: "number" },
      { header: "95 % interval (%)", kind: "range" },
      { header: "accepted (%)", kind: "range" },
      { header: "verdict", kind: "text" },
    ],
    groups: [{ rows: verdicts.map((one) => verdictRow(one, run)) }],
    notes: [
      ...departures(experiment, run).map(
        ({ key, published, taken }) =>
          `Not the experiment's setting, so the accepted ranges need not hold: ${key} is ${taken ?? "absent"} instead of ${published ?? "absent"}.`,
      ),
      ...verdicts.map(
        ({ what, low, high, because }) =>
          `Why ${rangeText(low, high)} % for the ${accuracyNames[what].name}: ${because}.`,
      ),
    ],
    explanations: [],
  };
}

function verdictRow({ what, reported, obtained, low, high, passed }: Verdict, run: RunDocument): TextRow {
  const { name, part } = accuracyNames[what];
  const said = passed ? "within range" : run.state === "diverged" ? "diverged" : "outside range";
  return {
    cells: [
      name,
      reported === undefined ? nothing : numberText(reported, "fraction"),
      obtained === undefined ? nothing : numberText(obtained, "fraction"),
      obtained === undefined ? nothing : intervalText(obtained, run.examples[part]),
      rangeText(low, high),
      obtained === undefined ? "not measured" : said,
    ],
    tone: passed ? "good" : "bad",
  };
}
