import { Fault } from "../fault/fault.ts";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import type { Checkpoint } from "../record/event.ts";
import type { DataFile } from "../record/run-event.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Spec } from "../record/spec.ts";
import { type Difference, differences } from "../record/spec-difference.ts";
import { show } from "../record/spec-fault.ts";
import type { Store } from "../store/store.ts";
import { datasetFiles } from "../train/split.node.ts";
import { beingTrained, hasEnded } from "./kept-runs.ts";
import type { NewRun, ResumedRun } from "./train-and-keep.ts";
import { numbersVersion } from "./versions.ts";

/**
 * A run as it goes on, from its last checkpoint or, without one, from its beginning; `warn` hears what is passed over.
 * @throws Fault where `spec`, the data or this Gradus would make another run of it, where it has ended, or is being trained
 */
export async function resumedRun(
  store: Store,
  run: KeptRun,
  spec: Spec,
  warn: (text: string) => void,
): Promise<ResumedRun> {
  if (run.state === "running") throw beingTrained(run.id);
  await requireSameRun(run, spec);
  if (hasEnded(run)) {
    const remedy = "`gradus show` shows it; --fork with --set training.steps=... trains a new run on from its end";
    throw new Fault("store", run.id, `has ended: ${run.state}`, remedy);
  }
  const checkpoint = await latestCheckpoint(store, run, warn);
  if (checkpoint === undefined && run.initial !== undefined) {
    const complaint = "has no checkpoint, and the weights that it began from are not kept";
    throw new Fault("store", run.id, complaint, "begin a new run with `gradus train`");
  }
  return { run, checkpoint };
}

/** @throws Fault `spec` where `spec`, the data or this Gradus would make another run of it */
export async function requireSameRun(run: KeptRun, spec: Spec): Promise<void> {
  const data = await datasetFiles(spec.data);
  const changes = [...differences(run.spec, spec), ...dataDifferences(run.data, data), ...codeDifferences(run)];
  if (changes.length > 0) throw changed(run, changes);
}

/** A new run that branches off from the last checkpoint of another that is finite. @throws Fault where it has none, or is being trained */
export async function forkedRun(
  store: Store,
  run: KeptRun,
  spec: Spec,
  warn: (text: string) => void,
): Promise<NewRun & { readonly fork: NonNullable<NewRun["fork"]> }> {
  if (run.state === "running") throw beingTrained(run.id);
  const checkpoint = await latestCheckpoint(store, run, warn, ({ ended }) => ended !== "diverged");
  if (checkpoint === undefined) {
    throw new Fault("store", run.id, "has no checkpoint to branch off from", "begin a new run with `gradus train`");
  }
  return { spec, fork: { run: run.id, checkpoint } };
}

/** The newest checkpoint that is whole; a damaged one is named and passed over. */
async function latestCheckpoint(
  store: Store,
  run: KeptRun,
  warn: (text: string) => void,
  suits: (checkpoint: Checkpoint) => boolean = () => true,
): Promise<Checkpoint | undefined> {
  for (const { step, artifact } of run.checkpoints.toReversed()) {
    const place = `checkpoint of ${run.id} after update ${step}`;
    try {
      const bytes = await store.get(run.id, artifact);
      const checkpoint = bytes && (await decodeCheckpoint(bytes, place));
      if (checkpoint !== undefined && suits(checkpoint)) return checkpoint;
    } catch (error) {
      // A disk that fails now is no reason to give up what it may hold.
      if (!(error instanceof Fault) || isOfDatabase(error)) throw error;
      warn(`passed over: ${error.message}`);
    }
  }
  return undefined;
}

/** Whether SQLite refused, and not what it holds. */
function isOfDatabase({ cause }: Fault): boolean {
  return cause !== undefined && (cause as { errcode?: number }).errcode !== undefined;
}

function dataDifferences(before: readonly DataFile[], now: readonly DataFile[]): Difference[] {
  const files = new Set([...before, ...now].map(({ file }) => file));
  const hash = (list: readonly DataFile[], name: string) => list.find(({ file }) => file === name)?.sha256;
  return [...files]
    .map((file) => ({ path: `data: ${file}`, left: hash(before, file), right: hash(now, file) }))
    .filter(({ left, right }) => left !== right);
}

/** Whether this code would compute other numbers from the same spec. */
function codeDifferences({ versions }: KeptRun): Difference[] {
  const [left, right] = [versions.numbers, numbersVersion];
  return left === right ? [] : [{ path: "versions.numbers", left, right }];
}

function changed(run: KeptRun, changes: readonly Difference[]): Fault {
  const list = changes.map(({ path, left, right }) => `${path} was ${show(left)}, is ${show(right)}`);
  const remedy = "resume it as it was, or begin a new run from its checkpoint with --fork";
  return new Fault("spec", run.id, `would not be the same run: ${list.join("; ")}`, remedy);
}
