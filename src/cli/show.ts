import { departuresOf, identityOf } from "../experiments/identity.ts";
import { documentOf } from "../lab/kept-runs.ts";
import { withRun } from "../lab/open-store.ts";
import { headline } from "../report/headline.ts";
import { resultsTable } from "../report/results-table.ts";
import { runTable } from "../report/run-table.ts";
import { conclude, createConsole } from "./console.ts";

/** `gradus show RUN` */
export async function showCommand(reference: string, options: { readonly json?: boolean }): Promise<void> {
  const console = createConsole(options);
  await withRun(reference, async (_store, run) => {
    if (!console.json) {
      console.table(runTable(run));
      const last = run.training?.series.at(-1);
      if (run.training?.final !== undefined) {
        const document = documentOf(run);
        console.say(`\n${headline(document, identityOf(run)?.experiment).text}\n`);
        console.table(resultsTable(document));
      } else if (last !== undefined) {
        const [train, validation] = [last.train, last.validation].map(({ accuracy }) => (100 * accuracy).toFixed(2));
        console.say(`\nmeasured after update ${last.step}: training ${train} %, validation ${validation} %`);
      }
    }
    const { id, ...others } = run;
    conclude(console, { run: id, ...others, ...departuresOf(run) }, undefined);
  });
}
