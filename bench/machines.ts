import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { addPacks, beginAttempt, finishPack } from "../src/cluster/packs.ts";
import { postgresPrograms } from "../src/cluster/postgres-programs.ts";
import { initialise, localAddress, startServer, stopServer } from "../src/cluster/private-postgres.ts";
import { type Job, openQueue, packLease } from "../src/cluster/queue.ts";
import { openCoordinated, runStudyElsewhere } from "../src/cluster/run-study-elsewhere.ts";
import { addToStudy } from "../src/cluster/study-log.ts";
import { parseSearch } from "../src/search/search-document.ts";
import type { StudyState } from "../src/search/study-state.ts";
import { connectPostgres } from "../src/store/postgres-database.node.ts";
import { openPostgresStore } from "../src/store/postgres-store.node.ts";
import { type MachineCosts, machineAims } from "./aims.ts";
import { capacityTable } from "./capacity.ts";
import { median } from "./median.ts";
import { type WorkerLine, workerLines } from "./worker-line.ts";

// What one PostgreSQL carries of a search on many machines: `node bench/machines.ts [--quick] [--json] [overhead] [orphan] [reclaim]
// [queue] [renewals]`, all where none is named; `capacity [--write]` is the table of docs/cluster.md. Hurried, leases are of 10 s, a search
// is shorter, and no worker is killed.

const words = process.argv.slice(2);
const [isQuick, isJson, isWritten] = ["--quick", "--json", "--write"].map((flag) => words.includes(flag));
const names = words.filter((word) => !word.startsWith("--"));
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "gradus-bench-"));
const programs = postgresPrograms();
await initialise({ programs, folder });
const address = localAddress(await startServer({ programs, folder, host: "127.0.0.1" }));
const store = await openPostgresStore(address);
const costs: { -readonly [key in keyof MachineCosts]: MachineCosts[key] } = {};
try {
  const measures = { overhead, orphan, reclaim, queue: tenThousandQueued, renewals };
  for (const [name, measure] of Object.entries(measures)) {
    const isWanted = names.length === 0 ? !(isQuick && name === "orphan") : names.includes(name);
    if (isWanted) costs[name as keyof MachineCosts] = await measure();
  }
  if (names.includes("capacity")) await capacity();
} finally {
  await store.close();
  await stopServer(folder, "immediate");
  await rm(folder, { recursive: true, force: true });
}
if (isJson) process.stdout.write(`${JSON.stringify(costs)}\n`);
else {
  for (const { aim, wanted, reached, met } of machineAims(costs).filter(({ met }) => met !== null)) {
    console.log(`${aim}: ${reached} (${wanted}; ${met ? "met" : "missed"})`);
  }
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

/** A worker as a process on one core, and when it said what of which trial, in milliseconds. */
interface Machine {
  readonly child: ChildProcess;
  readonly said: (WorkerLine & { readonly at: number })[];
}

function startMachine(place: number): Machine {
  const env = { ...process.env, GRADUS_STORE: address, NODE_COMPILE_CACHE: join(root, "build/compile-cache") };
  const program = [process.execPath, "src/cli/main.ts", "worker", "--quiet"];
  const taskset = existsSync("/usr/bin/taskset") ? ["taskset", "-c", String(place % availableParallelism())] : [];
  const [command, ...rest] = [...taskset, ...program];
  const child = spawn(command, rest, { cwd: root, env, stdio: ["ignore", "pipe", "inherit"], detached: true });
  const said: Machine["said"] = [];
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    for (const line of workerLines(text)) said.push({ at: performance.now(), ...line });
  });
  return { child, said };
}

function kill({ child }: Machine): void {
  if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid ?? 0), "SIGKILL");
}

/** A search of trials of about two seconds of one core, a pack each, while `act` lasts or it is through. */
async function search(name: string, trials: number, act: (signal: AbortSignal) => Promise<void>): Promise<StudyState> {
  const document = parseSearch({
    name,
    spec: {
      data: { limit: { train: 5000, validation: 1000, test: 100 } },
      training: { steps: 3000, schedule: { kind: "constant", rate: 0.01 } },
      evaluate: { every: "end", test: false },
    } as never,
    vary: { "training.lambda": { kind: "log", low: 1e-5, high: 0.1 } },
    stages: [{ sampler: { kind: "random", trials } }],
  });
  const study = await openCoordinated(store, document);
  const over = new AbortController();
  const run = runStudyElsewhere(store, study, { packSize: 1, signal: over.signal }).finally(() => over.abort());
  await act(over.signal);
  over.abort();
  await run.catch(() => {});
  return study.study.state;
}

/**
 * What queueing, leasing and recording take of two workers' time, in percent of trials of two seconds: all time between a worker's first
 * result and its last in which it does not train.
 */
async function overhead(): Promise<number> {
  const machines = [startMachine(0), startMachine(1)];
  try {
    const { trials } = await search("overhead", isQuick ? 12 : 30, async (signal) => {
      while (!signal.aborted) await pause(100);
    });
    const beside = machines.flatMap(({ said }) => {
      const done = said.filter(({ what }) => what === "done");
      return done
        .slice(1)
        .map(({ at, trial }, i) => at - done[i].at - 1000 * (trials[trial].runs[0].seconds ?? Number.NaN));
    });
    return known(
      "overhead",
      (100 * beside.reduce((sum, milliseconds) => sum + milliseconds, 0)) / beside.length / 2000,
    );
  } finally {
    machines.forEach(kill);
  }
}

