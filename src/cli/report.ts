import { existsSync } from "node:fs";
import path from "node:path";
import { findExperiment } from "../experiments/catalogue.ts";
import { Fault } from "../fault/fault.ts";
import { documentOf } from "../lab/kept-runs.ts";
import { withRunOrFile } from "../lab/open-store.ts";
import { parseRunDocument } from "../record/parse-run-document.ts";
import type { RunDocument } from "../record/run-document.ts";
import { latexReport } from "../report/latex-report.ts";
import { markdownReport } from "../report/markdown-report.ts";
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
  const run = existsSync(record) ? parseRunDocument(record, await readJson(record)) : await readKept(record);
  const experiment = findExperiment(run.spec.name);
  const out = options.out ?? (format === "html" ? "report.html" : "report");
  let written = out;
  if (format === "html") {
    await checkOutputs([{ flag: "--out", file: out }], record);
    await writeOutput("--out", out, runReport(run, experiment));
  } else {
    const { text, files } = (format === "markdown" ? markdownReport : latexReport)(reportMaterial(run, experiment));
    const name = format === "markdown" ? "report.md" : "report.tex";
    await writePages("--out", out, { ...files, [name]: text });
    written = path.join(out, name);
  }
  if (!console.json) console.say(`wrote ${written}`);
  conclude(console, { written }, undefined);
}

const remedy = "name a file that `gradus train --record FILE` wrote";

async function readKept(reference: string): Promise<RunDocument> {
  return await withRunOrFile(reference, remedy, async (_store, run) => documentOf(run));
}

async function readJson(file: string): Promise<unknown> {
  const text = utf8Text(await readInput(file, remedy), file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault("spec", file, "is not JSON", remedy, { cause });
  }
}
