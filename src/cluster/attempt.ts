import { Fault } from "../fault/fault.ts";
import { fetchOnFirstUse } from "../lab/first-use.ts";
import type { KeptStudy } from "../lab/kept-studies.ts";
import { summarise } from "../lab/list-runs.ts";
import { isOf, type TrialTask, taskOf } from "../lab/trial-tasks.ts";
import type { StudyEvent } from "../search/study-event.ts";
import { trialState } from "../search/study-state.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import type { Append } from "../store/store.ts";
import { datasetFiles } from "../train/split.node.ts";
import { type Attempt, finishPack, isCurrent, type Pack, type PackRun, runKey } from "./packs.ts";
import { dropSnapshots, keepSnapshots } from "./progress.ts";
import type { Job, PackQueue } from "./queue.ts";
import { addToStudy } from "./study-log.ts";
import { type PackOptions, trainPack } from "./train-pack.ts";

/** Why an attempt ends whose pack another worker has: what it would write does not count any more. */
export class Superseded extends Error {}

/** An attempt at a pack, and where its results go. */
export interface Undertaking {
  readonly store: PostgresStore;
  readonly queue: PackQueue;
  readonly job: Job;
  readonly attempt: Attempt;
  readonly study: KeptStudy;
}

export interface AttemptOptions extends Omit<PackOptions, "keep"> {
  /** What `auto` is here. */
  readonly device: string;
}

/**
 * Trains a pack to its end and has its results accepted: they go into the study's log with the logs of the runs, once, if this is
 * still the attempt that counts.
 * @throws Superseded where it is not; Fault as `trainAndKeep`; the reason of `signal` when that stops it
 */
export async function performAttempt(undertaking: Undertaking, options: AttemptOptions): Promise<void> {
  const { store, attempt, study } = undertaking;
  const { pack } = attempt;
  const tasks = tasksOf(study, pack, options.device);
  if (tasks.length === 0) return await accept(undertaking, [], []);
  await fetchOnFirstUse(tasks[0].chain[0].data, options);
  await requireSameData(tasks[0], pack);
  const { events, logs } = await trainPack(store, study, tasks, tasks.map(keyOf), {
    ...options,
    async keep(kept) {
      await store.database.transaction(async (on) => {
        if (!(await isCurrent(on, attempt))) throw new Superseded();
        await keepSnapshots(on, pack.study, kept);
      });
    },
  });
  await accept(undertaking, events, logs);
  await summarise(
    store,
    logs.map(({ log }) => log),
  );
}

/** What came of a pack whose training is refused, or that was set aside: its trials have failed, and the search goes on. */
export async function failPack(undertaking: Undertaking, complaint: string): Promise<void> {
  const { study, attempt } = undertaking;
  const events = tasksOf(study, attempt.pack, "auto").flatMap(({ trials, seed, fold }) =>
    trials.map(({ number: trial }): StudyEvent => {
      const place = fold === undefined ? {} : { fold };
      return { kind: "ended", trial, seed, ...place, outcome: { state: "failed", complaint } };
    }),
  );
  await accept(undertaking, events, []);
}

async function accept(
  { store, queue, job, attempt }: Undertaking,
  events: readonly StudyEvent[],
  logs: readonly Append[],
): Promise<void> {
  const { study, runs } = attempt.pack;
  await store.database.transaction(async (on) => {
    if (!(await finishPack(on, attempt))) throw new Superseded();
    await addToStudy(on, store, study, events, logs);
    await dropSnapshots(on, study, runs.map(runKey));
    await queue.complete(on, job);
  });
}

/** Runs of a pack that have not ended, as this machine trains them. */
function tasksOf(study: KeptStudy, pack: Pack, device: string): readonly TrialTask[] {
  const { trials, document } = study.state;
  const isLeft = (number: number, run: PackRun) =>
    trialState(trials[number], document) === "waiting" && !trials[number].runs.some((ended) => isOf(ended, run));
  return pack.runs
    .filter((run) => run.trials.some((number) => isLeft(number, run)))
    .map((run) => {
      const all = run.trials.map((number) => trials[number]);
      const task = taskOf(study, all, run);
      const chain = task.chain.map((spec) => (spec.device === "auto" ? { ...spec, device } : spec));
      return { ...task, chain };
    });
}

/** Names a task's run within its study. */
function keyOf(task: TrialTask): string {
  return runKey(packRunOf(task));
}

/** A task as a pack names it. */
export function packRunOf({ trials, seed, fold }: TrialTask): PackRun {
  return { trials: trials.map(({ number }) => number), seed, ...(fold === undefined ? {} : { fold }) };
}

/** @throws Fault `data` where this machine's files are not the coordinator's: results would not compare */
async function requireSameData({ chain: [spec] }: TrialTask, pack: Pack): Promise<void> {
  const here = new Map((await datasetFiles(spec.data)).map(({ file, sha256 }) => [file, sha256]));
  const other = pack.data.find(({ file, sha256 }) => here.get(file) !== sha256);
  if (other === undefined) return;
  const complaint = here.has(other.file)
    ? "it is not what the coordinator of the search has"
    : "the coordinator has it";
  throw new Fault("data", other.file, complaint, "copy the coordinator's file here, under the same path");
}
