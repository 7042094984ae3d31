import { largestOf } from "../math/extremes.ts";
import type { Spec } from "../record/spec.ts";
import { specOf } from "../search/check-search.ts";
import type { SearchDocument } from "../search/search-document.ts";
import { runsOf, type StudyState, type Trial, trialState } from "../search/study-state.ts";
import { pack, type Task } from "../worker/pack.ts";

/** Networks trained side by side at most: more share a mini-batch for no less time each. */
const MOST_MEMBERS = 32;
/** And numbers in all of them: well below what a device can address. */
const MOST_PARAMETERS = 150_000_000;

/** One run of a trial, to be trained. */
export interface TrialTask extends Task {
  readonly trial: Trial;
  readonly seed: number;
  readonly fold?: number;
}

/** The spec of a trial's run: common mini-batches and initial weights for all trials of a seed; the test set stays out of it. */
function trialSpec(document: SearchDocument, trial: Trial, seed: number, fold?: number): Spec {
  const spec = specOf(document.spec, trial.setting);
  const split = fold === undefined ? spec.data.split : foldSplit(document, fold);
  return {
    ...spec,
    name: `${document.name}-${trial.number}`,
    seed: spec.seed + seed,
    data: { ...spec.data, split },
    evaluate: { ...spec.evaluate, test: false },
  };
}

function foldSplit({ folds = 1 }: SearchDocument, fold: number): Spec["data"]["split"] {
  return { kind: "fold", of: folds, number: fold + 1 };
}

/** What is left to train of the trials that have been proposed, in populations: the first seeds first. */
export function packsOf({ document, trials }: StudyState): readonly (readonly TrialTask[])[] {
  const waiting = trials.filter((trial) => trialState(trial, document) === "waiting");
  const tasks = runsOf(document).flatMap(({ seed, fold }) =>
    waiting
      .filter(({ runs }) => !runs.some((run) => run.seed === seed && run.fold === fold))
      .map((trial): TrialTask => {
        const spec = trialSpec(document, trial, seed, fold);
        const place = fold === undefined ? {} : { fold };
        return { key: `${trial.number}/${seed}/${fold ?? ""}`, chain: [spec], trial, seed, ...place };
      }),
  );
  const widest = largestOf([1, ...tasks.map(({ chain }) => numbersOf(chain[0]))]);
  const most = Math.max(1, Math.min(MOST_MEMBERS, Math.floor(MOST_PARAMETERS / widest)));
  return pack(tasks, most);
}

/** About the numbers of a network on images of CIFAR-10's size. */
function numbersOf({ network: { hidden } }: Spec): number {
  return [3072, ...hidden].reduce((sum, width, i) => sum + width * (hidden[i] ?? 10), 0);
}
