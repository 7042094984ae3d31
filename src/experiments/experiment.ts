import type { SpecInput } from "../record/spec.ts";

/** A number a report printed, and the range a reproduction must fall in. Accuracies are fractions, losses nats. */
export interface ReportedNumber {
  readonly what: "trainAccuracy" | "validationAccuracy" | "testAccuracy" | "trainLoss" | "validationLoss";
  /** As printed in the report, or read off its figure; absent where the report gives none and the band comes from repeated runs. */
  readonly reported?: number;
  readonly low: number;
  readonly high: number;
  /** Why the range is what it is. */
  readonly because: string;
}

/** One training of the course reports, as `gradus train ID` performs it. */
export interface Experiment {
  /** Report and number, e.g. `004-E2`. */
  readonly id: string;
  readonly title: string;
  readonly spec: SpecInput;
  readonly numbers: readonly ReportedNumber[];
  /** What the report leaves unsaid, and the value taken here. */
  readonly unstated: readonly Unstated[];
}

export interface Unstated {
  readonly what: string;
  readonly taken: string;
}

/** One of the 37 experiments: what the report printed, what it left unsaid, and the protocols that are run for it. */
export interface Published {
  /** Report and number, e.g. `001-E4`. */
  readonly id: string;
  readonly title: string;
  /** Every number the report prints, or that is read off its figures, as JSON; null where it only says so in words. */
  readonly reported: unknown;
  /** What the report shows or says beside numbers. */
  readonly shows: string;
  readonly unstated: readonly Unstated[];
  /** What was wrong with the report's protocol or its claim, in a few sentences; absent where nothing is known to be. */
  readonly fault?: string;
  /** The protocol as it should have been comes first; what the report really did second, where that differs. */
  readonly variants: readonly [Variant, ...Variant[]];
}

export type Variant = TrainingVariant | SearchVariant | GradientVariant;

interface Protocol {
  readonly name: "as-intended" | "as-reported";
  /** What this protocol does otherwise than the other, in a clause; for `as-reported`. */
  readonly differs?: string;
}

/** A training, done once or as often as the report did, with as many seeds. */
export interface TrainingVariant extends Protocol {
  readonly kind: "training";
  readonly spec: SpecInput;
  readonly numbers: readonly ReportedNumber[];
  /** Trainings that the report itself averaged; 1 when absent. */
  readonly runs?: number;
}

/** Several trainings that differ in lambda or eta, and what the table of their results must show. */
export interface SearchVariant extends Protocol {
  readonly kind: "search";
  /** In the order of the report; computed when they are asked for, where that takes logarithms: every command loads all experiments. */
  readonly trials: readonly SpecInput[];
  /** Each trial starts from the weights that the one before it ended with. */
  readonly carryWeights?: true;
  /** What a table must show to count as reproduced, each with the reason for it. */
  readonly claims: readonly Claim[];
}

export interface Claim {
  /** A sentence that is true or false of the table. */
  readonly text: string;
  readonly holds: (rows: readonly SearchRow[]) => boolean;
  readonly because: string;
}

/** One trial of a search; accuracies as fractions. */
export interface SearchRow {
  readonly lambda: number;
  /** The largest learning rate of the trial's schedule. */
  readonly eta: number;
  readonly trainAccuracy: number;
  readonly validationAccuracy: number;
  readonly testAccuracy: number;
}

/** A comparison of analytic with numeric gradients, by the report's own measure. */
export interface GradientVariant extends Protocol {
  readonly kind: "gradient-check";
  /** The networks: see `CheckOptions` of the room gradcheck, whose names these are. */
  readonly problem: {
    readonly layers: number;
    readonly lambda: number;
    readonly dimensions: number;
    /** One check each. */
    readonly examples: readonly number[];
    readonly hidden: number;
    readonly step?: { readonly forward?: number; readonly centred?: number };
    /** Floor of the relative errors' denominators. */
    readonly eps?: number;
  };
  readonly difference: "forward" | "centred";
  readonly measure: "maxAbsolute" | "maxRelative" | "normRelative" | "decimals";
  /** Every parameter must stay below this (for `decimals`: reach it), and why. */
  readonly bound: number;
  readonly because: string;
}
