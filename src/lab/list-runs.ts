import { Fault } from "../fault/fault.ts";
import { largestOf } from "../math/extremes.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { type KeptRun, type LogFold, runRecord } from "../record/run-record.ts";
import { decodeRunSummary, encodeRunSummary, type KeptSummary, runSummary } from "../record/run-summary.ts";
import type { Append, Store, StoredLog, Summary } from "../store/store.ts";
import { readRecord, stateNow } from "./kept-runs.ts";

/** All runs, or those in the trash, as lists show them, the one that began first in the store first; those whose log cannot be read apart. */
export async function listRuns(store: Store, removed = false): Promise<{ runs: KeptSummary[]; unreadable: Fault[] }> {
  const { runs, unreadable, fresh } = await readSummaries(store, await store.logs({ kind: "run", removed }));
  await store.summarise(fresh);
  return { runs, unreadable };
}

/**
 * Runs that have changed after the store's number `since`, with those of `ids`, the ids of those that are in the trash
 * since, and the number that this reaches to. Nothing is written: who follows a store does not slow who trains into it.
 * A run that cannot be read is left out.
 * @param folds written: of runs that are being trained, what was read, so that the next time only what follows is
 */
export async function changedRuns(
  store: Store,
  since: number,
  ids: readonly string[],
  folds: Map<string, LogFold> = new Map(),
): Promise<{ runs: KeptSummary[]; removed: string[]; number: number }> {
  const before = await store.changed();
  // One look at all of them: what it does not have has a larger number than what it has.
  const changed = await store.logs({ kind: "run", since });
  const number = largestOf([before, ...changed.map((log) => log.changed)]);
  const unchanged = ids.filter((id) => changed.every(({ log }) => log !== id));
  const all = unchanged.length === 0 ? [] : await store.logs({ kind: "run" });
  const logs = [...changed.filter(({ isRemoved }) => !isRemoved), ...all.filter(({ log }) => unchanged.includes(log))];
  const { runs } = await readSummaries(store, logs, folds);
  const removed = changed.filter(({ isRemoved }) => isRemoved);
  for (const log of removed) folds.delete(keyOf(log));
  return { runs, removed: removed.map(({ log }) => log), number };
}

/**
 * Runs by their ids as lists know them: of their curves the last point alone. Nothing is written.
 * @throws Fault `usage` for one that is not there
 */
export async function briefRuns(store: Store, ids: readonly string[]): Promise<KeptRun[]> {
  const logs = new Map((await store.logs({ kind: "run" })).map((log) => [log.log, log]));
  const { runs, unreadable } = await readSummaries(
    store,
    ids.map((id) => {
      const log = logs.get(id);
      if (log !== undefined) return log;
      throw new Fault("usage", id, "there is no such run", "choose from the list of runs");
    }),
  );
  if (unreadable.length > 0) throw unreadable[0];
  return runs.map(({ training, ...run }) => {
    if (training === undefined) return run;
    const { measured, highest: _, ...rest } = training;
    return { ...run, training: { ...rest, series: measured === undefined ? [] : [measured] } };
  });
}

async function readSummaries(store: Store, logs: readonly StoredLog[], folds?: Map<string, LogFold>) {
  const runs: KeptSummary[] = [];
  const unreadable: Fault[] = [];
  const fresh: (Summary & { readonly log: string })[] = [];
  for (const log of logs) {
    try {
      const known = await summarised(store, log);
      const { run, summary } =
        known === undefined
          ? await summaryOf(store, log.log, { key: keyOf(log), folds })
          : { run: known, summary: undefined };
      runs.push(run);
      if (summary !== undefined) fresh.push(summary);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unreadable.push(error);
    }
  }
  return { runs, unreadable, fresh };
}

/** A run as its summary has it; undefined where its log has gone on since. */
async function summarised(store: Store, { log, entries, summary }: StoredLog): Promise<KeptSummary | undefined> {
  const run = summary?.entries === entries ? decodeRunSummary(summary.text) : undefined;
  if (run?.state !== "open") return run && { ...run, state: run.state, entries };
  const state = stateNow(run, await store.isClaimed(log));
  // It may have ended since the logs were listed.
  return (await store.read(log, entries)).length === 0 ? { ...run, state, entries } : undefined;
}

/** Keeps what lists show of these runs. @throws Fault as `readRun` */
export async function summarise(store: Store, ids: readonly string[]): Promise<void> {
  const read = await Promise.all(ids.map((id) => summaryOf(store, id)));
  await store.summarise(read.map(({ summary }) => summary));
}

/** What lists show of a run whose whole log is at hand. @throws Fault `store` for entries that cannot be read */
export function summaryOfLog({ log, entries }: Pick<Append, "log" | "entries">): Summary & { readonly log: string } {
  const record = runRecord(
    log,
    entries.map((entry) => decodeRunEvent(entry, log)),
  );
  if (record === undefined) throw new RangeError(`the log of ${log} does not begin as a run's does`);
  return { log, entries: entries.length, text: encodeRunSummary(runSummary(record)) };
}

/** Of a log, and of no other that comes to have its name. */
function keyOf({ began, log }: StoredLog): string {
  return `${began} ${log}`;
}

async function summaryOf(
  store: Store,
  log: string,
  { key = "", folds }: { readonly key?: string; readonly folds?: Map<string, LogFold> | undefined } = {},
): Promise<{ run: KeptSummary; summary: Summary & { readonly log: string } }> {
  const isClaimed = await store.isClaimed(log);
  const { record, entries, fold } = await readRecord(store, log, folds?.get(key));
  const short = runSummary(record);
  const run = { ...short, state: stateNow(record, isClaimed), entries };
  if (run.state === "running") folds?.set(key, fold);
  else folds?.delete(key);
  return { run, summary: { log, entries, text: encodeRunSummary(short) } };
}
