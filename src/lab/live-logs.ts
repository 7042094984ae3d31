import { Fault } from "../fault/fault.ts";
import { type Spec, specSchema } from "../record/spec.ts";
import type { Append, Claim, Store } from "../store/store.ts";
import { appendAfterLabels } from "../worker/run-writer.ts";
import { readRun } from "./kept-runs.ts";
import { listRuns } from "./list-runs.ts";
import type { TrialTask } from "./trial-tasks.ts";

/** Milliseconds from the beginning of a population to when others see of it: what is over sooner is seen when it is. */
const PATIENCE = 1000;
/** Milliseconds between two times, at least. A training says how far it is once a second. */
const LEAST = 500;
/** The part of a training's time that this may take. */
const SHARE = 1 / 200;

/** Logs of runs that grow in a memory store, as others see them. */
export interface LiveLogs {
  /** Runs have begun in the memory store. */
  begin(ids: readonly string[]): void;
  /** Whether it is time to bring what the logs say. */
  isDue(): boolean;
  /** Brings it. @throws Fault `store` */
  bring(): Promise<void>;
  /**
   * Has the rest of whole logs added, in the transaction of what else `append` adds: these runs have ended.
   * @throws Fault `store`; then nothing was added
   */
  finish(logs: readonly Append[], append: (rest: readonly Append[]) => Promise<void>): Promise<void>;
  /** Lets go of the runs. Those that have not ended go into the trash: they will be trained again, from their beginning. */
  close(): Promise<void>;
}

/** How much of a log is in the store. */
interface Brought {
  /** The position of the next entry there: people label runs that are being trained. */
  readonly at: number;
  /** Entries of the memory's log. */
  readonly count: number;
}

/**
 * Brings logs to `store` while they grow in `memory`, so that a search or a replication can be watched, at a rate at which no
 * training waits for a disk. An end is not brought: in the store a run ends when its study knows of it, in one transaction.
 */
export function liveLogs(memory: Store, store: Store): LiveLogs {
  const now = () => performance.now();
  const logs = new Map<string, Brought>();
  const claims = new Map<string, Claim>();
  const nothing: Brought = { at: 0, count: 0 };
  let dueAt = now() + PATIENCE;

  return {
    begin(ids) {
      for (const id of ids) logs.set(id, nothing);
    },
    isDue: () => now() >= dueAt,
    async bring() {
      const began = now();
      const appends: Append[] = [];
      for (const [log, { at, count }] of logs) {
        const entries = beforeItsEnd(await memory.read(log, count));
        if (entries.length > 0) appends.push({ log, kind: "run", at, entries });
      }
      for (const { log } of appends) {
        const claim = claims.has(log) ? undefined : await store.claim(log);
        if (claim !== undefined) claims.set(log, claim);
      }
      for (const { log, at, entries } of await appendAfterLabels(store, appends)) {
        const { count } = logs.get(log) ?? nothing;
        logs.set(log, { at: at + entries.length, count: count + entries.length });
      }
      dueAt = now() + Math.max(LEAST, (now() - began) / SHARE);
    },
    async finish(whole, append) {
      const rest = whole.map((log) => {
        const { at, count } = logs.get(log.log) ?? nothing;
        return { ...log, at, entries: log.entries.slice(count) };
      });
      await appendAfterLabels(store, rest, append);
      for (const { log } of whole) logs.delete(log);
    },
    async close() {
      for (const [log, claim] of claims) {
        if (logs.has(log)) await discard(store, log);
        await claim.release();
      }
    },
  };
}

function beforeItsEnd(entries: readonly string[]): readonly string[] {
  const end = entries.findIndex((entry) => ["kept", "closed"].includes(JSON.parse(entry).kind));
  return end < 0 ? entries : entries.slice(0, end);
}

/** Puts what a process that was killed has left of these runs into the trash: they begin anew. */
export async function discardLeftovers(store: Store, tasks: readonly TrialTask[]): Promise<void> {
  if (tasks.length === 0) return;
  const specs = new Map(tasks.flatMap(({ chain, study }) => chain.map((spec) => [keyOf(spec), study])));
  for (const { id, state, checkpoints, isProtected, spec, purpose, tags } of (await listRuns(store)).runs) {
    // What was begun by itself has the checkpoint of its start.
    if (state !== "interrupted" || checkpoints.length > 0 || isProtected) continue;
    const study = specs.get(keyOf(spec));
    if (study === undefined) continue;
    const isOfIt = study.replicates === undefined ? tags.includes(study.name) : purpose === "replication";
    if (isOfIt) await store.remove(id);
  }
}

function keyOf(spec: Spec): string {
  return JSON.stringify(specSchema.parse(spec));
}

/** Puts a run that was broken off into the trash, unless somebody wants it kept or the store cannot be told. */
async function discard(store: Store, id: string): Promise<void> {
  try {
    if ((await readRun(store, id)).isProtected !== true) await store.remove(id);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}
