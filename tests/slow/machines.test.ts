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
/** https://github.com/wolfcw/libfaketime, as Debian has it; Node has threads. */
const faketime = ["x86_64", "aarch64"]
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
  .find(existsSync);

/** A pack of four of them is a second or two of a core that four workers share. */
const search: SearchInput = {
  name: "chaos",
  spec: {
    device: "wasm",
    data: { limit: { train: 400, validation: 100, test: 100 } },
    network: { hidden: [8] },
    training: {
      batch: 50,
      schedule: { kind: "constant", rate: 0.05 },
      update: { kind: "momentum", rho: 0.9 },
      epochs: 80,
    },
    evaluate: { every: 80 },
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

/** What befalls machines, for every 300 trials: as often, and in an order that the seed gives. */
const plagues = { kill: 10, "kill with all it started": 5, freeze: 6, "end connections": 4, "tear down": 5 };
type Plague = keyof typeof plagues;

function plan(random: (count: number) => ArrayLike<number>): Plague[] {
  const share = Math.min(1, trials / 300);
  const all = Object.entries(plagues).flatMap(([what, times]) =>
    Array.from({ length: what === "tear down" ? times : Math.ceil(share * times) }, () => what as Plague),
  );
  const keys = random(all.length);
  return [...all.keys()].sort((a, b) => keys[a] - keys[b]).map((i) => all[i]);
}

/** A worker as a process, with what it says. */
interface Machine {
  readonly child: ChildProcess;
  readonly said: { began: number; done: number; resumed: number; superseded: number };
  isFrozen: boolean;
}

function startMachine(address: string, place: number): Machine {
  const skew = { LD_PRELOAD: faketime, FAKETIME: place % 8 === 0 ? "+2d" : "-2d", FAKETIME_DONT_FAKE_MONOTONIC: "1" };
  const isSkewed = faketime !== undefined && place % 4 === 0;
  const env = { ...process.env, GRADUS_STORE: address, NODE_COMPILE_CACHE: `${root}build/compile-cache` };
  const program = ["src/cli/main.ts", "worker", "--device", "wasm", "--quiet", "--checkpoint-seconds", "1"];
  const [command, ...words] = [...oneCore(place), process.execPath, ...program];
  const child = spawn(command, words, {
    cwd: root,
    env: { ...env, ...(isSkewed ? skew : {}) },
    stdio: ["ignore", "pipe", "inherit"],
    // A group of its own, to be killed with all in it.
    detached: true,
  });
  const said = { began: 0, done: 0, resumed: 0, superseded: 0 };
  const words_ = {
    began: /^began/gm,
    done: /^done/gm,
    resumed: /goes on after update/g,
    superseded: /another worker's/g,
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    for (const [what, pattern] of Object.entries(words_)) {
      said[what as keyof typeof said] += text.match(pattern)?.length ?? 0;
    }
  });
  return { child, said, isFrozen: false };
}

function killAll({ child }: Machine): void {
  try {
    process.kill(-(child.pid ?? 0), "SIGKILL");
  } catch {
    // It has gone.
  }
}

if (noPostgres === undefined && faketime === undefined) {
  test.skip("clocks two days wrong: there is no libfaketime here; Debian has it (apt install faketime)");
}

test.skipIf(noPostgres !== undefined)(
  `${trials} trials on ${workers} workers that are killed and frozen, a database that is torn down${faketime === undefined ? "" : ", clocks two days wrong"}: each ends once, and as undisturbed`,
  async () => {
    console.log(`CHAOS_SEED=${seed}`);
    const folder = serverFolder();
    const programs = postgresPrograms();
    await initialise({ programs, folder });
    const server = await startServer({ programs, folder, host: "127.0.0.1" });
    const address = localAddress(server);
    const store = await openPostgresStore(address);
    const all: Machine[] = [];
    const start = (place: number) => {
      const machine = startMachine(address, place);
      all.push(machine);
      return machine;
    };
    const machines = Array.from({ length: workers }, (_, place) => start(place));
    const total = (what: keyof Machine["said"]) => all.reduce((sum, { said }) => sum + said[what], 0);
    const happened: Partial<Record<Plague, number>> = {};
    let isOver = false;

    /** Frozen until what it had is another's, or done: then it goes on, and does not know. */
    const freeze = async (machine: Machine) => {
      const sql = `SELECT pack.id, attempt FROM gradus.pack JOIN gradus.worker ON worker.id = pack.worker
        WHERE state = 'running' AND process = ${machine.child.pid}`;
      machine.isFrozen = true;
      machine.child.kill("SIGSTOP");
      const [had] = await ask(address, sql).catch(() => []);
      const isIts = `SELECT FROM gradus.pack WHERE id = '${had?.id}' AND attempt = ${had?.attempt} AND state = 'running'`;
      for (let seconds = 0; had !== undefined && seconds < 90 && !isOver; seconds++) {
        await pause(1000);
        if ((await ask(address, isIts).catch(() => ["away"])).length === 0) break;
      }
      machine.child.kill("SIGCONT");
      machine.isFrozen = false;
    };

    const strike = async (what: Plague, place: number, thaws: Promise<void>[]) => {
      const machine = machines[place];
      if (what === "tear down") {
        await stopServer(folder, "immediate");
        await startServer({ programs, folder, port: server.port, host: "127.0.0.1" });
      } else if (what === "freeze") {
        thaws.push(freeze(machine));
      } else if (what === "end connections") {
        const sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
        await ask(address, sql).catch(() => []);
      } else {
        if (what === "kill") machine.child.kill("SIGKILL");
        else killAll(machine);
        machines[place] = start(place);
      }
      happened[what] = (happened[what] ?? 0) + 1;
    };

    /** Something each time that workers have begun one more pack: a slow machine takes longer, and no more. */
    const chaos = async () => {
      const random = stream(seed, "chaos");
      const thaws: Promise<void>[] = [];
      let begun = 0;
      for (const what of plan((count) => random.uniform(0, 1, count))) {
        const [delay, chance] = random.uniform(0, 1, 2);
        for (let waited = 0; total("began") <= begun && waited < 20_000 && !isOver; waited += 50) await pause(50);
        begun = total("began");
        await pause(1500 * delay);
        if (isOver) break;
        const awake = [...machines.keys()].filter((place) => !machines[place].isFrozen);
        // A frozen one that had nothing proves nothing.
        const busy = awake.filter((place) => machines[place].said.began > machines[place].said.done);
        const places = what === "freeze" && busy.length > 0 ? busy : awake;
        await strike(what, places[Math.floor(chance * places.length)], thaws);
      }
      await Promise.all(thaws);
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
      all.forEach(killAll);
      const said = {
        began: total("began"),
        done: total("done"),
        resumed: total("resumed"),
        superseded: total("superseded"),
      };
      console.log(JSON.stringify({ seed, ...said, ...happened }));
      expect(happened["tear down"]).toBe(plagues["tear down"]);
      if (trials >= 300) for (const what of ["resumed", "superseded"] as const) expect(said[what]).toBeGreaterThan(0);
      const log = await store.read("study-chaos");
      const ended = log.map((entry) => JSON.parse(entry)).filter(({ kind }) => kind === "ended");
      expect(new Set(ended.map(({ trial }) => trial)).size).toBe(trials);
      expect(ended).toHaveLength(trials);
      expect(await store.logs({ kind: "run" })).toHaveLength(trials);
      expect(await ask(address, "SELECT FROM gradus.pack WHERE state <> 'done'")).toEqual([]);
      expect(await ask(address, "SELECT FROM gradus.progress")).toEqual([]);
      expect(await store.maintenance.integrity()).toEqual([]);

      const trainer = openTrainer();
      const memory = createMemoryStore();
      const alone = await runStudy(memory, await openStudy(memory, parseSearch(search)), { train: trainer.train });
      await trainer.close();
      expect(digits(state)).toEqual(digits(alone));
    } finally {
      isOver = true;
      all.forEach(killAll);
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
