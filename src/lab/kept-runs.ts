import { Fault } from "../fault/fault.ts";
import { nearest } from "../fault/nearest.ts";
import { type RunDocument, runDocument } from "../record/run-document.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { type KeptRun, type RunRecord, runRecord } from "../record/run-record.ts";
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

/** @throws Fault `store` for a log that cannot be read */
export async function readRecord(store: Store, id: string): Promise<{ record: RunRecord; entries: number }> {
  const entries = await store.read(id);
  const record = runRecord(
    id,
    entries.map((entry, position) => decodeRunEvent(entry, `${store.place}: ${id}, entry ${position}`)),
  );
  if (record !== undefined) return { record, entries: entries.length };
  throw new Fault("store", store.place, `the log of ${id} does not begin as a run's does`, "run `gradus doctor`");
}

/** What an open log means depends on whether its process lives. */
export function stateNow({ state }: Pick<RunRecord, "state">, isClaimed: boolean): KeptRun["state"] {
  return state === "open" ? (isClaimed ? "running" : "interrupted") : state;
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
  remedy: "`gradus runs` lists the runs; an id may be shortened, and `latest` is the one that began last",
};

/**
 * The id of the run a person means: the id itself, a beginning or an end of it that no other run has, or `latest`.
 * `missing` words the refusal where something else could have been meant.
 * @throws Fault `usage` where there is none, or more than one
 */
export async function findRun(store: Store, reference: string, missing = noSuchRun): Promise<string> {
  const ids = (await store.logs({ kind: "run" })).map(({ log }) => log);
  if (ids.includes(reference)) return reference;
  const place = placeOf(reference);
  const latest = ids.at(-1);
  if (reference === "latest" && latest !== undefined) return latest;
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

/** A reference as a refusal names it. */
export function placeOf(reference: string): string {
  return reference === "" ? '""' : reference;
}
