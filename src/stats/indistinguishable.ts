import { mean } from "./moments.ts";
import { studentProbability, studentUpper } from "./student.ts";

/** Settings that the measurements cannot tell from the best; what `gradus search` says in place of "the best". */
export interface IndistinguishableSet {
  /** Indices of the settings that may be the best, highest mean first; without any finite setting, none. */
  readonly members: readonly number[];
  /** Mean of each setting over its seeds; NaN where a seed has no finite value. */
  readonly means: readonly number[];
  /** Standard deviation from seed to seed of one setting, as if all had the same; undefined for one seed. */
  readonly seedDeviation: number | undefined;
  /** How far below the best a setting's mean would still belong, at the best's own error. */
  readonly margin: number;
}

/** Part of searches whose set holds the setting that is truly best, at least. */
const CONFIDENCE = 0.95;

/**
 * The settings that no other is significantly better than: a confidence set for the best (Gupta 1965, "On some multiple
 * decision rules"; Hsu 1996, multiple comparisons with the best). A setting i leaves it when for some other k
 *
 *   mean_k - mean_i > t sqrt(2 s^2 / n + v_ik)
 *
 * - s^2, between seeds: the interaction mean square of settings x seeds, so that what a seed gives all settings falls out, with
 *   (settings - 1)(n - 1) degrees of freedom; taken over the settings within reach of the best where that is larger.
 * - v_ik, from the images being few and shared: see `sampling-error.ts`. More seeds do not make it smaller.
 * - t: one-sided, for all comparisons at once by Sidak's bound, which holds since they are positively correlated (Slepian 1962),
 *   with Satterthwaite's (1946) degrees of freedom.
 *
 * Of one seed s^2 is not known: then the set rests on v_ik alone, and `seedDeviation` is undefined.
 */
export function indistinguishable(
  values: readonly (readonly number[])[], // [setting][seed], higher is better; the same seeds for all
  imageVariance: (first: number, second: number) => number, // v_ik
  leastImageVariance: (setting: number) => number = () => 0, // a lower bound of v_ik over all k: saves time
): IndistinguishableSet {
  const seeds = values[0]?.length ?? 0;
  if (values.some((row) => row.length !== seeds))
    throw new RangeError("indistinguishable: needs the same seeds for all");
  const means = values.map((row) => (row.every(Number.isFinite) ? mean(row) : Number.NaN));
  const finite = [...values.keys()].filter((i) => !Number.isNaN(means[i])).sort((a, b) => means[b] - means[a]);
  if (finite.length < 2) return { members: finite, means, seedDeviation: deviation(values, finite), margin: 0 };

  const tail = 1 - CONFIDENCE ** (1 / (finite.length - 1));
  // What is within it is within every t's.
  const least = studentUpper(tail, Number.POSITIVE_INFINITY);
  const unbeaten = (pool: readonly number[]) => {
    const ofSeeds = seeds > 1 ? (2 * interaction(values, pool)) / seeds : 0;
    return finite.filter((i) => {
      const near = least * Math.sqrt(ofSeeds + leastImageVariance(i));
      for (const k of finite) {
        // From here on, too near for any error there can be.
        if (means[k] - means[i] <= near) break;
        const both = ofSeeds + imageVariance(i, k);
        const t = (means[k] - means[i]) / Math.sqrt(both);
        if (t > least && studentProbability(-t, freedom(both, ofSeeds, pool)) < tail) return false;
      }
      return true;
    });
  };
  const freedom = (both: number, ofSeeds: number, pool: readonly number[]) =>
    ofSeeds === 0 ? Number.POSITIVE_INFINITY : ((pool.length - 1) * (seeds - 1) * both * both) / (ofSeeds * ofSeeds);

  const within = unbeaten(finite);
  const pool = interaction(values, within) > interaction(values, finite) ? within : finite;
  const ofSeeds = seeds > 1 ? (2 * interaction(values, pool)) / seeds : 0;
  const both = ofSeeds + imageVariance(finite[0], finite[1]);
  return {
    members: pool === finite ? within : unbeaten(pool),
    means,
    seedDeviation: deviation(values, pool),
    margin: studentUpper(tail, freedom(both, ofSeeds, pool)) * Math.sqrt(both),
  };
}

/** What differs from seed to seed once each setting's and each seed's mean are taken off: its mean square. */
function interaction(values: readonly (readonly number[])[], pool: readonly number[]): number {
  const seeds = values[0].length;
  if (seeds < 2 || pool.length < 2) return 0;
  const rows = pool.map((i) => values[i]);
  const ofSetting = rows.map(mean);
  const ofSeed = Array.from({ length: seeds }, (_, j) => mean(rows.map((row) => row[j])));
  const centre = mean(ofSeed);
  const squares = rows.flatMap((row, i) => row.map((value, j) => (value - ofSetting[i] - ofSeed[j] + centre) ** 2));
  return squares.reduce((sum, square) => sum + square, 0) / ((pool.length - 1) * (seeds - 1));
}

function deviation(values: readonly (readonly number[])[], pool: readonly number[]): number | undefined {
  return (values[0]?.length ?? 0) < 2 || pool.length < 2 ? undefined : Math.sqrt(interaction(values, pool));
}
