import type { SearchDocument } from "./search-document.ts";
import type { Setting, Space } from "./space.ts";
import type { Outcome, StudyEvent } from "./study-event.ts";

/** A study as its log has it. */
export interface StudyState {
  readonly document: SearchDocument;
  /** Those that have begun. */
  readonly stages: readonly {
    readonly space: Space;
    readonly narrowing?: Extract<StudyEvent, { kind: "stage" }>["narrowing"];
  }[];
  readonly trials: readonly Trial[];
  /** How many images the trials are measured on, all folds together; known when the first run has ended. */
  readonly validationImages?: number;
  readonly final?: Extract<StudyEvent, { kind: "final" }>;
}

export interface Trial {
  readonly number: number;
  readonly stage: number;
  readonly setting: Setting;
  readonly by: "sampler" | "person";
  /** Why its setting is no spec, where it is none. */
  readonly refused?: string;
  /** Rungs of an asynchronous pruner that it has come to, the value there, and whether it went on. */
  readonly reached?: readonly { readonly rung: number; readonly accuracy: number; readonly goesOn: boolean }[];
  /** Those that have ended, by seed and fold. */
  readonly runs: readonly TrialRun[];
}

export interface TrialRun extends Outcome {
  readonly seed: number;
  readonly fold?: number;
  readonly run?: string;
  /** Who computed it, where many machines do. */
  readonly by?: { readonly host: string; readonly device: string };
  /** Which validation images its model has right, where that was looked at. */
  readonly right?: readonly boolean[];
}

/** The state after more events; begin from undefined with `created`. */
export function foldStudy(state: StudyState | undefined, ...events: readonly StudyEvent[]): StudyState {
  return foldAll(state, events);
}

/** The same for any number of events. */
export function foldAll(state: StudyState | undefined, events: readonly StudyEvent[]): StudyState {
  const [first] = events;
  if (state === undefined && first?.kind !== "created") throw new RangeError("a study's log begins with its document");
  const initialState = state ?? {
    document: (first as Extract<StudyEvent, { kind: "created" }>).document,
    stages: [],
    trials: [],
  };
  // Copied once for all events.
  const now = { ...initialState, stages: [...initialState.stages], trials: [...initialState.trials] };
  for (const event of events) happen(now, event);
  return now;
}

type Building = { -readonly [key in keyof StudyState]: StudyState[key] } & {
  readonly stages: StudyState["stages"][number][];
  readonly trials: Trial[];
};

function happen(now: Building, event: StudyEvent): void {
  switch (event.kind) {
    case "stage": {
      const { space, narrowing } = event;
      now.stages.push({ space, ...(narrowing === undefined ? {} : { narrowing }) });
      return;
    }
    case "proposed": {
      const { trial: number, stage, setting, by, refused } = event;
      now.trials.push({ number, stage, setting, by, runs: [], ...(refused === undefined ? {} : { refused }) });
      return;
    }
    case "ended": {
      const { trial, seed, fold, run, images, by, outcome } = event;
      if (images !== undefined) now.validationImages = images;
      const ended = {
        ...outcome,
        seed,
        ...(fold === undefined ? {} : { fold }),
        ...(run === undefined ? {} : { run }),
        ...(by === undefined ? {} : { by }),
      };
      change(now, trial, (runs) => [...runs.filter((other) => !isSame(other, ended)), ended].sort(inOrder));
      return;
    }
    case "reached": {
      const { trial: number, rung, accuracy, goesOn } = event;
      const trial = now.trials[number];
      // The first decision stands.
      if (trial === undefined || trial.reached?.some((point) => point.rung === rung)) return;
      now.trials[number] = { ...trial, reached: [...(trial.reached ?? []), { rung, accuracy, goesOn }] };
      return;
    }
    case "judged": {
      const right = unpacked(event.right, event.images);
      change(now, event.trial, (runs) => runs.map((run) => (run.seed === event.seed ? { ...run, right } : run)));
      return;
    }
    case "final":
      now.final = event;
  }
}

/** By seed and fold: of many machines they arrive in any order, on which no mean may depend. */
function inOrder(a: TrialRun, b: TrialRun): number {
  return a.seed - b.seed || (a.fold ?? 0) - (b.fold ?? 0);
}

function change({ trials }: Building, number: number, to: (runs: readonly TrialRun[]) => readonly TrialRun[]): void {
  const trial = trials[number];
  if (trial !== undefined) trials[number] = { ...trial, runs: to(trial.runs) };
}

function isSame(a: TrialRun, b: TrialRun): boolean {
  return a.seed === b.seed && a.fold === b.fold;
}

/** The runs that a trial consists of, in order. */
export function runsOf({ seeds, folds }: SearchDocument): { readonly seed: number; readonly fold?: number }[] {
  return Array.from({ length: seeds }, (_, seed) => seed).flatMap((seed) =>
    folds === undefined ? [{ seed }] : Array.from({ length: folds }, (_, fold) => ({ seed, fold })),
  );
}

export type TrialState = "waiting" | "finished" | "diverged" | "pruned" | "failed" | "refused";

/** A trial is what the worst of its runs is, and waits until all have ended, or one was pruned. */
export function trialState({ runs, refused }: Trial, document: SearchDocument): TrialState {
  if (refused !== undefined) return "refused";
  if (runs.some(({ state }) => state === "pruned")) return "pruned";
  if (runs.length < document.seeds * (document.folds ?? 1)) return "waiting";
  return (["failed", "diverged"] as const).find((state) => runs.some((run) => run.state === state)) ?? "finished";
}

/** The mean of what its runs came to. */
export function meanAccuracy({ runs }: Trial): number {
  return runs.reduce((sum, { accuracy = Number.NaN }) => sum + accuracy, 0) / runs.length;
}

/** Bits, the first image in the lowest bit of the first byte, in base64. */
export function packed(right: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(right.length / 8));
  for (const [i, bit] of right.entries()) if (bit) bytes[i >> 3] |= 1 << (i & 7);
  return btoa(String.fromCharCode(...bytes));
}

/** What `packed` made a text of. */
export function unpacked(text: string, images: number): boolean[] {
  const bytes = atob(text);
  return Array.from({ length: images }, (_, i) => ((bytes.charCodeAt(i >> 3) >> (i & 7)) & 1) === 1);
}
