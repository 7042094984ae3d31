import { Fault } from "../fault/fault.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { propose } from "../search/propose.ts";
import { type StudyState, trialState } from "../search/study-state.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Append, Store } from "../store/store.ts";
import type { Trainer } from "../worker/trainer.ts";
import { requireImages } from "./check-study.ts";
import type { Fetching } from "./first-use.ts";
import { createJudge, type Judge, looksAtImages } from "./judge.ts";
import type { KeptStudy } from "./kept-studies.ts";
import { summaryOfLog } from "./list-runs.ts";
import { discardLeftovers, liveLogs } from "./live-logs.ts";
import { endedEvent, knownAlready, knownFromStore } from "./study-outcomes.ts";
import type { KeptTraining } from "./train-and-keep.ts";
import { trainChains, wholeLog } from "./train-chains.ts";
import { addCurves, type Curves, curvesOf } from "./trial-curves.ts";
import { retiring } from "./trial-pruning.ts";
import { chainOf, packsOf, type TrialTask } from "./trial-tasks.ts";

/** Runs whose summaries go to the disk at a time; what a killed search has not kept, the next list makes. */
const SUMMARIES_TOGETHER = 256;

/** What is being trained: one of several populations, and the link of its chains. */
export interface Place {
  readonly packs: readonly (readonly TrialTask[])[];
  readonly index: number;
  readonly link: number;
}

export interface StudyOptions extends Fetching {
  /** Where to train. */
  readonly train: Trainer["train"];
  /** Hears what the populations say. */
  readonly listen?: (event: TrainingEvent, runs: readonly RunState[], place: Place) => void;
  /** Hears that trials have ended. */
  readonly onTrials?: (state: StudyState) => void;
}

/**
 * Trains what a study proposes until it is through, the trials of a batch side by side. The runs of a population end in the
 * store together with what came of them: a search killed at any moment goes on with the same trials, and a population that had
 * not ended is trained again. While it trains, its logs grow there (`live-logs.ts`).
 * @throws Fault as `trainAndKeep` does; the reason of `signal` when that stops it
 */
export async function runStudy(store: Store, study: KeptStudy, options: StudyOptions): Promise<StudyState> {
  await runStudies(store, [study], options);
  return study.state;
}

/** The same of several studies, whose trials train side by side where they can. */
export async function runStudies(store: Store, studies: readonly KeptStudy[], options: StudyOptions): Promise<void> {
  const curves = new Map<KeptStudy, Curves>();
  for (const study of studies) {
    await requireImages(study.state.document);
    curves.set(study, await curvesOf(store, study.state));
  }
  const keeping = { judge: createJudge(), curves, lists: listing(store) };
  let isFirst = true;
  for (;;) {
    for (const study of studies) study.foresee(propose(study.state, study.replicates && Number.POSITIVE_INFINITY));
    // Before what the store knows is taken in: of a run that has ended since, too, what an earlier attempt left goes.
    if (isFirst) await discardLeftovers(store, packsOf(studies).flat());
    isFirst = false;
    const known = [...studies.map((study) => knownAlready(study.state)), ...(await knownFromStore(store, studies))];
    for (const [i, events] of known.entries()) studies[i % studies.length].foresee(events);
    const packs = packsOf(studies);
    if (packs.length === 0 && known.every((events) => events.length === 0)) {
      for (const study of studies) await study.append([]);
      await keeping.lists.flush();
      return;
    }
    for (const [index, tasks] of packs.entries()) {
      // A pruner may have ended trials since they were packed.
      const left = tasks.filter(({ study, trials }) => trials.some(({ number }) => isWaiting(study.state, number)));
      const place = { packs, index };
      if (left.length > 0) await trainPack(store, left, place, keeping, options).catch(failed(left));
      for (const { state } of new Set(tasks.map(({ study }) => study))) options.onTrials?.(state);
    }
  }
}

