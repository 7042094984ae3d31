import { rmSync } from "node:fs";
import type { Claims } from "./claims.node.ts";
import { entryHash, type Notes, notesHash } from "./hashes.node.ts";
import type { Maintenance } from "./maintenance.ts";
import { type Database, fileError } from "./sqlite-database.node.ts";
import { nextNumber, writeEntry } from "./sqlite-logs.node.ts";
import { writeNotes } from "./sqlite-tables.node.ts";

export function maintenanceOf(database: Database, claims: Claims): Maintenance {
  return {
    async integrity() {
      const rows = [...database.all("PRAGMA integrity_check(20)"), ...database.all("PRAGMA foreign_key_check")];
      return rows
        .map((row) => String(row.integrity_check ?? `rows of ${row.table} without what they belong to`))
        .filter((text) => text !== "ok");
    },
    async damagedLogs() {
      const rows = database.all("SELECT * FROM log") as unknown as readonly (Notes & { readonly hash: string })[];
      const wrong = rows.filter((notes) => notes.hash !== notesHash(notes)).map(({ name }) => name);
      const without = "SELECT DISTINCT run FROM entry WHERE NOT EXISTS (SELECT 1 FROM log WHERE name = run)";
      return [...wrong, ...database.all(without).map(({ run }) => String(run))].sort();
    },
    async entries(log) {
      const rows = database.all("SELECT position, body, hash FROM entry WHERE run = ? ORDER BY position", log);
      return rows.map(({ position, body, hash }) => ({
        position: Number(position),
        body: String(body),
        isSound: hash === entryHash(log, Number(position), String(body)),
      }));
    },
    async replace(log, position, body) {
      database.transaction(() => {
        writeEntry(database, log, position, body);
        // What was summarised may have been another text.
        database.run("DELETE FROM summary WHERE name = ?", log);
      });
    },
    async renew(log, kind) {
      database.transaction(() => {
        const [{ length }] = database.all("SELECT max(position) + 1 AS length FROM entry WHERE run = ?", log);
        const [row] = database.all("SELECT began, removed FROM log WHERE name = ?", log);
        const changed = nextNumber(database);
        // A damaged number that is not of the past says nothing.
        const began = Number(row?.began ?? 0) > 0 && Number(row?.began) < changed ? Number(row.began) : changed;
        const removed = row?.removed === 1 ? 1 : 0;
        writeNotes(database, { name: log, kind, entries: Number(length ?? 0), began, changed, removed });
      });
    },
    async prune() {
      const removed = database.transaction(() => {
        const names = database
          .all("SELECT name FROM log WHERE removed = 1 ORDER BY name")
          .map(({ name }) => String(name));
        for (const name of names) {
          database.run("DELETE FROM artifact WHERE run = ?", name);
          database.run("DELETE FROM entry WHERE run = ?", name);
          database.run("DELETE FROM log WHERE name = ?", name);
        }
        return names;
      });
      for (const name of removed) claims.forget(name);
      return removed;
    },
    async backup(to) {
      const { backup } = await import("node:sqlite");
      // All pages in one step: between two, another process's write would make it begin again.
      await backup(database.connection, to, { rate: 2 ** 30 }).catch((cause) => {
        // What SQLite leaves beside a copy that it could not finish.
        rmSync(`${to}-journal`, { force: true });
        throw fileError(cause);
      });
    },
  };
}
