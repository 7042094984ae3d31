import { Fault } from "../fault/fault.ts";
import { entryHash, type Notes, notesHash } from "./hashes.node.ts";
import type { Maintenance } from "./maintenance.ts";
import type { PostgresDatabase } from "./postgres-database.node.ts";
import { writeNotes } from "./postgres-logs.node.ts";

export function maintenanceOf(database: PostgresDatabase): Maintenance {
  const { all, place } = database;
  return {
    async integrity() {
      const rows = await all(`SELECT log, id FROM gradus.artifact LEFT JOIN gradus.piece USING (log, id)
        GROUP BY log, id, size HAVING coalesce(sum(length(bytes)), 0) <> size ORDER BY log, id`);
      return rows.map(({ log, id }) => `pieces of ${String(id).slice(0, 12)} of ${log} are missing`);
    },
    async damagedLogs() {
      const rows = await all("SELECT * FROM gradus.log");
      const numbers = (row: (typeof rows)[number]) => ({
        ...(row as unknown as Notes),
        began: Number(row.began),
        changed: Number(row.changed),
      });
      const wrong = rows.filter((row) => row.hash !== notesHash(numbers(row))).map(({ name }) => String(name));
      const without =
        "SELECT DISTINCT log FROM gradus.entry WHERE NOT EXISTS (SELECT FROM gradus.log WHERE name = log)";
      return [...wrong, ...(await all(without)).map(({ log }) => String(log))].sort();
    },
    async entries(log) {
      const rows = await all("SELECT position, body, hash FROM gradus.entry WHERE log = $1 ORDER BY position", [log]);
      return rows.map((row) => {
        const [position, body] = [Number(row.position), String(row.body)];
        return { position, body, isSound: row.hash === entryHash(log, position, body) };
      });
    },
    async replace(log, position, body) {
      await database.transaction(async (on) => {
        const sql = `INSERT INTO gradus.entry VALUES ($1, $2, $3, $4)
          ON CONFLICT (log, position) DO UPDATE SET body = excluded.body, hash = excluded.hash`;
        await on.query(sql, [log, position, Buffer.from(body), entryHash(log, position, body)]);
        // What was summarised may have been another text.
        await on.query("DELETE FROM gradus.summary WHERE name = $1", [log]);
      });
    },
    async renew(log, kind) {
      await database.transaction(async (on) => {
        const length = "SELECT coalesce(max(position) + 1, 0) AS length FROM gradus.entry WHERE log = $1";
        const [{ length: entries }] = (await on.query(length, [log])).rows;
        const [row] = (await on.query("SELECT began, removed FROM gradus.log WHERE name = $1 FOR UPDATE", [log])).rows;
        const [{ value }] = (await on.query("SELECT value FROM gradus.sequence")).rows;
        // A damaged number that is not of the past says nothing.
        const began = Number(row?.began ?? 0);
        const isOfPast = began > 0 && began <= Number(value);
        const removed = Number(row?.removed) === 1 ? 1 : 0;
        await writeNotes(on, [
          { name: log, kind, entries: Number(entries), began: isOfPast ? began : undefined, removed },
        ]);
      });
    },
    prune: () =>
      database.transaction(async (on) => {
        const { rows } = await on.query("SELECT name FROM gradus.log WHERE removed = 1 ORDER BY name FOR UPDATE");
        const names = rows.map(({ name }) => String(name));
        await on.query("DELETE FROM gradus.artifact WHERE log = ANY($1)", [names]);
        await on.query("DELETE FROM gradus.entry WHERE log = ANY($1)", [names]);
        await on.query("DELETE FROM gradus.log WHERE name = ANY($1)", [names]);
        return names;
      }),
    async backup() {
      const remedy = "use PostgreSQL's own: `pg_dump --schema=gradus ADDRESS > backup.sql`";
      throw new Fault("store", place, "a backup of a database is not made by Gradus", remedy);
    },
  };
}
