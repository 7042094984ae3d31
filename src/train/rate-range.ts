import type { Measurement } from "../record/event.ts";

/** Between which rates a network learns. */
export interface RateRange {
  /** The first rate by which the accuracy has left the noise of its start. */
  readonly min: number;
  /** The rate up to which it rose: what comes after is worse. */
  readonly max: number;
  /** The largest validation accuracy, at `max`. */
  readonly accuracy: number;
}

/** The part of the whole rise that must be behind before a rate counts as one that learns. */
const BEGINNING = 0.1;

/**
 * The range of a run whose rate was raised step by step (Smith 2015, section 3.3): from where the validation accuracy
 * begins to rise to where it is largest. undefined where it never rises.
 */
export function rateRange(series: readonly Measurement[]): RateRange | undefined {
  const [start, ...rest] = series;
  const finite = rest.filter(({ validation }) => Number.isFinite(validation.loss));
  const best = finite.reduce<Measurement | undefined>(
    (top, row) => (top === undefined || row.validation.accuracy > top.validation.accuracy ? row : top),
    undefined,
  );
  if (best === undefined || best.validation.accuracy <= start.validation.accuracy) return undefined;
  const threshold = start.validation.accuracy + BEGINNING * (best.validation.accuracy - start.validation.accuracy);
  const first = finite.find(({ validation }) => validation.accuracy >= threshold) ?? best;
  // A rate that learns at once leaves no room for a cycle below it.
  const min = first.learningRate < best.learningRate ? first.learningRate : best.learningRate / 10;
  return { min, max: best.learningRate, accuracy: best.validation.accuracy };
}
