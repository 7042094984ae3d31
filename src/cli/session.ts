import { hostname } from "node:os";
import { Fault } from "../fault/fault.ts";
import type { Checkpoint, TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { type RunDocument, runDocument } from "../record/run-document.ts";
import type { DataFile, RunEvent } from "../record/run-event.ts";
import type { Kept, KeptRun } from "../record/run-record.ts";
import type { Spec } from "../record/spec.ts";
import type { Store } from "../store/store.ts";
import { relayed } from "../train/relayed.ts";
import { outcome } from "../train/train.ts";
import type { Weights } from "../train/weights.ts";
import type { CheckpointRhythm } from "../worker/messages.ts";
import { recorded } from "../worker/recorded.ts";
import { createRunWriter, keptCheckpoints } from "../worker/run-writer.ts";
import { type Trainer, trainInThread } from "../worker/train-in-thread.node.ts";
import type { Console } from "./console.ts";
import { beingTrained, readRun } from "./lab.ts";
import { runId } from "./run-id.ts";
import { trainingProgress } from "./training-progress.ts";
import { versions } from "./versions.ts";

/** What a session in the store leaves. */
export interface Session {
  readonly run: KeptRun;
  readonly document: RunDocument;
  readonly weights: Weights;
  /** The model's file; of a run that diverged there is none. */
  readonly model?: Uint8Array | undefined;
}

/** A run to begin. */
export interface NewRun {
  readonly spec: Spec;
  readonly data: readonly DataFile[];
  readonly experiment?: string | undefined;
  /** The run it branches off, and where. */
  readonly fork?: { readonly run: string; readonly checkpoint: Checkpoint } | undefined;
}

interface SessionOptions {
  readonly signal: AbortSignal;
  readonly checkpoints: CheckpointRhythm;
  /** Hears the run's id, before its first step. */
  readonly onRun?: (id: string) => void;
  readonly train?: Trainer["train"];
}

/** Trains a new run in the store. @throws Fault, also when `signal` stops it: then it can be resumed */
export async function beginRun(
  store: Store,
  begun: NewRun,
  console: Console,
  options: SessionOptions,
): Promise<Session> {
  const { spec, data, experiment, fork } = begun;
  const id = runId(spec.name, new Date());
  const created: RunEvent = {
    kind: "created",
    spec,
    data: [...data],
    ...(experiment === undefined ? {} : { experiment }),
    ...(fork === undefined ? {} : { fork: { run: fork.run, step: fork.checkpoint.step } }),
  };
  return await session(store, id, { spec, created, resume: fork?.checkpoint }, console, options);
}

/** Trains a run further, from a checkpoint or from its beginning. @throws Fault as `beginRun` */
export async function continueRun(
  store: Store,
  run: KeptRun,
  checkpoint: Checkpoint | undefined,
  console: Console,
  options: SessionOptions,
): Promise<Session> {
  // The device that `auto` meant when it began.
  const device = run.training?.device.name ?? run.spec.device;
  const checkpoints = run.checkpoints.filter(({ step }) => step <= (checkpoint?.step ?? 0)).slice(-keptCheckpoints);
  // Where the log has gone on since it was read, the first entry is refused.
  const already = { before: run.training, checkpoints, position: run.entries };
  return await session(store, run.id, { spec: { ...run.spec, device }, resume: checkpoint, already }, console, options);
}

interface Work {
  readonly spec: Spec;
  readonly created?: RunEvent;
  readonly resume: Checkpoint | undefined;
  /** What the log holds. */
  readonly already?: {
    readonly before: RunState | undefined;
    readonly checkpoints: readonly Kept[];
    readonly position: number;
  };
}

async function session(
  store: Store,
  id: string,
  { spec, created, resume, already }: Work,
  console: Console,
  { signal, checkpoints, onRun, train = trainInThread }: SessionOptions,
): Promise<Session> {
  const claim = await store.claim(id);
  if (claim === undefined) throw beingTrained(id);
  try {
    const writer = createRunWriter(store, id, 0, already);
    const opened: RunEvent = { kind: "opened", at: new Date().toISOString(), host: hostname(), versions: versions() };
    await writer.write(...(created === undefined ? [] : [created]), opened);
    await sweep(store, id, already?.checkpoints ?? []);
    onRun?.(id);
    const before = already?.before === undefined ? [] : [already.before];
    const options = { signal, checkpoints, resume: resume && [resume] };
    const training = recorded(expectingDevice(train, already?.before), [spec], [writer], options);
    const { weights } = await outcome(training, trainingProgress(console), resume === undefined ? [] : before);
    console.settle();
    signal.throwIfAborted();
    const run = await readRun(store, id);
    const model = run.model && (await store.get(id, run.model.artifact));
    return { run, document: documentOf(run), weights: weights[0], model };
  } finally {
    await claim.release();
  }
}

/** Drops what a process left that died between keeping bytes and naming them, and what is not gone on from. */
async function sweep(store: Store, id: string, kept: readonly Kept[]): Promise<void> {
  for (const { id: artifact } of await store.artifacts(id)) {
    if (kept.every((own) => own.artifact !== artifact)) await store.drop(id, artifact);
  }
}

/** The document of a run that has ended. @throws Fault `store` for one that has not */
export function documentOf({
  id: run,
  spec,
  startedAt,
  seconds,
  versions: made,
  training,
  state,
}: KeptRun): RunDocument {
  // A session that went on named the device that `auto` had meant.
  const document = training && runDocument({ ...training, spec }, { run, startedAt, seconds, versions: made });
  if (document !== undefined) return document;
  const remedy = state === "running" ? "wait for its end" : `\`gradus resume ${run}\` brings it to its end`;
  throw new Fault("store", run, `has no results yet: ${state}`, remedy);
}

/** A training that is refused before its first step where it would not go on with the arithmetic it began with. */
function expectingDevice(train: Trainer["train"], before: RunState | undefined): Trainer["train"] {
  if (before === undefined) return train;
  return (...given) =>
    relayed(train(...given), (event) => {
      if (event.kind === "started") requireSameArithmetic(before, event);
    });
}

function requireSameArithmetic({ device: was }: RunState, { device: is }: TrainingEvent & { kind: "started" }): void {
  const differences = [
    ...(was.name === is.name ? [] : [`device ${was.name}, now ${is.name}`]),
    ...(was.dtype === is.dtype ? [] : [`dtype ${was.dtype}, now ${is.dtype}`]),
    ...(isFused(was.details) === isFused(is.details) ? [] : [`arithmetic ${was.details}, now ${is.details}`]),
  ];
  if (differences.length === 0) return;
  const remedy = "resume it where it began, or begin a new run from its checkpoint with --fork";
  throw new Fault("spec", "device", `it would not go on as it began: ${differences.join("; ")}`, remedy);
}

function isFused(details: string): boolean {
  return details.includes("fused multiply-add");
}
