import { hostname } from "node:os";
import { Fault } from "../fault/fault.ts";
import type { Fetching } from "../lab/first-use.ts";
import { type Judge, looksAtImages } from "../lab/judge.ts";
import { readRun } from "../lab/kept-runs.ts";
import type { KeptStudy } from "../lab/kept-studies.ts";
import { resumedRun } from "../lab/resume.ts";
import { logOf } from "../lab/run-study.ts";
import { endedEvent } from "../lab/study-outcomes.ts";
import { type ResumedRun, type TrainingOptions, trainAndKeep } from "../lab/train-and-keep.ts";
import { trainChains } from "../lab/train-chains.ts";
import { curvesOf } from "../lab/trial-curves.ts";
import { retiring } from "../lab/trial-pruning.ts";
import type { TrialTask } from "../lab/trial-tasks.ts";
import { largestOf } from "../math/extremes.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { StudyEvent } from "../search/study-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import type { Append, Store } from "../store/store.ts";
import type { Trainer } from "../worker/trainer.ts";
import { type Snapshot, snapshots, takeSnapshots } from "./progress.ts";

export interface PackOptions extends Fetching {
  readonly train: Trainer["train"];
  readonly judge: Judge;
  readonly signal: AbortSignal;
  /** Seconds between two checkpoints. */
  readonly checkpointSeconds: number;
  /** Hears what the training says. */
  readonly hear: (event: TrainingEvent) => void;
  /** Hears that it goes on from a checkpoint. */
  readonly onResumed: (step: number) => void;
  /** Keeps how far the runs are. */
  readonly keep: (kept: readonly Snapshot[]) => Promise<void>;
}

/** What a population leaves: entries for the study's log, and with them the logs of its runs. */
export interface TrainedPack {
  readonly events: readonly StudyEvent[];
  readonly logs: readonly Append[];
}

/**
 * Trains runs of trials side by side in a store of their own, from where another worker left them, if one did.
 * @throws Fault as `trainAndKeep`; the reason of `signal` when that stops it
 */
export async function trainPack(
  store: PostgresStore,
  study: KeptStudy,
  tasks: readonly TrialTask[],
  keys: readonly string[],
  options: PackOptions,
): Promise<TrainedPack> {
  const before = await leftByOthers(store, study.name, keys);
  return await trained(store, study, tasks, keys, before, options).catch(async (error) => {
    // Another arithmetic than that it began with gives other digits, and a checkpoint may not fit: then it begins anew.
    const isOf = (place: string) => error instanceof Fault && error.place === place;
    const isOther = before.resumed !== undefined && (isOf("device") || isOf("checkpoint"));
    if (!isOther) throw error;
    return await trained(store, study, tasks, keys, { memory: createMemoryStore() }, options);
  });
}

async function trained(
  store: PostgresStore,
  study: KeptStudy,
  tasks: readonly TrialTask[],
  keys: readonly string[],
  { memory, resumed }: Beginning,
  { hear, onResumed, judge, keep, train, signal, onFetch, checkpointSeconds }: PackOptions,
): Promise<TrainedPack> {
  const from = largestOf(resumed?.map(({ checkpoint }) => checkpoint?.step ?? 0) ?? [0]);
  if (resumed !== undefined) onResumed(from);
  let ids = resumed?.map(({ run }) => run.id) ?? [];
  let [steps, device] = [0, ""];
  const pruning = retiring(tasks, new Map([[study, await curvesOf(store, study.state)]]));
  const listen = async (event: TrainingEvent) => {
    hear(event);
    pruning.hear(event);
    if (event.kind === "started") [steps, device] = [event.steps, event.device.name];
    // The first is where it begins, and after the last comes the result.
    if (event.kind !== "checkpoint" || event.step === from || event.step === steps) return;
    await keep(await snapshots(memory, ids, keys, event));
  };
  const { retire } = pruning;
  const training: TrainingOptions = { train, signal, onFetch, retire, listen, keepsModels: looksAtImages(study) };
  const onBegun = (begun: readonly string[]) => {
    ids = [...begun];
  };
  // Chains whose weights are carried on begin anew wherever they go: only their last link's are asked for.
  const isChained = tasks[0].chain.length > 1;
  const chains = isChained
    ? await trainChains(memory, tasks, training)
    : (
        await trainAndKeep(memory, resumed ?? tasks.map(({ chain: [spec] }) => ({ spec })), {
          ...training,
          onBegun,
          checkpoints: { seconds: checkpointSeconds },
        })
      ).map((one) => [one]);
  const by = { host: hostname(), device };
  const ended = tasks.flatMap((task, i) =>
    chains[i].map((one, link) => ({ ...endedEvent(task.trials[link].number, task, one, tasks.length), by })),
  );
  const judged = await judge(
    study,
    tasks,
    chains.map(([one]) => one),
  );
  const logs = await Promise.all(chains.flat().map(({ run }) => logOf(memory, run, study, false)));
  return { events: [...ended, ...judged], logs };
}

/** A store of a worker's own, and the runs in it that are gone on with. */
interface Beginning {
  readonly memory: Store;
  readonly resumed?: readonly ResumedRun[];
}

/** Runs that another worker began, where this one can go on with them: else they begin anew. */
async function leftByOthers(store: PostgresStore, study: string, keys: readonly string[]): Promise<Beginning> {
  const memory = createMemoryStore();
  try {
    const taken = await takeSnapshots(store.database, memory, study, keys);
    if (taken === undefined) return { memory };
    const resumed = await Promise.all(
      taken.map(async ({ id, checkpoint }) => {
        const run = await readRun(memory, id);
        return { ...(await resumedRun(memory, run, run.spec, () => {})), checkpoint };
      }),
    );
    return { memory, resumed };
  } catch (error) {
    if (!(error instanceof Fault) || error.code === "store") throw error;
    // Other digits, other data, a damaged file: it is not gone on with.
    return { memory: createMemoryStore() };
  }
}
