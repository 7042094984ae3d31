import { type Notes, notesHash } from "./hashes.node.ts";
import type { Database, Migration } from "./sqlite-database.node.ts";

// The tables, as they came to be: each migration leads from one version to the next, and none is ever changed.

export const migrations: readonly Migration[] = [
  ({ connection }) =>
    connection.exec(`CREATE TABLE entry (
      run TEXT NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run, position)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE artifact (
      run TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (run, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE piece (
      run TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (run, id, position), FOREIGN KEY (run, id) REFERENCES artifact ON DELETE CASCADE
    ) STRICT;`),
  (database) => {
    database.connection.exec(`CREATE TABLE log (
      name TEXT PRIMARY KEY, kind TEXT NOT NULL, entries INTEGER NOT NULL, began INTEGER NOT NULL,
      changed INTEGER NOT NULL, removed INTEGER NOT NULL, hash TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE summary (
      name TEXT PRIMARY KEY REFERENCES log ON DELETE CASCADE, entries INTEGER NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE sequence (value INTEGER NOT NULL) STRICT;
    INSERT INTO sequence VALUES (0);`);
    // All logs were runs, and the second entry of one said when it began.
    const runs = database.all(`SELECT run, max(position) + 1 AS entries FROM entry GROUP BY run ORDER BY (
      SELECT CASE WHEN json_valid(body) THEN body ->> 'at' END FROM entry AS opened
      WHERE opened.run = entry.run AND opened.position = 1), run`);
    for (const [i, { run, entries }] of runs.entries()) {
      const notes = { name: String(run), kind: "run", entries: Number(entries), began: i + 1, changed: i + 1 };
      writeNotes(database, { ...notes, removed: 0 });
    }
    database.run("UPDATE sequence SET value = ?", runs.length);
  },
];

/** Writes a row of the table `log`. */
export function writeNotes(database: Database, notes: Notes): void {
  const { name, kind, entries, began, changed, removed } = notes;
  // Not "OR REPLACE", which would remove the summary with the row.
  const sql = `INSERT INTO log (name, kind, entries, began, changed, removed, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT DO UPDATE SET kind = ?2, entries = ?3, began = ?4, changed = ?5, removed = ?6, hash = ?7`;
  database.run(sql, name, kind, entries, began, changed, removed, notesHash(notes));
}
