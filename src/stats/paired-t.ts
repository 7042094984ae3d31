import { mean, variance } from "./moments.ts";
import { studentProbability, studentUpper } from "./student.ts";

/** The difference of two settings over the seeds (so the mini-batches and initial weights) that both were trained with. */
export interface PairedT {
  /** Of the second less the first, with its 95 % interval. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly t: number;
  readonly degrees: number;
  /** Of so large a difference or a larger one to either side, were there none. */
  readonly p: number;
}

/**
 * Student's paired t test (Student 1908): what a seed gives both settings, good batches or bad, falls out of their difference.
 * Differences that are all alike have no spread to compare with: t is infinite, or 0 where they are 0.
 */
export function pairedT(first: readonly number[], second: readonly number[]): PairedT {
  if (first.length !== second.length || first.length < 2) {
    throw new RangeError("pairedT: needs the same seeds for both, two or more");
  }
  const differences = second.map((value, i) => value - first[i]);
  const difference = mean(differences);
  const error = Math.sqrt(variance(differences) / differences.length);
  const degrees = differences.length - 1;
  const half = studentUpper(0.025, degrees) * error;
  const t = difference === 0 ? 0 : difference / error;
  const p = t === 0 ? 1 : 2 * studentProbability(-Math.abs(t), degrees);
  return { difference, low: difference - half, high: difference + half, t, degrees, p };
}
