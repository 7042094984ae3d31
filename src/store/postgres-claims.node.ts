import { randomUUID } from "node:crypto";
import type { PostgresDatabase } from "./postgres-database.node.ts";
import type { Claim } from "./store.ts";

// A claim is a lease on the database's clock: whoever has it renews it, and who does not, because it is dead, frozen or cut off,
// loses it to the next who asks. What a former holder writes is refused within the transaction that would write it.

/** Seconds that a claim lasts without being renewed. */
export const leaseSeconds = 20;

export interface Leases {
  /** Names of logs and ids of the claims of this process. */
  readonly held: ReadonlyMap<string, string>;
  claim(log: string): Promise<Claim | undefined>;
  isClaimed(log: string): Promise<boolean>;
  /** Gives back what is held. */
  close(): Promise<void>;
}

export function openLeases(database: PostgresDatabase): Leases {
  const held = new Map<string, string>();
  const timers = new Map<string, NodeJS.Timeout>();
  const release = async (log: string, holder: string) => {
    if (held.get(log) !== holder) return;
    clearInterval(timers.get(log));
    held.delete(log);
    await database.transaction((on) =>
      on.query("DELETE FROM gradus.claim WHERE log = $1 AND holder = $2", [log, holder]),
    );
  };
  return {
    held,
    async claim(log) {
      if (held.has(log)) return undefined;
      const holder = randomUUID();
      const sql = `INSERT INTO gradus.claim VALUES ($1, $2, clock_timestamp() + $3 * interval '1 second')
        ON CONFLICT (log) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE claim.until < clock_timestamp()`;
      const { rowCount } = await database.transaction((on) => on.query(sql, [log, holder, leaseSeconds]));
      if (rowCount !== 1) return undefined;
      held.set(log, holder);
      timers.set(log, setInterval(() => void renew(database, log, holder), leaseSeconds * 250).unref());
      return { release: () => release(log, holder) };
    },
    async isClaimed(log) {
      const rows = await database.all("SELECT FROM gradus.claim WHERE log = $1 AND until >= clock_timestamp()", [log]);
      return rows.length > 0;
    },
    async close() {
      // A database that is away ends them by itself.
      await Promise.allSettled([...held].map(([log, holder]) => release(log, holder)));
    },
  };
}

/** One that has ended, and that nobody else has taken since, begins again. */
async function renew(database: PostgresDatabase, log: string, holder: string): Promise<void> {
  const sql =
    "UPDATE gradus.claim SET until = clock_timestamp() + $3 * interval '1 second' WHERE log = $1 AND holder = $2";
  // Where it fails, the next writing says so.
  await database.transaction((on) => on.query(sql, [log, holder, leaseSeconds])).catch(() => {});
}
