import { Fault } from "../fault/fault.ts";
import type { TrainingEvent } from "../record/event.ts";
import type { RunState } from "../record/fold.ts";
import { encodeRunEvent } from "../record/run-event.ts";
import { isGoingOn, reached } from "../search/asynchronous-halving.ts";
import { propose } from "../search/propose.ts";
import { type Progress, pruned, rungReached, rungs } from "../search/pruner.ts";
import type { Pruner } from "../search/search-document.ts";
import type { Outcome, StudyEvent } from "../search/study-event.ts";
import { type StudyState, trialState } from "../search/study-state.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import type { ThreadOptions, Trainer } from "../worker/trainer.ts";
import { requireImages } from "./check-study.ts";
import type { Fetching } from "./first-use.ts";
import { createJudge, type Judge } from "./judge.ts";
import type { KeptStudy } from "./kept-studies.ts";
import { summarise } from "./list-runs.ts";
import { type KeptTraining, trainAndKeep } from "./train-and-keep.ts";
import { wholeLog } from "./train-tasks.ts";
import { byTrial, type Curves, curvesOf } from "./trial-curves.ts";
import { packsOf, type TrialTask } from "./trial-tasks.ts";

export interface StudyOptions extends Fetching {
  /** Where to train. */
  readonly train: Trainer["train"];
  /** Hears what the populations say. */
  readonly listen?: (event: TrainingEvent, runs: readonly RunState[], state: StudyState) => void;
  /** Hears the study when trials have ended. */
  readonly onTrials?: (state: StudyState) => void;
}

/**
 * Trains what a study proposes until it is through, the trials of a batch side by side. The runs of a population and what came
 * of them go into the store together when it has ended: a search killed at any moment goes on with the same trials, and a
 * population that had not ended is trained again.
 * @throws Fault as `trainAndKeep` does; the reason of `signal` when that stops it
 */
export async function runStudy(store: Store, study: KeptStudy, options: StudyOptions): Promise<StudyState> {
  await requireImages(study.state.document);
  const judge = createJudge();
  const curves = await curvesOf(store, study.state);
  for (;;) {
    study.foresee(propose(study.state));
    const known = knownAlready(study.state);
    study.foresee(known);
    const packs = packsOf(study.state);
    if (packs.length === 0 && known.length === 0) {
      await study.append([]);
      return study.state;
    }
    for (const tasks of packs) {
      // A pruner may have ended trials since they were packed.
      const left = tasks.filter(({ trial }) => isWaiting(study.state, trial.number));
      if (left.length > 0) await trainPack(store, study, left, judge, curves, options).catch(failed(study, left));
      options.onTrials?.(study.state);
    }
  }
}

/** A setting whose training is refused, as a network too large, is a trial that failed: the search goes on. */
function failed(study: KeptStudy, tasks: readonly TrialTask[]) {
  return async (error: unknown) => {
    const isFirst = study.state.trials.every(({ runs }) => runs.length === 0);
    if (!(error instanceof Fault) || error.code !== "spec" || isFirst) throw error;
    await study.append(
      tasks.map(({ trial, seed, fold }) => ({
        kind: "ended",
        trial: trial.number,
        seed,
        ...(fold === undefined ? {} : { fold }),
        outcome: { state: "failed", complaint: error.message },
      })),
    );
  };
}

