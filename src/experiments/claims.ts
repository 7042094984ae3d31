import { largestOf, smallestOf } from "../math/extremes.ts";
import type { Claim, SearchRow } from "./experiment.ts";

/** Every reported validation accuracy is found again, within what chance allows. */
export function sameAccuracies(reported: readonly { lambda: number; validationAccuracy: number }[]): Claim {
  return {
    text: "at every lambda the validation accuracy is within 2.4 points of the reported one",
    holds: (rows) =>
      reported.every(({ lambda, validationAccuracy }) => {
        const row = rows.find((candidate) => Math.abs(candidate.lambda / lambda - 1) < 0.02);
        return row !== undefined && Math.abs(row.validationAccuracy - validationAccuracy) <= 0.024;
      }),
    because: "5000 images leave .71 points of sampling error, seeds .43: twice their sum in squares, for a difference",
  };
}

/** Whatever lambda is best on the validation set, it is not the large ones. */
export function largeLambdasLose(from: number, points: number): Claim {
  return {
    text: `from lambda ${from} on the validation accuracy is at least ${points} points below the best`,
    holds: (rows) =>
      rows
        .filter(({ lambda }) => lambda >= from)
        .every(({ validationAccuracy }) => bestValidation(rows) - validationAccuracy >= points / 100),
    because: "the penalty then outweighs the loss",
  };
}

export function bestAccuracy(low: number, high: number, because: string): Claim {
  return {
    text: `the best validation accuracy is between ${(100 * low).toFixed(1)} and ${(100 * high).toFixed(1)} %`,
    holds: (rows) => bestValidation(rows) >= low && bestValidation(rows) <= high,
    because,
  };
}

/** The ranking within this range is mostly noise. */
export function hardToTellApart(low: number, high: number, points: number): Claim {
  return {
    text: `between lambda ${low} and ${high} the validation accuracies differ by less than ${points} points`,
    holds: (rows) => {
      const accuracies = rows
        .filter(({ lambda }) => lambda >= low && lambda <= high)
        .map((row) => row.validationAccuracy);
      return accuracies.length > 1 && largestOf(accuracies) - smallestOf(accuracies) < points / 100;
    },
    because: "seeds spread by .43 points and 5000 images by .71: the best of many is the luckiest",
  };
}

/** What weights that are carried from trial to trial show: training goes on. */
export const climbs: Claim = {
  text: "training accuracy climbs in run order, whatever lambda is: from below 85 % to above 99 %",
  holds: (rows) => {
    const accuracies = rows.map(({ trainAccuracy }) => trainAccuracy);
    const rises = accuracies.slice(1).filter((value, i) => value >= accuracies[i] - 0.005).length;
    return accuracies[0] < 0.85 && (accuracies.at(-1) ?? 0) > 0.99 && rises >= 0.9 * (accuracies.length - 1);
  },
  because: "a trial that begins where the last one ended is the same training going on",
};

/** What trials of their own show. */
export const staysLevel: Claim = {
  text: "training accuracy does not climb in run order: first and last half of the trials differ by less than 2 points",
  holds: (rows) => {
    const half = Math.floor(rows.length / 2);
    const [first, last] = [rows.slice(0, half), rows.slice(half)].map((part) => meanTraining(part));
    return Math.abs(first - last) < 0.02;
  },
  because: "penalties this small decide next to nothing, and every trial has the same number of updates",
};

function bestValidation(rows: readonly SearchRow[]): number {
  return largestOf(rows.map(({ validationAccuracy }) => validationAccuracy));
}

function meanTraining(rows: readonly SearchRow[]): number {
  return rows.reduce((sum, { trainAccuracy }) => sum + trainAccuracy, 0) / rows.length;
}