/** Seconds from the kill of one of two workers, both at work, until the other begins its pack. */
async function orphan(): Promise<number> {
  const machines = [startMachine(0), startMachine(1)];
  let seconds = Number.NaN;
  try {
    await search("orphan", 60, async (signal) => {
      while (machines.some(({ said }) => said.length < 3) && !signal.aborted) await pause(50);
      const killedAt = performance.now();
      kill(machines[0]);
      const isAgain = ({ attempt }: Machine["said"][number]) => attempt > 1;
      while (!machines[1].said.some(isAgain) && !signal.aborted) await pause(50);
      seconds = ((machines[1].said.find(isAgain)?.at ?? Number.NaN) - killedAt) / 1000;
    });
    return known("orphan", seconds);
  } finally {
    machines.forEach(kill);
  }
}

/** A measure that came to nothing must not pass for one that was left out. */
function known(measure: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new Error(`${measure}: the workers have not said what was waited for`);
}

async function queued(numbers: string, count: number): Promise<number> {
  const queue = await openQueue(store.database, { numbers, lease: isQuick ? 10 : packLease });
  const packs = Array.from({ length: count }, (_, trial) => {
    return { study: "bench", runs: [{ trials: [trial], seed: 0 }], data: [], numbers, mostStrikes: 3 };
  });
  const milliseconds = await timed(() =>
    store.database.transaction(async (on) => {
      await queue.add(on, await addPacks(on, packs));
    }),
  );
  await queue.close();
  return milliseconds;
}

/** Seconds beyond its lease until a pack whose worker died is taken by the next who asks: 95 % are below. */
async function reclaim(): Promise<number> {
  const lease = isQuick ? 10 : packLease;
  await queued("reclaim", 40);
  const coordinator = await openQueue(store.database, { numbers: "reclaim", superviseEvery: 1 });
  const took = new Map<string, number>();
  const late: number[] = [];
  for (let i = 0; i < 40; i++) {
    took.set(((await coordinator.take()) as Job).id, performance.now());
    await pause(250 * Math.random());
  }
  while (late.length < took.size) {
    const job = await coordinator.take();
    // As a worker asks that has nothing to do.
    if (job === undefined) await pause(300 + 400 * Math.random());
    else late.push((performance.now() - (took.get(job.id) ?? Number.NaN)) / 1000 - lease);
  }
  await coordinator.close();
  return percentile(late, 0.95);
}

/** Seconds until 10,000 trials, each a pack, are queued. */
async function tenThousandQueued(): Promise<number> {
  return (await queued("queue", 10_000)) / 1000;
}

/** Milliseconds of a renewal among those of 100 workers that hold a pack each: 99 % are below. */
async function renewals(): Promise<number> {
  await queued("renewals", 100);
  const clients = await Promise.all(
    Array.from({ length: 100 }, async () => {
      const database = await connectPostgres(address);
      const queue = await openQueue(database, { numbers: "renewals" });
      return { database, queue, job: (await queue.take()) as Job };
    }),
  );
  const times: number[] = [];
  await Promise.all(
    clients.map(async ({ queue, job }) => {
      // Five times as often as workers do.
      for (let i = 0; i < (isQuick ? 5 : 10); i++) {
        await pause(2000 * Math.random());
        times.push(await timed(() => queue.renew(job)));
      }
    }),
  );
  for (const { queue, database } of clients) {
    await queue.close();
    await database.close();
  }
  return percentile(times, 0.99);
}

/** Appends a second of one entry each, each on disk when it is acknowledged, by so many clients with a log each. */
async function appends(clients: number): Promise<number> {
  const stores = await Promise.all(Array.from({ length: Math.ceil(clients / 8) }, () => openPostgresStore(address)));
  let count = 0;
  const until = performance.now() + 4000;
  const milliseconds = await timed(() =>
    Promise.all(
      Array.from({ length: clients }, async (_, i) => {
        for (let at = 0; performance.now() < until; at++) {
          const entries = [`{"entry":${at}}`.padEnd(300)];
          await stores[i % stores.length].append({ log: `writes-${clients}-${i}`, kind: "run", at, entries });
          count += 1;
        }
      }),
    ),
  );
  await Promise.all(stores.map((each) => each.close()));
  return (1000 * count) / milliseconds;
}

/** Milliseconds of what a pack costs beside its training: taken, begun, its result accepted. */
async function result(): Promise<number> {
  await queued("results", 60);
  const queue = await openQueue(store.database, { numbers: "results" });
  await store.append({ log: "study-bench", kind: "study", at: 0, entries: ["{}"] });
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    const milliseconds = await timed(async () => {
      const job = (await queue.take()) as Job;
      const attempt = await store.database.transaction((on) =>
        beginAttempt(on, job.id, job.retryCount + 1, crypto.randomUUID()),
      );
      if (attempt === undefined) throw new Error("a pack was not begun");
      const entries = Array.from({ length: 12 }, (_, at) => `{"entry":${at}}`.padEnd(400));
      await store.database.transaction(async (on) => {
        await finishPack(on, attempt);
        await addToStudy(on, store, "bench", [{ kind: "lost" }], [{ log: `result-${i}`, kind: "run", at: 0, entries }]);
        await queue.complete(on, job);
      });
    });
    times.push(milliseconds);
  }
  await queue.close();
  return median(times);
}

/** Writes or shows the table of docs/cluster.md. */
async function capacity(): Promise<void> {
  const measured = { one: await appends(1), eight: await appends(8), many: await appends(32), result: await result() };
  const text = capacityTable(measured);
  if (!isWritten) return console.log(text);
  const file = new URL("../docs/cluster.md", import.meta.url);
  const page = readFileSync(file, "utf8");
  writeFileSync(
    file,
    page.replace(/(?<=<!-- capacity -->\n)[\s\S]*(?=\n<!-- \/capacity -->)/, () => text),
  );
}
