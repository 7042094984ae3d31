import { fromExactJson, toExactJson } from "../record/number.ts";
import { searchSchema } from "./search-document.ts";
import { packed, type StudyState, type TrialRun, unpacked } from "./study-state.ts";

// A study as its log's first entries make it: what follows is folded onto it, so that long logs are not read from their beginning.

/** Which form of summaries this Gradus writes; one of another form is passed over. */
const version = 1;

interface PackedRun extends Omit<TrialRun, "right"> {
  readonly right?: { readonly images: number; readonly bits: string };
}

export function encodeStudySummary(state: StudyState): string {
  const trials = state.trials.map((trial) => ({ ...trial, runs: trial.runs.map(packedRun) }));
  return toExactJson({ version, state: { ...state, trials } });
}

/** Undefined for a text of another form; the store gives texts back as they were written. */
export function decodeStudySummary(text: string): StudyState | undefined {
  const value = fromExactJson(text) as { readonly version?: number; readonly state: StudyState };
  if (value.version !== version) return undefined;
  const { state } = value;
  // Keys that a newer Gradus knows have their defaults.
  const document = searchSchema.parse(state.document);
  const trials = state.trials.map((trial) => ({
    ...trial,
    runs: (trial.runs as readonly unknown[] as PackedRun[]).map(unpackedRun),
  }));
  return { ...state, document, trials };
}

function packedRun({ right, ...run }: TrialRun): PackedRun {
  return right === undefined ? run : { ...run, right: { images: right.length, bits: packed(right) } };
}

function unpackedRun({ right, ...run }: PackedRun): TrialRun {
  return right === undefined ? run : { ...run, right: unpacked(right.bits, right.images) };
}
