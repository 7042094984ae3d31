import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { isBusy } from "./sqlite-database.node.ts";
import type { Claim } from "./store.ts";

// A claim is a lock on a file of its own: the operating system ends it with the process, and no clock, no process number and
// no host name has to be believed. SQLite's exclusive transactions are the portable way to such a lock. The file, empty,
// stays as long as its log: whoever removed it while another opened it would leave two holders of two files of one name.

/** Milliseconds that a claimer waits for somebody who only looks. */
const PATIENCE = 1000;

export interface Claims {
  /** Undefined where somebody has it. Any other error of the file is thrown: it says nothing of holders. */
  claim(log: string): Claim | undefined;
  isClaimed(log: string): boolean;
  /** Of a log that is no more. */
  forget(log: string): void;
}

export async function openClaims(folder: string): Promise<Claims> {
  const { DatabaseSync } = await import("node:sqlite");
  const file = (log: string) => path.join(folder, `${log}.lock`);
  // A process's second connection would find its first one's lock, but on some systems closing it would end that lock.
  const heldLogs = new Set<string>();
  return {
    claim(log) {
      if (heldLogs.has(log)) return undefined;
      mkdirSync(folder, { recursive: true });
      const connection = new DatabaseSync(file(log), { timeout: PATIENCE });
      try {
        connection.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      } catch (error) {
        connection.close();
        if (!isBusy(error)) throw error;
        return undefined;
      }
      heldLogs.add(log);
      return {
        async release() {
          if (heldLogs.delete(log)) connection.close();
        },
      };
    },
    isClaimed(log) {
      if (heldLogs.has(log)) return true;
      if (statSync(file(log), { throwIfNoEntry: false }) === undefined) return false;
      const connection = new DatabaseSync(file(log), { timeout: 0, readOnly: true });
      try {
        // Reading is refused while somebody has it, and refuses no other reader.
        connection.prepare("SELECT 1 FROM sqlite_master").all();
        return false;
      } catch (error) {
        if (!isBusy(error)) throw error;
        return true;
      } finally {
        connection.close();
      }
    },
    forget(log) {
      try {
        rmSync(file(log), { force: true });
      } catch {
        // Some systems keep a file that is open; it is empty, and of a log that is no more.
      }
    },
  };
}
