import { Fault } from "../fault/fault.ts";
import { entryHash, type Notes, notesHash, summaryHash } from "./hashes.node.ts";
import { isWanted } from "./log-filter.ts";
import type { Connection, PostgresDatabase, Row } from "./postgres-database.node.ts";
import { alreadyThere, damagedEntry, damagedLog, requireFitting } from "./refusals.ts";
import type { Append, LogFilter, StoredLog, Summary } from "./store.ts";

// Entries of logs, and what the store notes of each log.

/** Names of logs that this process has claimed, and its claims' ids. */
export type Held = ReadonlyMap<string, string>;

/**
 * Adds entries to logs, within a transaction of the caller's. The one row of `sequence`, which all writers wait for, is locked by
 * the last statement.
 */
export async function appendEntries(
  on: Connection,
  place: string,
  appends: readonly Append[],
  held: Held,
): Promise<void> {
  if (new Set(appends.map(({ log }) => log)).size < appends.length)
    throw new RangeError("two appends to one log at once");
  const notes = await lockNotes(
    on,
    place,
    appends.map(({ log }) => log),
  );
  await requireClaims(on, place, appends, held);
  const fresh: { append: Append; entries: readonly string[]; first: number }[] = [];
  for (const append of appends) {
    const { log, at, entries } = append;
    const existing = notes.get(log);
    requireFitting(place, append, existing && { ...existing, isRemoved: existing.removed === 1 });
    const end = existing?.entries ?? 0;
    const query = async (sql: string, values?: readonly unknown[]) => (await on.query(sql, values)).rows;
    const already = at === end ? 0 : alreadyThere(place, log, entries, await readEntries(query, place, log, at));
    if (entries.length > already) fresh.push({ append, entries: entries.slice(already), first: at + already });
  }
  if (fresh.length === 0) return;
  const rows = fresh.flatMap(({ append: { log }, entries, first }) =>
    entries.map((body, i) => ({ log, position: first + i, body })),
  );
  await writeEntries(on, rows);
  await writeNotes(
    on,
    fresh.map(({ append: { log, kind }, entries, first }) => ({
      name: log,
      kind,
      entries: first + entries.length,
      began: notes.get(log)?.began,
      removed: 0,
    })),
  );
}

