import { existsSync } from "node:fs";
import path from "node:path";
import { findExperiment } from "../experiments/catalogue.ts";
import { Fault } from "../fault/fault.ts";
import type { GradientCheck } from "../gradcheck/verdict.ts";
import { documentOf } from "../lab/kept-runs.ts";
import { withRunOrFile } from "../lab/open-store.ts";
import { reportCheck } from "../lab/report-check.ts";
import { parseRunDocument } from "../record/parse-run-document.ts";
import type { RunDocument } from "../record/run-document.ts";
import { latexReport } from "../report/latex-report.ts";
import { markdownReport } from "../report/markdown-report.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { checkFault } from "./check.ts";
import { conclude, createConsole } from "./console.ts";
import { checkOutputs, writeOutput, writePages } from "./output-file.ts";
import { readInput } from "./read-input.ts";
import { reportMaterial, runReport } from "./run-report.ts";
import { utf8Text } from "./utf8-text.ts";

interface ReportOptions {
  readonly format: "html" | "markdown" | "latex";
  readonly out?: string;
  readonly json?: boolean;
}

/** `gradus report RECORD|RUN` */
export async function reportCommand(record: string, options: ReportOptions): Promise<void> {
  const console = createConsole(options);
  const { format } = options;
  const { run, gradients } = existsSync(record) ? await readRecord(record) : await readKept(record);
  const experiment = findExperiment(run.spec.name);
  const out = options.out ?? (format === "html" ? "report.html" : "report");
  let written = out;
  if (format === "html") {
    await checkOutputs([{ flag: "--out", file: out }], record);
    await writeOutput("--out", out, runReport(run, experiment, gradients));
  } else {
    const { text, files } = (format === "markdown" ? markdownReport : latexReport)(
      reportMaterial(run, experiment, gradients),
    );
    const name = format === "markdown" ? "report.md" : "report.tex";
    await writePages("--out", out, { ...files, [name]: text });
    written = path.join(out, name);
  }
  if (!console.json) console.say(`wrote ${written}`);
  conclude(console, { written }, checkFault(gradients));
}

const remedy = "name a file that `gradus train --record FILE` wrote";

/** A run, and the gradients of networks like its own. */
interface Reported {
  readonly run: RunDocument;
  readonly gradients: GradientCheck;
}

async function readKept(reference: string): Promise<Reported> {
  return await withRunOrFile(reference, remedy, async (store, run) => {
    return { run: documentOf(run), gradients: await reportCheck(store, run.spec) };
  });
}

async function readRecord(file: string): Promise<Reported> {
  const run = parseRunDocument(file, await readJson(file));
  return { run, gradients: await reportCheck(createMemoryStore(), run.spec) };
}

async function readJson(file: string): Promise<unknown> {
  const text = utf8Text(await readInput(file, remedy), file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault("spec", file, "is not JSON", remedy, { cause });
  }
}
