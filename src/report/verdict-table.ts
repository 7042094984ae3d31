import type { Experiment } from "../experiments/experiment.ts";
import { reportedNumbers } from "../experiments/reported-number.ts";
import { departures, type Verdict, verdict } from "../experiments/verdict.ts";
import type { RunDocument } from "../record/run-document.ts";
import { intervalText } from "./accuracy-text.ts";
import { acceptedText, obtainedText, publishedText, unitOf } from "./reported-text.ts";
import { nothing, type TextRow, type TextTable } from "./text-table.ts";

/** What the report printed beside what the run obtained. */
export function verdictTable(experiment: Experiment, run: RunDocument): TextTable {
  const verdicts = verdict(experiment, run);
  const units = new Set(verdicts.map(({ what }) => unitOf(what)));
  // A unit common to all rows stands in the header, else each row has its own.
  const unit = units.size === 1 ? ` (${[...units][0]})` : "";
  return {
    caption: `Reported against obtained: ${experiment.id}`,
    columns: [
      { header: "number", kind: "text" },
      { header: `reported${unit}`, kind: "number" },
      { header: `obtained${unit}`, kind: "number" },
      { header: `95 % interval${unit}`, kind: "range" },
      { header: `accepted${unit}`, kind: "range" },
      { header: "verdict", kind: "text" },
    ],
    groups: [
      { rows: verdicts.map((verdict) => verdictRow(verdict, run, unit === "" ? ` (${unitOf(verdict.what)})` : "")) },
    ],
    notes: [
      ...departures(experiment, run).map(
        ({ key, published, taken }) =>
          `Not the experiment's setting, so the accepted ranges need not hold: ${key} is ${taken ?? "absent"} instead of ${published ?? "absent"}.`,
      ),
      ...verdicts.map(
        (verdict) =>
          `Why ${acceptedText(verdict)} ${unitOf(verdict.what)} for the ${reportedNumbers[verdict.what].name}: ${verdict.because}.`,
      ),
    ],
    explanations: [],
  };
}

function verdictRow(verdict: Verdict, run: RunDocument, unit: string): TextRow {
  const { what, reported, obtained, passed } = verdict;
  const { name, metric, part } = reportedNumbers[what];
  const word = passed ? "within range" : run.state === "diverged" ? "diverged" : "outside range";
  const counted = obtained !== undefined && metric === "accuracy"; // a loss is no fraction of the images
  return {
    cells: [
      `${name}${unit}`,
      reported === undefined ? nothing : publishedText(what, reported),
      obtained === undefined ? nothing : obtainedText(what, obtained),
      counted ? intervalText(obtained, part, run.examples[part]) : nothing,
      acceptedText(verdict),
      obtained === undefined ? "not measured" : word,
    ],
    tone: passed ? "good" : "bad",
  };
}
