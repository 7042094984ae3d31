import { toJson } from "../record/number.ts";
import { encodeSafetensors } from "../record/safetensors.ts";
import { consoleHeadline, consoleResults, consoleVerdict } from "../report/console-summary.ts";
import { seriesCsv } from "../report/csv.ts";
import { conclude, createConsole } from "./console.ts";
import { interruptible } from "./interrupt.ts";
import { checkOutputs, type Output, writeOutput } from "./output-file.ts";
import { divergenceFault, type Performed, perform } from "./perform.ts";
import { readSpec } from "./read-spec.ts";
import { runFigure, runReport } from "./run-report.ts";

interface TrainOptions {
  readonly set?: readonly string[];
  readonly device?: string;
  readonly dtype?: string;
  readonly seed?: string;
  readonly report?: string;
  readonly record?: string;
  readonly figure?: string;
  readonly csv?: string;
  readonly weights?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `gradus train SPEC|EXPERIMENT` */
export async function trainCommand(name: string, options: TrainOptions): Promise<void> {
  const console = createConsole(options);
  const shorthands = (["device", "dtype", "seed"] as const)
    .filter((key) => options[key] !== undefined)
    .map((key) => `${key}=${options[key]}`);
  const { spec, experiment } = await readSpec(name, [...(options.set ?? []), ...shorthands]);

  const outputs: readonly (Output & { readonly content: (run: Performed) => string | Uint8Array })[] = [
    { flag: "--report", file: options.report, content: ({ document }) => runReport(document, experiment) },
    { flag: "--record", file: options.record, content: ({ document }) => `${toJson(document, 2)}\n` },
    { flag: "--figure", file: options.figure, content: ({ document }) => runFigure(document) },
    { flag: "--csv", file: options.csv, content: ({ document }) => seriesCsv(document.series) },
    {
      flag: "--weights",
      file: options.weights,
      content: ({ document: { weightsSha256 }, weights }) => encodeSafetensors(weights, { weightsSha256 }),
    },
  ];
  await checkOutputs(outputs, experiment === undefined ? name : undefined);

  const run = await interruptible("train", (signal) => perform(spec, console, signal));
  const { document } = run;
  if (!console.json) {
    console.say(consoleHeadline(document, experiment));
    console.say(`\n${consoleResults(document)}`);
    if (experiment !== undefined) console.say(`\n${consoleVerdict(experiment, document)}`);
  }
  for (const { flag, file, content } of outputs) {
    if (file === undefined) continue;
    await writeOutput(flag, file, content(run));
    if (!console.json) console.say(`wrote ${file}`);
  }
  conclude(console, document, divergenceFault(document));
}
