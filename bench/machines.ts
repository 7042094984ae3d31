import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { addPacks, beginAttempt, finishPack } from "../src/cluster/packs.ts";
import { postgresPrograms } from "../src/cluster/postgres-programs.ts";
import { initialise, localAddress, startServer, stopServer } from "../src/cluster/private-postgres.ts";
import { type Job, openQueue } from "../src/cluster/queue.ts";
import { addToStudy } from "../src/cluster/study-log.ts";
import { openPostgresStore, type PostgresStore } from "../src/store/postgres-store.node.ts";

// What one PostgreSQL carries of a search on many machines: `node bench/machines.ts [writes] [queue] [renewals] [results]`,
// all where none is named.

const names = process.argv.slice(2);
const isWanted = (name: string) => names.length === 0 || names.includes(name);
const folder = await mkdtemp(join(tmpdir(), "gradus-bench-"));
const programs = postgresPrograms();
await initialise({ programs, folder });
const address = localAddress(await startServer({ programs, folder, host: "127.0.0.1" }));
const store = await openPostgresStore(address);
try {
  if (isWanted("writes")) await writes();
  if (isWanted("queue")) await tenThousandQueued();
  if (isWanted("renewals")) await renewals();
  if (isWanted("results")) await results();
} finally {
  await store.close();
  await stopServer(folder, "immediate");
  await rm(folder, { recursive: true, force: true });
}

function pack(trial: number) {
  return {
    study: "bench",
    runs: [{ trials: [trial], seed: 0 }],
    data: [],
    numbers: "bench",
    mostStrikes: 3,
  };
}

function report(what: string, value: number, unit: string, aim: string): void {
  console.log(`${what}: ${value.toPrecision(3)} ${unit} (aim: ${aim})`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
}

/** Appends of one entry, each a transaction that is on disk: each client to a log of its own. */
async function writes(): Promise<void> {
  for (const clients of [1, 8, 32]) {
    const stores = await Promise.all(Array.from({ length: Math.ceil(clients / 8) }, () => openPostgresStore(address)));
    let count = 0;
    const until = performance.now() + 4000;
    const milliseconds = await timed(() =>
      Promise.all(
        Array.from({ length: clients }, async (_, i) => {
          const own: PostgresStore = stores[i % stores.length];
          for (let at = 0; performance.now() < until; at++) {
            const entries = [`{"entry":${at}}`.padEnd(300)];
            await own.append({ log: `writes-${clients}-${i}`, kind: "run", at, entries });
            count += 1;
          }
        }),
      ),
    );
    report(`appends, ${clients} at a time`, (1000 * count) / milliseconds, "a second", "no slower than 100");
    await Promise.all(stores.map((one) => one.close()));
  }
}

async function tenThousandQueued(): Promise<void> {
  const queue = await openQueue(store.database, { numbers: "bench" });
  const milliseconds = await timed(() =>
    store.database.transaction(async (on) => {
      await queue.add(
        on,
        await addPacks(
          on,
          Array.from({ length: 10_000 }, (_, trial) => pack(trial)),
        ),
      );
    }),
  );
  report("10,000 trials queued, each a pack, in one transaction", milliseconds / 1000, "s", "5");
  await queue.close();
}

/** 100 workers hold a pack each, as long as ten renewals last. */
async function renewals(): Promise<void> {
  const queue = await openQueue(store.database, { numbers: "bench" });
  await store.database.transaction(async (on) => {
    await queue.add(
      on,
      await addPacks(
        on,
        Array.from({ length: 100 }, (_, trial) => pack(trial)),
      ),
    );
  });
  const clients = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const own = await openPostgresStore(address);
      const ownQueue = await openQueue(own.database, { numbers: "bench" });
      return { own, queue: ownQueue, job: (await ownQueue.take()) as Job };
    }),
  );
  const times: number[] = [];
  await Promise.all(
    clients.map(async ({ queue: ownQueue, job }) => {
      for (let i = 0; i < 5; i++) {
        await pause(2000 * Math.random());
        times.push(await timed(() => ownQueue.renew(job)));
      }
    }),
  );
  report("100 workers: a renewal, p50", percentile(times, 0.5), "ms", "none");
  report("100 workers: a renewal, p99", percentile(times, 0.99), "ms", "250");
  for (const { own, queue: ownQueue } of clients) {
    await ownQueue.close();
    await own.close();
  }
  await queue.close();
}

/** What a pack costs beside its training: taken, begun, its result accepted. */
async function results(): Promise<void> {
  const queue = await openQueue(store.database, { numbers: "results" });
  await store.database.transaction(async (on) => {
    const packs = Array.from({ length: 60 }, (_, trial) => ({ ...pack(trial), numbers: "results" }));
    await queue.add(on, await addPacks(on, packs));
  });
  await store.append({ log: "study-bench", kind: "study", at: 0, entries: ["{}"] });
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    times.push(
      await timed(async () => {
        const job = (await queue.take()) as Job;
        const { database } = store;
        const attempt = await database.transaction((on) =>
          beginAttempt(on, job.id, job.retryCount + 1, crypto.randomUUID()),
        );
        if (attempt === undefined) throw new Error("a pack was not begun");
        const entries = Array.from({ length: 12 }, (_, at) => `{"entry":${at}}`.padEnd(400));
        await database.transaction(async (on) => {
          await finishPack(on, attempt);
          const run = { log: `result-${i}`, kind: "run", at: 0, entries };
          await addToStudy(on, store, "bench", [{ kind: "lost" }], [run]);
          await queue.complete(on, job);
        });
      }),
    );
  }
  report("taking, beginning and accepting a pack", percentile(times, 0.5), "ms", "60: 3 % of a trial of 2 s");
  await queue.close();
}
