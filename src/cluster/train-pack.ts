import { hostname } from "node:os";
import { Fault } from "../fault/fault.ts";
import type { Fetching } from "../lab/first-use.ts";
import { type Judge, looksAtImages } from "../lab/judge.ts";
import { readRun } from "../lab/kept-runs.ts";
import type { KeptStudy } from "../lab/kept-studies.ts";
import { requireSameRun } from "../lab/resume.ts";
import { requireSameArithmetic } from "../lab/same-arithmetic.ts";
import { endedEvent } from "../lab/study-outcomes.ts";
import type { KeptTraining, ResumedRun } from "../lab/train-and-keep.ts";
import { type ChainsBegun, trainChains, wholeLog } from "../lab/train-chains.ts";
import { curvesOf } from "../lab/trial-curves.ts";
import { retiring } from "../lab/trial-pruning.ts";
import { chainOf, type TrialTask } from "../lab/trial-tasks.ts";
import { largestOf } from "../math/extremes.ts";
import type { DeviceDescription, TrainingEvent } from "../record/event.ts";
import type { StudyEvent } from "../search/study-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import type { Append, Store } from "../store/store.ts";
import type { Trainer } from "../worker/trainer.ts";
import { endedLinks, type Snapshot, snapshots, takeSnapshots } from "./progress.ts";

export interface PackOptions extends Fetching {
  readonly train: Trainer["train"];
  readonly judge: Judge;
  readonly signal: AbortSignal;
  /** Seconds between two checkpoints. */
  readonly checkpointSeconds: number;
  /** Hears what the training says. */
  readonly hear: (event: TrainingEvent) => void;
  /** Hears that it goes on from a checkpoint, of which link of its chains. */
  readonly onResumed: (step: number, link: number) => void;
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
    const isOther = before.begun !== undefined && (isOf("device") || isOf("checkpoint"));
    if (!isOther) throw error;
    return await trained(store, study, tasks, keys, { memory: createMemoryStore() }, options);
  });
}

async function trained(
  store: PostgresStore,
  study: KeptStudy,
  tasks: readonly TrialTask[],
  keys: readonly string[],
  { memory, begun }: Beginning,
  { hear, onResumed, judge, keep, train, signal, onFetch, checkpointSeconds }: PackOptions,
): Promise<TrainedPack> {
  const firstLink = begun?.ended[0].length ?? 0;
  const resumedAt = largestOf(begun?.resumed?.map(({ checkpoint }) => checkpoint?.step ?? 0) ?? [0]);
  if (begun !== undefined) onResumed(resumedAt, firstLink);
  let ids = begun?.resumed?.map(({ run }) => run.id) ?? [];
  let steps = 0;
  const pruning = retiring(tasks, new Map([[study, await curvesOf(store, study.state)]]));
  const chains = await trainChains(memory, tasks.map(chainOf), {
    begun,
    train,
    signal,
    onFetch,
    retire: pruning.retire,
    keepsModels: looksAtImages(study),
    checkpoints: { seconds: checkpointSeconds },
    onBegun(begunIds) {
      ids = [...begunIds];
    },
    async listen(event, _, link) {
      hear(event);
      pruning.hear(event);
      if (event.kind === "started") {
        ({ steps } = event);
        for (const ended of begun?.ended ?? []) requireLikeBefore(ended, event.device);
      }
      // The first is where it begins, and after the last comes the result.
      const from = link === firstLink ? resumedAt : 0;
      if (event.kind !== "checkpoint" || event.step === from || event.step === steps) return;
      await keep(await snapshots(memory, ids, keys, link, event));
    },
    async onLink(ended, link) {
      if (link < tasks[0].chain.length - 1) await keep(await endedLinks(memory, ended, keys, link, steps));
    },
  });
  const events = tasks.flatMap((task, i) =>
    chains[i].map((one, link) => ({
      ...endedEvent(task.trials[link].number, task, one, tasks.length),
      // Of links that another worker trained, that one.
      by: { host: link < firstLink ? one.run.host : hostname(), device: one.document.device.name },
    })),
  );
  const judged = await judge(
    study,
    tasks,
    chains.map(([one]) => one),
  );
  const logs = await Promise.all(chains.flat().map(({ run }) => wholeLog(memory, run.id, false)));
  return { events: [...events, ...judged], logs };
}

/** @throws Fault `spec` of the place `device` where links would be trained otherwise than those that have ended */
function requireLikeBefore(ended: readonly KeptTraining[], device: DeviceDescription): void {
  for (const { run } of ended) if (run.training !== undefined) requireSameArithmetic(run.training.device, device);
}

/** A store of a worker's own, and how far the runs in it are that are gone on with. */
interface Beginning {
  readonly memory: Store;
  readonly begun?: ChainsBegun;
}

/** Runs that another worker began, where this one can go on with them: else they begin anew. */
async function leftByOthers(store: PostgresStore, study: string, keys: readonly string[]): Promise<Beginning> {
  const memory = createMemoryStore();
  try {
    const taken = await takeSnapshots(store.database, memory, study, keys);
    if (taken === undefined) return { memory };
    const resumed: ResumedRun[] = [];
    for (const { begun } of taken) {
      if (begun === undefined) continue;
      const run = await readRun(memory, begun.id);
      await requireSameRun(run, run.spec);
      resumed.push({ run, checkpoint: begun.checkpoint });
    }
    const ended = taken.map((chain) => chain.ended);
    for (const { run } of ended.flat()) await requireSameRun(run, run.spec);
    return { memory, begun: { ended, ...(resumed.length === 0 ? {} : { resumed }) } };
  } catch (error) {
    if (!(error instanceof Fault) || error.code === "store") throw error;
    // Other digits, other data, a damaged file: it is not gone on with.
    return { memory: createMemoryStore() };
  }
}
