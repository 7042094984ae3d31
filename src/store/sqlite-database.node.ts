import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "../fault/fault.ts";
import { look } from "../files/look.node.ts";
import { watchPlace } from "./place.node.ts";

/** Before 3.51.3, a checkpoint that raced a writer could lose pages of the log: https://sqlite.org/wal.html, "WAL-reset". */
const oldestSqlite = [3, 51, 3];
/** Milliseconds that a writer waits for another. */
const PATIENCE = 20_000;
/** "grad": tells our files from other people's. */
const applicationId = 0x67726164;

type Row = Readonly<Record<string, unknown>>;

/** Leads the tables from one version to the next, within a transaction. */
export type Migration = (database: Database) => void;

/** A database file, and statements on it; errors are Faults that name the file. */
export interface Database {
  all(sql: string, ...values: SQLInputValue[]): readonly Row[];
  run(sql: string, ...values: SQLInputValue[]): number;
  /**
   * Everything `work` does, or nothing of it. Begun as a writer, so that it never finds at its end that it may not write.
   * @throws Fault `store` also where the file is not in its place any more: what was written is written to nothing
   */
  transaction<T>(work: () => T): T;
  /** Whether the file is still in its place. */
  isInPlace(): boolean;
  readonly connection: DatabaseSync;
  close(): void;
}

/**
 * Opens a database, made where it is missing, and brings its tables up to date: `migrations[i]` leads from version i to
 * i + 1. Several processes may do this at once.
 * @throws Fault `store`
 */
export async function openDatabase(
  file: string,
  migrations: readonly Migration[],
  name = file, // for messages
): Promise<Database> {
  requireSqlite(file);
  await requireContent(file);
  const { DatabaseSync } = await import("node:sqlite");
  let connection: DatabaseSync;
  try {
    connection = new DatabaseSync(file, { timeout: PATIENCE });
  } catch (cause) {
    throw storeFault(name, cause);
  }
  try {
    await useLog(connection);
    // FULL: a transaction that is done survives the loss of power, not only of the process.
    // On macOS only a full fsync reaches the disk; elsewhere the pragma says nothing.
    connection.exec("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON");
    connection.exec("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF");
    const database = wrap(name, connection, watchPlace(file));
    migrate(name, database, migrations);
    return database;
  } catch (cause) {
    connection.close();
    throw storeFault(name, cause);
  }
}

/** Statements on a connection, with errors that name `file`; `requirePlace` is called when a transaction is done. */
export function wrap(file: string, connection: DatabaseSync, requirePlace: () => void): Database {
  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string) => {
    let cached = prepared.get(sql);
    if (cached === undefined) {
      cached = connection.prepare(sql);
      prepared.set(sql, cached);
    }
    return cached;
  };
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw storeFault(file, cause);
    }
  };
  return {
    connection,
    isInPlace() {
      try {
        requirePlace();
        return true;
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        return false;
      }
    },
    all: (sql, ...values) => guarded(() => statement(sql).all(...values)),
    run: (sql, ...values) => guarded(() => Number(statement(sql).run(...values).changes)),
    transaction(work) {
      guarded(() => connection.exec("BEGIN IMMEDIATE"));
      try {
        const result = work();
        connection.exec("COMMIT");
        requirePlace();
        return result;
      } catch (cause) {
        // A full disk or a failing one may have ended the transaction already.
        if (connection.isTransaction) connection.exec("ROLLBACK");
        throw storeFault(file, cause);
      }
    },
    close: () => connection.close(),
  };
}

/** Readers see what was committed while a writer writes. Whoever opens the file at the same time makes this wait without a timeout. */
async function useLog(connection: DatabaseSync): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      connection.exec("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      if (!isBusy(error) || attempt === 200) throw error;
      await pause(5 + Math.random() * 45);
    }
  }
}

