import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { type RunDocument, runDocument } from "../record/run-document.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { foldLog, type KeptRun, type LogFold, type RunRecord, recordOf } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";

/** The refusal of a run that has been claimed. */
export function beingTrained(id: string): Fault {
  return new Fault("store", id, "another process trains this run", "wait for it, or end that process");
}

/** @throws Fault `store` for a log that cannot be read */
export async function readRun(store: Store, id: string): Promise<KeptRun> {
  // Asked before its log is read: a run that ends in between is not taken for interrupted.
  const isClaimed = await store.isClaimed(id);
  const { record, entries } = await readRecord(store, id);
  return { ...record, state: stateNow(record, isClaimed), entries };
}

/** @param before what was read of it before: only what follows is read. @throws Fault `store` for a log that cannot be read */
export async function readRecord(
  store: Store,
  id: string,
  before?: LogFold,
): Promise<{ record: RunRecord; entries: number; fold: LogFold }> {
  const from = before?.entries ?? 0;
  const entries = await store.read(id, from);
  const events = entries.map((entry, at) => decodeRunEvent(entry, `${store.place}: ${id}, entry ${from + at}`));
  const fold = foldLog(id, events, before);
  const record = recordOf(fold);
  if (record !== undefined) return { record, entries: fold.entries, fold };
  throw new Fault("store", store.place, `the log of ${id} does not begin as a run's does`, "run `gradus doctor`");
}

/** What an open log means depends on whether its process lives. */
export function stateNow({ state }: Pick<RunRecord, "state">, isClaimed: boolean): KeptRun["state"] {
  return state === "open" ? (isClaimed ? "running" : "interrupted") : state;
}

/** Whether a run has come to its end, and has results. */
export function hasEnded({ state }: Pick<KeptRun, "state">): boolean {
  return state === "finished" || state === "diverged";
}

/** The document of a run that has ended. @throws Fault `store` for one that has not */
export function documentOf(kept: KeptRun): RunDocument {
  const { id: run, experiment, fork, spec, startedAt, seconds, versions: madeWith, training, state } = kept;
  const circumstances = {
    run,
    ...(experiment === undefined ? {} : { experiment }),
    ...(fork === undefined ? {} : { fork }),
    startedAt,
    seconds,
    versions: madeWith,
  };
  // A session that went on named the device that `auto` had meant.
  const document = training && runDocument({ ...training, spec }, circumstances);
  if (document !== undefined) return document;
  const remedy = state === "running" ? "wait for its end" : `\`gradus resume ${run}\` brings it to its end`;
  throw new Fault("store", run, `has no results yet: ${state}`, remedy);
}

const noSuchRun = {
  complaint: "there is no such run",
  remedy: "`gradus runs` lists the runs; an id may be shortened, and `latest` is the one that began last",
};

/** Characters that name a run, at least: fewer are a slip of the hand more often than a name. */
const leastCharacters = 4;

interface Reference {
  /** Words the refusal where something else could have been meant. */
  readonly missing?: { readonly complaint: string; readonly remedy: string };
  /** Characters of a shortened id, at least. */
  readonly least?: number;
  /** Looks in the trash instead. */
  readonly removed?: boolean;
}

/**
 * The id of the run a person means: the id itself, a beginning or an end of it that no other run has, or `latest`, the
 * one that began last in the store.
 * @throws Fault `usage` where there is none, or more than one, or the reference is too short
 */
export async function findRun(
  store: Store,
  reference: string,
  { missing = noSuchRun, least = leastCharacters, removed = false }: Reference = {},
): Promise<string> {
  const ids = await runIds(store, removed);
  if (ids.includes(reference)) return reference;
  const place = placeOf(reference);
  const latest = ids.at(-1);
  if (reference === "latest" && latest !== undefined) return latest;
  const matches = (id: string) => reference !== "" && (id.startsWith(reference) || id.endsWith(reference));
  const candidates = ids.filter(matches);
  if (candidates.length > 0 && reference.length < least) {
    throw new Fault(
      "usage",
      place,
      `is too short to name a run`,
      `give at least ${least} characters: ${candidates[0]}`,
    );
  }
  if (candidates.length === 1) return candidates[0];
  if (candidates.length > 1) {
    const listing = `${candidates.slice(0, 3).join(", ")}${candidates.length > 3 ? ", ..." : ""}`;
    throw new Fault("usage", place, `means ${candidates.length} runs: ${listing}`, "give more of the id");
  }
  const elsewhere = (await runIds(store, !removed)).find(matches);
  if (elsewhere !== undefined) {
    if (removed) throw new Fault("usage", place, "is not in the trash", "`gradus runs --removed` lists what is");
    throw new Fault("usage", place, "was removed", `\`gradus restore ${elsewhere}\` takes it out of the trash`);
  }
  const near = nearest(reference, ids);
  const complaint = `${missing.complaint}${near === undefined ? "" : `; did you mean "${near}"?`}`;
  throw new Fault("usage", place, complaint, missing.remedy);
}

/** The runs of a store, the one that began last at the end. */
async function runIds(store: Store, removed: boolean): Promise<readonly string[]> {
  return (await store.logs({ kind: "run", removed })).map(({ log }) => log);
}

/** A reference as a refusal names it. */
export function placeOf(reference: string): string {
  return reference === "" ? '""' : reference;
}
