import { mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import type { Claim } from "./store.ts";

// A claim is a lock on a file of its own: the operating system ends it with the process, and no clock, no process number and
// no host name has to be believed. SQLite's exclusive transactions are the portable way to such a lock. The file, empty,
// stays as long as its run: whoever removed it while another opened it would leave two holders of two files of one name.

/** Milliseconds that a claimer waits for somebody who only looks. */
const PATIENCE = 1000;

export interface Claims {
  claim(run: string): Claim | undefined;
  isClaimed(run: string): boolean;
  /** Of a run that is no more. */
  forget(run: string): void;
}

export async function openClaims(folder: string): Promise<Claims> {
  const { DatabaseSync } = await import("node:sqlite");
  const file = (run: string) => path.join(folder, `${run}.lock`);
  // A process's second connection would find its first one's lock, but on some systems closing it would end that lock.
  const own = new Set<string>();
  return {
    claim(run) {
      if (own.has(run)) return undefined;
      mkdirSync(folder, { recursive: true });
      const connection = new DatabaseSync(file(run), { timeout: PATIENCE });
      try {
        connection.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
      } catch {
        connection.close();
        return undefined;
      }
      own.add(run);
      return {
        async release() {
          if (own.delete(run)) connection.close();
        },
      };
    },
    isClaimed(run) {
      if (own.has(run)) return true;
      if (statSync(file(run), { throwIfNoEntry: false }) === undefined) return false;
      const connection = new DatabaseSync(file(run), { timeout: 0 });
      try {
        // Reading is refused while somebody has it, and refuses no other reader.
        connection.prepare("SELECT 1 FROM sqlite_master").all();
        return false;
      } catch {
        return true;
      } finally {
        connection.close();
      }
    },
    forget(run) {
      try {
        rmSync(file(run), { force: true });
      } catch {
        // Some systems keep a file that is open; it is empty, and of a run that is no more.
      }
    },
  };
}
