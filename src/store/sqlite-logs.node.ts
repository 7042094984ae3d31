import { entryHash, type Notes, notesHash, summaryHash } from "./hashes.node.ts";
import { isWanted } from "./log-filter.ts";
import { alreadyThere, damagedEntry, damagedLog, requireFitting } from "./refusals.ts";
import type { Database } from "./sqlite-database.node.ts";
import { writeNotes } from "./sqlite-tables.node.ts";
import type { Append, LogFilter, StoredLog, Summary } from "./store.ts";

// Entries of logs, and what the store notes of each log.

/** The number of the next change, within a transaction. */
export function nextNumber(database: Database): number {
  return Number(database.all("UPDATE sequence SET value = value + 1 RETURNING value")[0].value);
}

export function readNotes(database: Database, file: string, log: string): Notes | undefined {
  const [row] = database.all("SELECT * FROM log WHERE name = ?", log);
  if (row === undefined) return undefined;
  const notes = row as unknown as Notes & { readonly hash: string };
  if (notes.hash !== notesHash(notes)) throw damagedLog(file, log);
  return notes;
}

/** Adds entries to a log, within a transaction of the caller's. */
export function appendEntries(database: Database, file: string, append: Append): void {
  const { log, kind, at, entries } = append;
  const notes = readNotes(database, file, log);
  requireFitting(file, append, notes && { ...notes, isRemoved: notes.removed === 1 });
  const end = notes?.entries ?? 0;
  const already = at === end ? 0 : alreadyThere(file, log, entries, readEntries(database, file, log, at));
  const fresh = entries.slice(already);
  if (fresh.length === 0) return;
  const first = at + already;
  for (const [i, entry] of fresh.entries()) writeEntry(database, log, first + i, entry);
  const changed = nextNumber(database);
  const { began = changed } = notes ?? {};
  writeNotes(database, { name: log, kind, entries: first + fresh.length, began, changed, removed: 0 });
}

export function writeEntry(database: Database, log: string, position: number, body: string): void {
  const sql = `INSERT INTO entry (run, position, body, hash) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET body = ?3, hash = ?4`;
  database.run(sql, log, position, body, entryHash(log, position, body));
}

/** @throws Fault `store` where one is missing, or is not as it was written */
export function readEntries(database: Database, file: string, log: string, from: number): readonly string[] {
  // Before the entries: others may append between the two, and what is noted must be there.
  const { entries: length = 0 } = readNotes(database, file, log) ?? {};
  const sql = "SELECT position, body, hash FROM entry WHERE run = ? AND position >= ? ORDER BY position";
  const rows = database.all(sql, log, from);
  const wrong = rows.findIndex(
    ({ position, body, hash }, i) => position !== from + i || hash !== entryHash(log, from + i, String(body)),
  );
  if (wrong >= 0) throw damagedEntry(file, log, from + wrong);
  const isShort = from + rows.length < length;
  // A log that is in no list any more was removed for good meanwhile.
  if (isShort && readNotes(database, file, log) !== undefined) throw damagedEntry(file, log, from + rows.length);
  return rows.map(({ body }) => String(body));
}

export function listLogs(database: Database, file: string, filter: LogFilter): readonly StoredLog[] {
  const sql = `SELECT log.*, summary.entries AS length, body, summary.hash AS seal
    FROM log LEFT JOIN summary USING (name) WHERE changed > ?${filter.log === undefined ? "" : " AND name = ?"} ORDER BY began, name`;
  return database
    .all(sql, filter.since ?? -1, ...(filter.log === undefined ? [] : [filter.log]))
    .map((row) => {
      const notes = row as unknown as Notes & { readonly hash: string };
      if (notes.hash !== notesHash(notes)) throw damagedLog(file, notes.name);
      const { name: log, kind, entries, began, changed, removed } = notes;
      return { log, kind, entries, began, changed, isRemoved: removed === 1, ...soundSummary(log, row) };
    })
    .filter((log) => isWanted(log, filter));
}

/** A damaged summary is none: it can be made again. */
function soundSummary(log: string, row: Readonly<Record<string, unknown>>): { summary?: Summary } {
  const { length, body, seal } = row;
  if (body === null) return {};
  const summary = { entries: Number(length), text: String(body) };
  return seal === summaryHash(log, summary.entries, summary.text) ? { summary } : {};
}

export function writeSummary(database: Database, log: string, { entries, text }: Summary): void {
  const sql = `INSERT INTO summary (name, entries, body, hash) SELECT name, ?2, ?3, ?4 FROM log WHERE name = ?1
    ON CONFLICT DO UPDATE SET entries = ?2, body = ?3, hash = ?4 WHERE entries <= ?2`;
  database.run(sql, log, entries, text, summaryHash(log, entries, text));
}

/** Into the trash or out of it, within a transaction; false where it is there already, or is not at all. */
export function moveLog(database: Database, file: string, log: string, removed: 0 | 1): boolean {
  const notes = readNotes(database, file, log);
  if (notes === undefined || notes.removed === removed) return false;
  writeNotes(database, { ...notes, removed, changed: nextNumber(database) });
  return true;
}
