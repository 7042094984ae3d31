import { setTimeout as pause } from "node:timers/promises";
import { requireImages } from "../lab/check-study.ts";
import { type Fetching, fetchOnFirstUse } from "../lab/first-use.ts";
import { type KeptStudy, openStudy } from "../lab/kept-studies.ts";
import { knownAlready } from "../lab/study-outcomes.ts";
import { packsOf, type TrialTask } from "../lab/trial-tasks.ts";
import { numbersVersion } from "../lab/versions.ts";
import { parseSpec } from "../record/parse-spec.ts";
import type { DataFile } from "../record/run-event.ts";
import { propose } from "../search/propose.ts";
import type { SearchDocument } from "../search/search-document.ts";
import type { StudyEvent } from "../search/study-event.ts";
import { foldAll, type StudyState } from "../search/study-state.ts";
import type { Connection } from "../store/postgres-database.node.ts";
import type { PostgresStore } from "../store/postgres-store.node.ts";
import { datasetFiles } from "../train/split.node.ts";
import { packRunOf } from "./attempt.ts";
import { addPacks, openPacks, runKey } from "./packs.ts";
import { openQueue } from "./queue.ts";
import { addToStudy } from "./study-log.ts";
import { type ListedWorker, listWorkers } from "./workers.ts";

export interface ElsewhereOptions extends Fetching {
  /** Attempts after which a trial that never comes further is set aside. */
  readonly mostAttempts?: number | undefined;
  /** Runs in a pack at most; by the number of workers when absent. */
  readonly packSize?: number | undefined;
  /** Hears the study when trials have ended, and now and then who works. */
  readonly onTrials?: (state: StudyState) => void;
  readonly onWorkers?: (workers: readonly ListedWorker[]) => void;
}

/** A study as its coordinator has it: what it adds to the log goes in with the packs that follow from it. */
export interface CoordinatedStudy {
  readonly study: KeptStudy;
  /** Is called within the transaction of the next entries. */
  withNext(write: (on: Connection) => Promise<void>): void;
}

/** @throws Fault as `openStudy` */
export async function openCoordinated(store: PostgresStore, document: SearchDocument): Promise<CoordinatedStudy> {
  let beside: ((on: Connection) => Promise<void>) | undefined;
  const study = await openStudy(
    {
      ...store,
      async append(...appends) {
        const write = await store.prepare(...appends);
        await store.database.transaction(async (on) => {
          await beside?.(on);
          await write(on);
        });
      },
    },
    document,
  );
  return {
    study,
    withNext(write) {
      beside = write;
    },
  };
}

/**
 * Lets workers train what a study proposes until it is through. Trials go into the queue in the transaction in which they go into
 * the study's log, and results come by that log: this process may die at any moment, and whoever starts the same search goes on.
 * @throws Fault `store`; the reason of `signal`
 */
export async function runStudyElsewhere(
  store: PostgresStore,
  { study, withNext }: CoordinatedStudy,
  { signal, onFetch, onTrials, onWorkers, packSize, mostAttempts = 3 }: ElsewhereOptions,
): Promise<StudyState> {
  const { document } = study.state;
  const { data: dataOfSpec } = parseSpec(document.spec);
  await requireImages(document);
  await fetchOnFirstUse(dataOfSpec, { signal, onFetch });
  const data = await datasetFiles(dataOfSpec);
  const queue = await openQueue(store.database, { numbers: numbersVersion, superviseEvery: 1 });
  const add = (packs: readonly (readonly TrialTask[])[]) => async (on: Connection) => {
    await queue.add(on, await addPacks(on, packs.map(newPack(document.name, data, mostAttempts))));
  };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let workers: readonly ListedWorker[] = [];
  let isStale = true;
  try {
    for (;;) {
      signal?.throwIfAborted();
      if (performance.now() - lookedAt > 3000) {
        const before = workers.length;
        workers = (await listWorkers(store.database)).filter(({ state }) => state === "idle" || state === "training");
        lookedAt = performance.now();
        onWorkers?.(workers);
        isStale ||= workers.length !== before;
      }
      // Before the study is caught up with: a pack that is done by then has its results in the log.
      const open = await openPacks(store.database.all, document.name);
      if (isStale) {
        const taken = new Set(open.flatMap(({ runs }) => runs.map(runKey)));
        let packs: readonly (readonly TrialTask[])[] = [];
        let events: readonly StudyEvent[] = [];
        await study.decide((state) => {
          ({ events, packs } = next(study, state, taken, workers.length, packSize));
          withNext(add(packs));
          return events;
        });
        onTrials?.(study.state);
        if (events.length > 0) continue;
        if (packs.length > 0) await addAlone(store, document.name, add(packs));
        else if (open.length === 0) return study.state;
        isStale = false;
      }
      await pause(250, undefined, { signal }).catch(() => {});
      isStale ||= await study.catchUp();
    }
  } finally {
    await queue.close();
  }
}

/** Packs of trials that were proposed before, as by a search on one machine: with the claim on the study, and no entry. */
async function addAlone(store: PostgresStore, study: string, add: (on: Connection) => Promise<void>): Promise<void> {
  await store.database.transaction(async (on) => {
    await addToStudy(on, store, study, []);
    await add(on);
  });
}

/** What happens next: a pure function of the study, and of who works. */
function next(
  study: KeptStudy,
  state: StudyState,
  taken: ReadonlySet<string>,
  workers: number,
  packSize: number | undefined,
) {
  const proposed = propose(state, togetherOf(state, workers));
  const now = foldAll(state, proposed);
  const known = knownAlready(now);
  const after = { ...study, state: foldAll(now, known) };
  const isFree = (task: TrialTask) => !taken.has(runKey(packRunOf(task)));
  const waiting = packsOf([after], 1, isFree).length;
  const size = packSize ?? sizeOf(state.document, waiting, workers);
  return { events: [...proposed, ...known], packs: packsOf([after], size, isFree) };
}

/** Rules that compare trials side by side are asked of as many as on one machine. */
function sizeOf({ pruner }: SearchDocument, waiting: number, workers: number): number {
  if (pruner.kind === "successive-halving" || pruner.kind === "hyperband") return Number.POSITIVE_INFINITY;
  return Math.ceil(waiting / (2 * Math.max(4, workers)));
}

/** How many trials may wait for their results; what a sampler itself asks for where more would leave it ignorant. */
function togetherOf({ document, stages }: StudyState, workers: number): number | undefined {
  const { sampler } = document.stages[Math.max(0, stages.length - 1)];
  if (sampler.kind === "cma-es") return undefined;
  if (sampler.kind === "tpe" || sampler.kind === "gaussian-process") return Math.max(8, workers);
  return Math.max(32, 8 * workers);
}

function newPack(study: string, data: readonly DataFile[], mostStrikes: number) {
  return (tasks: readonly TrialTask[]) => ({
    study,
    data,
    numbers: numbersVersion,
    mostStrikes,
    runs: tasks.map(packRunOf),
  });
}
