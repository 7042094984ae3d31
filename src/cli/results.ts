import { identityOf } from "../experiments/identity.ts";
import type { KeptTraining } from "../lab/train-and-keep.ts";
import { headline } from "../report/headline.ts";
import { resultsTable } from "../report/results-table.ts";
import { circumstances } from "../report/run-notes.ts";
import { verdictTable } from "../report/verdict-table.ts";
import type { Console } from "./console.ts";

/** Says what a run came to, for people. */
export function sayResults(console: Console, { document, run }: KeptTraining, isKept = true): void {
  if (console.json) return;
  const experiment = identityOf(document)?.experiment;
  console.say(`${headline(document, experiment).text}\n`);
  console.table(resultsTable(document));
  if (experiment !== undefined) {
    console.say("");
    console.table(verdictTable(experiment, document));
  }
  const notes = circumstances(document);
  if (notes.length > 0) console.say(`\n${notes.join("\n")}`);
  if (isKept) console.say(`\nkept as ${run.id}`);
}
