import type { LogFilter, StoredLog } from "./store.ts";

/** Whether a filter lets a log through. */
export function isWanted(log: StoredLog, { log: name, kind, since, removed = false }: LogFilter): boolean {
  if (name !== undefined && log.log !== name) return false;
  if (kind !== undefined && log.kind !== kind) return false;
  if (since !== undefined) return log.changed > since;
  return log.isRemoved === removed;
}
