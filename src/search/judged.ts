import type { StudyState, TrialRun } from "./study-state.ts";

/** Standard errors below the best from which on a run's single images are not looked at: they cannot matter. */
const NEAR = 4;

/** Whether it matters which of its images a run has right: whether it lies near the best. */
export function isNearBest(accuracy: number, best: number, images: number): boolean {
  return accuracy > best - NEAR * Math.sqrt(0.5 / images);
}

/** The best accuracy of any run, as a fraction; 0 where there is none. */
export function bestOfRuns({ trials }: Pick<StudyState, "trials">): number {
  return trials.reduce(
    (best, { runs }) =>
      runs.reduce((most, { accuracy = 0 }) => (Number.isFinite(accuracy) ? Math.max(most, accuracy) : most), best),
    0,
  );
}

/**
 * Which images a run has right, where that was looked at and it lies near the best of the whole study. Along the way more are
 * looked at, those near the best until then, and which these are depends on who trained beside whom: what a study says must not.
 */
export function rightImages(state: Pick<StudyState, "trials">): (run: TrialRun) => readonly boolean[] | undefined {
  const best = bestOfRuns(state);
  return ({ right, accuracy = 0 }) =>
    right !== undefined && isNearBest(accuracy, best, right.length) ? right : undefined;
}
