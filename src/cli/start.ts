import path from "node:path";
import { experiment004E2 } from "../experiments/004-e2.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { consoleGradients, consoleHeadline, consoleResults, consoleVerdict } from "../report/console-summary.ts";
import { datasetFiles } from "../train/split.node.ts";
import { checkFault, firstPixels, runCheck } from "./check.ts";
import { checkpointRhythm } from "./checkpoint-flags.ts";
import { conclude, createConsole } from "./console.ts";
import { fetchData } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { withStore } from "./lab.ts";
import { checkOutputs, writeOutput } from "./output-file.ts";
import { divergenceFault } from "./perform.ts";
import { runReport } from "./run-report.ts";
import { beginRun } from "./session.ts";

/** `gradus start`: the reports' reference run from nothing to a report. */
export async function start(options: { report: string; json?: boolean; quiet?: boolean }): Promise<void> {
  const console = createConsole(options);
  await checkOutputs([{ flag: "--report", file: options.report }]);
  const experiment = experiment004E2;

  const { check, run } = await interruptible("start", async (signal) => {
    const { folder } = await fetchData(console, signal);
    console.say(`CIFAR-10 is in ${folder}, verified.\n`);

    const check = await runCheck("auto", { data: await firstPixels(20, 10) });
    console.say(`${consoleGradients(check)}\n`);
    const failure = checkFault(check);
    if (failure !== undefined) throw failure;

    console.say(`Training ${experiment.id}: ${experiment.title}.`);
    return { check, run: await kept(signal) };
  });

  async function kept(signal: AbortSignal) {
    const spec = parseSpec(experiment.spec);
    const begun = { spec, data: await datasetFiles(spec.data), experiment: experiment.id };
    return await withStore((store) => beginRun(store, begun, console, { signal, checkpoints: checkpointRhythm({}) }));
  }

  const { document } = run;
  console.say(`${consoleHeadline(document, experiment)}\n`);
  console.say(`${consoleResults(document)}\n`);
  console.say(`${consoleVerdict(experiment, document)}\n`);
  await writeOutput("--report", options.report, runReport(document, experiment, check));
  console.say(`The report is in ${path.resolve(options.report)}`);
  conclude(console, document, divergenceFault(document));
}
