import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { postgresPrograms } from "../../src/cluster/postgres-programs.ts";
import { initialise, localAddress, startServer, stopServer } from "../../src/cluster/private-postgres.ts";
import { openCoordinated, runStudyElsewhere } from "../../src/cluster/run-study-elsewhere.ts";
import { openStudy } from "../../src/lab/kept-studies.ts";
import { runStudy } from "../../src/lab/run-study.ts";
import { stream } from "../../src/math/random/stream.ts";
import { parseSearch, type SearchInput } from "../../src/search/search-document.ts";
import { type StudyState, trialState } from "../../src/search/study-state.ts";
import { createMemoryStore } from "../../src/store/memory-store.ts";
import { openPostgresStore } from "../../src/store/postgres-store.node.ts";
import { openTrainer } from "../../src/worker/train-in-thread.node.ts";
import { checkLeases } from "../lease-model.ts";
import { ask, newDatabase, noPostgres, oneCore, serverFolder } from "../postgres.ts";

// 8 workers, 300 short trials, and whatever can happen to machines. `CHAOS_SEED=7 npm run test:slow -- machines` repeats one.

const root = fileURLToPath(new URL("../..", import.meta.url));
const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 1e6));
const { CHAOS_TRIALS = "300", CHAOS_WORKERS = "8" } = process.env;
const [trials, workers] = [Number(CHAOS_TRIALS), Number(CHAOS_WORKERS)];
/** https://github.com/wolfcw/libfaketime, as Debian has it. */
const faketime = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1",
].find(existsSync);

const search: SearchInput = {
  name: "chaos",
  spec: {
    device: "wasm",
    data: { limit: { train: 400, validation: 200, test: 200 } },
    network: { hidden: [8] },
    training: {
      batch: 50,
      schedule: { kind: "constant", rate: 0.05 },
      update: { kind: "momentum", rho: 0.9 },
      epochs: 60,
    },
  },
  vary: {
    "training.lambda": { kind: "log", low: 1e-4, high: 1 },
    "training.schedule.rate": { kind: "log", low: 1e-3, high: 0.3 },
  },
  stages: [{ sampler: { kind: "random", trials } }],
};

function digits({ trials: all, document }: StudyState) {
  return all.map((trial) => ({
    state: trialState(trial, document),
    setting: trial.setting,
    runs: trial.runs.map(({ state, accuracy, loss, weightsSha256 }) => ({ state, accuracy, loss, weightsSha256 })),
  }));
}

test.skipIf(noPostgres !== undefined)(
  `${trials} trials on ${workers} workers that are killed and frozen, a database that is torn down, clocks two days wrong: each ends once, and as undisturbed`,
  async () => {
    console.log(`CHAOS_SEED=${seed}${faketime === undefined ? ", no libfaketime here: all clocks are right" : ""}`);
    const folder = serverFolder();
    const programs = postgresPrograms();
    await initialise({ programs, folder });
    const server = await startServer({ programs, folder, host: "127.0.0.1" });
    const address = localAddress(server);
    const store = await openPostgresStore(address);
    const said = { done: 0, superseded: 0, resumed: 0 };
    const events: string[] = [];
    let isOver = false;

    const start = (place: number): ChildProcess => {
      const skew = place % 4 === 0 ? { LD_PRELOAD: faketime, FAKETIME: place % 8 === 0 ? "+2d" : "-2d" } : {};
      const env = { ...process.env, GRADUS_STORE: address, NODE_COMPILE_CACHE: `${root}build/compile-cache` };
      const program = ["src/cli/main.ts", "worker", "--quiet", "--checkpoint-seconds", "1"];
      const [command, ...words] = [...oneCore(place), process.execPath, ...program];
      const child = spawn(command, words, {
        cwd: root,
        env: { ...env, ...(faketime === undefined ? {} : skew) },
        stdio: ["ignore", "pipe", "inherit"],
      });
      child.stdout?.setEncoding("utf8").on("data", (text: string) => {
        said.done += text.match(/^done/gm)?.length ?? 0;
        said.superseded += text.match(/another worker's by now/g)?.length ?? 0;
        said.resumed += text.match(/goes on after update/g)?.length ?? 0;
      });
      return child;
    };
    const children = Array.from({ length: workers }, (_, place) => start(place));

    const chaos = async () => {
      const chance = stream(seed, "chaos").uniform(0, 1, 10_000);
      let at = 0;
      const next = () => chance[at++ % chance.length];
      const frozen: Promise<void>[] = [];
      let restarts = 0;
      let turn = 0;
      while (!isOver) {
        await pause(1500 + 5000 * next());
        const place = Math.floor(next() * workers);
        const kind = next();
        if (turn++ % 4 === 3 && restarts < 5) {
          restarts += 1;
          events.push("restart");
          await stopServer(folder, "immediate");
          await startServer({ programs, folder, port: server.port, host: "127.0.0.1" });
        } else if (kind < 0.5) {
          events.push("kill");
          children[place].kill("SIGKILL");
          children[place] = start(place);
        } else if (kind < 0.75) {
          events.push("freeze");
          const child = children[place];
          child.kill("SIGSTOP");
          frozen.push(pause(26_000).then(() => void child.kill("SIGCONT")));
        } else {
          events.push("terminate");
          await ask(
            address,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()",
          ).catch(() => []);
        }
      }
      await Promise.all(frozen);
    };

    try {
      const coordinated = await openCoordinated(store, parseSearch(search));
      const [state] = await Promise.all([
        runStudyElsewhere(store, coordinated, { mostAttempts: 1000, packSize: 4 }).finally(() => {
          isOver = true;
        }),
        chaos(),
      ]);
      // Time for the zombies to say what they have.
      await pause(3000);
      const log = await store.read("study-chaos");
      const ended = log.map((entry) => JSON.parse(entry)).filter(({ kind }) => kind === "ended");
      expect(new Set(ended.map(({ trial }) => trial)).size).toBe(trials);
      expect(ended).toHaveLength(trials);
      expect(await store.logs({ kind: "run" })).toHaveLength(trials);
      expect(await ask(address, "SELECT FROM gradus.pack WHERE state <> 'done'")).toEqual([]);
      expect(await store.maintenance.integrity()).toEqual([]);
      const happened = Object.fromEntries(
        [...new Set(events)].map((what) => [what, events.filter((one) => one === what).length]),
      );
      console.log(JSON.stringify({ seed, ...said, ...happened }));

      const trainer = openTrainer();
      const memory = createMemoryStore();
      const alone = await runStudy(memory, await openStudy(memory, parseSearch(search)), { train: trainer.train });
      await trainer.close();
      expect(digits(state)).toEqual(digits(alone));
    } finally {
      isOver = true;
      for (const child of children) {
        child.kill("SIGCONT");
        child.kill("SIGKILL");
      }
      await store.close();
      await stopServer(folder, "immediate");
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  1_200_000,
);

test.skipIf(noPostgres !== undefined)(
  "leases in 1000 random orders: one result, and nobody's but the last's",
  async () => {
    console.log(`CHAOS_SEED=${seed}`);
    await checkLeases(await newDatabase(), { numRuns: 1000, seed });
  },
);
