import { largestOf, smallestOf } from "../math/extremes.ts";
import type { RunDocument } from "../record/run-document.ts";
import { type Estimate, meanInterval } from "../stats/mean-interval.ts";
import { wilsonInterval } from "../stats/wilson.ts";
import type { Published, SearchRow, SearchVariant, TrainingVariant, Variant } from "./experiment.ts";
import { reportedNumbers } from "./reported-number.ts";

export type { Estimate } from "../stats/mean-interval.ts";

/** What became of one protocol of one experiment: a line of the ledger. */
export interface LedgerEntry {
  readonly id: string;
  readonly variant: Variant["name"];
  /** As printed in the report. */
  readonly reported: unknown;
  readonly obtained: ObtainedTraining | ObtainedSearch | ObtainedCheck;
  readonly verdict: "reproduced" | "not reproduced" | "shown to be a fault";
  /** What decided it: a sentence for each number or claim that did. */
  readonly reason: string;
  /** Wall time; of trainings side by side, their share. */
  readonly seconds: number;
}

/** Accuracies are fractions, losses nats; means over runs that differ in their seed. */
export interface ObtainedTraining {
  readonly trainAccuracy: Estimate;
  readonly validationAccuracy: Estimate;
  readonly testAccuracy: Estimate;
  readonly trainLoss: Estimate;
  readonly validationLoss: Estimate;
}

export interface ObtainedSearch {
  readonly rows: readonly (Pick<SearchRow, "lambda" | "eta"> &
    Omit<ObtainedTraining, "trainLoss" | "validationLoss">)[];
}

/** Of each parameter, the report's own measure of how far its two gradients lie apart. */
export interface ObtainedCheck {
  readonly rows: readonly CheckedParameter[];
}

export interface CheckedParameter {
  readonly examples: number;
  readonly parameter: string;
  readonly measure: string;
  readonly value: number;
}

type Accuracy = "trainAccuracy" | "validationAccuracy" | "testAccuracy";

/** The line of a training: one run or more of one protocol. */
export function trainingEntry(
  published: Published,
  variant: TrainingVariant,
  runs: readonly RunDocument[],
  seconds: number,
): LedgerEntry {
  const obtained: ObtainedTraining = {
    ...accuracies(runs),
    trainLoss: overSeeds(runs.map(({ final }) => final.train.loss)),
    validationLoss: overSeeds(runs.map(({ final }) => final.validation.loss)),
  };
  const diverged = runs.filter(({ state }) => state === "diverged").length;
  const numbers = variant.numbers.map(({ what, low, high }) => {
    const { mean } = obtained[what];
    const inside = mean >= low && mean <= high;
    const [name, value, range] = [
      reportedNumbers[what].name,
      text(what, mean),
      `${text(what, low)} to ${text(what, high)}`,
    ];
    return { holds: inside, text: `${name} ${value}, ${inside ? "within" : "outside"} ${range}` };
  });
  if (diverged > 0) numbers.push({ holds: false, text: `${diverged} of ${runs.length} runs diverged` });
  return entry(published, variant, obtained, numbers, seconds);
}

/** The line of a search; `tables` holds one table a repetition, rows in the order of the trials. */
export function searchEntry(
  published: Published,
  variant: SearchVariant,
  tables: readonly (readonly RunDocument[])[],
  seconds: number,
): LedgerEntry {
  const rows = tables[0].map(({ spec }, trial) => {
    const trialAccuracies = accuracies(tables.map((table) => table[trial]));
    return { lambda: spec.training.lambda, eta: largestRate(spec), ...trialAccuracies };
  });
  const means = rows.map(
    (row): SearchRow => ({
      ...row,
      trainAccuracy: row.trainAccuracy.mean,
      validationAccuracy: row.validationAccuracy.mean,
      testAccuracy: row.testAccuracy.mean,
    }),
  );
  const claims = variant.claims.map((claim) => {
    const holds = claim.holds(means);
    return { holds, text: `${holds ? "holds" : "does not hold"}: ${claim.text}` };
  });
  return entry(published, variant, { rows }, claims, seconds);
}

/** The line of a gradient check; `bound` is what every value must stay below, or reach where more is better. */
export function checkEntry(
  published: Published,
  variant: Extract<Variant, { kind: "gradient-check" }>,
  rows: readonly CheckedParameter[],
  seconds: number,
): LedgerEntry {
  const { measure, bound } = variant;
  const more = measure === "decimals";
  const values = rows.map(({ value }) => value);
  const worst = more ? smallestOf(values) : largestOf(values);
  const holds = more ? worst >= bound : worst < bound;
  const text = more
    ? `every entry agrees to ${worst} decimals, asked for ${bound}`
    : `largest ${worst.toExponential(1)}, ${holds ? "below" : "not below"} ${bound}`;
  return entry(published, variant, { rows }, [{ holds, text }], seconds);
}

function entry(
  { id, reported, fault }: Published,
  variant: Variant,
  obtained: LedgerEntry["obtained"],
  findings: readonly { readonly holds: boolean; readonly text: string }[],
  seconds: number,
): LedgerEntry {
  const holds = findings.every((finding) => finding.holds);
  const isFault = variant.name === "as-reported" && fault !== undefined;
  const decisive = holds ? findings : findings.filter((finding) => !finding.holds);
  const because = !holds && fault !== undefined && variant.name === "as-intended" ? [fault] : [];
  return {
    id,
    variant: variant.name,
    reported,
    obtained,
    verdict: !holds ? "not reproduced" : isFault ? "shown to be a fault" : "reproduced",
    reason: [...decisive.map(({ text }) => text), ...because].join("; "),
    seconds,
  };
}

function accuracies(runs: readonly RunDocument[]): Pick<ObtainedTraining, Accuracy> {
  return {
    trainAccuracy: accuracy(runs, "train"),
    validationAccuracy: accuracy(runs, "validation"),
    testAccuracy: accuracy(runs, "test"),
  };
}

function accuracy(runs: readonly RunDocument[], part: keyof RunDocument["examples"]): Estimate {
  const values = runs.map(({ final }) => final[part]?.accuracy ?? Number.NaN);
  if (values.length > 1 || part === "train") return overSeeds(values);
  const [low, high] = wilsonInterval(values[0], runs[0].examples[part]);
  return { mean: values[0], low, high, n: 1 };
}

/** Of one run there is no interval: nothing is known of how its loss, or its accuracy on what it was fitted to, varies. */
function overSeeds(values: readonly number[]): Estimate {
  return values.length > 1 ? meanInterval(values) : { mean: values[0], low: values[0], high: values[0], n: 1 };
}

function largestRate({ training: { schedule } }: RunDocument["spec"]): number {
  return "max" in schedule ? schedule.max : schedule.rate;
}

function text(what: keyof typeof reportedNumbers, value: number): string {
  return what.endsWith("Accuracy") ? `${(100 * value).toFixed(2)} %` : value.toFixed(3);
}
