import path from "node:path";
import { published as allPublished, findPublished } from "../experiments/catalogue.ts";
import type { GradientVariant, Published, Variant } from "../experiments/experiment.ts";
import {
  type CheckedParameter,
  checkEntry,
  type LedgerEntry,
  searchEntry,
  trainingEntry,
} from "../experiments/ledger.ts";
import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { reportStyleCheck } from "../gradcheck/report-style.ts";
import { trainAndKeep } from "../lab/train-and-keep.ts";
import { cifar10TrainingImages } from "../lab/training-images.ts";
import { createNodeDevice } from "../math/select.node.ts";
import { weightTemplates } from "../plot/templates.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { Spec, SpecInput } from "../record/spec.ts";
import { ledgerTable } from "../report/ledger-table.ts";
import { replicationPages } from "../report/replication-pages.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Weights } from "../train/weights.ts";
import { pack, type Task } from "../worker/pack.ts";
import { openTrainer, type Trainer } from "../worker/train-in-thread.node.ts";
import { type Console, conclude, createConsole } from "./console.ts";
import { fetchData } from "./data.ts";
import { interruptible } from "./interrupt.ts";
import { writePages } from "./output-file.ts";
import { type Done, openReplicationFolder, type ReplicationFolder, taskKey } from "./replication-folder.ts";
import { duration } from "./training-progress.ts";

interface ReplicateOptions {
  readonly all?: boolean;
  readonly repeats: number;
  readonly device?: string;
  readonly folder: string;
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
  const folder = await openReplicationFolder(options.folder);
  const began = performance.now();
  const work = chosen.flatMap((published) =>
    published.variants.map((variant) => ({ published, variant, tasks: tasksOf(variant, options) })),
  );
  await interruptible("replicate", async (signal) => {
    await fetchData(console, signal);
    const trainer = openTrainer();
    try {
      await doTrainings(work, folder, trainer, console, signal);
    } finally {
      await trainer.close();
    }
    await doChecks(work, folder, console, signal);
  });
  const entries = await Promise.all(work.map((one) => ledgerEntry(one, folder)));
  const seconds = (performance.now() - began) / 1000;

  console.settle();
  console.table(ledgerTable(entries));
  if (options.report !== undefined) {
    const figures = await Promise.all(work.map((one) => materialOf(one, folder)));
    const materials = entries.map((entry, index) => ({ ...figures[index], entry }));
    await writePages("--report", options.report, replicationPages(materials, { seconds, repeats: options.repeats }));
    if (!console.json) console.say(`wrote ${path.join(options.report, "README.md")}`);
  }
  conclude(console, { seconds, entries }, undefined);
}

function choose(ids: readonly string[], all: boolean): readonly Published[] {
  const known = allPublished.map(({ id }) => id);
  if (all === ids.length > 0) {
    const complaint = all ? "--all is given beside single experiments" : "no experiment is named";
    throw new Fault("usage", "replicate", complaint, `give --all, or some of: ${known.join(", ")}`);
  }
  if (all) return allPublished;
  return [...new Set(ids)].map((id) => {
    const found = findPublished(id);
    if (found !== undefined) return found;
    const near = nearest(id, known);
    const complaint = `${id === "" ? '""' : id} is no experiment${near === undefined ? "" : `; did you mean "${near}"?`}`;
    throw new Fault("usage", "replicate", complaint, `give --all, or some of: ${known.join(", ")}`);
  });
}

/** A protocol to be followed, and the tasks it is made of: of a search's repetitions, one list each. */
interface Work {
  readonly published: Published;
  readonly variant: Variant;
  readonly tasks: readonly (readonly Task[])[];
}

