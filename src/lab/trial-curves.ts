import type { Measurement } from "../record/event.ts";
import type { Progress } from "../search/pruner.ts";
import type { StudyState } from "../search/study-state.ts";
import type { Store } from "../store/store.ts";
import { readRun } from "./kept-runs.ts";
import type { KeptTraining } from "./train-and-keep.ts";
import type { TrialTask } from "./trial-tasks.ts";

/** Curves of validation accuracy of trials that have ended, for pruners that look back. */
export type Curves = Map<number, Progress>;

/** A curve a trial: the mean of its runs, where all were measured. */
export function byTrial(
  runs: readonly { readonly trial: number; readonly series: readonly Measurement[] }[],
): Progress[] {
  return [...new Set(runs.map(({ trial }) => trial))].map((trial) => {
    const all = runs.filter((run) => run.trial === trial).map(({ series }) => series);
    const length = all.reduce((least, series) => Math.min(least, series.length), Number.POSITIVE_INFINITY);
    const series = all[0].slice(0, length).map(({ step }, i) => ({
      step,
      value: all.reduce((sum, points) => sum + points[i].validation.accuracy, 0) / all.length,
    }));
    return { trial, series };
  });
}

/** The curves that the store has, where the study's pruner looks back. @throws Fault `store` */
export async function curvesOf(store: Store, { document, trials }: StudyState): Promise<Curves> {
  const curves: Curves = new Map();
  if (document.pruner.kind !== "median") return curves;
  for (const { number, runs } of trials) {
    const keptRuns = await Promise.all(runs.flatMap(({ run }) => (run === undefined ? [] : [readRun(store, run)])));
    for (const curve of byTrial(keptRuns.map(({ training }) => ({ trial: number, series: training?.series ?? [] })))) {
      curves.set(number, curve);
    }
  }
  return curves;
}

/** Adds what the runs of a population came to; of chains the first links. */
export function addCurves(
  curves: Curves | undefined, // added to
  tasks: readonly Pick<TrialTask, "trials">[],
  trained: readonly (readonly Pick<KeptTraining, "document">[])[],
): void {
  const runs = tasks.map(({ trials: [{ number: trial }] }, i) => ({ trial, series: trained[i][0].document.series }));
  for (const curve of byTrial(runs)) curves?.set(curve.trial, curve);
}
