import { existsSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import type { DatabaseSync } from "node:sqlite";
import { Fault } from "../fault/fault.ts";
import { publish, uniqueName } from "../files/whole-file.node.ts";
import { createTables } from "./sqlite-store.node.ts";

/** What was read of a damaged file. */
export interface Salvaged {
  /** Rows. */
  readonly saved: number;
  /** Whether there were rows that could not be read. */
  readonly lost: boolean;
  /** Where the damaged file is now. */
  readonly old: string;
}

/** What is copied, since which version of the tables; summaries can be made again. */
const tables: readonly {
  readonly name: string;
  readonly columns: string;
  readonly key: string;
  readonly since: number;
}[] = [
  { name: "entry", columns: "run, position, body, hash", key: "run, position", since: 1 },
  { name: "artifact", columns: "run, id, size", key: "run, id", since: 1 },
  { name: "piece", columns: "run, id, position, bytes", key: "rowid", since: 1 },
  { name: "log", columns: "name, kind, entries, began, changed, removed, hash", key: "name", since: 2 },
];

/**
 * Reads what can be read of a damaged store into a new file, and puts that in its place; the old one stays beside it.
 * @throws Fault `store` where it is open elsewhere, or nothing can be read
 */
export async function salvage(file: string): Promise<Salvaged> {
  const { DatabaseSync } = await import("node:sqlite");
  const fresh = uniqueName(file);
  await createTables(fresh);
  // Opened, it would be a new store, and the log of what was written last would be thrown away.
  if (statSync(file).size === 0) return { saved: 0, lost: true, old: await replace(file, fresh) };
  const [from, to] = [new DatabaseSync(file), new DatabaseSync(fresh)];
  let saved = 0;
  let lost = false;
  try {
    requireAlone(file, from);
    to.exec("PRAGMA foreign_keys = OFF; BEGIN");
    for (const { name, columns, key, since } of tables) {
      if (versionOf(from) < since) continue;
      const marks = columns.replace(/\w+/g, "?");
      const insert = to.prepare(`INSERT OR IGNORE INTO ${name} (${columns}) VALUES (${marks})`);
      // A damaged page ends a walk through the table; from the other end, what lies behind it is reached.
      for (const direction of ["", "DESC"]) {
        try {
          const order = key
            .split(", ")
            .map((part) => `${part} ${direction}`)
            .join(", ");
          for (const row of from.prepare(`SELECT ${columns} FROM ${name} ORDER BY ${order}`).iterate()) {
            const values = columns.split(", ").map((column) => row[column]);
            saved += Number(insert.run(...values).changes);
          }
          break;
        } catch {
          lost = true;
        }
      }
    }
    // Pieces whose artifact is lost can be given to nobody.
    to.exec(
      "DELETE FROM piece WHERE NOT EXISTS (SELECT 1 FROM artifact WHERE artifact.run = piece.run AND artifact.id = piece.id)",
    );
    to.exec("UPDATE sequence SET value = (SELECT coalesce(max(changed), 0) FROM log)");
    to.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  } finally {
    from.close();
    to.close();
  }
  if (saved === 0) {
    await rm(fresh, { force: true });
    throw new Fault(
      "store",
      file,
      "nothing in it can be read",
      "take a backup, if there is one: `gradus doctor --backup` makes them",
    );
  }
  return { saved, lost, old: await replace(file, fresh) };
}

/** Puts a fresh file in the place of a damaged one; returns where that is now. */
async function replace(file: string, fresh: string): Promise<string> {
  const old = uniqueName(`${file}.damaged`);
  await rename(file, old);
  for (const ending of ["-wal", "-shm"]) if (existsSync(file + ending)) await rename(file + ending, old + ending);
  await publish(fresh, file);
  return old;
}

/** The version of its tables; of a file that does not even say that, the latest. */
function versionOf(connection: DatabaseSync): number {
  try {
    return Number(connection.prepare("PRAGMA user_version").get()?.user_version);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function requireAlone(file: string, connection: DatabaseSync): void {
  try {
    connection.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; ROLLBACK");
  } catch (cause) {
    if (((cause as { errcode?: number }).errcode ?? 0) % 256 !== 5) return; // so damaged that it cannot even be locked
    throw new Fault("store", file, "another process has it open", "end what trains, then repair", { cause });
  }
}
