import { hostname } from "node:os";
import { Fault } from "../fault/fault.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import type { RunDocument } from "../record/run-document.ts";
import type { DataFile, RunEvent } from "../record/run-event.ts";
import type { KeptRun } from "../record/run-record.ts";
import type { Spec } from "../record/spec.ts";
import type { Claim, Store } from "../store/store.ts";
import { tooShort } from "../train/checkpoint.ts";
import { relayed } from "../train/relayed.ts";
import { datasetFiles } from "../train/split.node.ts";
import { outcome } from "../train/train.ts";
import { type Weights, weightsSha256 } from "../train/weights.ts";
import type { CheckpointRhythm } from "../worker/messages.ts";
import { recorded } from "../worker/recorded.ts";
import { createRunWriter, type RunWriter, worthKeeping, writeTogether } from "../worker/run-writer.ts";
import { trainInThread } from "../worker/train-in-thread.node.ts";
import type { ThreadOptions, Trainer } from "../worker/trainer.ts";
import { type Fetching, fetchOnFirstUse } from "./first-use.ts";
import { beingTrained, documentOf, readRun } from "./kept-runs.ts";
import { summarise } from "./list-runs.ts";
import { rescued } from "./rescue.ts";
import { runId } from "./run-id.ts";
import { deviceToGoOnWith, requireSameArithmetic } from "./same-arithmetic.ts";
import { versions } from "./versions.ts";

/** A run to begin. */
export interface NewRun {
  readonly spec: Spec;
  /** The published experiment it is, where it is one. */
  readonly experiment?: string | undefined;
  /** What it was begun for, where that is not the run itself: `overfit`, `lr-range`, `replication`. */
  readonly purpose?: string | undefined;
  /** The run it branches off, and where. */
  readonly fork?: { readonly run: string; readonly checkpoint: Checkpoint } | undefined;
  /** What it is labelled with from its beginning. */
  readonly tags?: readonly string[] | undefined;
  /** Weights to begin from in place of random ones. */
  readonly initial?: Weights | undefined;
}

/** A run to go on with, from a checkpoint or from its beginning. */
export interface ResumedRun {
  readonly run: KeptRun;
  readonly checkpoint: Checkpoint | undefined;
}

/** What a training leaves of one of its runs. */
export interface KeptTraining {
  readonly run: KeptRun;
  readonly document: RunDocument;
  readonly weights: Weights;
  /** The model's file; of a run that diverged there is none, nor where models are not kept. */
  readonly model?: Uint8Array | undefined;
}

export interface TrainingOptions extends Fetching {
  /** When to take checkpoints; none when absent. */
  readonly checkpoints?: CheckpointRhythm | undefined;
  /** Told how to ask for a checkpoint after the update that goes on; returns how to forget it. */
  readonly checkpointRequests?: ThreadOptions["checkpointRequests"];
  /** Asked after each measurement but the last: the places of members that shall end with it. The training waits for it. */
  readonly retire?: ThreadOptions["retire"];
  /** Whether the trained models are kept; where nothing is said, they are. */
  readonly keepsModels?: boolean | undefined;
  /** Whether lists will be made of the store: then the runs' summaries are kept too; where nothing is said, they are. */
  readonly isListed?: boolean | undefined;
  /** Where to train; a thread of its own when absent. */
  readonly train?: Trainer["train"] | undefined;
  /** Hears the ids of the runs when they are in the store, before their first update. */
  readonly onBegun?: ((ids: readonly string[]) => void) | undefined;
  /** Hears what the training says, when it is in the store, and what its runs have come to by it. */
  readonly listen?: ((event: TrainingEvent, runs: readonly RunState[]) => void | Promise<void>) | undefined;
}

/**
 * Trains runs that share their mini-batches side by side, on images that are fetched on first use, each run kept in the store under an id of its own.
 * What is refused before the first update leaves nothing behind, and a run that was to go on as it was.
 * Where the store goes from its place meanwhile, what was trained is saved beside it, and the refusal says where.
 * @throws Fault as `train` does; Fault `store` where the store cannot be written or another process trains one of the runs;
 * the reason of `signal` when that stops it: then the runs can be gone on with
 */