async function trainPack(
  store: Store,
  study: KeptStudy,
  tasks: readonly TrialTask[],
  judge: Judge,
  curves: Curves,
  { signal, onFetch, train, listen }: StudyOptions,
): Promise<void> {
  const memory = createMemoryStore();
  const { document } = study.state;
  let steps = 0;
  const hear = (event: TrainingEvent, runs: readonly RunState[]) => {
    if (event.kind === "started") steps = event.steps;
    listen?.(event, runs, study.state);
  };
  const retire: ThreadOptions["retire"] = async (running, step) => {
    const active = byTrial(running.map(({ member, series }) => ({ trial: tasks[member].trial.number, series })));
    const prunedTrials =
      document.pruner.kind === "asynchronous-successive-halving"
        ? await prunedAtRung(study, document.pruner, active, step, steps)
        : pruned(document.pruner, active, [...curves.values()], step, steps);
    return running
      .filter(({ member }) => prunedTrials.includes(tasks[member].trial.number))
      .map(({ member }) => member);
  };
  const trainings = await trainAndKeep(
    memory,
    tasks.map(({ chain: [spec] }) => ({ spec })),
    { signal, onFetch, train, listen: hear, ...(document.pruner.kind === "none" ? {} : { retire }) },
  );
  const ended = trainings.map((training, member) => endedEvent(tasks[member], training, tasks.length));
  const judged = await judge(study.state, tasks, trainings);
  const logs = await Promise.all(
    trainings.map(({ run: { id, entries } }) => tagged(memory, id, entries, document.name)),
  );
  await study.append([...ended, ...judged], logs);
  await summarise(
    store,
    trainings.map(({ run }) => run.id),
  );
  for (const curve of byTrial(
    trainings.map(({ document: { series } }, i) => ({ trial: tasks[i].trial.number, series })),
  )) {
    curves.set(curve.trial, curve);
  }
}

/** What is known of settings that were tried before, as where a finer grid meets the coarse one: the same run is not made twice. */
function knownAlready({ document, trials }: StudyState): EndedEvent[] {
  const tried = new Map(
    trials.flatMap((trial) => (trial.runs.length > 0 ? [[JSON.stringify(trial.setting), trial] as const] : [])),
  );
  return trials.flatMap((trial) => {
    const before = trialState(trial, document) === "waiting" ? tried.get(JSON.stringify(trial.setting)) : undefined;
    if (before === undefined || before.number === trial.number) return [];
    return before.runs
      .filter((run) => !trial.runs.some(({ seed, fold }) => seed === run.seed && fold === run.fold))
      .map(({ seed, fold, run, right: _, ...outcome }) => ({
        kind: "ended",
        trial: trial.number,
        seed,
        ...(fold === undefined ? {} : { fold }),
        ...(run === undefined ? {} : { run }),
        outcome: { ...outcome, seconds: 0 },
      }));
  });
}

type EndedEvent = Extract<StudyEvent, { kind: "ended" }>;

function endedEvent({ trial, seed, fold }: TrialTask, { run, document }: KeptTraining, population: number): EndedEvent {
  const { final, parameters, weightsSha256, examples, ended } = document;
  const state = document.state === "diverged" ? "diverged" : ended?.why === "retired" ? "pruned" : "finished";
  const outcome: Outcome = {
    state,
    accuracy: final.validation.accuracy,
    trainAccuracy: final.train.accuracy,
    loss: final.validation.loss,
    parameters,
    seconds: document.seconds / population,
    weightsSha256,
  };
  const images = examples.validation;
  return {
    kind: "ended",
    trial: trial.number,
    seed,
    ...(fold === undefined ? {} : { fold }),
    run: run.id,
    images,
    outcome,
  };
}

/** Trials that end now by what all have come to that reached their rung, here or in another process, so far. */
async function prunedAtRung(
  study: KeptStudy,
  { first, eta }: Extract<Pruner, { kind: "asynchronous-successive-halving" }>,
  active: readonly Progress[],
  step: number,
  length: number,
): Promise<readonly number[]> {
  const rung = rungReached(rungs(first, eta, length), active, step);
  if (rung === undefined) return [];
  const arriving = active.map(({ trial, series }) => ({ trial, value: series.at(-1)?.value ?? Number.NaN }));
  await study.decide((state) => reached(state, arriving, rung, eta));
  return active.filter(({ trial }) => !isGoingOn(study.state, trial)).map(({ trial }) => trial);
}

function isWaiting({ trials, document }: StudyState, number: number): boolean {
  return trialState(trials[number], document) === "waiting";
}

/** A run's log without its bytes, with the study's name for a tag. */
async function tagged(memory: Store, id: string, at: number, name: string) {
  const label = encodeRunEvent({ kind: "labelled", tags: [name] });
  await memory.append({ log: id, kind: "run", at, entries: [label] });
  return await wholeLog(memory, id, false);
}
