import { setTimeout as pause } from "node:timers/promises";
import type { ConnectionOptions, PgBoss } from "pg-boss";
import type { Connection, PostgresDatabase } from "../store/postgres-database.node.ts";
import { isCollision, isLost, isThere, postgresFault } from "../store/postgres-faults.node.ts";

// The queue of packs is pg-boss's: who takes a pack, for how long it is his, and when it goes to another. A job is the id of a
// pack and no more; what a pack is, and whose result counts, is in tables of ours (`packs.ts`).

/** The schema of pg-boss's tables. */
const SCHEMA = "gradus_queue";
/** Jobs of another version of the numbers are in another queue: nobody takes what would give other digits. */
const queueName = (numbers: string) => `packs-${numbers}`;

/** Milliseconds that the database may be away when a queue is opened. */
const PATIENCE = 30_000;

/** Seconds that a pack stays its worker's without being renewed. */
export const packLease = 20;

/** A pack in a worker's hands: `retryCount` is how often it was in others' before. */
export interface Job {
  readonly id: string;
  readonly retryCount: number;
}

export interface PackQueue {
  /** Adds packs, within a transaction of the caller's. */
  add(on: Connection, ids: readonly string[]): Promise<void>;
  take(): Promise<Job | undefined>;
  /** Should it come back, it is the next to be taken: within a transaction of the caller's. */
  prefer(on: Connection, job: Job): Promise<void>;
  /** Holds on to it for another lease; false where it is not this attempt's any more. */
  renew(job: Job): Promise<boolean>;
  /** Takes a pack that is done off the queue, whoever has it by now, within a transaction of the caller's. */
  complete(on: Connection, job: Job): Promise<void>;
  /** Lets another have it, at once. */
  release(job: Job): Promise<void>;
  /** Gives packs whose lease has ended to others, now. */
  supervise(): Promise<void>;
  close(): Promise<void>;
}

export interface QueueOptions {
  readonly numbers: string;
  /** Seconds between two looks for leases that have ended; never when absent. */
  readonly superviseEvery?: number;
  /** Seconds, 10 at least. */
  readonly lease?: number;
}

/** @throws Fault `store` */
export async function openQueue(
  database: PostgresDatabase,
  { numbers, superviseEvery, lease = packLease }: QueueOptions,
): Promise<PackQueue> {
  const { PgBoss: Boss } = await import("pg-boss");
  const name = queueName(numbers);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw postgresFault(database.place, error);
    }
  };
  // What an attempt may take is decided by its steps, not by a clock; pg-boss allows a day at most.
  const limits = { heartbeatSeconds: lease, expireInSeconds: 86_000, retryLimit: 100_000, retryDelay: 0 };
  const start = async () => {
    const starting: PgBoss = new Boss({
      db: { executeSql: (sql, values) => database.query(sql, values) },
      schema: SCHEMA,
      schedule: false,
      supervise: superviseEvery !== undefined,
      superviseIntervalSeconds: superviseEvery ?? 60,
      monitorIntervalSeconds: 1,
    });
    // A supervision that failed is tried again.
    starting.on("error", () => {});
    try {
      await starting.start();
      await starting.createQueue(name, { ...limits, retentionSeconds: 90 * 86_400, deleteAfterSeconds: 3600 });
      return starting;
    } catch (error) {
      await starting.stop({ graceful: false }).catch(() => {});
      throw error;
    }
  };
  const boss = await guarded(() => patiently(start));
  return {
    async add(on, ids) {
      if (ids.length > 0)
        await boss.insert(
          name,
          ids.map((id) => ({ id })),
          { db: within(on) },
        );
    },
    take: () =>
      guarded(async () => {
        const [job] = await boss.fetch(name, { includeMetadata: true });
        return job && { id: job.id, retryCount: job.retryCount };
      }),
    // pg-boss changes the priority of what waits alone.
    prefer: async (on, { id }) =>
      void (await on.query(`UPDATE ${SCHEMA}.job SET priority = 1 WHERE name = $1 AND id = $2`, [name, id])),
    renew: (job) => guarded(async () => ((await boss.touch(name, job)) as { affected?: number }).affected === 1),
    complete: async (on, job) =>
      void (await boss.complete(name, job.id, null, { db: within(on), includeQueued: true })),
    release: (job) => guarded(async () => void (await boss.fail(name, job))),
    supervise: () => guarded(() => boss.supervise(name)),
    close: () => boss.stop({ graceful: false }).catch(() => {}),
  };
}

/**
 * pg-boss makes its tables when it starts first: of several that do so at once, all but one find them in the way, and begin again; so
 * does who begins while the database is started again.
 */
async function patiently<T>(start: () => Promise<T>): Promise<T> {
  const until = performance.now() + PATIENCE;
  for (let tries = 0; ; tries++) {
    try {
      return await start();
    } catch (error) {
      const mayGoOn = isCollision(error) || isThere(error) ? tries < 10 : isLost(error) && performance.now() < until;
      if (!mayGoOn) throw error;
      await pause(100 + 400 * Math.random());
    }
  }
}

/** For pg-boss, a transaction of ours. */
function within(on: Connection): NonNullable<ConnectionOptions["db"]> {
  return { executeSql: async (sql, values) => ({ rows: [...(await on.query(sql, values)).rows] }) };
}
