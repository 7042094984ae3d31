import type { SpecInput } from "../record/spec.ts";

/** A number a report printed, and the range a reproduction must fall in. Accuracies are fractions. */
export interface ReportedNumber {
  readonly what: "trainAccuracy" | "validationAccuracy" | "testAccuracy";
  /** As printed in the report; absent where the report gives none and the band comes from repeated runs. */
  readonly reported?: number;
  readonly low: number;
  readonly high: number;
  /** Why the range is what it is. */
  readonly because: string;
}

/** One experiment of the course reports. */
export interface Experiment {
  /** Report and number, e.g. `004-E2`. */
  readonly id: string;
  readonly title: string;
  readonly spec: SpecInput;
  readonly numbers: readonly ReportedNumber[];
  /** What the report leaves unsaid, and the value taken here. */
  readonly unstated: readonly { readonly what: string; readonly taken: string }[];
}
