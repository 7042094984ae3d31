import { Fault } from "../fault/fault.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Claim, Store } from "../store/store.ts";

/**
 * A store that is made with the first thing that is kept in it: a command that is refused before leaves nothing behind.
 * Until then, and until somebody else makes it, it is empty; what was claimed before is claimed when it is there.
 */
export function lateStore(place: string, isThere: () => boolean, make: () => Promise<Store>): Store {
  const empty: Store = { ...createMemoryStore(), place };
  /** What is claimed, with the store's own claim where there is a store. */
  const claims = new Map<string, Claim | undefined>();
  let made: Promise<Store> | undefined;
  const makeAndClaim = async () => {
    const store = await make();
    for (const log of claims.keys()) {
      const claim = await store.claim(log);
      if (claim === undefined) {
        await store.close();
        throw new Fault("store", log, "another process has begun it meanwhile", "wait for it, or give another name");
      }
      claims.set(log, claim);
    }
    return store;
  };
  const toWrite = async () => {
    made ??= makeAndClaim();
    return await made;
  };
  const toRead = async () => (made === undefined && !isThere() ? empty : await toWrite());
  return {
    place,
    maintenance: {
      integrity: async () => await (await toRead()).maintenance.integrity(),
      damagedLogs: async () => await (await toRead()).maintenance.damagedLogs(),
      entries: async (log) => await (await toRead()).maintenance.entries(log),
      replace: async (...entry) => await (await toRead()).maintenance.replace(...entry),
      renew: async (...log) => await (await toRead()).maintenance.renew(...log),
      prune: async () => await (await toRead()).maintenance.prune(),
      backup: async (file) => await (await toRead()).maintenance.backup(file),
    },
    isInPlace: async () => await (await toRead()).isInPlace(),
    append: async (...appends) => await (await toWrite()).append(...appends),
    read: async (...log) => await (await toRead()).read(...log),
    logs: async (filter) => await (await toRead()).logs(filter),
    changed: async () => await (await toRead()).changed(),
    summarise: async (summaries) => await (await toRead()).summarise(summaries),
    remove: async (log) => await (await toRead()).remove(log),
    restore: async (log) => await (await toRead()).restore(log),
    put: async (...bytes) => await (await toWrite()).put(...bytes),
    get: async (...artifact) => await (await toRead()).get(...artifact),
    drop: async (...artifact) => await (await toRead()).drop(...artifact),
    artifacts: async (log) => await (await toRead()).artifacts(log),
    async claim(log) {
      if (made !== undefined || isThere()) return await (await toWrite()).claim(log);
      if (claims.has(log)) return undefined;
      claims.set(log, undefined);
      return {
        async release() {
          await claims.get(log)?.release();
          claims.delete(log);
        },
      };
    },
    isClaimed: async (log) => (claims.has(log) ? true : await (await toRead()).isClaimed(log)),
    close: async () => await (await made?.catch(() => undefined))?.close(),
  };
}
