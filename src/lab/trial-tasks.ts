import type { Spec } from "../record/spec.ts";
import { specOf } from "../search/check-search.ts";
import type { SearchDocument } from "../search/search-document.ts";
import { runsOf, type Trial, type TrialRun, trialState } from "../search/study-state.ts";
import { pack, type Task } from "../worker/pack.ts";
import type { KeptStudy } from "./kept-studies.ts";
import type { Chain } from "./train-chains.ts";

/** Networks trained side by side at most: more share a mini-batch for no less time each. */
const MOST_MEMBERS = 32;
/** And numbers in all of them: well below what a device can address. */
const MOST_PARAMETERS = 150_000_000;

/** One run of a trial, to be trained; where weights are carried on, of all trials, one a link. */
export interface TrialTask extends Task {
  readonly study: KeptStudy;
  readonly trials: readonly Trial[];
  readonly seed: number;
  readonly fold?: number;
}

/**
 * What is left to train of the trials that have been proposed, of studies together, in populations: the first seeds first, and of
 * the same training, which several published searches share, one.
 */
export function packsOf(
  studies: readonly KeptStudy[],
  mostMembers = MOST_MEMBERS,
  isWanted: (task: TrialTask) => boolean = () => true,
): readonly (readonly TrialTask[])[] {
  const keys = new Set<string>();
  const tasks = studies.flatMap(tasksOf).filter(({ key }) => keys.size < keys.add(key).size);
  return pack(tasks.filter(isWanted), ({ chain: [spec] }) =>
    Math.max(1, Math.min(MOST_MEMBERS, mostMembers, Math.floor(MOST_PARAMETERS / numbersOf(spec)))),
  );
}

function tasksOf(study: KeptStudy): TrialTask[] {
  const { document, trials } = study.state;
  const waiting = trials.filter((trial) => trialState(trial, document) === "waiting");
  return runsOf(document).flatMap((run) => {
    const left = waiting.filter(({ runs }) => !runs.some((ended) => isOf(ended, run)));
    if (!document.carry) return left.map((trial) => taskOf(study, [trial], run));
    // Weights of a chain that was broken off are not kept: it begins anew.
    return left.length === 0 ? [] : [taskOf(study, trials, run)];
  });
}

type RunOfTrial = Pick<TrialRun, "seed" | "fold">;

export function isOf(a: RunOfTrial, b: RunOfTrial): boolean {
  return a.seed === b.seed && a.fold === b.fold;
}

/** One run of a trial, or of a chain of trials. @throws Fault `spec` for a setting that is no spec */
export function taskOf(study: KeptStudy, trials: readonly Trial[], { seed, fold }: RunOfTrial): TrialTask {
  const chain = trials.map((trial) => trialSpec(study, trial, seed, fold));
  const key = JSON.stringify(chain);
  return { key, chain, study, trials, seed, ...(fold === undefined ? {} : { fold }) };
}

/** What is trained of a task. Runs of a published protocol are the report's; those of a search have its name for a tag. */
export function chainOf({ chain, study: { name, replicates } }: TrialTask): Chain {
  if (replicates === undefined) return { chain, tags: [name] };
  return { chain, purpose: "replication", experiment: replicates.experiment };
}

/** The spec of a trial's run: common mini-batches and initial weights for all trials of a seed; the test set stays out of it. */
function trialSpec({ state: { document }, replicates }: KeptStudy, trial: Trial, seed: number, fold?: number): Spec {
  const spec = specOf(document.spec, trial.setting);
  if (replicates !== undefined) return { ...spec, seed: spec.seed + seed };
  const split = fold === undefined ? spec.data.split : foldSplit(document, fold);
  return {
    ...spec,
    name: `${document.name}-${trial.number}`,
    seed: spec.seed + seed,
    data: { ...spec.data, split },
    evaluate: { ...spec.evaluate, test: false },
  };
}

function foldSplit({ folds = 1, stratified }: SearchDocument, fold: number): Spec["data"]["split"] {
  return { kind: "fold", of: folds, number: fold + 1, ...(stratified ? { stratified } : {}) };
}

/** About the numbers of a network on images of CIFAR-10's size. */
function numbersOf({ network: { hidden } }: Spec): number {
  return [3072, ...hidden].reduce((sum, width, i) => sum + width * (hidden[i] ?? 10), 0);
}
