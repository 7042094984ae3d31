import { setTimeout as sleep } from "node:timers/promises";
import { nameOfStudy } from "../lab/kept-studies.ts";
import { changedRuns } from "../lab/list-runs.ts";
import type { LogFold } from "../record/run-record.ts";
import type { Store } from "../store/store.ts";
import { type RunRow, runRow } from "./run-row.ts";

/** What has changed in a store since a number of its own. */
export interface Changes extends Searches {
  /** The store's number now: what is asked for next begins from it. */
  readonly number: number;
  readonly runs: readonly RunRow[];
  /** Ids of runs that are in the trash now. */
  readonly removed: readonly string[];
}

/** The searches of a store. */
export interface Searches {
  /** Names of the searches that are going on now. */
  readonly searching: readonly string[];
  /** The store's number when the log of a search last changed; 0 where there is none. */
  readonly searched: number;
}

/** What somebody knows who waits: a process that ends or is killed may leave no entry that says so. */
interface Known {
  /** The store's number. */
  readonly since: number;
  /** Runs that were last seen running. */
  readonly running: ReadonlySet<string>;
  /** Searches that were last seen going on; undefined for who was told nothing yet. */
  readonly searching: readonly string[] | undefined;
}

/** Looks at a store on behalf of all who wait for it to change. */
export interface Follower {
  /** What is not known yet, as soon as there is something, or undefined after `patience` milliseconds without. */
  next(known: Known, patience: number, signal: AbortSignal): Promise<Changes | undefined>;
  /** What `encode` makes of changes; made once for all who are told the same, and held once however many have not taken it. */
  encoded(changes: Changes, encode: (changes: Changes) => Uint8Array): Uint8Array;
}

/** Milliseconds between two looks. */
const interval = 250;

/** One look serves everybody who waits; where nobody does, nobody looks. Of a log that grows, each entry is read once. */
export function createFollower(store: Store): Follower {
  let last: { readonly at: number; readonly look: Promise<Look> } | undefined;
  let looking: Promise<Look> | undefined;
  const folds = new Map<string, LogFold>();
  // Those who are up to date ask for the same, and it is read once.
  let shared: { readonly key: string; readonly changes: Promise<Changes> } | undefined;
  const changes = (since: number, { number, searching, searched }: Look, lost: readonly string[]) => {
    const key = JSON.stringify([since, number, lost, searching]);
    if (shared?.key !== key) {
      const known = changesSince(store, since, lost, folds).then((changes) => ({ ...changes, searching, searched }));
      shared = { key, changes: known };
      // What failed is tried again by whoever asks next.
      known.catch(() => {
        if (shared?.changes === known) shared = undefined;
      });
    }
    return shared.changes;
  };
  const searchesOf = followSearches(store);
  let message: { readonly changes: Changes; readonly bytes: Uint8Array } | undefined;
  const lookNow = () => {
    last = { at: performance.now(), look: lookAt(store, searchesOf) };
    return last.look;
  };
  const look = () => {
    looking ??= (async () => {
      await sleep(interval);
      looking = undefined;
      return await lookNow();
    })();
    return looking;
  };
  return {
    async next({ since, running, searching }, patience, signal) {
      // Who has just been told what the last look saw waits for the next, together with all others.
      const recent = last !== undefined && performance.now() - last.at < interval ? last.look : undefined;
      let glance = await (recent ?? lookNow());
      let lost = recent === undefined ? await glance.unclaimed(running) : [];
      for (let waited = 0; !signal.aborted; waited += interval) {
        const isNews = glance.number > since || lost.length > 0 || glance.searching.join() !== searching?.join();
        if (isNews) return await changes(since, glance, lost);
        if (waited >= patience) return undefined;
        glance = await look();
        lost = await glance.unclaimed(running);
      }
      return undefined;
    },
    encoded(changes, encode) {
      if (message?.changes !== changes) message = { changes, bytes: encode(changes) };
      return message.bytes;
    },
  };
}

interface Look extends Searches {
  readonly number: number;
  /** Those of these runs whose process is gone. */
  unclaimed(ids: ReadonlySet<string>): Promise<string[]>;
}

async function lookAt(store: Store, searchesOf: (number: number) => Promise<Searches>): Promise<Look> {
  const claimed = new Map<string, Promise<boolean>>();
  const isClaimed = (id: string) => {
    const claimedNow = claimed.get(id) ?? store.isClaimed(id);
    claimed.set(id, claimedNow);
    return claimedNow;
  };
  const number = await store.changed();
  return {
    number,
    ...(await searchesOf(number)),
    async unclaimed(ids) {
      const states = await Promise.all([...ids].map(async (id) => ({ id, isHeld: await isClaimed(id) })));
      return states.filter(({ isHeld }) => !isHeld).map(({ id }) => id);
    },
  };
}

/** The searches at a number of the store's. Of all that are kept, those are asked for that wrote or had a process. */
function followSearches(store: Store): (number: number) => Promise<Searches> {
  let [seen, searched] = [0, 0];
  const logs = new Set<string>();
  return async (number) => {
    for (const { log, changed } of number > seen ? await store.logs({ kind: "study", since: seen }) : []) {
      logs.add(log);
      searched = Math.max(searched, changed);
    }
    seen = Math.max(seen, number);
    for (const log of [...logs]) if (!(await store.isClaimed(log))) logs.delete(log);
    return { searching: [...logs].map(nameOfStudy).sort(), searched };
  };
}

/** What changes while it is read comes again rather than not at all. */
export async function changesSince(
  store: Store,
  since: number,
  also: readonly string[] = [],
  folds?: Map<string, LogFold>,
): Promise<Omit<Changes, keyof Searches>> {
  const { runs, removed, number } = await changedRuns(store, since, also, folds);
  return { number, runs: runs.map(runRow), removed };
}
