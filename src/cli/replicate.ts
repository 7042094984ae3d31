import path from "node:path";
import { z } from "zod";
import { published as allPublished, findPublished } from "../experiments/catalogue.ts";
import type { GradientVariant, Published, Variant } from "../experiments/experiment.ts";
import { checkEntry, type LedgerEntry, searchEntry, trainingEntry } from "../experiments/ledger.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { reportStyleCheck } from "../gradcheck/report-style.ts";
import { keptCheck } from "../lab/kept-check.ts";
import { keptModel } from "../lab/kept-model.ts";
import { documentOf, readRun } from "../lab/kept-runs.ts";
import { type KeptStudy, replicatingStudy } from "../lab/kept-studies.ts";
import { withStore } from "../lab/open-store.ts";
import { publishedStudy } from "../lab/published-study.ts";
import { runStudies } from "../lab/run-study.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { weightTemplates } from "../plot/templates.ts";
import { ledgerTable } from "../report/ledger-table.ts";
import { replicationPages } from "../report/replication-pages.ts";
import type { SearchDocument } from "../search/search-document.ts";
import type { Store } from "../store/store.ts";
import { openTrainer } from "../worker/train-in-thread.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { fetchData } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { writePages } from "./output-file.ts";
import { replicationProgress } from "./replicate-progress.ts";