export async function trainAndKeep(
  store: Store,
  runs: readonly (NewRun | ResumedRun)[],
  { train = trainInThread, onFetch, onBegun, listen, isListed = true, ...options }: TrainingOptions = {},
): Promise<KeptTraining[]> {
  const { signal } = options;
  const members = await Promise.all(
    runs.map((run, index) => ("run" in run ? resumedMember(store, run, index) : newMember(store, run, index))),
  );
  const claims: Claim[] = [];
  const claim = async ({ id }: Member) => {
    const claimed = await store.claim(id);
    if (claimed === undefined) throw beingTrained(id);
    claims.push(claimed);
  };
  try {
    for (const member of members) if (member.created === undefined) await claim(member);
    await fetchOnFirstUse(members[0].spec.data, { signal, onFetch });
    const data = [...(await datasetFiles(members[0].spec.data))];
    const begin = async (event: TrainingEvent) => {
      if (event.kind !== "started") return;
      const { from = 0, steps, stepsPerEpoch } = event;
      for (const { spec, created } of members) {
        if (created?.fork !== undefined && from >= steps) throw tooShort(from, steps, stepsPerEpoch, spec);
      }
      for (const { before } of members) if (before !== undefined) requireSameArithmetic(before.device, event.device);
      for (const member of members) if (member.created !== undefined) await claim(member);
      await open(store, members, data);
      onBegun?.(members.map(({ id }) => id));
    };
    const training = recorded(
      (...order) => relayed(train(...order), begin),
      members.map(({ spec }) => spec),
      members.map(({ writer }) => writer),
      {
        ...options,
        resume: ofAll(members.map(({ resume }) => resume)),
        initial: ofAll(members.map(({ initial }) => initial)),
      },
    );
    const before = ofAll(members.map(({ resume, before }) => resume && before));
    const { weights } = await outcome(training, listen, before);
    signal?.throwIfAborted();
    if (isListed) {
      await summarise(
        store,
        members.map(({ id }) => id),
      );
    }
    return await Promise.all(members.map(({ id }, index) => keptTraining(store, id, weights[index])));
  } catch (error) {
    if (!(error instanceof Fault) || (await store.isInPlace())) throw error;
    const ids = members.map(({ id }) => id);
    throw await rescued(store, ids, error);
  } finally {
    for (const heldClaim of claims) await heldClaim.release();
  }
}

/** A run as its training takes it. */
interface Member {
  readonly id: string;
  readonly spec: Spec;
  readonly writer: RunWriter;
  /** The first entry of its log, but for the data; absent where the log is there. */
  readonly created?: Omit<RunEvent & { kind: "created" }, "data">;
  readonly tags?: readonly string[];
  readonly resume?: Checkpoint | undefined;
  readonly initial?: Weights | undefined;
  /** What it had come to before. */
  readonly before?: RunState | undefined;
  /** The artifacts that it goes on with. */
  readonly artifacts: readonly string[];
}

async function newMember(store: Store, run: NewRun, index: number): Promise<Member> {
  const { spec, experiment, purpose, fork, initial, tags = [] } = run;
  const id = runId(spec.name, new Date());
  return {
    id,
    spec,
    writer: createRunWriter(store, id, index),
    created: {
      kind: "created",
      spec,
      ...(experiment === undefined ? {} : { experiment }),
      ...(purpose === undefined ? {} : { purpose }),
      ...(initial === undefined ? {} : { initial: await weightsSha256(initial) }),
      ...(fork === undefined ? {} : { fork: { run: fork.run, step: fork.checkpoint.step } }),
    },
    tags,
    resume: fork?.checkpoint,
    initial,
    artifacts: [],
  };
}

function resumedMember(store: Store, { run, checkpoint }: ResumedRun, index: number): Member {
  const checkpoints = worthKeeping(
    checkpoint === undefined ? [] : run.checkpoints.filter(({ step }) => step <= checkpoint.step),
  );
  // Where the log has gone on since it was read, the first entry is refused.
  const writer = createRunWriter(store, run.id, index, { checkpoints, position: run.entries });
  const device = deviceToGoOnWith(run.spec.device, run.training?.device);
  const artifacts = checkpoints.map(({ artifact }) => artifact);
  return { id: run.id, spec: { ...run.spec, device }, writer, resume: checkpoint, before: run.training, artifacts };
}

/** What every member has; undefined where none has it. */
function ofAll<T>(values: readonly (T | undefined)[]): T[] | undefined {
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return undefined;
  if (present.length === values.length) return present;
  throw new RangeError("runs go on side by side only with runs that go on");
}

/** Opens the members' logs for this process. */
async function open(store: Store, members: readonly Member[], data: DataFile[]): Promise<void> {
  const opened: RunEvent = {
    kind: "opened",
    at: new Date().toISOString(),
    host: hostname(),
    versions: versions(),
    ...(members.length === 1 ? {} : { population: members.length }),
  };
  await writeTogether(
    members.map(({ writer }) => writer),
    members.map(({ created, tags = [] }) => ({
      events: [
        ...(created === undefined ? [] : [{ ...created, data }]),
        opened,
        ...(tags.length === 0 ? [] : [{ kind: "labelled" as const, tags: [...tags] }]),
      ],
    })),
  );
  // What a process left that died between keeping bytes and naming them, and what is not gone on from.
  for (const { id, artifacts } of members) {
    for (const { id: artifact } of await store.artifacts(id)) {
      if (!artifacts.includes(artifact)) await store.drop(id, artifact);
    }
  }
}

/** What the store has of a run that has ended, whose weights its log does not have. */
export async function keptTraining(store: Store, id: string, weights: Weights): Promise<KeptTraining> {
  const run = await readRun(store, id);
  const model = run.model && (await store.get(id, run.model.artifact));
  return { run, document: documentOf(run), weights, model };
}
