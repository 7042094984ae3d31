import { meanInterval } from "../stats/mean-interval.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import { type Comparison, comparisons } from "./comparisons.ts";
import { type Conclusion, conclusion, ranking } from "./conclusion.ts";
import type { SearchDocument, Stage } from "./search-document.ts";
import type { Setting, Space } from "./space.ts";
import {
  meanAccuracy,
  type StudyState,
  type Trial,
  type TrialRun,
  type TrialState,
  trialState,
} from "./study-state.ts";

/** A trial as tables, figures and JSON show it. */
export interface TrialResult {
  readonly trial: number;
  readonly stage: number;
  readonly setting: Setting;
  readonly state: TrialState;
  readonly refused?: string;
  /** On the validation images, the mean of its runs, with a 95 % interval: between its runs, of one run that of few images. */
  readonly accuracy?: number;
  readonly low?: number;
  readonly high?: number;
  readonly trainAccuracy?: number;
  readonly parameters?: number;
  /** Of all its runs. */
  readonly seconds?: number;
  readonly runs: readonly Omit<TrialRun, "right">[];
}

/** A search as one JSON document: what `gradus search --json` prints. */
export interface SearchResult {
  readonly study: string;
  readonly document: SearchDocument;
  readonly stages: readonly {
    readonly sampler: Stage["sampler"];
    readonly space: Space;
    readonly narrowing?: StudyState["stages"][number]["narrowing"];
    readonly trials: readonly TrialResult[];
    /** The best of the stage, as many as the document asks for. */
    readonly top: readonly number[];
  }[];
  /** What all its trials together say. */
  readonly order: readonly number[];
  readonly indistinguishable: Conclusion["indistinguishable"] & { readonly settings: readonly Setting[] };
  readonly expected?: Conclusion["expected"];
  readonly importance?: Conclusion["importance"];
  readonly pareto?: readonly number[];
  /** The best against those after it, where there are several seeds. */
  readonly comparisons?: readonly Comparison[];
  readonly seedsNeeded?: number;
  /** The only look at the test set; null while there was none. */
  readonly final: Omit<NonNullable<StudyState["final"]>, "kind"> | null;
}

export function searchResult(state: StudyState): SearchResult {
  const { document, trials } = state;
  const { order, indistinguishable, ...others } = conclusion(state);
  const compared = comparisons(state, order);
  const { kind: _, ...final } = state.final ?? { kind: "final" };
  return {
    study: document.name,
    document,
    stages: state.stages.map(({ space, narrowing }, stage) => ({
      sampler: document.stages[stage].sampler,
      space,
      ...(narrowing === undefined ? {} : { narrowing }),
      trials: trials.filter((trial) => trial.stage === stage).map((trial) => trialResult(trial, document, state)),
      top: ranking(state, stage).slice(0, document.top),
    })),
    order,
    indistinguishable: { ...indistinguishable, settings: indistinguishable.trials.map((at) => trials[at].setting) },
    ...others,
    ...(compared.length === 0 ? {} : { comparisons: compared }),
    final: state.final === undefined ? null : (final as Omit<NonNullable<StudyState["final"]>, "kind">),
  };
}

/** One trial as tables and lines show it. */
export function trialResult(trial: Trial, document: SearchDocument, { validationImages }: StudyState): TrialResult {
  const { number, stage, setting, refused, runs } = trial;
  const state = trialState(trial, document);
  const sum = (key: "parameters" | "seconds" | "trainAccuracy") =>
    runs.reduce((total, run) => total + (run[key] ?? 0), 0);
  return {
    trial: number,
    stage,
    setting,
    state,
    ...(refused === undefined ? {} : { refused }),
    ...(state === "finished" || state === "pruned" ? accuracyOf(trial, validationImages) : {}),
    ...(runs.length === 0
      ? {}
      : {
          trainAccuracy: sum("trainAccuracy") / runs.length,
          parameters: Math.round(sum("parameters") / runs.length),
          seconds: sum("seconds"),
        }),
    runs: runs.map(({ right: _, ...run }) => run),
  };
}

function accuracyOf(trial: Trial, images: number | undefined): Pick<TrialResult, "accuracy" | "low" | "high"> {
  const accuracy = meanAccuracy(trial);
  const values = trial.runs.flatMap((run) => run.accuracy ?? []);
  if (values.length > 1) {
    const { low, high } = meanInterval(values);
    return { accuracy, low, high };
  }
  if (images === undefined) return { accuracy };
  const [low, high] = wilsonInterval(accuracy, images);
  return { accuracy, low, high };
}