/** A setting whose training is refused, as a network too large, is a trial that failed: the search goes on. */
function failed(tasks: readonly TrialTask[]) {
  return async (error: unknown) => {
    const mayFail = ({ state, replicates }: KeptStudy) =>
      replicates === undefined && state.trials.some(({ runs }) => runs.length > 0);
    if (!(error instanceof Fault) || error.code !== "spec" || !tasks.every(({ study }) => mayFail(study))) throw error;
    const { message: complaint } = error;
    for (const { study, trials, seed, fold } of tasks) {
      const place = { seed, ...(fold === undefined ? {} : { fold }) };
      await study.append(
        trials.map(({ number: trial }) => ({
          kind: "ended",
          trial,
          ...place,
          outcome: { state: "failed", complaint },
        })),
      );
    }
  };
}

/** What outcomes are kept with. */
interface Keeping {
  readonly judge: Judge;
  readonly curves: ReadonlyMap<KeptStudy, Curves>;
  readonly lists: ReturnType<typeof listing>;
}

/** Runs whose summaries are not kept yet: a disk is waited for once for several populations. */
function listing(store: Store) {
  let waiting: ReturnType<typeof summaryOfLog>[] = [];
  const flush = async () => {
    await store.summarise(waiting);
    waiting = [];
  };
  return {
    flush,
    async add(logs: readonly Append[]) {
      for (const log of logs) waiting.push(summaryOfLog(log));
      if (waiting.length >= SUMMARIES_TOGETHER) await flush();
    },
  };
}

async function trainPack(
  store: Store,
  tasks: readonly TrialTask[],
  place: Omit<Place, "link">,
  { judge, curves, lists }: Keeping,
  { signal, onFetch, train, listen }: StudyOptions,
): Promise<void> {
  const memory = createMemoryStore();
  const live = liveLogs(memory, store);
  const { retire, hear } = retiring(tasks, curves);
  const studies = new Set(tasks.map(({ study }) => study));
  try {
    const trained = await trainChains(memory, tasks.map(chainOf), {
      keepsModels: tasks.some((task) => looksAtImages(task.study) || keepsModel(task)),
      signal,
      onFetch,
      train,
      retire,
      onBegun: live.begin,
      async listen(event, runs, link) {
        hear(event);
        listen?.(event, runs, { ...place, link });
        if (!live.isDue()) return;
        for (const study of studies) await study.append([]);
        await live.bring();
      },
    });
    const population = tasks.map((task, member) => ({ task, links: trained[member] }));
    for (const study of studies) {
      const members = population.filter(({ task }) => task.study === study);
      const events = members.flatMap(({ task, links }) =>
        links.map((training, link) => endedEvent(task.trials[link].number, task, training, tasks.length)),
      );
      const [studyTasks, trainings] = [members.map(({ task }) => task), members.map(({ links }) => links)];
      const firsts = trainings.map(([first]) => first);
      const judged = await judge(study, studyTasks, firsts);
      const logs = await Promise.all(members.flatMap((member) => logsOf(memory, member)));
      await live.finish(logs, (rest) => study.append([...events, ...judged], rest));
      await lists.add(logs);
      addCurves(curves.get(study), studyTasks, trainings);
    }
  } finally {
    await live.close();
  }
}

function logsOf(
  memory: Store,
  { task, links }: { readonly task: TrialTask; readonly links: readonly KeptTraining[] },
): Promise<Append>[] {
  return links.map(({ run }, link) => wholeLog(memory, run.id, keepsModel(task) && link === links.length - 1));
}

/** Whether its model goes into the store: pictures are drawn of the first run of a published search. */
function keepsModel({ study, trials, seed }: TrialTask): boolean {
  return study.replicates?.keepsModel === true && trials[0].number === 0 && seed === 0;
}

function isWaiting({ trials, document }: StudyState, number: number): boolean {
  return trialState(trials[number], document) === "waiting";
}
