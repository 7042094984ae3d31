import { foldOn, type RunState } from "./fold.ts";
import { type GrowingLists, withItem } from "./growing-list.ts";
import type { DataFile, RunEvent } from "./run-event.ts";
import type { Spec } from "./spec.ts";

/** Bytes kept beside a run's log. */
export interface KeptArtifact {
  readonly step: number;
  /** Their SHA-256. */
  readonly artifact: string;
  readonly size: number;
}

/** A run as its log tells of it. */
export interface RunRecord {
  readonly id: string;
  readonly spec: Spec;
  readonly name: string;
  readonly tags: readonly string[];
  readonly notes: string;
  /** It must not be removed. */
  readonly isProtected?: boolean;
  readonly data: readonly DataFile[];
  readonly experiment?: string;
  /** What it was begun for, where that is not the run itself: `overfit`, `lr-range`, `replication`. */
  readonly purpose?: string;
  /** SHA-256 of the weights that it began from in place of its seed's. */
  readonly initial?: string;
  readonly fork?: { readonly run: string; readonly step: number };
  /** When it was first opened; ISO 8601, UTC. */
  readonly startedAt: string;
  readonly host: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Runs that were trained side by side by the last process, where it was not alone. */
  readonly population?: number;
  /** Processes that trained it, one after the other. */
  readonly sessions: number;
  /** Training time of all of them, as far as it was heard of. */
  readonly seconds: number;
  /** `open` while the log does not say that its process is done: it runs, or its process has died. */
  readonly state: "open" | "finished" | "diverged" | "interrupted" | "failed";
  /** What failed. */
  readonly complaint?: string;
  /** What the training said, the numbers of every session in one series. */
  readonly training?: RunState;
  /** Oldest first; of later updates than a session went on from, none. */
  readonly checkpoints: readonly KeptArtifact[];
  readonly model?: KeptArtifact;
  /** Entries of its log that were damaged, and could not be read when it was repaired; absent where there are none. */
  readonly lost?: number;
}

/** A run as it is now: what `open` means depends on whether its process lives. */
export interface KeptRun extends Omit<RunRecord, "state"> {
  readonly state: Exclude<RunRecord["state"], "open"> | "running";
  /** Entries of its log. */
  readonly entries: number;
}

/** A record, and what the fold needs beside it. */
interface Folding extends RunRecord {
  /** Seconds of the sessions before this one. */
  readonly before: number;
}

/** A log as far as it was read. */
export interface LogFold {
  /** Undefined where it does not begin as logs do. */
  readonly run: Folding | undefined;
  readonly entries: number;
}

/** The record of a log; undefined for one that does not begin as logs do. */
export function runRecord(id: string, events: readonly RunEvent[]): RunRecord | undefined {
  return recordOf(foldLog(id, events));
}

/** Folds what follows in a log; from its beginning where nothing was folded before. */
export function foldLog(id: string, events: readonly RunEvent[], before?: LogFold): LogFold {
  const entries = (before?.entries ?? 0) + events.length;
  const [first, ...rest] = events;
  if (before !== undefined) return { run: before.run && folded(before.run, events), entries };
  return { run: first?.kind === "created" ? folded(unopened(id, first), rest) : undefined, entries };
}

export function recordOf({ run }: LogFold): RunRecord | undefined {
  if (run === undefined) return undefined;
  const { before: _, ...record } = run;
  // Of an end that was lost, `gradus resume` computes another.
  const isEndLost = record.lost !== undefined && record.training?.final === undefined;
  return isEndLost && record.state !== "failed" ? { ...record, state: "interrupted" } : record;
}

function unopened(id: string, created: RunEvent & { readonly kind: "created" }): Folding {
  const { spec, data, experiment, purpose, initial, fork } = created;
  return {
    id,
    spec,
    name: spec.name,
    tags: [],
    notes: "",
    data,
    ...(experiment === undefined ? {} : { experiment }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(initial === undefined ? {} : { initial }),
    ...(fork === undefined ? {} : { fork }),
    startedAt: "",
    host: "",
    versions: {},
    sessions: 0,
    seconds: 0,
    before: 0,
    state: "open",
    checkpoints: [],
  };
}

function folded(run: Folding, events: readonly RunEvent[]): Folding {
  const growing: GrowingLists = new WeakSet();
  return events.reduce((folding, event) => after(folding, event, growing), run);
}

function after(run: Folding, event: RunEvent, growing: GrowingLists): Folding {
  switch (event.kind) {
    case "created":
      return run;
    case "opened": {
      const { at, host, versions, population } = event;
      const { complaint: _, population: __, ...before } = run;
      const rest = population === undefined ? before : { ...before, population };
      const startedAt = run.startedAt === "" ? at : run.startedAt;
      return { ...rest, startedAt, host, versions, sessions: run.sessions + 1, before: run.seconds, state: "open" };
    }
    case "trained": {
      const [training] = foldOn(run.training === undefined ? [] : [run.training], event.event, growing);
      const from = event.event.kind === "started" ? (event.event.from ?? 0) : undefined;
      const checkpoints = from === undefined ? run.checkpoints : run.checkpoints.filter(({ step }) => step <= from);
      return { ...run, training, checkpoints, seconds: run.before + event.seconds };
    }
    case "kept": {
      const { what, step, artifact, size } = event;
      const seconds = run.before + event.seconds;
      if (what === "model") return { ...run, seconds, model: { step, artifact, size } };
      return { ...run, seconds, checkpoints: withItem(run.checkpoints, { step, artifact, size }, growing) };
    }
    case "closed": {
      const { why, complaint } = event;
      const state = why === "finished" && run.training?.state === "diverged" ? "diverged" : why;
      return { ...run, seconds: run.before + event.seconds, state, ...(complaint === undefined ? {} : { complaint }) };
    }
    case "labelled": {
      const { name = run.name, tags = run.tags, notes = run.notes, isProtected = run.isProtected } = event;
      return { ...run, name, tags, notes, ...(isProtected === undefined ? {} : { isProtected }) };
    }
    case "lost":
      return { ...run, lost: (run.lost ?? 0) + 1 };
  }
}
