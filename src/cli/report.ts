import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { findPublished } from "../experiments/catalogue.ts";
import { Fault } from "../fault/fault.ts";
import { withExistingStore, withRunOrFile } from "../lab/open-store.ts";
import { reportCheck } from "../lab/report-check.ts";
import { parseRunDocument } from "../record/parse-run-document.ts";
import { htmlDocument } from "../report/html-report.ts";
import { latexDocument } from "../report/latex-report.ts";
import { markdownDocument } from "../report/markdown-report.ts";
import { wordsOf } from "../report/own-words.ts";
import { type ReportContent, reportContent } from "../report/report-content.ts";
import { typstDocument } from "../report/typst-report.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { checkFault } from "./check.ts";
import { conclude, createConsole } from "./console.ts";
import { checkOutputs, endingOf, writeOutput, writePages } from "./output-file.ts";
import { readInput } from "./read-input.ts";
import { chosenRuns, contentOf, reportedStudy } from "./report-of.ts";
import { reportMaterial } from "./run-report.ts";
import { loadTypst, typstPdf } from "./typst-pdf.ts";
import { utf8Text } from "./utf8-text.ts";

type Format = "html" | "markdown" | "latex" | "pdf";

interface ReportOptions {
  readonly tag?: readonly string[];
  readonly study?: readonly string[];
  readonly title?: string;
  readonly author?: string;
  readonly format?: Format | "md" | "tex";
  readonly out?: string;
  readonly json?: boolean;
}

const formats: Readonly<Record<string, Format>> = {
  ".html": "html",
  ".htm": "html",
  ".md": "markdown",
  ".tex": "latex",
  ".pdf": "pdf",
};

/** What a report says, when its runs were made, and whether their gradients are right. */
interface Written {
  readonly content: ReportContent;
  readonly day: string;
  readonly failure: Fault | undefined;
}

/** `gradus report RUN...|EXPERIMENT...|RECORD` */
export async function reportCommand(references: readonly string[], options: ReportOptions): Promise<void> {
  const console = createConsole(options);
  const { format, file } = placeOf(options);
  const record = references.find((reference) => existsSync(reference));
  await checkOutputs([{ flag: "--out", file: format === "html" ? file : undefined }], record);
  const typst = format === "pdf" ? loadTypst() : undefined;
  const { content, day, failure } = await write(references, record, options, console.say);
  // A PDF's words are those of the document that it is made from.
  const source = typst === undefined ? file : file.replace(/\.pdf$/i, ".typ");
  const words = existsSync(source) ? wordsOf(await readFile(source, "utf8")) : new Map<string, string>();
  if (format === "html") {
    await writeOutput("--out", file, htmlDocument(content, words));
  } else {
    const document = documents[format](content, words, day);
    const pdf = typst && { [path.basename(file)]: typstPdf(typst, document, day, source) };
    const files = { ...document.files, [path.basename(source)]: document.text, ...pdf };
    await writePages("--out", path.dirname(file), files);
  }
  if (!console.json) console.say(`wrote ${file}`);
  conclude(console, { written: file }, failure);
}

/** Documents with figures beside them; a PDF is made from its Typst document. */
const documents = {
  markdown: markdownDocument,
  latex: latexDocument,
  pdf: typstDocument,
} as const;

/** The document's file, and its format: what its ending says, where it has one. @throws Fault `usage` */
function placeOf(options: ReportOptions): { readonly format: Format; readonly file: string } {
  const { format: named, out } = options;
  const format = named === "md" ? "markdown" : named === "tex" ? "latex" : named;
  const names: Readonly<Record<Format, string>> = {
    html: "report.html",
    markdown: "report.md",
    latex: "report.tex",
    pdf: "report.pdf",
  };
  const ending = out === undefined ? "" : path.extname(out).toLowerCase();
  const endingFormat = Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  if (out !== undefined && endingFormat !== undefined) {
    if (format === undefined || format === endingFormat) return { format: endingFormat, file: out };
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

async function write(
  references: readonly string[],
  record: string | undefined,
  { tag = [], study = [], title, author }: ReportOptions,
  say: (sentence: string) => void,
): Promise<Written> {
  const headed = (content: ReportContent): ReportContent => ({
    ...content,
    ...(title === undefined ? {} : { title, fullTitle: title }),
    ...(author === undefined ? {} : { kicker: author }),
  });
  if (record !== undefined && references.length + tag.length + study.length > 1) {
    const remedy = "report the file by itself, or name runs that `gradus runs` lists";
    throw new Fault("usage", record, "is a file, and a report of several is made of kept runs", remedy);
  }
  if (record !== undefined) {
    const run = parseRunDocument(record, await readJson(record));
    const gradients = await reportCheck(createMemoryStore(), run.spec);
    const content = headed(reportContent(reportMaterial(run, gradients)));
    return { content, day: run.startedAt.slice(0, 10), failure: checkFault(gradients) };
  }
  if (references.length + tag.length + study.length === 0) {
    const remedy = "name runs, experiments, a --tag that runs have, or a --study";
    throw new Fault("usage", "report", "no run is named", remedy);
  }
  const only = references.length === 1 && tag.length + study.length === 0 && findPublished(references[0]) === undefined;
  const withStore = only
    ? <T>(work: (store: Store) => Promise<T>) => withRunOrFile(references[0], remedy, work)
    : withExistingStore;
  return await withStore(async (store) => {
    const runs = await chosenRuns(store, references, tag, say);
    const studies = [];
    for (const name of new Set(study)) studies.push(await reportedStudy(store, name));
    const { content, checks, day } = await contentOf(store, runs, studies);
    const failure = checks.map(checkFault).find((fault) => fault !== undefined);
    return { content: headed(content), day, failure };
  });
}

async function readJson(file: string): Promise<unknown> {
  const text = utf8Text(await readInput(file, remedy), file);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Fault("spec", file, "is not JSON", remedy, { cause });
  }
}
