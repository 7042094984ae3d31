import { isGoingOn, reached } from "./asynchronous-halving.ts";
import { checkSearch } from "./check-search.ts";
import { type Conclusion, conclusion } from "./conclusion.ts";
import { propose } from "./propose.ts";
import { rungs } from "./pruner.ts";
import { parseSearch, type SearchInput } from "./search-document.ts";
import type { Outcome, StudyEvent } from "./study-event.ts";
import { foldStudy, runsOf, type StudyState, type Trial, trialState } from "./study-state.ts";

/** A search that is asked what to try, and told what came of it. */
export interface Study {
  /** One trial after the other, until the last stage is through. A trial that is told nothing of is passed over. */
  ask(): Generator<Trial>;
  /**
   * What came of a trial: its accuracy on the validation images (to be large), one for each seed where there are several; NaN for
   * one that diverged. Or the whole outcome of one of its runs. `images`, the number of validation images, lets the study say
   * what so few of them leave open.
   */
  tell(
    trial: Trial,
    accuracy: number | readonly number[] | (Outcome & { readonly seed: number }),
    images?: number,
  ): void;
  /**
   * What a trial has come to after so many updates, on the way: its accuracy on the validation images. Whether it shall go on; of one
   * that shall not, `tell` that it was pruned. Trials report in any order, and none waits for another.
   * @throws RangeError under a pruner that compares trials side by side
   */
  report(trial: Trial, step: number, accuracy: number): boolean;
  state(): StudyState;
  conclusion(): Conclusion;
  /** All that happened, from which `createStudy` makes the same study again. */
  readonly events: readonly StudyEvent[];
}

/**
 * A study in memory, or gone on with from its events.
 *
 * @example
 * const study = createStudy({
 *   spec: "004-E2",
 *   vary: { "training.lambda": { kind: "log", low: 1e-5, high: 1e-1 } },
 *   stages: [{ sampler: { kind: "tpe", trials: 40 } }],
 * });
 * for (const trial of study.ask()) study.tell(trial, await accuracyOf(trial.setting));
 * study.conclusion().order[0]; // the number of the best trial
 *
 * @throws Fault `spec` for a search that cannot go well
 */
export function createStudy(input: SearchInput, events: readonly StudyEvent[] = []): Study {
  const document = parseSearch(input);
  checkSearch(document);
  const log: StudyEvent[] = [];
  let state: StudyState | undefined;
  const happen = (event: StudyEvent): StudyState => {
    log.push(event);
    state = foldStudy(state, event);
    return state;
  };
  for (const event of events.length > 0 ? events : [{ kind: "created", document } as const]) happen(event);
  const now = () => state ?? happen({ kind: "created", document });

  return {
    *ask() {
      const passed = new Set<number>();
      for (;;) {
        for (const event of propose(now(), passed.size + 1)) happen(event);
        const trial = now().trials.find(
          (candidate) => !passed.has(candidate.number) && trialState(candidate, document) === "waiting",
        );
        if (trial === undefined) return;
        passed.add(trial.number);
        yield trial;
        for (const { number } of now().trials.filter((trial) => trialState(trial, document) !== "waiting")) {
          passed.delete(number);
        }
      }
    },
    tell(trial, result, images) {
      const counted = images === undefined ? {} : { images };
      if (typeof result === "object" && "state" in result) {
        const { seed, ...outcome } = result;
        happen({ kind: "ended", trial: trial.number, seed, ...counted, outcome });
        return;
      }
      const accuracies = typeof result === "number" ? [result] : result;
      const runs = runsOf(document);
      if (accuracies.length !== runs.length) {
        throw new RangeError(
          `trial ${trial.number} has ${runs.length} runs, and ${accuracies.length} accuracies are told`,
        );
      }
      for (const [i, run] of runs.entries()) {
        const accuracy = accuracies[i];
        const outcome: Outcome = Number.isFinite(accuracy) ? { state: "finished", accuracy } : { state: "diverged" };
        happen({ kind: "ended", trial: trial.number, ...run, ...counted, outcome });
      }
    },
    report({ number }, step, accuracy) {
      const { pruner } = document;
      if (pruner.kind === "none") return true;
      if (pruner.kind !== "asynchronous-successive-halving") {
        throw new RangeError(`${pruner.kind} compares trials side by side; asynchronous-successive-halving does not`);
      }
      const { first, eta } = pruner;
      const before = now().trials[number].reached?.at(-1)?.rung ?? 0;
      const rung = rungs(first, eta, step + 1).findLast((at) => at > before);
      if (rung !== undefined)
        for (const event of reached(now(), [{ trial: number, value: accuracy }], rung, eta)) happen(event);
      return isGoingOn(now(), number, step);
    },
    state: now,
    conclusion: () => conclusion(now()),
    events: log,
  };
}
