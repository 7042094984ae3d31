import { hash } from "node:crypto";
import path from "node:path";
import { backup } from "node:sqlite";
import { Fault } from "../fault/fault.ts";
import { sha256 } from "../files/sha256.ts";
import { makeFolder } from "../files/whole-file.node.ts";
import { openClaims } from "./claims.node.ts";
import { alreadyThere, damaged, damagedEntry, gap, noRun, requireName } from "./refusals.ts";
import { openDatabase, storeFault } from "./sqlite-database.node.ts";
import type { Store } from "./store.ts";

// Each entry leads the tables from one version to the next; none is ever changed.
const migrations = [
  `CREATE TABLE entry (
     run TEXT NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (run, position)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE artifact (
     run TEXT NOT NULL, id TEXT NOT NULL, size INTEGER NOT NULL, PRIMARY KEY (run, id)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE piece (
     run TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (run, id, position), FOREIGN KEY (run, id) REFERENCES artifact ON DELETE CASCADE
   ) STRICT;`,
];

/** Bytes of a piece of an artifact: no artifact is too large for a row. */
const PIECE = 2 ** 23;

export interface SqliteStore extends Store {
  readonly file: string;
  /** What is wrong with the file itself, in SQLite's words; [] when nothing is. */
  integrity(): readonly string[];
  /** The entries of a log up to the first that is damaged or missing. */
  readSound(run: string): readonly string[];
  /** Removes the entries of a log from a position on. */
  cut(run: string, from: number): void;
  /** Copies the store into a new file while others write to it. @throws Fault `output` */
  backup(file: string): Promise<void>;
}

/** SQLite does not notice a bit that flips in a text: this does, also in the names under which an entry is found. */
function entryHash(run: string, position: number, body: string): string {
  return hash("sha256", `${run} ${position} ${body}`).slice(0, 16);
}

/** Where a folder's store is. */
export function storeFile(folder: string): string {
  return path.join(folder, "runs.sqlite");
}

/** Makes a file with a store's tables, and nothing in them. @throws Fault `store` */
export async function createTables(file: string): Promise<void> {
  (await openDatabase(file, migrations)).close();
}

/** Opens the store in a folder; both are made where they are missing. @throws Fault `store` */
export async function openSqliteStore(folder: string): Promise<SqliteStore> {
  const file = storeFile(folder);
  await makeFolder(folder).catch((cause: Error) => {
    const remedy = "name a folder of your own in GRADUS_STORE";
    throw new Fault("store", folder, `the folder cannot be made: ${cause.message}`, remedy, { cause });
  });
  const database = await openDatabase(file, migrations);
  const claims = openClaims(path.join(folder, "claims"));

  const lengthOf = (run: string) =>
    Number(database.all("SELECT coalesce(max(position) + 1, 0) AS length FROM entry WHERE run = ?", run)[0].length);
  /** The entries from a position on, up to the first that is missing or is not as it was written. */
  const soundEntries = (run: string, from: number) => {
    const query = "SELECT position, body, hash FROM entry WHERE run = ? AND position >= ? ORDER BY position";
    const rows = database.all(query, run, from);
    const wrong = rows.findIndex(
      ({ position, body, hash }, i) => position !== from + i || hash !== entryHash(run, from + i, String(body)),
    );
    const entries = (wrong < 0 ? rows : rows.slice(0, wrong)).map(({ body }) => String(body));
    return { entries, isWhole: wrong < 0 };
  };
  const read = (run: string, from: number) => {
    const { entries, isWhole } = soundEntries(run, from);
    if (!isWhole) throw damagedEntry(file, run, from + entries.length);
    return entries;
  };

  return {
    place: folder,
    file,
    async append(run, at, entries) {
      requireName(file, run);
      database.transaction(() => {
        const end = lengthOf(run);
        if (at > end) throw gap(file, run, at, end);
        const count = at === end ? 0 : alreadyThere(file, run, entries, read(run, at));
        for (const [i, entry] of entries.slice(count).entries()) {
          const position = at + count + i;
          const sql = "INSERT INTO entry (run, position, body, hash) VALUES (?, ?, ?, ?)";
          database.run(sql, run, position, entry, entryHash(run, position, entry));
        }
      });
    },
    read: async (run, from = 0) => read(run, from),
    async runs() {
      const rows = database.all("SELECT run, count(*) AS entries FROM entry GROUP BY run ORDER BY run");
      return rows.map(({ run, entries }) => ({ run: String(run), entries: Number(entries) }));
    },
    async remove(run) {
      const removed = database.transaction(() => {
        database.run("DELETE FROM artifact WHERE run = ?", run);
        return database.run("DELETE FROM entry WHERE run = ?", run) > 0;
      });
      if (removed) claims.forget(run);
      return removed;
    },

    async put(run, bytes) {
      const id = await sha256(bytes);
      database.transaction(() => {
        if (lengthOf(run) === 0) throw noRun(file, run);
        // What lies there under this id may be damaged: it is written anew.
        database.run("DELETE FROM artifact WHERE run = ? AND id = ?", run, id);
        database.run("INSERT INTO artifact (run, id, size) VALUES (?, ?, ?)", run, id, bytes.length);
        for (let at = 0; at < bytes.length; at += PIECE) {
          const piece = bytes.subarray(at, at + PIECE);
          database.run("INSERT INTO piece (run, id, position, bytes) VALUES (?, ?, ?, ?)", run, id, at / PIECE, piece);
        }
      });
      return id;
    },
    async get(run, id) {
      const [artifact] = database.all("SELECT size FROM artifact WHERE run = ? AND id = ?", run, id);
      if (artifact === undefined) return undefined;
      const rows = database.all("SELECT bytes FROM piece WHERE run = ? AND id = ? ORDER BY position", run, id);
      const pieces = rows.map((row) => row.bytes as Uint8Array);
      const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const bytes = new Uint8Array(size);
      let at = 0;
      for (const piece of pieces) {
        bytes.set(piece, at);
        at += piece.length;
      }
      if (size !== artifact.size || (await sha256(bytes)) !== id) throw damaged(file, run, id);
      return bytes;
    },
    async drop(run, id) {
      database.run("DELETE FROM artifact WHERE run = ? AND id = ?", run, id);
    },
    async artifacts(of) {
      const where = of === undefined ? "" : "WHERE run = ?";
      const rows = database.all(
        `SELECT run, id, size FROM artifact ${where} ORDER BY run, id`,
        ...(of === undefined ? [] : [of]),
      );
      return rows.map(({ run, id, size }) => ({ run: String(run), id: String(id), size: Number(size) }));
    },

    async claim(run) {
      requireName(file, run);
      return guarded(() => claims.claim(run));
    },
    isClaimed: async (run) => guarded(() => claims.isClaimed(run)),
    async close() {
      database.close();
    },

    integrity() {
      const rows = [...database.all("PRAGMA integrity_check(20)"), ...database.all("PRAGMA foreign_key_check")];
      return rows
        .map((row) => String(row.integrity_check ?? `pieces without their artifact: row ${row.rowid}`))
        .filter((text) => text !== "ok");
    },
    readSound: (run) => soundEntries(run, 0).entries,
    cut(run, from) {
      database.run("DELETE FROM entry WHERE run = ? AND position >= ?", run, from);
    },
    async backup(to) {
      // All pages in one step: between two, another process's write would make it begin again.
      await backup(database.connection, to, { rate: 2 ** 30 }).catch((cause) => {
        throw storeFault(to, cause);
      });
    },
  };

  function guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw storeFault(path.join(folder, "claims"), cause);
    }
  }
}
