import { Fault } from "../fault/fault.ts";
import { finalRun } from "../lab/final-run.ts";
import { type KeptStudy, openStudy, requireStudy, studyLog } from "../lab/kept-studies.ts";
import { withStore } from "../lab/open-store.ts";
import { runStudy } from "../lab/run-study.ts";
import { searchCsv } from "../report/search-csv.ts";
import { searchFigures } from "../report/search-figures.ts";
import { searchReport } from "../report/search-report.ts";
import { comparisonTable, searchSentences, topTable } from "../report/search-table.ts";
import { searchResult } from "../search/search-result.ts";
import type { StudyState } from "../search/study-state.ts";
import type { Store } from "../store/store.ts";
import { openTrainer } from "../worker/train-in-thread.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { figureWriter } from "./figure-file.ts";
import { checkpointRequests, interruptible } from "./interrupt.ts";
import { checkOutputs, writeOutput, writePages } from "./output-file.ts";
import { studyMaterial } from "./report-of.ts";
import { isOnPostgres } from "./require-database.ts";
import { type SearchFlags, searchOf } from "./search-document.ts";
import { searchProgress } from "./search-progress.ts";
import { trainingProgress } from "./training-progress.ts";

/** What `--figures` writes of each figure, and a PNG with `--png`. */
const formats = [".svg", ".pdf"];

interface SearchOptions extends SearchFlags {
  readonly attempts?: number;
  readonly packSize?: number;
  readonly final?: string;
  readonly csv?: string;
  readonly report?: string;
  readonly figures?: string;
  readonly png?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Flags that make a search another one. */
const searchFlags = [
  "vary",
  "set",
  "device",
  "dtype",
  "seed",
  "random",
  "sobol",
  "tpe",
  "gaussianProcess",
  "cmaEs",
  "seeds",
  "folds",
  "prune",
  "objectives",
  "enqueue",
  "top",
  "name",
  "fork",
] as const satisfies readonly (keyof SearchFlags)[];

/** `gradus search [SEARCH|SPEC|STUDY]` */
export async function searchCommand(source: string | undefined, options: SearchOptions): Promise<void> {
  const console = createConsole(options);
  const { csv, report, figures } = options;
  const outputs = [
    { flag: "--csv", file: csv, endings: [".csv"] },
    { flag: "--report", file: report, endings: [".html", ".htm"] },
  ];
  await checkOutputs(outputs, source);
  const writers = [...formats, ...(options.png ? [".png"] : [])].map(
    (ending) => [ending, figureWriter("--png", `figure${ending}`)] as const,
  );
  if (options.png && figures === undefined) {
    throw new Fault("usage", "--png", "no folder for figures is named", "give --figures FOLDER too");
  }
  if (options.final !== undefined && (source !== undefined || options.refine !== undefined)) {
    const complaint = `${source ?? "--refine"} is given beside a study to conclude`;
    throw new Fault("usage", "--final", complaint, "leave out one of the two");
  }
  const stray = options.final === undefined ? undefined : searchFlags.find((key) => options[key] !== undefined);
  if (stray !== undefined) {
    const flag = `--${stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const complaint = "is given beside --final, which trains what the study has found";
    throw new Fault("usage", flag, complaint, `leave out ${flag}; the document's final says how it is trained`);
  }
  const { state, page } = await withStore(async (store) => {
    const state = await stateOf(store, source, options, console);
    return { state, page: report === undefined ? undefined : await pageOf(store, state) };
  });

  console.settle();
  const result = searchResult(state);
  for (const stage of result.stages.keys()) {
    console.table(topTable(result, stage));
    console.say("");
  }
  const compared = comparisonTable(result);
  if (compared !== undefined) {
    console.table(compared);
    console.say("");
  }
  for (const sentence of searchSentences(result)) console.say(sentence);
  for (const [flag, file, content] of [
    ["--csv", csv, searchCsv(result)],
    ["--report", report, page],
  ] as const) {
    if (file === undefined || content === undefined) continue;
    await writeOutput(flag, file, content);
    if (!console.json) console.say(`wrote ${file}`);
  }
  if (figures !== undefined) {
    const drawings = searchFigures(result).map(({ name, draw }) => [name, draw({ id: name })] as const);
    const files = drawings.flatMap(([name, svg]) =>
      writers.map(([ending, write]) => [`${name}${ending}`, write(svg)] as const),
    );
    await writePages("--figures", figures, Object.fromEntries(files));
    const endings = writers.map(([ending]) => ending.slice(1).toUpperCase()).join(", ");
    if (!console.json) console.say(`wrote ${drawings.length} figures into ${figures}: ${endings}`);
  }
  conclude(console, result, undefined);
}

/** A study begun, gone on with or concluded. */
async function stateOf(
  store: Store,
  source: string | undefined,
  options: SearchOptions,
  console: Console,
): Promise<StudyState> {
  if (options.final !== undefined) return await concluded(store, options.final, console);
  const document = await searchOf(store, source, options);
  const goOn = isOnPostgres(store)
    ? async () => (await import("./search-elsewhere.ts")).searchedElsewhere(store, document, options, console)
    : async () => await searched(store, await openStudy(store, document), console);
  const { top } = document;
  const reachedState = await goOn();
  return { ...reachedState, document: { ...reachedState.document, top } };
}

/** The report as one HTML file; where no trial has finished, of what there is. */
async function pageOf(store: Store, state: StudyState): Promise<string> {
  const result = searchResult(state);
  if (result.order.length === 0) return await searchReport({ result });
  return await searchReport(await studyMaterial(store, state));
}

/** Goes on with a study until it is through. */
async function searched(store: Store, study: KeptStudy, console: Console): Promise<StudyState> {
  const claim = await store.claim(studyLog(study.name));
  if (claim === undefined) {
    throw new Fault("store", study.name, "another process searches under this name", "wait for it, or give --name");
  }
  const trainer = openTrainer();
  try {
    const { listen, onTrials } = searchProgress(console, study.state);
    return await interruptible(
      "search",
      (signal) =>
        runStudy(store, study, { signal, train: trainer.train, onFetch: fetchProgress(console), listen, onTrials }),
      () => `\`gradus search ${study.name}\` goes on: trials that have ended are kept`,
    );
  } finally {
    await trainer.close();
    await claim.release();
  }
}

/** Trains a study's winner for good. */
async function concluded(store: Store, name: string, console: Console): Promise<StudyState> {
  const study = await requireStudy(store, name);
  const listen = trainingProgress(console);
  const checkpoints = { seconds: 10 };
  return await interruptible("search", (signal) =>
    finalRun(store, study, { signal, onFetch: fetchProgress(console), checkpoints, checkpointRequests, listen }),
  );
}
