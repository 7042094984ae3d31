import { type BigIntStats, closeSync, openSync, readSync } from "node:fs";
import { Fault } from "../fault/fault.ts";
import { look } from "../files/look.node.ts";

/** How every SQLite file begins: https://sqlite.org/fileformat.html */
const magic = "SQLite format 3\0";

/**
 * For a file that has just been opened: whether the path still leads to it. A file that is removed or replaced while it
 * is open takes what is written and gives it to nobody, without an error.
 * The function that is returned @throws Fault `store`
 */
export function watchPlace(file: string): () => void {
  const opened = look(file);
  // SQLite's log of what was written last; it stays as long as anyone has the file open.
  let openedLog: BigIntStats | undefined;
  let size = 0n;
  return () => {
    const current = look(file);
    if (opened === undefined || current === undefined) throw misplaced(file, "it is not there any more");
    if (!isSame(opened, current)) throw misplaced(file, "another file is in its place");
    if (current.size < size && !beginsAsDatabase(file)) throw misplaced(file, "it was emptied");
    size = current.size;
    const log = look(`${file}-wal`);
    if (openedLog !== undefined && (log === undefined || !isSame(openedLog, log))) {
      throw misplaced(`${file}-wal`, "it is not there any more, or another file is in its place");
    }
    openedLog = log;
  };
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

function beginsAsDatabase(file: string): boolean {
  const bytes = Buffer.alloc(magic.length);
  const descriptor = openSync(file, "r");
  try {
    readSync(descriptor, bytes, 0, bytes.length, 0);
  } finally {
    closeSync(descriptor);
  }
  return bytes.toString("latin1") === magic;
}

function misplaced(file: string, complaint: string): Fault {
  const remedy = "put it back where it was, or let another GRADUS_STORE name a place for what comes next";
  return new Fault("store", file, `what was open under this name has gone: ${complaint}`, remedy);
}