interface ReplicateOptions {
  readonly all?: boolean;
  readonly repeats: number;
  readonly device?: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Nodes whose weights are drawn, of the first layer. */
const DRAWN_NODES = 10;

/** `gradus replicate [ID...]` */
export async function replicateCommand(ids: readonly string[], options: ReplicateOptions): Promise<void> {
  const console = createConsole(options);
  const chosen = choose(ids, options.all ?? false);
  const began = performance.now();
  await withStore(async (store) => {
    const work = chosen.flatMap((published) =>
      published.variants.map((variant) => ({ published, variant, study: studyOf(store, published, variant, options) })),
    );
    await interruptible("replicate", async (signal) => {
      await fetchData(console, signal);
      await doTrainings(work, store, console, signal);
      await doChecks(work, store, console, signal);
    });
    const entries = await Promise.all(work.map((protocol) => ledgerEntry(protocol, store)));
    const seconds = (performance.now() - began) / 1000;

    console.settle();
    console.table(ledgerTable(entries));
    if (options.report !== undefined) {
      const figures = await Promise.all(work.map((protocol) => materialOf(protocol, store)));
      const materials = entries.map((entry, index) => ({ ...figures[index], entry }));
      await writePages("--report", options.report, replicationPages(materials, { seconds, repeats: options.repeats }));
      if (!console.json) console.say(`wrote ${path.join(options.report, "README.md")}`);
    }
    conclude(console, { seconds, entries }, undefined);
  });
}

function choose(ids: readonly string[], all: boolean): readonly Published[] {
  const known = allPublished.map(({ id }) => id);
  if (all === ids.length > 0) {
    const complaint = all ? "--all is given beside single experiments" : "no experiment is named";
    throw new Fault("usage", "replicate", complaint, "give --all, or some of those that `gradus experiments` lists");
  }
  if (all) return allPublished;
  return [...new Set(ids)].map((id) => {
    const published = findPublished(id);
    if (published !== undefined) return published;
    const near = nearest(id, known);
    const complaint = `${id === "" ? '""' : id} is no experiment${near === undefined ? "" : `; did you mean "${near}"?`}`;
    throw new Fault("usage", "replicate", complaint, "give --all, or some of those that `gradus experiments` lists");
  });
}

/** A protocol to be followed; of trainings and searches, the study that they are. */
interface Work {
  readonly published: Published;
  readonly variant: Variant;
  readonly study?: KeptStudy | undefined;
}

/** Repetitions differ in their seed; everything else is the experiment's. */
function studyOf(
  store: Store,
  published: Published,
  variant: Variant,
  { repeats, device }: ReplicateOptions,
): KeptStudy | undefined {
  if (variant.kind === "gradient-check") return undefined;
  const document = publishedStudy(published, variant, repeats);
  const spec = device === undefined ? document.spec : { ...(document.spec as object), device };
  const keepsModel = variant.kind === "training";
  return replicatingStudy(store, { ...document, spec } as SearchDocument, { experiment: published.id, keepsModel });
}

/** Does every training that the store does not hold yet, in populations. */
async function doTrainings(work: readonly Work[], store: Store, console: Console, signal: AbortSignal): Promise<void> {
  const studies = work.flatMap(({ study }) => study ?? []);
  const trainer = openTrainer();
  try {
    await runStudies(store, studies, { signal, train: trainer.train, listen: replicationProgress(console) });
  } finally {
    await trainer.close();
  }
}

async function doChecks(work: readonly Work[], store: Store, console: Console, signal: AbortSignal): Promise<void> {
  for (const { published, variant } of work) {
    if (variant.kind !== "gradient-check") continue;
    signal.throwIfAborted();
    console.progress([`gradient check ${published.id}, ${variant.name}`], `${published.id} ${variant.name}`);
    await checked(store, variant);
  }
}

const checkedParameters = z.array(
  z.strictObject({
    examples: z.int().min(1),
    parameter: z.string(),
    measure: z.enum(["maxAbsolute", "maxRelative", "normRelative", "decimals"]),
    value: z.number(),
  }),
);

async function checked(store: Store, { problem, difference, measure }: GradientVariant) {
  return await keptCheck(store, { problem, difference, measure }, checkedParameters, async () => {
    const device = await createNodeDevice("auto", "f64");
    try {
      const rows: z.output<typeof checkedParameters> = [];
      for (const examples of problem.examples) {
        for (const parameter of await reportStyleCheck(device, { ...problem, examples })) {
          rows.push({ examples, parameter: parameter.name, measure, value: parameter[difference][measure] });
        }
      }
      return rows;
    } finally {
      device.close();
    }
  });
}

async function ledgerEntry({ published, variant, study }: Work, store: Store): Promise<LedgerEntry> {
  if (variant.kind === "gradient-check") {
    const { result, seconds } = await checked(store, variant);
    return checkEntry(published, variant, result, seconds);
  }
  // A repetition's runs, in the order of its trials.
  const tables = await Promise.all(tablesOf(study).map((ids) => Promise.all(ids.map((id) => readRun(store, id)))));
  const seconds = tables.flat().reduce((sum, run) => sum + run.seconds / (run.population ?? 1), 0);
  const documents = tables.map((runs) => runs.map(documentOf));
  return variant.kind === "training"
    ? trainingEntry(published, variant, documents.flat(), seconds)
    : searchEntry(published, variant, documents, seconds);
}

/** The ids of a study's runs: of each seed, those of its trials. */
function tablesOf(study: KeptStudy | undefined): readonly (readonly string[])[] {
  if (study === undefined) return [];
  const { document, trials } = study.state;
  return Array.from({ length: document.seeds }, (_, seed) =>
    trials.flatMap(({ runs }) => runs.flatMap((run) => (run.seed === seed && run.run !== undefined ? [run.run] : []))),
  );
}

/** What the pages show of a protocol: the curves of its first run, and a picture of its weights. */
async function materialOf({ published, variant, study }: Work, store: Store) {
  const material = { published, variant };
  if (variant.kind !== "training") return material;
  const run = await readRun(store, tablesOf(study)[0][0]);
  const drawn = { ...material, run: documentOf(run) };
  if (run.model === undefined) return drawn;
  const { shape, values } = (await keptModel(store, run)).weights.W1;
  if (shape[1] !== 3072) return drawn;
  const rows = Math.min(DRAWN_NODES, shape[0]);
  return {
    ...drawn,
    picture: weightTemplates({ shape: [rows, shape[1]], values: values.subarray(0, rows * shape[1]) }),
  };
}
