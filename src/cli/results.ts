import type { Experiment } from "../experiments/experiment.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { KeptRun } from "../record/run-record.ts";
import { consoleHeadline, consoleResults, consoleVerdict } from "../report/console-summary.ts";
import type { Console } from "./console.ts";

interface Ended {
  readonly document: RunDocument;
  /** Where it is kept; absent where it is not. */
  readonly run?: KeptRun;
}

/** Says what a run came to, for people. */
export function sayResults(console: Console, { document, run }: Ended, experiment?: Experiment): void {
  if (console.json) return;
  console.say(consoleHeadline(document, experiment));
  console.say(`\n${consoleResults(document)}`);
  if (experiment !== undefined) console.say(`\n${consoleVerdict(experiment, document)}`);
  if (run !== undefined) console.say(`\nkept as ${run.id}`);
}
