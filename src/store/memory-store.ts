import { sha256 } from "../files/sha256.ts";
import { alreadyThere, gap, noRun, requireName } from "./refusals.ts";
import type { Store } from "./store.ts";

/** A store that lasts as long as the program: for tests, and for pages that keep nothing. */
export function createMemoryStore(): Store {
  const place = "memory";
  const logs = new Map<string, string[]>();
  const blobs = new Map<string, Map<string, Uint8Array<ArrayBuffer>>>();
  const claimed = new Set<string>();
  return {
    place,
    async append(run, at, entries) {
      requireName(place, run);
      const log = logs.get(run) ?? [];
      if (at > log.length) throw gap(place, run, at, log.length);
      const count = alreadyThere(place, run, entries, log.slice(at));
      if (entries.length > 0) logs.set(run, [...log, ...entries.slice(count)]);
    },
    read: async (run, from = 0) => (logs.get(run) ?? []).slice(from),
    runs: async () => [...logs].map(([run, log]) => ({ run, entries: log.length })).sort(byRun),
    async remove(run) {
      blobs.delete(run);
      return logs.delete(run);
    },
    async put(run, bytes) {
      if (!logs.has(run)) throw noRun(place, run);
      const id = await sha256(bytes);
      const own = blobs.get(run) ?? new Map();
      blobs.set(run, own.set(id, bytes.slice()));
      return id;
    },
    get: async (run, id) => blobs.get(run)?.get(id)?.slice(),
    async drop(run, id) {
      blobs.get(run)?.delete(id);
    },
    async artifacts(of) {
      return [...blobs]
        .filter(([run]) => of === undefined || run === of)
        .flatMap(([run, own]) => [...own].map(([id, bytes]) => ({ run, id, size: bytes.length })))
        .sort((a, b) => byRun(a, b) || (a.id < b.id ? -1 : 1));
    },
    async claim(run) {
      if (claimed.has(run)) return undefined;
      claimed.add(run);
      return {
        async release() {
          claimed.delete(run);
        },
      };
    },
    isClaimed: async (run) => claimed.has(run),
    async close() {},
  };
}

function byRun(a: { readonly run: string }, b: { readonly run: string }): number {
  return a.run < b.run ? -1 : Number(a.run > b.run);
}
