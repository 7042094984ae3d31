import path from "node:path";
import { experiment004E2 } from "../experiments/004-e2.ts";
import { divergenceFault } from "../lab/divergence-fault.ts";
import { withStore } from "../lab/open-store.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { gradientTable } from "../report/gradient-table.ts";
import { headline } from "../report/headline.ts";
import { resultsTable } from "../report/results-table.ts";
import { verdictTable } from "../report/verdict-table.ts";
import { checkFault, firstPixels, runCheck } from "./check.ts";
import { checkpointRhythm } from "./checkpoint-flags.ts";
import { conclude, createConsole } from "./console.ts";
import { fetchData } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";
import { trainKept } from "./train-kept.ts";

/** `gradus start`: the reports' reference run from nothing to a report. */
export async function start(options: { report: string; json?: boolean; quiet?: boolean }): Promise<void> {
  const console = createConsole(options);
  await checkOutputs([{ flag: "--report", file: options.report, endings: [".html", ".htm"] }]);
  const experiment = experiment004E2;

  const check = await interruptible("start", async (signal) => {
    const { folder } = await fetchData(console, signal);
    console.say(`CIFAR-10 is in ${folder}, verified.\n`);

    const check = await runCheck("auto", { data: await firstPixels(20, 10) });
    console.table(gradientTable(check));
    console.say("");
    const failure = checkFault(check);
    if (failure !== undefined) throw failure;
    return check;
  });
  console.say(`Training ${experiment.id}: ${experiment.title}.`);
  const newRun = { spec: parseSpec(experiment.spec), experiment: experiment.id };
  const run = await withStore((store) => trainKept("start", store, newRun, console, checkpointRhythm({})));

  const { document } = run;
  console.say(`${headline(document, experiment).text}\n`);
  console.table(resultsTable(document));
  console.say("");
  console.table(verdictTable(experiment, document));
  console.say("");
  const { runReport } = await import("./run-report.ts");
  await writeOutput("--report", options.report, runReport(document, check));
  console.say(`The report is in ${path.resolve(options.report)}`);
  conclude(console, document, divergenceFault(document));
}
