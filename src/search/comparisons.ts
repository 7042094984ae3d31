import { stream } from "../math/random/stream.ts";
import { bootstrapInterval } from "../stats/bootstrap.ts";
import { holm } from "../stats/holm.ts";
import { maxT } from "../stats/max-t.ts";
import { mean } from "../stats/moments.ts";
import { pairedDifference } from "../stats/paired-accuracy.ts";
import { pairedT } from "../stats/paired-t.ts";
import { conclusion } from "./conclusion.ts";
import { rightImages } from "./judged.ts";
import type { StudyState, Trial } from "./study-state.ts";

/** Trials that are compared with the best, those nearest to it. */
const MOST = 100;
/** Seeds from which on resampling them says something. */
const SEEDS_FOR_BOOTSTRAP = 8;

/** The best trial against another, on the seeds (so the mini-batches and initial weights) that both were trained with. Fractions. */
export interface Comparison {
  readonly trial: number;
  /** How much better the best is, with a 95 % interval of the paired t test. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Of the paired t test alone, and what Holm makes of it since the question was asked of every trial. */
  readonly p: number;
  readonly holm: number;
  /** The same question for all at once, resampling seeds: from eight seeds on. */
  readonly maxT?: number;
  /** Of the difference, without a distribution (BCa): from eight seeds on. */
  readonly bootstrap?: { readonly low: number; readonly high: number };
  /** McNemar's test on the images of the first seed, where it was looked which are right. */
  readonly images?: { readonly onlyBest: number; readonly onlyOther: number; readonly p: number };
}

/**
 * The best trial against those after it. Of a search with one seed there is none, nor with folds, whose training images overlap so that the
 * test would be too sure (Nadeau and Bengio 2003), nor where trials carry weights on.
 */
export function comparisons(state: StudyState, order = conclusion(state).order): Comparison[] {
  const { document, trials } = state;
  const [best, ...others] = order.slice(0, MOST + 1).map((number) => trials[number]);
  const isAsked = document.seeds > 1 && document.folds === undefined && !document.carry;
  if (!isAsked || best === undefined || others.length === 0) return [];
  const tests = others.map((other) => pairedT(accuracies(other), accuracies(best)));
  const adjusted = holm(tests.map(({ p }) => p));
  const differences = others.map((other) => accuracies(best).map((value, i) => value - accuracies(other)[i]));
  const random = () => stream(document.seed, "search.comparisons");
  const resampled = document.seeds >= SEEDS_FOR_BOOTSTRAP ? maxT(differences, random()) : undefined;
  const right = rightImages(state);
  return others.map((other, i) => {
    const { difference, low, high, p } = tests[i];
    const compared = {
      trial: other.number,
      difference,
      low,
      high,
      p,
      holm: adjusted[i],
      ...ofImages(right, best, other),
    };
    if (resampled === undefined) return compared;
    const { low: from, high: to } = bootstrapInterval(differences[i], mean, random());
    return { ...compared, maxT: resampled[i], bootstrap: { low: from, high: to } };
  });
}

function accuracies({ runs }: Trial): number[] {
  return runs.toSorted((a, b) => a.seed - b.seed).map(({ accuracy = Number.NaN }) => accuracy);
}

function ofImages(right: ReturnType<typeof rightImages>, best: Trial, other: Trial): Pick<Comparison, "images"> {
  const [first, second] = [other, best].map(({ runs }) => runs.filter(({ seed }) => seed === 0).map(right)[0]);
  if (first === undefined || second === undefined) return {};
  const { onlyFirst: onlyOther, onlySecond: onlyBest, p } = pairedDifference(first, second);
  return { images: { onlyBest, onlyOther, p } };
}
