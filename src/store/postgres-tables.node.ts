import { Fault } from "../fault/fault.ts";
import type { Connection, PostgresDatabase } from "./postgres-database.node.ts";

// The tables, in a schema of their own, as they came to be: each migration leads from one version to the next, and none is ever
// changed. Texts are bytes: PostgreSQL's own type has no place for U+0000.

const migrations: readonly string[] = [
  `CREATE TABLE gradus.sequence (value bigint NOT NULL);
  INSERT INTO gradus.sequence VALUES (0);
  CREATE TABLE gradus.log (
    name text COLLATE "C" PRIMARY KEY, kind text NOT NULL, entries integer NOT NULL, began bigint NOT NULL,
    changed bigint NOT NULL, removed smallint NOT NULL, hash text NOT NULL
  );
  CREATE INDEX log_changed ON gradus.log (changed);
  CREATE TABLE gradus.entry (
    log text COLLATE "C" NOT NULL, position integer NOT NULL, body bytea NOT NULL, hash text NOT NULL, PRIMARY KEY (log, position)
  );
  CREATE TABLE gradus.summary (
    name text COLLATE "C" PRIMARY KEY REFERENCES gradus.log ON DELETE CASCADE, entries integer NOT NULL, body bytea NOT NULL,
    hash text NOT NULL
  );
  CREATE TABLE gradus.artifact (
    log text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, size bigint NOT NULL, PRIMARY KEY (log, id)
  );
  CREATE TABLE gradus.piece (
    log text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, position integer NOT NULL, bytes bytea NOT NULL,
    PRIMARY KEY (log, id, position), FOREIGN KEY (log, id) REFERENCES gradus.artifact ON DELETE CASCADE
  );
  ALTER TABLE gradus.piece ALTER COLUMN bytes SET STORAGE EXTERNAL;
  CREATE TABLE gradus.claim (log text COLLATE "C" PRIMARY KEY, holder uuid NOT NULL, until timestamptz NOT NULL);`,
  // A search on many machines: who works, what there is to do, and how far each trial's run is.
  `CREATE TABLE gradus.worker (
    id uuid PRIMARY KEY, host text NOT NULL, process integer NOT NULL, device text NOT NULL, versions jsonb NOT NULL,
    began timestamptz NOT NULL, heartbeat timestamptz NOT NULL, pack uuid, step bigint, speed double precision, ended timestamptz
  );
  CREATE TABLE gradus.pack (
    id uuid PRIMARY KEY, study text COLLATE "C" NOT NULL, runs jsonb NOT NULL, data jsonb NOT NULL, numbers text NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'running', 'done')), attempt integer NOT NULL, strikes integer NOT NULL,
    most_strikes integer NOT NULL, reached bigint NOT NULL, worker uuid, complaint text
  );
  CREATE INDEX pack_open ON gradus.pack (study) WHERE state <> 'done';
  CREATE TABLE gradus.progress (
    study text COLLATE "C" NOT NULL, run text COLLATE "C" NOT NULL, step bigint NOT NULL, bytes bytea NOT NULL,
    PRIMARY KEY (study, run)
  );
  ALTER TABLE gradus.progress ALTER COLUMN bytes SET STORAGE EXTERNAL;`,
  // Trials whose weights are carried on are links of a chain, of which each has a row. Each transaction leaves a mark.
  `ALTER TABLE gradus.progress ADD COLUMN link integer NOT NULL DEFAULT 0, DROP CONSTRAINT progress_pkey,
    ADD PRIMARY KEY (study, run, link);
  CREATE TABLE gradus.mark (
    client uuid PRIMARY KEY, number bigint NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()
  );`,
];

/** Of advisory locks: "gradus". */
const lockNumber = 0x677261647573;

/**
 * Brings the tables up to date; any number of processes may do this at once.
 * @throws Fault `store` where they are of a newer Gradus, or of another program
 */
export async function migrate(database: PostgresDatabase): Promise<void> {
  if ((await versionOf(database.all, database.place)) === migrations.length) return;
  await database.repeatable(async (on) => {
    await on.query(`SELECT pg_advisory_xact_lock(${lockNumber})`);
    const all = async (sql: string) => (await on.query(sql)).rows;
    const version = await versionOf(all, database.place);
    if (version === undefined) await create(on);
    for (const step of migrations.slice(version ?? 0)) await on.query(step);
    await on.query(`UPDATE gradus.version SET version = ${migrations.length}`);
  });
}

async function create(on: Connection): Promise<void> {
  await on.query("CREATE SCHEMA gradus");
  await on.query("CREATE TABLE gradus.version (version integer NOT NULL)");
  await on.query("INSERT INTO gradus.version VALUES (0)");
}

/** Undefined where there are no tables yet. */
async function versionOf(all: PostgresDatabase["all"], place: string): Promise<number | undefined> {
  // Tables are looked into: `to_regclass` would answer out of a cache of before the lock was waited for.
  const ofSchema = "FROM pg_namespace AS space WHERE nspname = 'gradus'";
  const [{ schema, known }] = await all(`SELECT EXISTS (SELECT ${ofSchema}) AS schema,
    EXISTS (SELECT ${ofSchema} AND EXISTS (SELECT FROM pg_class WHERE relnamespace = space.oid AND relname = 'version')) AS known`);
  if (schema !== true) return undefined;
  if (known !== true) {
    throw new Fault("store", place, "its schema gradus is another program's", "name another database");
  }
  const [row] = await all("SELECT version FROM gradus.version");
  const version = Number(row?.version ?? 0);
  if (version <= migrations.length) return version;
  const complaint = `version ${version} of a newer Gradus; this one knows ${migrations.length}`;
  throw new Fault("store", place, complaint, "use the newer Gradus");
}
