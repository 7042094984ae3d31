import type { Measurement } from "./event.ts";
import type { RunState } from "./fold.ts";
import { fromExactJson, toExactJson } from "./number.ts";
import type { KeptRun, RunRecord } from "./run-record.ts";

/** A run as lists show it: without its curves, and with the last of its checkpoints only. */
export interface RunSummary extends Omit<RunRecord, "training"> {
  readonly training?: Omit<RunState, "series"> & {
    readonly measured: Measurement | undefined;
    /** The best accuracy on the validation images that was measured, and after which update; absent where none is finite. */
    readonly highest?: { readonly step: number; readonly accuracy: number };
  };
}

/** The same as it is now: what `open` means depends on whether its process lives. */
export interface KeptSummary extends Omit<RunSummary, "state">, Pick<KeptRun, "state" | "entries"> {}

/** Which form of summaries this Gradus writes; one of another form is made anew. */
const version = 2;
/** Checkpoints that a summary names: those whose bytes are kept. */
const checkpoints = 2;

export function runSummary<State>({
  training,
  ...run
}: Omit<RunRecord, "state"> & { readonly state: State }): Omit<RunSummary, "state"> & { readonly state: State } {
  const short = { ...run, checkpoints: run.checkpoints.slice(-checkpoints) };
  if (training === undefined) return short;
  const { series, ...rest } = training;
  const highest = highestOf(series);
  return { ...short, training: { ...rest, measured: series.at(-1), ...(highest === undefined ? {} : { highest }) } };
}

/** Of equal ones the first. */
function highestOf(series: readonly Measurement[]): { step: number; accuracy: number } | undefined {
  let highest: { step: number; accuracy: number } | undefined;
  for (const { step, validation } of series) {
    if (validation.accuracy > (highest?.accuracy ?? -1)) highest = { step, accuracy: validation.accuracy };
  }
  return highest;
}

export function encodeRunSummary(summary: RunSummary): string {
  return toExactJson({ version, summary });
}

/** Undefined for a text of another form; the store gives texts back as they were written. */
export function decodeRunSummary(text: string): RunSummary | undefined {
  const value = fromExactJson(text) as { readonly version?: number; readonly summary: RunSummary };
  return value.version === version ? value.summary : undefined;
}
