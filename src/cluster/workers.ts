import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { versions } from "../lab/versions.ts";
import type { PostgresDatabase } from "../store/postgres-database.node.ts";

/** Seconds after which a worker that has not been heard of counts as lost. */
const LOST_AFTER = 20;

/** A worker as a list shows it. */
export interface ListedWorker {
  readonly worker: string;
  readonly host: string;
  readonly process: number;
  readonly device: string;
  readonly gradus: string;
  readonly state: "idle" | "training" | "lost" | "ended";
  readonly study?: string;
  readonly trials?: readonly number[];
  readonly step?: number;
  /** Updates a second, of all networks side by side together counted once. */
  readonly stepsPerSecond?: number;
  /** Seconds since it was last heard of, by the database's clock. */
  readonly heardSecondsAgo: number;
}

/** Makes this process known as a worker; returns its id. */
export async function registerWorker(database: PostgresDatabase, device: string): Promise<string> {
  const id = randomUUID();
  const sql = `INSERT INTO gradus.worker (id, host, process, device, versions, began, heartbeat)
    VALUES ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp())`;
  const values = [id, hostname(), process.pid, device, JSON.stringify(versions())];
  await database.transaction(async (on) => {
    // Of those that nobody will ask about any more.
    await on.query("DELETE FROM gradus.worker WHERE heartbeat < clock_timestamp() - interval '7 days'");
    await on.query("DELETE FROM gradus.mark WHERE at < clock_timestamp() - interval '7 days'");
    await on.query(sql, values);
  });
  return id;
}

/** What a worker does at the moment. */
export interface Heartbeat {
  readonly pack?: string | undefined;
  readonly step?: number | undefined;
  readonly stepsPerSecond?: number | undefined;
}

export async function tellHeartbeat(database: PostgresDatabase, id: string, beat: Heartbeat): Promise<void> {
  const sql = `UPDATE gradus.worker SET heartbeat = clock_timestamp(), pack = $2, step = $3, speed = $4
    WHERE id = $1`;
  const { pack = null, step = null, stepsPerSecond = null } = beat;
  await database.query(sql, [id, pack, step, stepsPerSecond]);
}

export async function endWorker(database: PostgresDatabase, id: string): Promise<void> {
  const sql =
    "UPDATE gradus.worker SET heartbeat = clock_timestamp(), ended = clock_timestamp(), pack = NULL WHERE id = $1";
  await database.query(sql, [id]);
}

/** Those that work, and those that were lost or have ended in the last day, who was heard of last first. */
export async function listWorkers({ all }: Pick<PostgresDatabase, "all">): Promise<readonly ListedWorker[]> {
  const rows = await all(`SELECT worker.*, study, runs, extract(epoch FROM clock_timestamp() - heartbeat)::float8 AS ago
    FROM gradus.worker LEFT JOIN gradus.pack ON pack.id = worker.pack
    WHERE heartbeat > clock_timestamp() - interval '1 day' ORDER BY heartbeat DESC, worker.id`);
  return rows.map((row) => {
    const ago = Number(row.ago);
    const isBusy = row.pack !== null;
    const alive = isBusy ? "training" : "idle";
    return {
      worker: String(row.id),
      host: String(row.host),
      process: Number(row.process),
      device: String(row.device),
      gradus: String((row.versions as { gradus?: string }).gradus),
      state: row.ended !== null ? "ended" : ago > LOST_AFTER ? "lost" : alive,
      ...(isBusy && ago <= LOST_AFTER && row.study !== null
        ? { study: String(row.study), trials: (row.runs as { trials: number[] }[]).flatMap((run) => run.trials) }
        : {}),
      ...(row.step === null ? {} : { step: Number(row.step) }),
      ...(row.speed === null ? {} : { stepsPerSecond: Number(row.speed) }),
      heardSecondsAgo: ago,
    };
  });
}
