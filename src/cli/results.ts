import type { Experiment } from "../experiments/experiment.ts";
import type { KeptTraining } from "../lab/train-and-keep.ts";
import { consoleHeadline, consoleResults, consoleVerdict } from "../report/console-summary.ts";
import type { Console } from "./console.ts";

/** Says what a run came to, for people. */
export function sayResults(
  console: Console,
  { document, run }: KeptTraining,
  { experiment, isKept = true }: { readonly experiment?: Experiment | undefined; readonly isKept?: boolean } = {},
): void {
  if (console.json) return;
  console.say(consoleHeadline(document, experiment));
  console.say(`\n${consoleResults(document)}`);
  if (experiment !== undefined) console.say(`\n${consoleVerdict(experiment, document)}`);
  if (isKept) console.say(`\nkept as ${run.id}`);
}
