import type { Experiment } from "../experiments/experiment.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import type { RunDocument } from "../record/run-document.ts";
import { consoleTable, printable } from "./console-table.ts";
import { gradientTable } from "./gradient-table.ts";
import { headline } from "./headline.ts";
import { resultsTable } from "./results-table.ts";
import { verdictTable } from "./verdict-table.ts";

// What the terminal shows of a run: plain text without colour codes and without a line break at the end.

/** The result in one line. */
export function consoleHeadline(run: RunDocument, experiment?: Experiment): string {
  return printable(headline(run, experiment).text);
}

/** Loss, cost and accuracy at the end, on each set of images. */
export function consoleResults(run: RunDocument): string {
  return consoleTable(resultsTable(run));
}

/** What the report printed beside what the run obtained. */
export function consoleVerdict(experiment: Experiment, run: RunDocument): string {
  return consoleTable(verdictTable(experiment, run));
}

/** The gradient table. */
export function consoleGradients(check: GradientCheck): string {
  return consoleTable(gradientTable(check));
}
