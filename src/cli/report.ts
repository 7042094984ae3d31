import { existsSync } from "node:fs";
import path from "node:path";
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
import { checkOutputs, endingOf, writeOutput, writePages } from "./output-file.ts";
import { readInput } from "./read-input.ts";
import { reportMaterial, runReport } from "./run-report.ts";
import { utf8Text } from "./utf8-text.ts";

type Format = "html" | "markdown" | "latex";

interface ReportOptions {
  readonly format?: Format;
  readonly out?: string;
  readonly json?: boolean;
}

const formats: Readonly<Record<string, Format>> = {
  ".html": "html",
  ".htm": "html",
  ".md": "markdown",
  ".tex": "latex",
};

/** `gradus report RECORD|RUN` */
export async function reportCommand(record: string, options: ReportOptions): Promise<void> {
  const console = createConsole(options);
  const { format, file } = placeOf(options);
  await checkOutputs([{ flag: "--out", file: format === "html" ? file : undefined }], record);
  const { run, gradients } = existsSync(record) ? await readRecord(record) : await readKept(record);
  if (format === "html") {
    await writeOutput("--out", file, runReport(run, gradients));
  } else {
    const { text, files } = (format === "markdown" ? markdownReport : latexReport)(reportMaterial(run, gradients));
    await writePages("--out", path.dirname(file), { ...files, [path.basename(file)]: text });
  }
  if (!console.json) console.say(`wrote ${file}`);
  conclude(console, { written: file }, checkFault(gradients));
}

/** The document's file, and its format: what its ending says, where it has one. @throws Fault `usage` */
function placeOf({ format, out }: ReportOptions): { readonly format: Format; readonly file: string } {
  const names: Readonly<Record<Format, string>> = { html: "report.html", markdown: "report.md", latex: "report.tex" };
  const ending = out === undefined ? "" : path.extname(out).toLowerCase();
  const told = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (out !== undefined && told !== undefined) {
    if (format === undefined || format === told) return { format: told, file: out };
    throw new Fault(
      "usage",
      "--format",
      `${format} is not what ${out} ends in`,
      "leave out --format, or name a folder",
    );
  }
  const isFile = format === undefined || format === "html";
  if (out !== undefined && isFile && ending !== "") endingOf("--out", out, Object.keys(formats));
  if (isFile) return { format: "html", file: out ?? names.html };
  return { format, file: path.join(out ?? "report", names[format]) };
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
