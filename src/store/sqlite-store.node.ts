import path from "node:path";
import { Fault } from "../fault/fault.ts";
import { sha256 } from "../files/sha256.ts";
import { makeFolder } from "../files/whole-file.node.ts";
import { openClaims } from "./claims.node.ts";
import { noLog, requireName } from "./refusals.ts";
import { dropArtifact, listArtifacts, readArtifact, writeArtifact } from "./sqlite-artifacts.node.ts";
import { openDatabase, storeFault } from "./sqlite-database.node.ts";
import { appendEntries, listLogs, moveLog, readEntries, readNotes, writeSummary } from "./sqlite-logs.node.ts";
import { maintenanceOf } from "./sqlite-maintenance.node.ts";
import { isReadOnly, openForReading } from "./sqlite-reading.node.ts";
import { migrations } from "./sqlite-tables.node.ts";
import type { Store } from "./store.ts";
import { storeFile } from "./store-address.node.ts";

/** Makes a file with a store's tables, and nothing in them. @throws Fault `store` */
export async function createTables(file: string): Promise<void> {
  (await openDatabase(file, migrations)).close();
}

/** Opens the store in a folder; both are made where they are missing; where nothing can be written, for reading. @throws Fault `store` */
export async function openSqliteStore(folder: string): Promise<Store> {
  const file = storeFile(folder);
  await makeFolder(folder).catch((cause: Error) => {
    const remedy = "name a folder of your own in GRADUS_STORE";
    throw new Fault("store", folder, `the folder cannot be made: ${cause.message}`, remedy, { cause });
  });
  const isForReading = await isReadOnly(file);
  const database = isForReading ? await openForReading(file, migrations) : await openDatabase(file, migrations);
  const claims = await openClaims(path.join(folder, "claims"));

  return {
    place: folder,
    maintenance: maintenanceOf(database, claims),
    isInPlace: async () => database.isInPlace(),

    async append(...appends) {
      // Hashed before the transaction begins: nothing is waited for within it.
      const puts = await Promise.all(
        appends.map(
          async ({ put = [] }) => await Promise.all(put.map(async (bytes) => ({ id: await sha256(bytes), bytes }))),
        ),
      );
      database.transaction(() => {
        for (const [i, append] of appends.entries()) {
          const { log, drop = [] } = append;
          appendEntries(database, file, append);
          for (const { id, bytes } of puts[i]) writeArtifact(database, log, id, bytes);
          for (const id of drop) dropArtifact(database, log, id);
        }
      });
    },
    read: async (log, from = 0) => readEntries(database, file, log, from),
    logs: async (filter = {}) => listLogs(database, file, filter),
    changed: async () => Number(database.all("SELECT value FROM sequence")[0].value),
    async summarise(summaries) {
      // Lists are read also where nothing can be written.
      if (isForReading || summaries.length === 0) return;
      database.transaction(() => {
        for (const { log, ...summary } of summaries) writeSummary(database, log, summary);
      });
    },
    remove: async (log) => database.transaction(() => moveLog(database, file, log, 1)),
    restore: async (log) => database.transaction(() => moveLog(database, file, log, 0)),

    async put(log, bytes) {
      const id = await sha256(bytes);
      database.transaction(() => {
        if (readNotes(database, file, log) === undefined) throw noLog(file, log);
        writeArtifact(database, log, id, bytes);
      });
      return id;
    },
    get: async (log, id) => await readArtifact(database, file, log, id),
    drop: async (log, id) => dropArtifact(database, log, id),
    artifacts: async (log) => listArtifacts(database, log),

    async claim(log) {
      requireName(file, log);
      return guarded(() => claims.claim(log));
    },
    isClaimed: async (log) => guarded(() => claims.isClaimed(log)),
    async close() {
      database.close();
    },
  };

  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      const place = path.join(folder, "claims");
      const { syscall, message } = cause as NodeJS.ErrnoException;
      if (syscall === undefined) throw storeFault(place, cause);
      const remedy = "name a folder of your own in GRADUS_STORE";
      throw new Fault("store", place, `it cannot be written: ${message}`, remedy, { cause });
    }
  }
}
