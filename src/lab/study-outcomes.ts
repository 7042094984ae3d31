import type { Outcome, StudyEvent } from "../search/study-event.ts";
import { packed, type StudyState, type TrialRun, trialState } from "../search/study-state.ts";
import type { Store } from "../store/store.ts";
import { endedChain, endedRuns } from "./ended-runs.ts";
import { documentOf, readRun } from "./kept-runs.ts";
import type { KeptStudy } from "./kept-studies.ts";
import type { KeptTraining } from "./train-and-keep.ts";
import { isOf, packsOf, type TrialTask } from "./trial-tasks.ts";

type EndedEvent = Extract<StudyEvent, { kind: "ended" }>;
type JudgedEvent = Extract<StudyEvent, { kind: "judged" }>;

/** What came of a run of a trial, as the study's log has it. */
export function endedEvent(
  trial: number,
  { seed, fold }: Pick<TrialTask, "seed" | "fold">,
  { run, document }: Pick<KeptTraining, "document"> & { readonly run: { readonly id: string } },
  population: number,
): EndedEvent {
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
  const place = { seed, ...(fold === undefined ? {} : { fold }) };
  return { kind: "ended", trial, ...place, run: run.id, images: examples.validation, outcome };
}

/** What is known of settings that were tried before, as where a finer grid meets the coarse one: the same run is not made twice. */
export function knownAlready({ document, trials }: StudyState): (EndedEvent | JudgedEvent)[] {
  // Where weights are carried on, a setting is not all that a trial is.
  if (document.carry) return [];
  const tried = new Map(
    trials.flatMap((trial) => (trial.runs.length > 0 ? [[JSON.stringify(trial.setting), trial] as const] : [])),
  );
  return trials.flatMap((trial) => {
    const before = trialState(trial, document) === "waiting" ? tried.get(JSON.stringify(trial.setting)) : undefined;
    if (before === undefined || before.number === trial.number) return [];
    return before.runs
      .filter((run) => !trial.runs.some((ended) => isOf(ended, run)))
      .flatMap((run) => endedAgain(trial.number, run));
  });
}

function endedAgain(
  trial: number,
  { seed, fold, run, by, right, ...outcome }: TrialRun,
): readonly [EndedEvent, ...JudgedEvent[]] {
  const ended: EndedEvent = {
    kind: "ended",
    trial,
    seed,
    ...(fold === undefined ? {} : { fold }),
    ...(run === undefined ? {} : { run }),
    ...(by === undefined ? {} : { by }),
    outcome: { ...outcome, seconds: 0 },
  };
  if (right === undefined) return [ended];
  return [ended, { kind: "judged", trial, seed, images: right.length, right: packed(right) }];
}

/** Of studies that follow a published protocol, what the store has of their runs, whatever it was trained for; a list each. */
export async function knownFromStore(store: Store, studies: readonly KeptStudy[]): Promise<EndedEvent[][]> {
  const events: EndedEvent[][] = studies.map(() => []);
  if (studies.every(({ replicates }) => replicates === undefined)) return events;
  const ended = await endedRuns(store);
  for (const [i, study] of studies.entries()) {
    if (study.replicates === undefined) continue;
    for (const task of packsOf([study]).flat()) {
      for (const [link, { id }] of (endedChain(ended, task.chain) ?? []).entries()) {
        const run = await readRun(store, id);
        const training = { run, document: documentOf(run) };
        events[i].push(endedEvent(task.trials[link].number, task, training, run.population ?? 1));
      }
    }
  }
  return events;
}