/** Notes of logs, locked until the transaction ends, in one order for everybody. */
export async function lockNotes(
  on: Connection,
  place: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Notes>> {
  const { rows } = await on.query("SELECT * FROM gradus.log WHERE name = ANY($1) ORDER BY name FOR UPDATE", [names]);
  return new Map(rows.map((row) => [String(row.name), soundNotes(place, row)]));
}

/** A log that this process has claimed is written only as long as nobody else has it. */
async function requireClaims(on: Connection, place: string, appends: readonly Append[], held: Held): Promise<void> {
  const claimed = appends.map(({ log }) => log).filter((log) => held.has(log));
  if (claimed.length === 0) return;
  const { rows } = await on.query("SELECT log, holder FROM gradus.claim WHERE log = ANY($1)", [claimed]);
  const holders = new Map(rows.map(({ log, holder }) => [log, holder]));
  const lost = claimed.find((log) => holders.get(log) !== held.get(log));
  if (lost === undefined) return;
  const complaint = `${lost} is in another process's hands: this one did not renew its claim in time`;
  throw new Fault("store", place, complaint, "leave it to that process, or begin again when it has ended");
}

async function writeEntries(
  on: Connection,
  rows: readonly { readonly log: string; readonly position: number; readonly body: string }[],
): Promise<void> {
  await on.query("INSERT INTO gradus.entry SELECT * FROM unnest($1::text[], $2::integer[], $3::bytea[], $4::text[])", [
    rows.map(({ log }) => log),
    rows.map(({ position }) => position),
    rows.map(({ body }) => Buffer.from(body)),
    rows.map(({ log, position, body }) => entryHash(log, position, body)),
  ]);
}

/** Writes notes of logs under the next numbers of the sequence; those without `began` begin now. */
export async function writeNotes(
  on: Connection,
  notes: readonly (Omit<Notes, "began" | "changed"> & { readonly began: number | undefined })[],
): Promise<void> {
  // The hash is that of `notesHash`.
  const sql = `WITH numbers AS (UPDATE gradus.sequence SET value = value + $1 RETURNING value - $1 AS base),
    fresh AS (SELECT name, kind, entries, coalesce(began, base + i) AS began, base + i AS changed, removed
      FROM numbers, unnest($2::text[], $3::text[], $4::integer[], $5::bigint[], $6::smallint[])
        WITH ORDINALITY AS given (name, kind, entries, began, removed, i))
    INSERT INTO gradus.log SELECT *,
      left(encode(sha256(convert_to(concat_ws(' ', name, kind, entries, began, changed, removed), 'UTF8')), 'hex'), 16)
    FROM fresh ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, entries = excluded.entries, began = excluded.began,
      changed = excluded.changed, removed = excluded.removed, hash = excluded.hash`;
  await on.query(sql, [
    notes.length,
    notes.map(({ name }) => name),
    notes.map(({ kind }) => kind),
    notes.map(({ entries }) => entries),
    notes.map(({ began }) => began ?? null),
    notes.map(({ removed }) => removed),
  ]);
}

/** @throws Fault `store` where one is missing, or is not as it was written */
export async function readEntries(
  all: PostgresDatabase["all"],
  place: string,
  log: string,
  from: number,
): Promise<readonly string[]> {
  // One statement sees one moment.
  const sql = `SELECT entries, position, body, hash FROM (SELECT (SELECT entries FROM gradus.log WHERE name = $1) AS entries) AS noted
    LEFT JOIN (SELECT position, body, hash FROM gradus.entry WHERE log = $1 AND position >= $2) AS kept ON true
    ORDER BY position`;
  const all_ = await all(sql, [log, from]);
  const rows = all_.filter(({ position }) => position !== null);
  const bodies = rows.map(({ body }) => String(body));
  const wrong = rows.findIndex(
    ({ position, hash }, i) => position !== from + i || hash !== entryHash(log, from + i, bodies[i]),
  );
  if (wrong >= 0) throw damagedEntry(place, log, from + wrong);
  if (from + rows.length < Number(all_[0].entries ?? 0)) throw damagedEntry(place, log, from + rows.length);
  return bodies;
}

export async function listLogs(
  all: PostgresDatabase["all"],
  place: string,
  filter: LogFilter,
): Promise<readonly StoredLog[]> {
  const sql = `SELECT log.*, summary.entries AS length, body, summary.hash AS seal
    FROM gradus.log LEFT JOIN gradus.summary USING (name)
    WHERE changed > $1 AND ($2::text IS NULL OR name = $2) ORDER BY began, name`;
  return (await all(sql, [filter.since ?? -1, filter.log ?? null]))
    .map((row) => {
      const { name: log, kind, entries, began, changed, removed } = soundNotes(place, row);
      return { log, kind, entries, began, changed, isRemoved: removed === 1, ...soundSummary(log, row) };
    })
    .filter((log) => isWanted(log, filter));
}

/** @throws Fault `store` for notes that are not as they were written */
function soundNotes(place: string, row: Row): Notes {
  const { name, kind, entries, began, changed, removed, hash } = row;
  const notes = {
    name: String(name),
    kind: String(kind),
    entries: Number(entries),
    began: Number(began),
    changed: Number(changed),
    removed: Number(removed),
  };
  if (hash !== notesHash(notes)) throw damagedLog(place, notes.name);
  return notes;
}

/** A damaged summary is none: it can be made again. */
function soundSummary(log: string, { length, body, seal }: Row): { summary?: Summary } {
  if (body === null) return {};
  const summary = { entries: Number(length), text: String(body) };
  return seal === summaryHash(log, summary.entries, summary.text) ? { summary } : {};
}

export async function writeSummary(on: Connection, log: string, { entries, text }: Summary): Promise<void> {
  const sql = `INSERT INTO gradus.summary (name, entries, body, hash)
    SELECT name, $2::integer, $3::bytea, $4 FROM gradus.log WHERE name = $1
    ON CONFLICT (name) DO UPDATE SET entries = excluded.entries, body = excluded.body, hash = excluded.hash
    WHERE summary.entries <= excluded.entries`;
  await on.query(sql, [log, entries, Buffer.from(text), summaryHash(log, entries, text)]);
}

/** Into the trash or out of it, within a transaction; false where it is there already, or is not at all. */
export async function moveLog(on: Connection, place: string, log: string, removed: 0 | 1): Promise<boolean> {
  const notes = (await lockNotes(on, place, [log])).get(log);
  if (notes === undefined || notes.removed === removed) return false;
  await writeNotes(on, [{ ...notes, removed }]);
  return true;
}
