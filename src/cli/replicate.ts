import path from "node:path";
import { z } from "zod";
import { published as allPublished, findPublished } from "../experiments/catalogue.ts";
import type { GradientVariant, Published, Variant } from "../experiments/experiment.ts";
import { checkEntry, type LedgerEntry, searchEntry, trainingEntry } from "../experiments/ledger.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { reportStyleCheck } from "../gradcheck/report-style.ts";
import { type EndedRuns, endedChain, endedRuns } from "../lab/ended-runs.ts";
import { keptCheck } from "../lab/kept-check.ts";
import { keptModel } from "../lab/kept-model.ts";
import { documentOf, readRun } from "../lab/kept-runs.ts";
import { withStore } from "../lab/open-store.ts";
import { trainTasks } from "../lab/train-tasks.ts";
import { cifar10TrainingImages } from "../lab/training-images.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { weightTemplates } from "../plot/templates.ts";
import { cycleLength } from "../record/cycle.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Spec, SpecInput } from "../record/spec.ts";
import { ledgerTable } from "../report/ledger-table.ts";
import { replicationPages } from "../report/replication-pages.ts";
import type { Store } from "../store/store.ts";
import { pack, type Task } from "../worker/pack.ts";
import { openTrainer } from "../worker/train-in-thread.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { fetchData } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { writePages } from "./output-file.ts";
import { duration } from "./training-progress.ts";

