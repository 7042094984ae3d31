import { largestOf } from "../math/extremes.ts";
import { mean, variance } from "./moments.ts";

/** What the setting that came out best is expected to give where it was not chosen: on fresh images, with fresh seeds. */
export interface ExpectedBest {
  /** As measured; the best of several is on average too high. */
  readonly measured: number;
  readonly expected: number;
  /** 95 % interval of what it is expected to give. */
  readonly low: number;
  readonly high: number;
}

/**
 * The winner's curse, taken off: the values of all that may be the best are drawn towards their mean by as much of their spread
 * as is error (Efron and Morris 1975; for the selected largest, Efron 2011, "Tweedie's formula and selection bias"):
 *
 *   expected = m + tau^2 / (tau^2 + error^2) (best - m),   tau^2 = max(0, spread^2 - error^2)
 *
 * Only the settings that the best was chosen from in earnest count: those of the indistinguishable set.
 */
export function expectedBest(
  contenders: readonly number[], // means of the indistinguishable set
  error: number, // standard error of one of them relative to the others
  common: number, // of what moves all alike: the images' sampling error
): ExpectedBest {
  const measured = largestOf(contenders);
  const centre = mean(contenders);
  const spread = contenders.length < 2 ? 0 : variance(contenders);
  const real = Math.max(0, spread - error * error);
  const shrinkage = contenders.length < 2 ? 1 : real + error * error === 0 ? 1 : real / (real + error * error);
  const expected = centre + shrinkage * (measured - centre);
  const ofCentre = (error * error) / contenders.length;
  const half = 1.959963984540054 * Math.sqrt(shrinkage * error * error + (1 - shrinkage) * ofCentre + common * common);
  return { measured, expected, low: expected - half, high: expected + half };
}
