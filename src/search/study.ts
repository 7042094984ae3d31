import { checkSearch } from "./check-search.ts";
import { type Conclusion, conclusion } from "./conclusion.ts";
import { propose } from "./propose.ts";
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
    state: now,
    conclusion: () => conclusion(now()),
    events: log,
  };
}