interface ReplicateOptions {
  readonly all?: boolean;
  readonly repeats: number;
  readonly device?: string;
  readonly report?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Networks trained side by side at most: more share a mini-batch for no less time each. */
const MOST_MEMBERS = 32;

/** Nodes whose weights are drawn, of the first layer. */
const DRAWN_NODES = 10;

/** `gradus replicate [ID...]` */
export async function replicateCommand(ids: readonly string[], options: ReplicateOptions): Promise<void> {
  const console = createConsole(options);
  const chosen = choose(ids, options.all ?? false);
  const began = performance.now();
  const work = chosen.flatMap((published) =>
    published.variants.map((variant) => ({ published, variant, tasks: tasksOf(published, variant, options) })),
  );
  await withStore(async (store) => {
    await interruptible("replicate", async (signal) => {
      await fetchData(console, signal);
      await doTrainings(work, store, console, signal);
      await doChecks(work, store, console, signal);
    });
    const ended = await endedRuns(store);
    const entries = await Promise.all(work.map((protocol) => ledgerEntry(protocol, store, ended)));
    const seconds = (performance.now() - began) / 1000;

    console.settle();
    console.table(ledgerTable(entries));
    if (options.report !== undefined) {
      const figures = await Promise.all(work.map((protocol) => materialOf(protocol, store, ended)));
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

/** A protocol to be followed, and the tasks it is made of: of a search's repetitions, one list each. */
interface Work {
  readonly published: Published;
  readonly variant: Variant;
  readonly tasks: readonly (readonly Task[])[];
}

/** Repetitions differ in their seed; everything else is the experiment's. */
function tasksOf({ id }: Published, variant: Variant, { repeats, device }: ReplicateOptions): (readonly Task[])[] {
  const count = variant.kind === "training" ? repeats * (variant.runs ?? 1) : repeats;
  const task = (chain: readonly Spec[]): Task => ({ key: JSON.stringify(chain), chain, experiment: id });
  return Array.from({ length: count }, (_, repetition) => {
    const specOf = (input: SpecInput): Spec => {
      const spec = parseSpec(input);
      return { ...spec, seed: spec.seed + repetition, device: device ?? spec.device };
    };
    if (variant.kind === "gradient-check") return [];
    if (variant.kind === "training") return [task([specOf(variant.spec)])];
    const trials = variant.trials.map(specOf);
    return variant.carryWeights ? [task(trials)] : trials.map((trial) => task([trial]));
  });
}

/** Does every training that the store does not hold yet, in populations. */
async function doTrainings(work: readonly Work[], store: Store, console: Console, signal: AbortSignal): Promise<void> {
  const ended = await endedRuns(store);
  const tasksByKey = new Map(work.flatMap(({ tasks }) => tasks.flat()).map((task) => [task.key, task]));
  const missing = [...tasksByKey.values()].filter(({ chain }) => endedChain(ended, chain) === undefined);
  const drawnKeys = new Set(
    work.flatMap(({ variant, tasks }) => (variant.kind === "training" ? [tasks[0][0].key] : [])),
  );
  const packs = pack(missing, MOST_MEMBERS);
  // Only for the time left: updates of each network, wider ones for more.
  const all = packs.flat().reduce((sum, { chain }) => sum + chain.length * roughWork(chain[0]), 0);
  const began = performance.now();
  let done = 0;
  const trainer = openTrainer();
  try {
    for (const [index, tasks] of packs.entries()) {
      const [{ chain }] = tasks;
      const each = roughWork(chain[0]);
      const others = tasks.length > 1 ? ` and ${tasks.length - 1} more` : "";
      const listen = (event: TrainingEvent, [run]: readonly RunState[], link: number) => {
        if (event.kind !== "progress") return;
        const part = (done + tasks.length * each * (link + event.step / run.steps)) / all;
        const left = ((performance.now() - began) / 1000) * (1 / part - 1);
        const name = `${chain[link].name}${others}${chain.length > 1 ? `, link ${link + 1}` : ""}`;
        const step = `step ${event.step}/${run.steps}`;
        const parts = [`population ${index + 1}/${packs.length}: ${name}`, step, `${duration(left)} left`];
        console.progress(parts, `population ${index} link ${link}`);
      };
      const keepsModel = ({ key }: Task) => drawnKeys.has(key);
      await trainTasks(store, tasks, { signal, train: trainer.train, purpose: "replication", keepsModel, listen });
      done += tasks.length * chain.length * each;
    }
  } finally {
    await trainer.close();
  }
}

/** Updates of a training and the images it measures, times the nodes of its first layer: about in proportion to its time. */
function roughWork(spec: Spec): number {
  const { network, training } = spec;
  const { steps, epochs = 0, cycles = 0, batch } = training;
  const epoch = cifar10TrainingImages(spec) / batch;
  const cycle = cycleLength(training) ?? 0;
  return (steps ?? epochs * epoch + cycles * cycle) * (20 + (network.hidden[0] ?? 10));
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

async function ledgerEntry({ published, variant, tasks }: Work, store: Store, ended: EndedRuns): Promise<LedgerEntry> {
  if (variant.kind === "gradient-check") {
    const { result, seconds } = await checked(store, variant);
    return checkEntry(published, variant, result, seconds);
  }
  // A repetition's runs, in the order of its trials.
  const tables = await Promise.all(tasks.map((row) => runsOf(row, store, ended)));
  const seconds = tables.flat().reduce((sum, run) => sum + run.seconds / (run.population ?? 1), 0);
  const documents = tables.map((runs) => runs.map(documentOf));
  return variant.kind === "training"
    ? trainingEntry(published, variant, documents.flat(), seconds)
    : searchEntry(published, variant, documents, seconds);
}

async function runsOf(tasks: readonly Task[], store: Store, ended: EndedRuns): Promise<readonly KeptRun[]> {
  const ids = tasks.flatMap(({ chain }) => {
    const runs = endedChain(ended, chain);
    if (runs !== undefined) return runs.map(({ id }) => id);
    const complaint = `a run of ${chain[0].name} is not there any more`;
    throw new Fault("store", store.place, complaint, "run the command again");
  });
  return await Promise.all(ids.map((id) => readRun(store, id)));
}

/** What the pages show of a protocol: the curves of its first run, and a picture of its weights. */
async function materialOf({ published, variant, tasks }: Work, store: Store, ended: EndedRuns) {
  const material = { published, variant };
  if (variant.kind !== "training") return material;
  const [run] = await runsOf(tasks[0], store, ended);
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
