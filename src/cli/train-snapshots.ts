import { Fault } from "../fault/fault.ts";
import { divergenceFault } from "../lab/divergence-fault.ts";
import { ensembleOf } from "../lab/ensemble.ts";
import { withStore } from "../lab/open-store.ts";
import { forkedRun } from "../lab/resume.ts";
import { type KeptTraining, type NewRun, trainAndKeep } from "../lab/train-and-keep.ts";
import { cycleLength } from "../record/cycle.ts";
import type { Spec } from "../record/spec.ts";
import { ensembleTable } from "../report/ensemble-table.ts";
import type { Store } from "../store/store.ts";
import { type CheckpointFlags, checkpointRhythm } from "./checkpoint-flags.ts";
import { type Console, conclude } from "./console.ts";
import { fetchProgress } from "./data.ts";
import { checkpointRequests, interruptible } from "./interrupt.ts";
import { trainingProgress } from "./training-progress.ts";

/** What belongs to one run, not to several. */
const ofOneRun = ["seeds", "report", "record", "figure", "csv", "weights", "model"] as const;

type SnapshotsOptions = CheckpointFlags & { readonly store: boolean } & Partial<
    Record<(typeof ofOneRun)[number], unknown>
  >;

/**
 * `gradus train SPEC --snapshots N`: a run at the end of each of its last N cycles, each the one before it trained one cycle further,
 * and what they come to together (Huang et al. 2017).
 */
export async function trainSnapshots(
  newRun: NewRun,
  count: number,
  options: SnapshotsOptions,
  console: Console,
): Promise<void> {
  const stray = ofOneRun.find((flag) => options[flag] !== undefined);
  if (stray !== undefined) {
    const complaint = "does not go with --snapshots, which are several runs";
    const remedy = "leave it out; `gradus report`, `gradus compare` and `gradus export --ensemble` take them all";
    throw new Fault("usage", `--${stray}`, complaint, remedy);
  }
  if (!options.store) {
    const complaint = "there is no store to keep them in: --no-store";
    throw new Fault("usage", "--snapshots", complaint, "leave out one of the two");
  }
  const cycles = cyclesOf(newRun.spec, count);
  await withStore(async (store) => {
    const trained: KeptTraining[] = [];
    for (let number = cycles - count + 1; number <= cycles; number++) {
      const last = trained.at(-1);
      if (!console.json) console.say(`to the end of cycle ${number} of ${cycles}`);
      trained.push(await snapshot(store, newRun, number, last, options, console));
      if (divergenceFault(trained[trained.length - 1].document) !== undefined) break;
    }
    console.settle();
    const documents = trained.map(({ document }) => document);
    const fault = documents.map((document) => divergenceFault(document)).find((found) => found !== undefined);
    const ids = trained.map(({ run }) => run.id);
    const isTested = fault === undefined && newRun.spec.evaluate.test;
    const ensemble = isTested
      ? await ensembleOf(
          store,
          trained.map(({ run }) => run),
        )
      : undefined;
    if (ensemble !== undefined) console.table(ensembleTable(ensemble));
    if (!console.json) {
      console.say(`\nkept as ${ids.join(", ")}`);
      if (fault === undefined)
        console.say(`as one model: gradus export --ensemble ${ids.join(" ")} --out ensemble.onnx`);
    }
    conclude(console, { runs: documents, ...(ensemble && { ensemble }) }, fault);
  });
}

/** The run as it is after so many cycles: from its beginning, or from the end of the one before. */
async function snapshot(
  store: Store,
  { spec, ...others }: NewRun,
  number: number,
  before: KeptTraining | undefined,
  options: SnapshotsOptions,
  console: Console,
): Promise<KeptTraining> {
  const shorter: Spec = { ...spec, training: { ...spec.training, cycles: number } };
  let id: string | undefined;
  const work = async (signal: AbortSignal) => {
    const member =
      before === undefined
        ? { ...others, spec: shorter }
        : { ...(await forkedRun(store, before.run, shorter, console.say)), tags: others.tags };
    const [kept] = await trainAndKeep(store, [member], {
      signal,
      onFetch: fetchProgress(console),
      checkpoints: checkpointRhythm(options),
      checkpointRequests,
      onBegun: ([begun]) => {
        id = begun;
      },
      listen: trainingProgress(console),
    });
    return kept;
  };
  return await interruptible("train", work, () => {
    if (id === undefined) return "run the command again";
    return `\`gradus resume ${id}\` ends this cycle, and \`gradus resume ${id} --fork --set training.cycles=${number + 1}\` trains the next`;
  });
}

/** @throws Fault where the run has no cycles, or not so many */
function cyclesOf({ training }: Spec, count: number): number {
  const { schedule, cycles } = training;
  if (cycleLength(training) === undefined) {
    const complaint = `the schedule ${schedule.kind} has no cycles to take snapshots at the ends of`;
    const remedy =
      '--set "training.schedule={ kind: cosine, max: 0.1, min: 0, cycle: 1000 }" --set training.cycles=5, without another length';
    throw new Fault("spec", "training.schedule", complaint, remedy);
  }
  if (cycles === undefined || !Number.isInteger(cycles)) {
    const complaint = cycles === undefined ? "is not given" : `${cycles} is no whole number`;
    throw new Fault(
      "spec",
      "training.cycles",
      complaint,
      "give the run's length in whole cycles: --set training.cycles=5",
    );
  }
  if (count > cycles) {
    throw new Fault("usage", "--snapshots", `${count} of ${cycles} cycles`, `give ${cycles} at most`);
  }
  return cycles;
}
