import { randomUUID } from "node:crypto";
import type { DataFile } from "../record/run-event.ts";
import type { Connection, PostgresDatabase, Row } from "../store/postgres-database.node.ts";

// A pack is some runs of trials that one worker trains side by side. Its row says whose it is: every attempt has a number, and
// what an attempt writes is written only where the row still has that number.

/** Which run of which trial; where weights are carried on, of which chain of trials. */
export interface PackRun {
  readonly trials: readonly number[];
  readonly seed: number;
  readonly fold?: number;
}

export interface Pack {
  readonly id: string;
  readonly study: string;
  readonly runs: readonly PackRun[];
  /** The dataset's files, as the coordinator has them. */
  readonly data: readonly DataFile[];
  /** The version of the numbers that it is to be computed with. */
  readonly numbers: string;
  /** Attempts that ended with neither a result nor a checkpoint further on. */
  readonly strikes: number;
  readonly mostStrikes: number;
  /** What the last attempt said before it ended. */
  readonly complaint?: string;
}

/** Names a run within its study. */
export function runKey({ trials: [trial], seed, fold }: PackRun): string {
  return `${trial}/${seed}/${fold ?? ""}`;
}

/** A worker's attempt at a pack. */
export interface Attempt {
  readonly pack: Pack;
  readonly number: number;
}

type NewPack = Omit<Pack, "id" | "complaint" | "strikes"> & { readonly strikes?: number };

/** Adds packs, within a transaction of the caller's; returns their ids. */
export async function addPacks(on: Connection, packs: readonly NewPack[]): Promise<readonly string[]> {
  const ids = packs.map(() => randomUUID());
  await on.query(
    `INSERT INTO gradus.pack (id, study, runs, data, numbers, state, attempt, strikes, most_strikes, reached)
    SELECT id, study, runs, data, numbers, 'queued', 0, strikes, most, 0
    FROM unnest($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[], $5::text[], $6::integer[], $7::integer[])
      AS given (id, study, runs, data, numbers, strikes, most)`,
    [
      ids,
      packs.map(({ study }) => study),
      packs.map(({ runs }) => JSON.stringify(runs.map((run) => ({ ...run, key: runKey(run) })))),
      packs.map(({ data }) => JSON.stringify(data)),
      packs.map(({ numbers }) => numbers),
      packs.map(({ strikes = 0 }) => strikes),
      packs.map(({ mostStrikes }) => mostStrikes),
    ],
  );
  return ids;
}

/** The packs of a study that are not done. */
export async function openPacks(all: PostgresDatabase["all"], study: string): Promise<readonly Pack[]> {
  return (await all("SELECT * FROM gradus.pack WHERE study = $1 AND state <> 'done'", [study])).map(packOf);
}

/** Versions of the numbers that open packs ask for. */
export async function numbersAskedFor(all: PostgresDatabase["all"]): Promise<readonly string[]> {
  const rows = await all("SELECT DISTINCT numbers FROM gradus.pack WHERE state <> 'done' ORDER BY numbers");
  return rows.map(({ numbers }) => String(numbers));
}

/**
 * Begins an attempt, and from then on no earlier one's writing counts; undefined where a later one has begun, or the pack is done.
 * An attempt before it that was neither given back nor came further is a strike.
 */
export async function beginAttempt(
  on: Connection,
  id: string,
  number: number,
  worker: string,
): Promise<Attempt | undefined> {
  const sql = `WITH before AS (
      SELECT pack.*, coalesce((SELECT max(steps) FROM (SELECT sum(step) AS steps FROM gradus.progress
        WHERE progress.study = pack.study AND run IN (SELECT given.value ->> 'key' FROM jsonb_array_elements(runs) AS given (value))
        GROUP BY run) AS each), 0) AS further
      FROM gradus.pack WHERE id = $1 FOR UPDATE)
    UPDATE gradus.pack SET attempt = $2, state = 'running', worker = $3, reached = further,
      strikes = CASE WHEN before.state = 'queued' THEN before.strikes WHEN further > before.reached THEN 0 ELSE before.strikes + 1 END
    FROM before WHERE pack.id = before.id AND before.state <> 'done' AND before.attempt < $2 RETURNING pack.*`;
  const { rows } = await on.query(sql, [id, number, worker]);
  return rows.length === 0 ? undefined : { pack: packOf(rows[0]), number };
}

/** Whether the attempt is the one that counts, locked until the transaction ends. */
export async function isCurrent(on: Connection, { pack, number }: Attempt): Promise<boolean> {
  const sql = "SELECT FROM gradus.pack WHERE id = $1 AND attempt = $2 AND state = 'running' FOR UPDATE";
  return (await on.query(sql, [pack.id, number])).rowCount === 1;
}

/** Ends a pack with the attempt that counts; false where this one does not. */
export async function finishPack(on: Connection, { pack, number }: Attempt): Promise<boolean> {
  const sql = "UPDATE gradus.pack SET state = 'done' WHERE id = $1 AND attempt = $2 AND state = 'running'";
  return (await on.query(sql, [pack.id, number])).rowCount === 1;
}

/** Gives a pack back unfinished: that is no strike. */
export async function giveBackPack(on: Connection, { pack, number }: Attempt): Promise<void> {
  const sql = "UPDATE gradus.pack SET state = 'queued' WHERE id = $1 AND attempt = $2 AND state = 'running'";
  await on.query(sql, [pack.id, number]);
}

/** Keeps what an attempt failed with. */
export async function complain(on: Connection, { pack, number }: Attempt, complaint: string): Promise<void> {
  const sql = "UPDATE gradus.pack SET complaint = $3 WHERE id = $1 AND attempt = $2";
  await on.query(sql, [pack.id, number, complaint.replaceAll("\u0000", "")]);
}

function packOf(row: Row): Pack {
  const { id, study, runs, data, numbers, strikes, most_strikes: mostStrikes, complaint } = row;
  return {
    id: String(id),
    study: String(study),
    runs: (runs as (PackRun & { key: string })[]).map(({ key: _, ...run }) => run),
    data: data as DataFile[],
    numbers: String(numbers),
    strikes: Number(strikes),
    mostStrikes: Number(mostStrikes),
    ...(complaint === null ? {} : { complaint: String(complaint) }),
  };
}
