import { type ExpectedBest, expectedBest } from "../stats/expected-best.ts";
import { importance } from "../stats/importance.ts";
import { indistinguishable } from "../stats/indistinguishable.ts";
import { samplingError, separateImageVariance, sharedImageVariance } from "../stats/sampling-error.ts";
import { seedsNeeded } from "../stats/seeds-needed.ts";
import { rightImages } from "./judged.ts";
import { pareto } from "./pareto.ts";
import { pointOf, type Space } from "./space.ts";
import { meanAccuracy, type StudyState, type Trial, trialState } from "./study-state.ts";

/** What the finished trials of a study say. */
export interface Conclusion {
  /** Finished trials, the best first. */
  readonly order: readonly number[];
  /** In place of the best: the trials that may be it. */
  readonly indistinguishable: {
    readonly trials: readonly number[];
    /** From seed to seed, as a fraction; undefined for one seed. */
    readonly seedDeviation?: number;
    /** How far below the best a trial may lie and still belong. */
    readonly margin: number;
    /** What the error of few images was worked out from. */
    readonly images: "single images" | "their number" | "other images each fold";
  };
  /** What the best is expected to give on fresh images. */
  readonly expected?: ExpectedBest;
  /** Of each path, its part in a trial's being among the best; from ten trials on. */
  readonly importance?: Readonly<Record<string, number>>;
  /** Trials that no other beats in every objective. */
  readonly pareto?: readonly number[];
  /** Seeds of each that would probably tell the best from the last of the set. */
  readonly seedsNeeded?: number;
}

/** The finished trials of a stage, the best first. */
export function ranking(state: StudyState, stage: number): number[] {
  const finished = state.trials.filter(
    (trial) => trial.stage === stage && trialState(trial, state.document) === "finished",
  );
  const means = new Map(finished.map((trial) => [trial.number, meanAccuracy(trial)]));
  return [...means.keys()].sort((a, b) => (means.get(b) ?? 0) - (means.get(a) ?? 0) || a - b);
}

/** Of one stage's trials, or of all. */
export function conclusion(state: StudyState, stage?: number): Conclusion {
  const { document } = state;
  const inStage = state.trials.filter((trial) => stage === undefined || trial.stage === stage);
  const trials = distinct(inStage.filter((trial) => trialState(trial, document) === "finished"));
  const values = trials.map(({ runs }) => sorted(runs).map(({ accuracy = Number.NaN }) => accuracy));
  const variance = imageVariance(trials, state);
  const { members, means, seedDeviation, margin } = indistinguishable(values, variance.between, variance.least);
  const order = trials.map((_, i) => i).sort((a, b) => means[b] - means[a] || a - b);
  const numbered = (indices: readonly number[]) => indices.map((i) => trials[i].number);
  const known = inStage.filter((trial) => ["finished", "diverged", "pruned"].includes(trialState(trial, document)));
  const objectives =
    document.objectives.length > 1 ? pareto(trials.map((trial) => costs(trial, document.objectives))) : undefined;
  const seeds = values[0]?.length ?? 0;
  const needed =
    seedDeviation === undefined || members.length < 2
      ? undefined
      : seedsNeeded(means[members[0]] - means[members[members.length - 1]], Math.SQRT2 * seedDeviation);
  return {
    order: numbered(order),
    indistinguishable: {
      trials: numbered(members),
      ...(seedDeviation === undefined ? {} : { seedDeviation }),
      margin,
      images: variance.from,
    },
    ...(members.length === 0 || margin === Number.POSITIVE_INFINITY
      ? {}
      : { expected: expectedOf(members, means, seedDeviation, seeds, variance) }),
    ...(known.length < 10 ? {} : { importance: importances(known, document.vary) }),
    ...(objectives === undefined ? {} : { pareto: numbered(objectives) }),
    ...(needed === undefined ? {} : { seedsNeeded: needed }),
  };
}

/** A setting that was tried twice, as a grid's that was enqueued too, counts once. */
function distinct(trials: readonly Trial[]): Trial[] {
  return [...new Map(trials.toReversed().map((trial) => [JSON.stringify(trial.setting), trial])).values()].reverse();
}

function sorted(runs: Trial["runs"]): Trial["runs"] {
  return runs.toSorted((a, b) => a.seed - b.seed || (a.fold ?? 0) - (b.fold ?? 0));
}

/** What few images make of the difference of two trials. */
function imageVariance(trials: readonly Trial[], state: StudyState) {
  const { document, validationImages } = state;
  if (document.folds !== undefined) {
    // Each fold has images of its own: their part shows in the differences between folds.
    return { from: "other images each fold", between: () => 0, least: () => 0, images: validationImages } as const;
  }
  const right = rightImages(state);
  const tables = trials.map(({ runs }) =>
    sorted(runs)
      .map(right)
      .filter((images) => images !== undefined),
  );
  const areJudged = (i: number) => tables[i].length > 0 && tables[i].length === trials[i].runs.length;
  const images = validationImages;
  const judged = trials.map((_, i) => areJudged(i));
  const means = trials.map(meanAccuracy);
  const between = (i: number, k: number) => {
    if (judged[i] && judged[k]) return sharedImageVariance(tables[i], tables[k]);
    // Of one run on an unknown number of images nothing is known at all.
    if (images === undefined) return trials[i].runs.length > 1 ? 0 : Number.POSITIVE_INFINITY;
    return separateImageVariance(means[i], means[k], images);
  };
  const least = (i: number) => (judged[i] || images === undefined ? 0 : samplingError(means[i], images) ** 2);
  const from = judged.some(Boolean) ? "single images" : "their number";
  return { from, between, least, images } as const;
}

function expectedOf(
  members: readonly number[],
  means: readonly number[],
  seedDeviation: number | undefined,
  seeds: number,
  { between, images }: { readonly between: (i: number, k: number) => number; readonly images?: number | undefined },
): ExpectedBest {
  const [best, ...others] = members;
  const ofImages = others.reduce((sum, other) => sum + between(best, other) / 2, 0) / Math.max(1, others.length);
  const error = Math.sqrt((seedDeviation ?? 0) ** 2 / Math.max(1, seeds) + ofImages);
  const common = images === undefined ? 0 : samplingError(means[best], images);
  return expectedBest(
    members.map((i) => means[i]),
    error,
    common,
  );
}

function importances(trials: readonly Trial[], space: Space): Record<string, number> {
  const parts = importance(
    trials.map((trial) => {
      const accuracy = meanAccuracy(trial);
      return {
        point: pointOf(space, trial.setting),
        loss: Number.isFinite(accuracy) ? -accuracy : Number.POSITIVE_INFINITY,
      };
    }),
  );
  return Object.fromEntries(Object.keys(space).map((path, i) => [path, parts[i]]));
}

function costs({ runs }: Trial, objectives: readonly ("accuracy" | "parameters" | "seconds")[]): number[] {
  const mean = (key: (typeof objectives)[number]) => runs.reduce((sum, run) => sum + (run[key] ?? 0), 0) / runs.length;
  return objectives.map((key) => (key === "accuracy" ? -mean(key) : mean(key)));
}
