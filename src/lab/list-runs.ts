import { Fault } from "../fault/fault.ts";
import { decodeRunSummary, encodeRunSummary, type KeptSummary, runSummary } from "../record/run-summary.ts";
import type { Store, StoredLog } from "../store/store.ts";
import { readRecord, stateNow } from "./kept-runs.ts";

/** All runs, or those in the trash, as lists show them, the one that began first in the store first; those whose log cannot be read apart. */
export async function listRuns(store: Store, removed = false): Promise<{ runs: KeptSummary[]; unreadable: Fault[] }> {
  const runs: KeptSummary[] = [];
  const unreadable: Fault[] = [];
  for (const log of await store.logs({ kind: "run", removed })) {
    try {
      runs.push((await summarised(store, log)) ?? (await summarise(store, log.log)));
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      unreadable.push(error);
    }
  }
  return { runs, unreadable };
}

/** A run as its summary has it; undefined where its log has gone on since. */
async function summarised(store: Store, { log, entries, summary }: StoredLog): Promise<KeptSummary | undefined> {
  const run = summary?.entries === entries ? decodeRunSummary(summary.text) : undefined;
  if (run?.state !== "open") return run && { ...run, state: run.state, entries };
  const state = stateNow(run, await store.isClaimed(log));
  // It may have ended since the logs were listed.
  return (await store.read(log, entries)).length === 0 ? { ...run, state, entries } : undefined;
}

/** Reads a run, and keeps what lists show of it. @throws Fault as `readRun` */
export async function summarise(store: Store, id: string): Promise<KeptSummary> {
  const isClaimed = await store.isClaimed(id);
  const { record, entries } = await readRecord(store, id);
  const summary = runSummary(record);
  await store.summarise(id, { entries, text: encodeRunSummary(summary) });
  return { ...summary, state: stateNow(record, isClaimed), entries };
}
