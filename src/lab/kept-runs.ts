import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { type RunDocument, runDocument } from "../record/run-document.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { type KeptRun, runRecord } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";

/** The refusal of a run that has been claimed. */
export function beingTrained(id: string): Fault {
  return new Fault("store", id, "another process trains this run", "wait for it, or end that process");
}

/** @throws Fault `store` for a log that cannot be read */
export async function readRun(store: Store, id: string): Promise<KeptRun> {
  // Asked before its log is read: a run that ends in between is not taken for interrupted.
  const isClaimed = await store.isClaimed(id);
  const entries = await store.read(id);
  const record = runRecord(
    id,
    entries.map((entry, position) => decodeRunEvent(entry, `${store.place}: ${id}, entry ${position}`)),
  );
  if (record === undefined) {
    throw new Fault("store", store.place, `the log of ${id} does not begin as a run's does`, "run `gradus doctor`");
  }
  const state = record.state === "open" ? (isClaimed ? "running" : "interrupted") : record.state;
  return { ...record, state, entries: entries.length };
}

/** All runs, oldest first; those whose log cannot be read apart. */
export async function readRuns(store: Store): Promise<{ runs: KeptRun[]; unreadable: Fault[] }> {
  const runs: KeptRun[] = [];
  const unreadable: Fault[] = [];
  for (const { run } of await store.runs()) {
    try {
      runs.push(await readRun(store, run));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unreadable.push(error);
    }
  }
  return {
    runs: runs.sort((a, b) => (a.startedAt < b.startedAt ? -1 : Number(a.startedAt > b.startedAt))),
    unreadable,
  };
}

/** The document of a run that has ended. @throws Fault `store` for one that has not */
export function documentOf({
  id: run,
  spec,
  startedAt,
  seconds,
  versions: made,
  training,
  state,
}: KeptRun): RunDocument {
  // A session that went on named the device that `auto` had meant.
  const document = training && runDocument({ ...training, spec }, { run, startedAt, seconds, versions: made });
  if (document !== undefined) return document;
  const remedy = state === "running" ? "wait for its end" : `\`gradus resume ${run}\` brings it to its end`;
  throw new Fault("store", run, `has no results yet: ${state}`, remedy);
}

const noSuchRun = {
  complaint: "there is no such run",
  remedy: "`gradus runs` lists the runs; an id may be shortened, and `latest` is the last",
};

/**
 * The id of the run a person means: the id itself, a beginning or an end of it that no other run has, or `latest`.
 * `missing` words the refusal where something else could have been meant.
 * @throws Fault `usage` where there is none, or more than one
 */
export async function findRun(store: Store, reference: string, missing = noSuchRun): Promise<string> {
  const ids = (await store.runs()).map(({ run }) => run);
  if (ids.includes(reference)) return reference;
  const place = placeOf(reference);
  if (reference === "latest" && ids.length > 0) return await latest(store, ids);
  const found = reference === "" ? [] : ids.filter((id) => id.startsWith(reference) || id.endsWith(reference));
  if (found.length === 1) return found[0];
  if (found.length > 1) {
    const some = `${found.slice(0, 3).join(", ")}${found.length > 3 ? ", ..." : ""}`;
    throw new Fault("usage", place, `means ${found.length} runs: ${some}`, "give more of the id");
  }
  const near = nearest(reference, ids);
  const complaint = `${missing.complaint}${near === undefined ? "" : `; did you mean "${near}"?`}`;
  throw new Fault("usage", place, complaint, missing.remedy);
}

/** Ids begin with the second in which their runs began; of those that share the last one, the logs know more. */
async function latest(store: Store, ids: readonly string[]): Promise<string> {
  const second = (id: string) => id.split("-")[0];
  const last = ids.map(second).sort()[ids.length - 1];
  const candidates = ids.filter((id) => second(id) === last);
  if (candidates.length === 1) return candidates[0];
  const runs = await Promise.all(candidates.map((id) => readRun(store, id)));
  return runs.reduce((a, b) => (b.startedAt > a.startedAt ? b : a)).id;
}

/** A reference as a refusal names it. */
export function placeOf(reference: string): string {
  return reference === "" ? '""' : reference;
}
