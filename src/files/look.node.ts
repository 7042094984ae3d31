import { type BigIntStats, statSync } from "node:fs";

/** What lies under a path, its links followed; undefined where nothing does, and where it may not be looked at. */
export function look(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    // A folder that is not for us, links that go round, a name that is too long.
    return undefined;
  }
}
