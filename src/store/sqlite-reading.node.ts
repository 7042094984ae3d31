import { constants, copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { access } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { look } from "../files/look.node.ts";
import { type Database, type Migration, openDatabase, wrap } from "./sqlite-database.node.ts";

// A store that may only be read: on a medium without writing, in another's folder, in a backup. SQLite wants to write
// beside a file even to read it, where the file's log is in use.

/** Whether a file is there and can be read, and cannot be written in its folder. */
export async function isReadOnly(file: string): Promise<boolean> {
  const may = async (name: string, mode: number) =>
    await access(name, mode).then(
      () => true,
      () => false,
    );
  if (!(await may(file, constants.R_OK))) return false;
  return !(await may(file, constants.W_OK)) || !(await may(path.dirname(file), constants.W_OK));
}

/**
 * Opens a file for reading alone: as it lies, where that can be and its tables are of today; else a copy of it, with its
 * log, in the system's folder for temporary files. Writing to it is refused.
 * @throws Fault `store`
 */
export async function openForReading(file: string, migrations: readonly Migration[]): Promise<Database> {
  const log = `${file}-wal`;
  const hasLog = (look(log)?.size ?? 0n) > 0n;
  const lying = await openAsItLies(file, hasLog, migrations.length);
  if (lying !== undefined) return lying;
  const folder = mkdtempSync(path.join(tmpdir(), "gradus-reading-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = path.join(folder, path.basename(file));
    copyFileSync(file, copy);
    if (hasLog) copyFileSync(log, `${copy}-wal`);
    const database = await openDatabase(copy, migrations, file);
    database.run("PRAGMA query_only = ON");
    const close = () => {
      database.close();
      remove();
    };
    return { ...database, close };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Undefined where SQLite would have to write beside it, or its tables are of another version. */
async function openAsItLies(file: string, hasLog: boolean, version: number): Promise<Database | undefined> {
  const { DatabaseSync } = await import("node:sqlite");
  const url = pathToFileURL(file);
  // Nobody writes to it, or its log would have something in it: https://sqlite.org/c3ref/open.html, "immutable".
  if (!hasLog) url.search = "?immutable=1";
  const connection = new DatabaseSync(url, { readOnly: true });
  try {
    if (connection.prepare("PRAGMA user_version").get()?.user_version === version)
      return wrap(file, connection, () => {});
  } catch {
    // The copy will tell what is wrong with it.
  }
  connection.close();
  return undefined;
}
