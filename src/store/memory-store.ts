import { Fault } from "../fault/fault.ts";
import { sha256 } from "../files/sha256.ts";
import { isWanted } from "./log-filter.ts";
import type { Maintenance } from "./maintenance.ts";
import { alreadyThere, noLog, requireFitting } from "./refusals.ts";
import type { Append, Store, Summary } from "./store.ts";

interface Log {
  readonly kind: string;
  readonly began: number;
  changed: number;
  isRemoved: boolean;
  summary: Summary | undefined;
  readonly entries: string[];
  readonly artifacts: Map<string, Uint8Array<ArrayBuffer>>;
}

/** A store that lasts as long as the program: for tests, and for pages that keep nothing. */
export function createMemoryStore(): Store {
  const place = "memory";
  const logs = new Map<string, Log>();
  const claimed = new Set<string>();
  let sequence = 0;

  /** How many of the entries are there already. */
  const check = (append: Append): number => {
    const log = logs.get(append.log);
    requireFitting(place, append, log && { ...log, entries: log.entries.length });
    return alreadyThere(place, append.log, append.entries, log?.entries.slice(append.at) ?? []);
  };
  const write = (append: Append, already: number, put: ReadonlyMap<string, Uint8Array<ArrayBuffer>>) => {
    const { log: name, kind, entries, drop = [] } = append;
    const isChanged = entries.length > already;
    if (isChanged) sequence += 1;
    const began = sequence;
    const fresh: Log = {
      kind,
      began,
      changed: began,
      isRemoved: false,
      summary: undefined,
      entries: [],
      artifacts: new Map(),
    };
    const log = logs.get(name) ?? fresh;
    if (isChanged) log.changed = sequence;
    for (const entry of entries.slice(already)) log.entries.push(entry);
    for (const [id, bytes] of put) log.artifacts.set(id, bytes);
    for (const id of drop) log.artifacts.delete(id);
    if (log.entries.length > 0) logs.set(name, log);
  };
  const move = (name: string, isRemoved: boolean): boolean => {
    const log = logs.get(name);
    if (log === undefined || log.isRemoved === isRemoved) return false;
    Object.assign(log, { isRemoved, changed: ++sequence });
    return true;
  };

  return {
    place,
    isInPlace: async () => true,
    async append(...appends) {
      const puts = await Promise.all(appends.map(async ({ put = [] }) => new Map(await Promise.all(put.map(withId)))));
      const once = new Set(appends.map(({ log }) => log)).size === appends.length;
      if (!once) throw new RangeError("two appends to one log at once");
      const already = appends.map(check);
      for (const [i, append] of appends.entries()) write(append, already[i], puts[i]);
    },
    read: async (log, from = 0) => logs.get(log)?.entries.slice(from) ?? [],
    async logs(filter = {}) {
      const all = [...logs].map(([log, { entries, artifacts: _, summary, ...notes }]) => ({
        log,
        ...notes,
        entries: entries.length,
        ...(summary === undefined ? {} : { summary }),
      }));
      return all.filter((log) => isWanted(log, filter)).sort((a, b) => a.began - b.began);
    },
    changed: async () => sequence,
    async summarise(summaries) {
      for (const { log: name, ...summary } of summaries) {
        const log = logs.get(name);
        if (log !== undefined && summary.entries >= (log.summary?.entries ?? 0)) log.summary = summary;
      }
    },
    remove: async (name) => move(name, true),
    restore: async (name) => move(name, false),

    async put(name, bytes) {
      const [id, copy] = await withId(bytes);
      const log = logs.get(name);
      if (log === undefined) throw noLog(place, name);
      log.artifacts.set(id, copy);
      return id;
    },
    get: async (name, id) => logs.get(name)?.artifacts.get(id)?.slice(),
    async drop(name, id) {
      logs.get(name)?.artifacts.delete(id);
    },
    async artifacts(of) {
      return [...logs]
        .filter(([log]) => of === undefined || log === of)
        .flatMap(([log, { artifacts }]) => [...artifacts].map(([id, bytes]) => ({ log, id, size: bytes.length })))
        .sort((a, b) => compare(a.log, b.log) || compare(a.id, b.id));
    },
    async claim(log) {
      if (claimed.has(log)) return undefined;
      claimed.add(log);
      return {
        async release() {
          claimed.delete(log);
        },
      };
    },
    isClaimed: async (log) => claimed.has(log),
    async close() {},
    maintenance: maintenanceOf(place, logs),
  };
}

/** Memory that is damaged is no matter of this program: there is nothing to repair. */
function maintenanceOf(place: string, logs: Map<string, Log>): Maintenance {
  return {
    integrity: async () => [],
    damagedLogs: async () => [],
    entries: async (log) => (logs.get(log)?.entries ?? []).map((body, position) => ({ position, body, isSound: true })),
    async replace(log, position, body) {
      logs.get(log)?.entries.splice(position, 1, body);
    },
    async renew() {},
    async prune() {
      const removed = [...logs].filter(([, { isRemoved }]) => isRemoved).map(([log]) => log);
      for (const log of removed) logs.delete(log);
      return removed.sort();
    },
    async backup() {
      throw new Fault("store", place, "what is only in memory has no backup", "keep it in a folder");
    },
  };
}

async function withId(bytes: Uint8Array): Promise<[id: string, copy: Uint8Array<ArrayBuffer>]> {
  const copy = bytes.slice();
  return [await sha256(copy), copy];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
