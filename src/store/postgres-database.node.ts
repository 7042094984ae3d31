import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import type { Pool, PoolClient } from "pg";
import { Fault } from "../fault/fault.ts";
import { parsedAddress, shownAddress } from "./postgres-address.node.ts";
import { isCollision, isLost, postgresFault } from "./postgres-faults.node.ts";

/** Milliseconds that a database may be away, as while it is started again, before that is an error. */
const PATIENCE = 30_000;
/** Milliseconds of a statement, and of a transaction in which nothing is said: a frozen client holds no lock for longer. */
const STATEMENT = 60_000;
const SILENCE = 5_000;

/** From it on transactions have numbers of 64 bits: `pg_current_xact_id`. */
const OLDEST = 130_000;

export type Row = Readonly<Record<string, unknown>>;

/** A connection within a transaction. */
export interface Connection {
  query(
    sql: string,
    values?: readonly unknown[],
  ): Promise<{ readonly rows: readonly Row[]; readonly rowCount: number }>;
}

export interface PostgresDatabase {
  /** Its address without a password. */
  readonly place: string;
  /** Rows that are read; asked again where the connection goes meanwhile. @throws Fault `store` */
  all(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /**
   * Everything `work` does, or nothing of it, and that once: where the connection goes while it commits, the mark that the transaction
   * left in `gradus.mark` says what came of it. `work` may be called again, and so must do nothing but ask its connection.
   * @throws Fault `store`
   */
  transaction<T>(work: (on: Connection) => Promise<T>): Promise<T>;
  /** The same without a mark: what is not known to have been committed is done again. */
  repeatable<T>(work: (on: Connection) => Promise<T>): Promise<T>;
  /** One statement or several as they are, for libraries that ask for a connection: asked once, with the driver's errors. */
  query(sql: string, values?: readonly unknown[]): Promise<{ readonly rows: Row[] }>;
  close(): Promise<void>;
}

/** Connects. @throws Fault `store` where that fails; Fault `usage` for an address that is none */
export async function connectPostgres(address: string, application = "gradus"): Promise<PostgresDatabase> {
  const place = shownAddress(address);
  const { default: pg } = await import("pg");
  const url = parsedAddress(address);
  const fingerprint = url.searchParams.get("fingerprint");
  url.searchParams.delete("fingerprint");
  const mode = url.searchParams.get("sslmode") ?? "";
  // The driver's own reading of these, without its warning; a fingerprint says more than any of them.
  if (["prefer", "require", "verify-ca"].includes(mode)) url.searchParams.set("sslmode", "verify-full");
  if (fingerprint !== null) url.searchParams.delete("sslmode");
  const pool = new pg.Pool({
    connectionString: url.href,
    // Only what shows it is another's certificate: the hub signs its own.
    ...(fingerprint === null ? {} : { ssl: { rejectUnauthorized: false } }),
    application_name: application,
    max: 4,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT,
    query_timeout: STATEMENT + 5_000,
    idle_in_transaction_session_timeout: SILENCE,
    onConnect: async (client) => {
      // A connection that goes while nothing is asked of it says so in an event, which would else end the process.
      client.on("error", () => {});
      if (fingerprint !== null) requireFingerprint(place, client, fingerprint);
      await client.query("SET synchronous_commit = on");
    },
  });
  pool.on("error", () => {});
  const database = over(place, pool);
  try {
    const { rows } = await firstAnswer(pool);
    if (rows[0].version < OLDEST) {
      const complaint = `it is PostgreSQL ${Math.floor(rows[0].version / 10_000)}`;
      throw new Fault("store", place, complaint, `use PostgreSQL ${OLDEST / 10_000} or later`);
    }
  } catch (error) {
    await pool.end();
    throw postgresFault(place, error);
  }
  return database;
}

/** An address that is wrong is said to be at once; a server that is just starting is waited for. */
async function firstAnswer(pool: Pool): Promise<{ rows: { version: number }[] }> {
  const until = performance.now() + PATIENCE;
  for (;;) {
    try {
      return await pool.query("SELECT current_setting('server_version_num')::integer AS version");
    } catch (error) {
      // cannot_connect_now
      if ((error as { code?: string }).code !== "57P03" || performance.now() > until) throw error;
      await pause(200);
    }
  }
}

function requireFingerprint(place: string, client: object, expected: string): void {
  const { stream } = (client as { connection: { stream: TLSSocket } }).connection;
  const certificate = stream.getPeerCertificate?.();
  const actual = certificate?.fingerprint256?.replaceAll(":", "").toLowerCase();
  if (actual === expected.toLowerCase()) return;
  const complaint = `its certificate is not the one of the address (${actual?.slice(0, 16) ?? "none"}...)`;
  throw new Fault(
    "store",
    place,
    complaint,
    "paste the line that `gradus hub` prints now; else somebody is in between",
  );
}

function over(place: string, pool: Pool): PostgresDatabase {
  /** Asks until there is an answer, as long as it is only the connection that is missing. */
  const persistently = async <T>(attempt: () => Promise<T>): Promise<T> => {
    const until = performance.now() + PATIENCE;
    for (let tries = 0; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(isLost(error) || isCollision(error)) || performance.now() > until) throw postgresFault(place, error);
        await pause(Math.min(1000, 20 * 2 ** tries) * (0.5 + Math.random() / 2));
      }
    }
  };
  const all: PostgresDatabase["all"] = (sql, values = []) =>
    persistently(async () => (await pool.query(sql, [...values])).rows);
  /**
   * Whether a transaction left its mark, once it is over. Its number alone tells neither: a server that crashed gives numbers again that
   * it had not yet written down, and does not know those that it has not given again.
   */
  const isCommitted = async ({ id, client, number }: Begun): Promise<boolean> => {
    for (;;) {
      // https://www.postgresql.org/docs/current/functions-info.html, `pg_xact_status`: an error for a number of the future.
      const sql = `SELECT CASE WHEN $1::xid8 < pg_snapshot_xmax(pg_current_snapshot()) THEN pg_xact_status($1::xid8) END AS status,
        EXISTS (SELECT FROM gradus.mark WHERE client = $2 AND number = $3) AS marked`;
      const [{ status, marked }] = await all(sql, [id, client, number]);
      if (status !== "in progress") return marked === true;
      await pause(50);
    }
  };

  const marks = new WeakMap<PoolClient, Mark>();
  const transaction = <T>(work: (on: Connection) => Promise<T>, isMarked: boolean): Promise<T> =>
    persistently(async () => {
      const client = await pool.connect();
      let lost: Error | undefined;
      try {
        const { client: name, number } = marks.get(client) ?? { client: randomUUID(), number: 0 };
        const mark = { client: name, number: number + 1 };
        marks.set(client, mark);
        const begun = await begin(client, isMarked ? mark : undefined);
        const result = await work(client as unknown as Connection);
        try {
          const { command } = await client.query("COMMIT");
          if (command !== "COMMIT") throw new Error("the transaction had failed before its end");
        } catch (error) {
          if (!isLost(error)) throw error;
          lost = error as Error;
          if (!isMarked || !(await isCommitted(begun))) throw error;
        }
        return result;
      } catch (error) {
        lost ??= isLost(error) ? (error as Error) : undefined;
        if (lost === undefined) await client.query("ROLLBACK").catch((cause: Error) => (lost = cause));
        throw error;
      } finally {
        client.release(lost);
      }
    });

  return {
    place,
    all,
    transaction: (work) => transaction(work, true),
    repeatable: (work) => transaction(work, false),
    query: (sql, values) => pool.query(sql, values as unknown[]),
    close: () => pool.end(),
  };
}

/** What a transaction leaves: which of its connection's it is. */
interface Mark {
  readonly client: string;
  readonly number: number;
}

/** A transaction by its number on the server, and by its mark. */
interface Begun extends Mark {
  readonly id: string;
}

async function begin(client: PoolClient, mark: Mark | undefined): Promise<Begun> {
  const sql = `INSERT INTO gradus.mark (client, number) VALUES ('${mark?.client}', ${mark?.number})
    ON CONFLICT (client) DO UPDATE SET number = excluded.number, at = excluded.at`;
  const all = `BEGIN; SELECT pg_current_xact_id()::text AS id${mark === undefined ? "" : `; ${sql}`}`;
  const results = (await client.query(all)) as unknown as { rows: Row[] }[];
  return { client: "", number: 0, ...mark, id: String(results[1].rows[0].id) };
}