/** Repetitions differ in their seed; everything else is the experiment's. */
function tasksOf(variant: Variant, { repeats, device }: ReplicateOptions): (readonly Task[])[] {
  const count = variant.kind === "training" ? repeats * (variant.runs ?? 1) : repeats;
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

function task(chain: readonly Spec[]): Task {
  return { key: taskKey(chain), chain };
}

/** Does every training that the folder does not hold yet, in populations. */
async function doTrainings(
  work: readonly Work[],
  folder: ReplicationFolder,
  trainer: Trainer,
  console: Console,
  signal: AbortSignal,
): Promise<void> {
  const wanted = new Map(work.flatMap(({ tasks }) => tasks.flat()).map((one) => [one.key, one]));
  const missing: Task[] = [];
  for (const one of wanted.values()) if ((await folder.find(one.key)) === undefined) missing.push(one);
  const drawn = new Set(work.flatMap(({ variant, tasks }) => (variant.kind === "training" ? [tasks[0][0].key] : [])));
  const packs = pack(missing, MOST_MEMBERS);
  // Only for the time left: updates of each network, wider ones for more.
  const all = packs.flat().reduce((sum, { chain }) => sum + chain.length * roughWork(chain[0]), 0);
  const began = performance.now();
  let done = 0;

  for (const [index, tasks] of packs.entries()) {
    const packBegan = performance.now();
    const each = roughWork(tasks[0].chain[0]);
    const chains: RunDocument[][] = tasks.map(() => []);
    let weights: readonly Weights[] | undefined;
    for (const [link] of tasks[0].chain.entries()) {
      const specs = tasks.map(({ chain }) => chain[link]);
      const others = specs.length > 1 ? ` and ${specs.length - 1} more` : "";
      const name = `${specs[0].name}${others}${tasks[0].chain.length > 1 ? `, link ${link + 1}` : ""}`;
      const members = specs.map((spec, member) => ({ spec, initial: weights?.[member] }));
      const performed = await trainAndKeep(createMemoryStore(), members, {
        signal,
        train: trainer.train,
        listen: (event, [run]) => {
          if (event.kind !== "progress") return;
          const part = (done + tasks.length * each * (event.step / run.steps)) / all;
          const left = ((performance.now() - began) / 1000) * (1 / part - 1);
          const parts = [
            `population ${index + 1}/${packs.length}: ${name}`,
            `step ${event.step}/${run.steps}`,
            `${duration(left)} left`,
          ];
          console.progress(parts, `population ${index} link ${link}`);
        },
      });
      done += tasks.length * each;
      performed.forEach(({ document }, member) => {
        chains[member].push(document);
      });
      weights = performed.map((one) => one.weights);
    }
    const seconds = (performance.now() - packBegan) / 1000 / tasks.length;
    for (const [member, { key }] of tasks.entries()) {
      const own = weights?.[member].W1;
      if (own !== undefined && drawn.has(key) && own.shape[1] === 3072) {
        const rows = Math.min(DRAWN_NODES, own.shape[0]);
        const first = { shape: [rows, own.shape[1]], values: own.values.subarray(0, rows * own.shape[1]) };
        await folder.keepPicture(key, weightTemplates(first));
      }
      await folder.keep(key, { seconds, documents: chains[member] });
    }
  }
}

/** Updates of a training and the images it measures, times the nodes of its first layer: about in proportion to its time. */
function roughWork(spec: Spec): number {
  const { network, training } = spec;
  const { schedule, steps, epochs = 0, cycles = 0, batch } = training;
  const epoch = cifar10TrainingImages(spec) / batch;
  const cycle = schedule.kind === "triangular" ? 2 * schedule.halfCycle : 0;
  return (steps ?? epochs * epoch + cycles * cycle) * (20 + (network.hidden[0] ?? 10));
}

async function doChecks(
  work: readonly Work[],
  folder: ReplicationFolder,
  console: Console,
  signal: AbortSignal,
): Promise<void> {
  for (const { published, variant } of work) {
    if (variant.kind !== "gradient-check" || (await folder.find(taskKey(variant))) !== undefined) continue;
    signal.throwIfAborted();
    console.progress([`gradient check ${published.id}, ${variant.name}`], `${published.id} ${variant.name}`);
    const began = performance.now();
    const checks = await checked(variant);
    await folder.keep(taskKey(variant), { seconds: (performance.now() - began) / 1000, checks });
  }
}

async function checked({ problem, difference, measure }: GradientVariant): Promise<CheckedParameter[]> {
  const device = await createNodeDevice("auto", "f64");
  try {
    const rows: CheckedParameter[] = [];
    for (const examples of problem.examples) {
      for (const parameter of await reportStyleCheck(device, { ...problem, examples })) {
        rows.push({ examples, parameter: parameter.name, measure, value: parameter[difference][measure] });
      }
    }
    return rows;
  } finally {
    device.close();
  }
}

async function ledgerEntry({ published, variant, tasks }: Work, folder: ReplicationFolder): Promise<LedgerEntry> {
  switch (variant.kind) {
    case "training": {
      const done = await Promise.all(tasks.map(([one]) => found(folder, one.key)));
      const runs = done.flatMap(({ documents = [] }) => documents);
      return trainingEntry(published, variant, runs, total(done));
    }
    case "search": {
      const done = await Promise.all(tasks.map((own) => Promise.all(own.map(({ key }) => found(folder, key)))));
      const tables = done.map((own) => own.flatMap(({ documents = [] }) => documents));
      return searchEntry(published, variant, tables, total(done.flat()));
    }
    case "gradient-check": {
      const { checks = [], seconds } = await found(folder, taskKey(variant));
      return checkEntry(published, variant, checks, seconds);
    }
  }
}

/** What the pages show of a protocol: the curves of its first run, and a picture of its weights. */
async function materialOf({ published, variant, tasks }: Work, folder: ReplicationFolder) {
  const material = { published, variant };
  if (variant.kind !== "training") return material;
  const { key } = tasks[0][0];
  const { documents = [] } = await found(folder, key);
  const picture = await folder.findPicture(key);
  return { ...material, run: documents[0], ...(picture === undefined ? {} : { picture }) };
}

async function found(folder: ReplicationFolder, key: string): Promise<Done> {
  const done = await folder.find(key);
  if (done !== undefined) return done;
  throw new Fault("output", "--folder", `what was written under ${key} is not there any more`, "run the command again");
}

function total(done: readonly Done[]): number {
  return done.reduce((sum, { seconds }) => sum + seconds, 0);
}