function migrate(file: string, database: Database, migrations: readonly Migration[]): void {
  const pragma = (name: string) => Number(database.all(`PRAGMA ${name}`)[0][name]);
  const isCurrent = () => pragma("application_id") === applicationId && pragma("user_version") === migrations.length;
  if (isCurrent()) return;
  database.transaction(() => {
    const version = pragma("user_version");
    const isNew = database.all("SELECT 1 FROM sqlite_master LIMIT 1").length === 0;
    if (!isNew && pragma("application_id") !== applicationId) {
      throw new Fault("store", file, "a database of another program", "name another folder in GRADUS_STORE");
    }
    if (version > migrations.length) {
      const complaint = `version ${version} of a newer Gradus; this one knows ${migrations.length}`;
      throw new Fault("store", file, complaint, "use the newer Gradus");
    }
    for (const step of migrations.slice(version)) step(database);
    database.connection.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
  });
}

/**
 * An empty file under a store's name was a store once, or is about to be one. SQLite would make a new one of it, and throw
 * away the log of what was written last.
 */
async function requireContent(file: string): Promise<void> {
  for (let attempt = 0; look(file)?.size === 0n; attempt++) {
    if (attempt === 40) {
      const cause = Object.assign(new Error("0 bytes"), { errcode: NOT_A_DATABASE });
      throw new Fault("store", file, "it is damaged: 0 bytes", "run `gradus doctor --repair`", { cause });
    }
    await pause(25);
  }
}

function requireSqlite(file: string): void {
  const version = process.versions.sqlite ?? "0";
  const parts = version.split(".").map(Number);
  const difference = oldestSqlite.map((least, i) => (parts[i] ?? 0) - least).find((value) => value !== 0) ?? 0;
  if (difference >= 0) return;
  const complaint = `this Node brings SQLite ${version}, which can lose what was written; ${oldestSqlite.join(".")} is needed`;
  throw new Fault("store", file, complaint, "use a newer Node (26 has it)");
}

/** Whether somebody else has it, and nothing worse. */
export function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  return errcode !== undefined && [5, 6].includes(errcode & 0xff);
}

// https://sqlite.org/rescode.html
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const SHORT_READ = 522;

/** Whether a refusal says that the file itself is damaged. */
export function isDamage({ cause }: Fault): boolean {
  const { errcode = 0 } = (cause ?? {}) as { errcode?: number };
  return [CORRUPT, NOT_A_DATABASE].includes(errcode & 0xff) || errcode === SHORT_READ;
}

/** What SQLite's primary result codes (https://sqlite.org/rescode.html) mean to a user. */
const meanings: Readonly<Record<number, readonly [complaint: string, remedy: string]>> = {
  3: ["access is denied", "name a folder of your own in GRADUS_STORE"],
  5: [`another process has held it for ${PATIENCE / 1000} seconds`, "wait for that process, or end it"],
  8: ["it cannot be written", "name a folder of your own in GRADUS_STORE"],
  10: ["reading or writing failed", "look after the disk; then run `gradus doctor`"],
  11: ["it is damaged", "run `gradus doctor`"],
  13: ["the disk is full", "free some space; then `gradus resume` goes on where a run stopped"],
  14: ["it cannot be opened", "name a folder of your own in GRADUS_STORE"],
  26: ["it is not a database", "run `gradus doctor`, or name another folder in GRADUS_STORE"],
};

/** What SQLite says of a file that it writes for somebody, as Node says it of files: by a code. */
export function fileError(cause: unknown): unknown {
  const { errcode, message } = cause as { errcode?: number; message?: string };
  if (errcode === undefined) return cause;
  const [complaint] = meanings[errcode & 0xff] ?? [message];
  const code = { 13: "ENOSPC", 14: "ENOENT" }[errcode & 0xff] ?? "EIO";
  return Object.assign(new Error(`${complaint} (SQLite ${errcode}: ${message})`, { cause }), { code });
}

/** An error of SQLite as a Fault that names the file; a Fault stays what it is, and so does a defect. */
export function storeFault(file: string, cause: unknown): unknown {
  const { errcode, message } = cause as { errcode?: number; message?: string };
  if (cause instanceof Fault || errcode === undefined) return cause;
  const [complaint, remedy] = meanings[errcode & 0xff] ?? ["it cannot be used", "run `gradus doctor`"];
  return new Fault("store", file, `${complaint} (SQLite ${errcode}: ${message})`, remedy, { cause });
}
