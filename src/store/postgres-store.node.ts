import { sha256 } from "../files/sha256.ts";
import { dropArtifacts, listArtifacts, readArtifact, writeArtifact } from "./postgres-artifacts.node.ts";
import { type Leases, openLeases } from "./postgres-claims.node.ts";
import { type Connection, connectPostgres, type PostgresDatabase } from "./postgres-database.node.ts";
import { isReadOnly } from "./postgres-faults.node.ts";
import { appendEntries, listLogs, lockNotes, moveLog, readEntries, writeSummary } from "./postgres-logs.node.ts";
import { maintenanceOf } from "./postgres-maintenance.node.ts";
import { migrate } from "./postgres-tables.node.ts";
import { noLog, requireName } from "./refusals.ts";
import type { Append, Store } from "./store.ts";

/** A store in PostgreSQL, with what a search on many machines needs besides. */
export interface PostgresStore extends Store {
  /** Its database, for what is to be in one transaction with an append. */
  readonly database: PostgresDatabase;
  /** How to `append` within a transaction of `database`. */
  prepare(...appends: readonly Append[]): Promise<(on: Connection) => Promise<void>>;
}

/** Opens the store of a database, whose tables are made where they are missing. @throws Fault `store` */
export async function openPostgresStore(address: string): Promise<PostgresStore> {
  const database = await connectPostgres(address);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
  return storeOver(database, openLeases(database));
}

function storeOver(database: PostgresDatabase, leases: Leases): PostgresStore {
  const { place, all } = database;
  /** Bytes are hashed before the transaction begins: nothing else is waited for within it. */
  const prepare: PostgresStore["prepare"] = async (...appends) => {
    const puts = await Promise.all(
      appends.map(({ put = [] }) => Promise.all(put.map(async (bytes) => ({ id: await sha256(bytes), bytes })))),
    );
    return async (on) => {
      // Before the entries, whose last statement locks what all writers wait for.
      await lockNotes(
        on,
        place,
        appends.map(({ log }) => log),
      );
      for (const [i, { log, drop = [] }] of appends.entries()) {
        for (const { id, bytes } of puts[i]) await writeArtifact(on, log, id, bytes);
        if (drop.length > 0) await dropArtifacts(on, log, drop);
      }
      await appendEntries(on, place, appends, leases.held);
    };
  };
  return {
    place,
    database,
    maintenance: maintenanceOf(database),
    // What a database has acknowledged is in its place; where it does not answer, the runs in it can be gone on with later.
    isInPlace: async () => true,

    prepare,
    async append(...appends) {
      for (const { log } of appends) requireName(place, log);
      await database.transaction(await prepare(...appends));
    },
    async read(log, from = 0) {
      return await readEntries(all, place, log, from);
    },
    logs: async (filter = {}) => await listLogs(all, place, filter),
    changed: async () => Number((await all("SELECT value FROM gradus.sequence"))[0].value),
    async summarise(summaries) {
      if (summaries.length === 0) return;
      try {
        await database.transaction(async (on) => {
          for (const { log, ...summary } of summaries) await writeSummary(on, log, summary);
        });
      } catch (error) {
        // Lists are read also where nothing can be written.
        if (!isReadOnly((error as Error).cause)) throw error;
      }
    },
    remove: (log) => database.transaction((on) => moveLog(on, place, log, 1)),
    restore: (log) => database.transaction((on) => moveLog(on, place, log, 0)),

    async put(log, bytes) {
      const id = await sha256(bytes);
      await database.transaction(async (on) => {
        if (!(await lockNotes(on, place, [log])).has(log)) throw noLog(place, log);
        await writeArtifact(on, log, id, bytes);
      });
      return id;
    },
    get: (log, id) => readArtifact(database, log, id),
    drop: (log, id) => database.transaction((on) => dropArtifacts(on, log, [id])),
    artifacts: (log) => listArtifacts(database, log),

    async claim(log) {
      requireName(place, log);
      return await leases.claim(log);
    },
    isClaimed: (log) => leases.isClaimed(log),
    async close() {
      await leases.close();
      await database.close();
    },
  };
}
