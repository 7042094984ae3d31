import type { StudyEvent } from "./study-event.ts";
import type { StudyState } from "./study-state.ts";

/** What a trial came to when it reached a rung; higher is better. */
export interface Arrival {
  readonly trial: number;
  readonly value: number;
}

/**
 * Asynchronous successive halving (Li et al. 2020) in the form that ends trials where the paper pauses them: who reaches a rung
 * goes on where it is among the best 1/eta, rounded down but one at least, of all that have reached it until then. Nobody waits
 * for anybody, so results may arrive in any order. Those that train side by side arrive together.
 */
export function goOn(arriving: readonly Arrival[], before: readonly number[], eta: number): ReadonlySet<number> {
  const kept = Math.max(1, Math.floor((before.length + arriving.length) / eta));
  const isAhead = (other: Arrival, { trial, value }: Arrival) =>
    other.value > value || (other.value === value && other.trial < trial);
  return new Set(
    arriving
      .filter(({ value }) => Number.isFinite(value))
      .filter((arrival) => {
        const ahead = before.filter((value) => value >= arrival.value).length;
        return ahead + arriving.filter((other) => isAhead(other, arrival)).length < kept;
      })
      .map(({ trial }) => trial),
  );
}

/**
 * What a study's log gains when trials reach a rung together. What was decided before stands, so that a trial that is trained
 * again, or with another seed, is not judged twice.
 */
export function reached(
  { trials }: StudyState,
  arriving: readonly Arrival[],
  rung: number,
  eta: number,
): Extract<StudyEvent, { kind: "reached" }>[] {
  const has = (number: number) => trials[number]?.reached?.some((point) => point.rung === rung) ?? false;
  const fresh = arriving.filter(({ trial }) => !has(trial));
  const before = trials.flatMap((trial) =>
    (trial.reached ?? []).filter((point) => point.rung === rung).map(({ accuracy }) => accuracy),
  );
  const going = goOn(fresh, before, eta);
  return fresh.map(({ trial, value }) => ({
    kind: "reached",
    trial,
    rung,
    accuracy: value,
    goesOn: going.has(trial),
  }));
}

/** Whether a trial that is `step` updates far was let go on from all rungs until there: one that is trained again meets them anew. */
export function isGoingOn({ trials }: StudyState, number: number, step: number): boolean {
  return trials[number]?.reached?.every(({ rung, goesOn }) => goesOn || rung > step) ?? true;
}
