import type { KeptSummary } from "../record/run-summary.ts";

/** A run as the page lists it. */
export interface RunRow
  extends Pick<
    KeptSummary,
    | "id"
    | "name"
    | "tags"
    | "notes"
    | "state"
    | "spec"
    | "experiment"
    | "purpose"
    | "startedAt"
    | "seconds"
    | "entries"
    | "fork"
    | "isProtected"
  > {
  readonly step?: number;
  readonly steps?: number;
  /** Accuracies as fractions, as last measured. */
  readonly train?: number;
  readonly validation?: number;
  readonly test?: number;
  /** The best accuracy on the validation images among all that were measured, and after which update. */
  readonly highest?: { readonly step: number; readonly accuracy: number };
}

export function runRow(run: KeptSummary): RunRow {
  const { id, name, tags, notes, state, spec, experiment, purpose, startedAt, seconds, entries, training } = run;
  const { fork, isProtected } = run;
  const last = training?.final ?? training?.measured;
  const test = training?.final?.test?.accuracy;
  return {
    id,
    name,
    tags,
    notes,
    state,
    spec,
    ...(experiment === undefined ? {} : { experiment }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(fork === undefined ? {} : { fork }),
    ...(isProtected === undefined ? {} : { isProtected }),
    startedAt,
    seconds,
    entries,
    ...(training === undefined ? {} : { step: training.step, steps: training.steps }),
    ...(last === undefined ? {} : { train: last.train.accuracy, validation: last.validation.accuracy }),
    ...(test === undefined ? {} : { test }),
    ...(training?.highest === undefined ? {} : { highest: training.highest }),
  };
}
