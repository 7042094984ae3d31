import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addPacks } from "../src/cluster/packs.ts";
import { openQueue } from "../src/cluster/queue.ts";
import { openCoordinated, runStudyElsewhere } from "../src/cluster/run-study-elsewhere.ts";
import { type WorkEvent, type WorkOptions, work } from "../src/cluster/work.ts";
import { listWorkers } from "../src/cluster/workers.ts";
import { openStudy, readStudy } from "../src/lab/kept-studies.ts";
import { runStudy } from "../src/lab/run-study.ts";
import { numbersVersion } from "../src/lab/versions.ts";
import { parseSearch, type SearchInput } from "../src/search/search-document.ts";
import { type StudyState, trialState } from "../src/search/study-state.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { openPostgresStore, type PostgresStore } from "../src/store/postgres-store.node.ts";
import { openTrainer } from "../src/worker/train-in-thread.node.ts";
import type { Trainer } from "../src/worker/trainer.ts";
import { checkLeases } from "./lease-model.ts";
import { ask, newDatabase, noPostgres, oneCore } from "./postgres.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

function search(name: string, trials: number, training: object = {}): SearchInput {
  return {
    name,
    spec: {
      device: "wasm",
      data: { limit: { train: 400, validation: 200, test: 200 } },
      network: { hidden: [8] },
      training: { batch: 50, schedule: { kind: "constant", rate: 0.05 }, epochs: 40, ...training },
    },
    vary: { "training.lambda": { kind: "log", low: 1e-4, high: 1 } },
    stages: [{ sampler: { kind: "random", trials } }],
  };
}

/** What must not depend on who trained it, and how often. */
function digits({ trials, document }: StudyState) {
  return trials.map((trial) => ({
    state: trialState(trial, document),
    setting: trial.setting,
    runs: trial.runs.map(({ state, accuracy, loss, weightsSha256 }) => ({ state, accuracy, loss, weightsSha256 })),
  }));
}

if (noPostgres !== undefined) test.skip(`a search on many machines: ${noPostgres}`);

// Most of a test's time is waiting, of a worker for packs and of a coordinator for results.
describe.skipIf(noPostgres !== undefined).concurrent("a search on many machines", () => {
  let trainer: Trainer;
  beforeAll(() => {
    trainer = openTrainer();
  });
  afterAll(() => trainer.close());

  /** The same search on one machine. */
  async function alone(input: SearchInput): Promise<StudyState> {
    const memory = createMemoryStore();
    return await runStudy(memory, await openStudy(memory, parseSearch(input)), { train: trainer.train });
  }

  /** Does `act` while a search is coordinated, of which its signal tells the end; what fails of the two ends the other. */
  async function coordinated(
    store: PostgresStore,
    input: SearchInput,
    act: (over: AbortSignal) => Promise<unknown>,
    packSize?: number,
  ): Promise<StudyState> {
    const over = new AbortController();
    const study = await openCoordinated(store, parseSearch(input));
    const run = runStudyElsewhere(store, study, { signal: over.signal, packSize });
    try {
      const [state] = await Promise.all([run.finally(() => over.abort()), act(over.signal)]);
      return state;
    } finally {
      over.abort();
      await run.catch(() => {});
    }
  }

  /** A worker in this process, until it is stopped. */
  async function worker(store: PostgresStore, signal: AbortSignal, options: Partial<WorkOptions> = {}): Promise<void> {
    await work(store, { signal, train: trainer.train, ...options });
  }

  /** As if the lease of whoever has a pack had ended. */
  const lapse = (address: string) =>
    ask(address, "UPDATE gradus_queue.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'");

  test("gives what it gives on one machine, bit for bit, and says who computed what", async () => {
    const address = await newDatabase();
    const store = await openPostgresStore(address);
    const input = search("two", 6, { epochs: 5 });
    const events: WorkEvent[] = [];
    const listen = (event: WorkEvent) => void events.push(event);
    const state = await coordinated(store, input, (over) => worker(store, over, { listen }));
    expect(digits(state)).toEqual(digits(await alone(input)));
    expect(state.trials[0].runs[0].by).toEqual({ host: expect.any(String), device: "wasm" });
    expect(events.filter(({ kind }) => kind === "done").length).toBeGreaterThan(1);
    // Runs lie in the store as those of any search do, and nothing else is left.
    expect(await store.logs({ kind: "run" })).toHaveLength(6);
    expect(await store.artifacts()).toEqual([]);
    expect(await ask(address, "SELECT FROM gradus.progress")).toEqual([]);
    expect(await ask(address, "SELECT FROM gradus.pack WHERE state <> 'done'")).toEqual([]);
    const [{ state: workerState }] = await listWorkers(store.database);
    expect(workerState).toBe("ended");
    await store.close();
  });

  test("a finer grid that meets settings of the coarse one trains them once, and says who did", async () => {
    const store = await openPostgresStore(await newDatabase());
    const grid = { sampler: { kind: "grid" as const }, count: 3 };
    const input = {
      ...search("again", 3, { epochs: 2 }),
      stages: [grid, { ...grid, narrow: { rule: "top" as const, count: 3 } }],
    };
    const state = await coordinated(store, input, (over) => worker(store, over));
    expect(digits(state)).toEqual(digits(await alone(input)));
    expect(state.trials).toHaveLength(6);
    expect(await store.logs({ kind: "run" })).toHaveLength(3);
    for (const { runs } of state.trials) expect(runs).toMatchObject([{ by: { device: "wasm" } }]);
    await store.close();
  });

  test("a worker that is stopped gives back what it has, and another goes on from its checkpoint to the same bits", async () => {
    const store = await openPostgresStore(await newDatabase());
    const settings = [0.05, 1e20].map((rate) => ({ "training.schedule.rate": rate }));
    const input: SearchInput = {
      ...search("stopped", 2, { epochs: 50, update: { kind: "momentum", rho: 0.9 } }),
      vary: { "training.schedule.rate": { kind: "log", low: 1e-3, high: 1e21 } },
      stages: [{ sampler: { kind: "list", settings } }],
    };
    const said: string[] = [];
    let resumedAt = 0;
    const state = await coordinated(
      store,
      input,
      async (over) => {
        const stop = new AbortController();
        await worker(store, stop.signal, {
          listen(event) {
            said.push(event.kind);
            if (event.kind === "progress" && event.step > 100) stop.abort();
          },
        });
        await worker(store, over, {
          listen(event) {
            said.push(event.kind);
            if (event.kind === "resumed") resumedAt = event.step;
          },
        });
      },
      2,
    );
    expect(said.filter((kind) => kind !== "progress")).toEqual([
      "ready",
      "began",
      "given back",
      "ready",
      "began",
      "resumed",
      "done",
    ]);
    expect(resumedAt).toBeGreaterThan(100);
    // One that had ended long before is gone on with as it ended.
    expect(state.trials.map((trial) => trialState(trial, state.document))).toEqual(["finished", "diverged"]);
    expect(digits(state)).toEqual(digits(await alone(input)));
    await store.close();
  });

  test("a chain whose weights are carried on goes on from the middle of it, and from between two of its trials, to the same bits", async () => {
    const address = await newDatabase();
    const store = await openPostgresStore(address);
    const settings = [0.01, 0.001, 0.1].map((lambda) => ({ "training.lambda": lambda }));
    const input: SearchInput = {
      ...search("carried", 3, { epochs: 20, update: { kind: "momentum", rho: 0.9 } }),
      stages: [{ sampler: { kind: "list", settings } }],
      seeds: 2,
      carry: true,
    };
    const resumed: { step: number; link: number }[] = [];
    /** Works until it is in the middle of a trial of the chain, counted from where it begins. */
    const until = async (over: AbortSignal, trial: number) => {
      const stop = new AbortController();
      let [links, last] = [0, 0];
      await worker(store, AbortSignal.any([stop.signal, over]), {
        listen(event) {
          if (event.kind === "resumed") resumed.push({ step: event.step, link: event.link });
          if (event.kind !== "progress") return;
          if (event.step < last) links += 1;
          last = event.step;
          if (links === trial && event.step > 40 && event.step < 120) stop.abort();
        },
      });
    };
    const state = await coordinated(
      store,
      input,
      async (over) => {
        await until(over, 1);
        const kept = "SELECT run, link FROM gradus.progress ORDER BY run, link";
        expect((await ask(address, kept)).map(({ run, link }) => `${run} ${link}`)).toEqual([
          "0/0/ 0",
          "0/0/ 1",
          "0/1/ 0",
          "0/1/ 1",
        ]);
        await until(over, 1);
        await ask(address, "DELETE FROM gradus.progress WHERE link = 2");
        await until(over, 9);
      },
      2,
    );
    expect(resumed).toEqual([
      { step: expect.any(Number), link: 1 },
      { step: 0, link: 2 },
    ]);
    expect(resumed[0].step).toBeGreaterThan(40);
    expect(digits(state)).toEqual(digits(await alone(input)));
    expect(await ask(address, "SELECT FROM gradus.progress")).toEqual([]);
    await store.close();
  });

  test("a pack that comes back is the next to be taken, before those that were queued with it", async () => {
    const store = await openPostgresStore(await newDatabase());
    const queue = await openQueue(store.database, { numbers: "order" });
    await store.database.transaction(async (on) => {
      const pack = { study: "s", runs: [{ trials: [0], seed: 0 }], data: [], numbers: "order", mostStrikes: 3 };
      await queue.add(on, await addPacks(on, Array(8).fill(pack)));
    });
    const job = await queue.take();
    if (job === undefined) throw new Error("there is none");
    await store.database.transaction((on) => queue.prefer(on, job));
    await queue.release(job);
    expect((await queue.take())?.id).toBe(job.id);
    await queue.close();
    await store.close();
  });

  test("what a frozen worker tells after its lease has ended is refused: another's result stands, once", async () => {
    const address = await newDatabase();
    const store = await openPostgresStore(address);
    const input = search("frozen", 1, { epochs: 10 });
    const said: string[] = [];
    let thaw = () => {};
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    let hasBegun = () => {};
    const begun = new Promise<void>((resolve) => {
      hasBegun = resolve;
    });
    const other = openTrainer();
    const thawed = new AbortController();
    const state = await coordinated(store, input, async (over) => {
      const zombie = worker(store, thawed.signal, {
        // Trained to the end, and then nothing for a while.
        train: async function* (...order) {
          const weights = yield* other.train(...order);
          hasBegun();
          await frozen;
          return weights;
        },
        listen({ kind }) {
          said.push(`zombie ${kind}`);
          if (kind === "superseded") thawed.abort();
        },
      });
      await begun;
      await lapse(address);
      await worker(store, over, { listen: ({ kind }) => said.push(kind) });
      thaw();
      await zombie;
    });
    await other.close();
    expect(said.filter((kind) => !kind.includes("progress"))).toEqual(
      expect.arrayContaining(["zombie began", "done", "zombie superseded"]),
    );
    expect(said).not.toContain("zombie done");
    const log = await store.read("study-frozen");
    expect(log.filter((entry) => entry.includes('"kind":"ended"'))).toHaveLength(1);
    expect(await store.logs({ kind: "run" })).toHaveLength(1);
    expect(digits(state)).toEqual(digits(await alone(input)));
    await store.close();
  });

  test("a trial that ends its process each time is set aside after three attempts with its last words; the others go on", async () => {
    const store = await openPostgresStore(await newDatabase());
    const input = search("poison", 4, { epochs: 2 });
    let attempts = 0;
    const state = await coordinated(
      store,
      input,
      (over) =>
        worker(store, over, {
          rest: 0.01,
          train: async function* (specs, options) {
            const all = Array.isArray(specs) ? specs : [specs];
            if (all.some(({ name }) => name === "poison-2")) {
              attempts += 1;
              throw new Error("the training's process was ended by SIGSEGV");
            }
            return yield* trainer.train(specs, options);
          },
        }),
      4,
    );
    expect(attempts).toBe(3);
    expect(state.trials.map((trial) => trialState(trial, state.document))).toEqual([
      "finished",
      "finished",
      "failed",
      "finished",
    ]);
    expect(state.trials[2].runs[0].complaint).toMatch(/^set aside after 3 attempts: .*SIGSEGV/);
    await store.close();
  });

  test("a machine on which every training fails rests, and others have its packs: no trial fails by it", async () => {
    const store = await openPostgresStore(await newDatabase());
    let failures = 0;
    const broken = (over: AbortSignal) =>
      worker(store, over, {
        train: async function* (...order) {
          failures += 1;
          await Promise.reject(new Error("out of memory"));
          return yield* trainer.train(...order);
        },
      });
    const act = async (over: AbortSignal) => {
      const resting = broken(over);
      while (failures === 0) await pause(10);
      return await Promise.all([resting, worker(store, over)]);
    };
    const state = await coordinated(store, search("broken", 4, { epochs: 10 }), act, 1);
    expect(state.trials.map((trial) => trialState(trial, state.document))).toEqual(Array(4).fill("finished"));
    expect(failures).toBeGreaterThan(0);
    await store.close();
  });

  test("whoever starts a search whose coordinator died goes on with the same trials; of two that live, one is refused", async () => {
    const address = await newDatabase();
    const [first, second] = [await openPostgresStore(address), await openPostgresStore(address)];
    const input = search("coordinators", 40, { epochs: 1 });
    // Dies when it has put its trials into the queue.
    const dying = await openCoordinated(first, parseSearch(input));
    const stop = new AbortController();
    const dead = runStudyElsewhere(first, dying, { signal: stop.signal }).catch(({ name }) => name);
    while ((await ask(address, "SELECT FROM gradus.pack").catch(() => [])).length === 0) await pause(20);
    stop.abort();
    expect(await dead).toBe("AbortError");
    const before = (await readStudy(first, "coordinators"))?.state.trials.map(({ setting }) => setting) ?? [];
    expect(before.length).toBe(32);
    expect(await first.claim("study-coordinators")).toBeDefined();
    expect(await second.claim("study-coordinators")).toBeUndefined();
    // Frozen for longer than its lease: what it adds later is refused.
    await ask(address, "UPDATE gradus.claim SET until = now() - interval '1 second'");
    expect(await second.claim("study-coordinators")).toBeDefined();
    const late = dying.study.decide(() => [{ kind: "lost" }]);
    await expect(late).rejects.toThrow(/in another process's hands/);
    const state = await coordinated(second, input, (over) => worker(second, over));
    expect(state.trials.slice(0, 32).map(({ setting }) => setting)).toEqual(before);
    expect(digits(state)).toEqual(digits(await alone(input)));
    await first.close();
    await second.close();
  });

  test("asynchronous halving compares the trials of all workers, and what a rung decided is in the log once", async () => {
    const store = await openPostgresStore(await newDatabase());
    const base = search("halved", 9, { epochs: 12 });
    const spec = { ...(base.spec as object), evaluate: { every: 8 } };
    const pruner = { kind: "asynchronous-successive-halving", first: 16, eta: 2 } as const;
    const other = openTrainer();
    const both = (over: AbortSignal) => Promise.all([worker(store, over), worker(store, over, { train: other.train })]);
    const { trials, document } = await coordinated(store, { ...base, spec, pruner }, both, 1);
    await other.close();
    const states = trials.map((trial) => trialState(trial, document));
    expect(states.filter((state) => state === "pruned").length).toBeGreaterThan(2);
    expect(states.filter((state) => state === "finished").length).toBeGreaterThan(0);
    const log = (await store.read("study-halved")).map((entry) => JSON.parse(entry));
    const reached = log.filter(({ kind }) => kind === "reached");
    expect(new Set(reached.map(({ trial, rung }) => `${trial} ${rung}`)).size).toBe(reached.length);
    for (const [number, state] of states.entries()) {
      const last = reached.filter(({ trial }) => trial === number).at(-1);
      expect(last.goesOn).toBe(state === "finished");
      if (state === "pruned") expect(trials[number].runs[0].accuracy).toBe(last.accuracy);
    }
    await store.close();
  });

  test("trials of another version of the numbers, and other data, are refused", async () => {
    const address = await newDatabase();
    const store = await openPostgresStore(address);
    const add = async (pack: { numbers: string; data: { file: string; sha256: string }[] }) => {
      const queue = await openQueue(store.database, { numbers: pack.numbers });
      await store.database.transaction(async (on) => {
        const rest = { study: "s", runs: [{ trials: [0], seed: 0 }], mostStrikes: 3 };
        await queue.add(on, await addPacks(on, [{ ...pack, ...rest }]));
      });
      await queue.close();
    };
    await add({ numbers: "999", data: [] });
    await expect(worker(store, new AbortController().signal)).rejects.toThrow(
      /computed with version 999 of the numbers/,
    );
    await ask(address, "DELETE FROM gradus.pack");

    await openStudy(store, parseSearch(search("s", 1))).then((study) => study.append([]));
    await store.append({
      log: "study-s",
      kind: "study",
      at: 1,
      entries: [
        JSON.stringify({ kind: "stage", stage: 0, space: search("s", 1).vary }),
        JSON.stringify({ kind: "proposed", trial: 0, stage: 0, setting: { "training.lambda": 0.1 }, by: "sampler" }),
      ],
    });
    await add({ numbers: numbersVersion, data: [{ file: "data_batch_1.bin", sha256: "0".repeat(64) }] });
    await expect(worker(store, new AbortController().signal)).rejects.toMatchObject({
      code: "data",
      place: "data_batch_1.bin",
    });
    // It is given back, for a machine that has the file.
    expect(await ask(address, "SELECT state, strikes FROM gradus.pack")).toEqual([{ state: "queued", strikes: 0 }]);
    await store.close();
  });

  test("20 trials on two workers, of which two are killed with -9 at work: all end once, as undisturbed", async () => {
    const address = await newDatabase();
    const store = await openPostgresStore(address);
    const input = search("chaos", 20, { epochs: 30 });
    const children: ChildProcess[] = [];
    const start = () => {
      const program = ["src/cli/main.ts", "worker"];
      const env = { ...process.env, GRADUS_STORE: address, NODE_COMPILE_CACHE: `${root}build/compile-cache` };
      const [command, ...words] = [...oneCore(children.length), process.execPath, ...program];
      const child = spawn(command, words, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });
      children.push(child);
      return child;
    };
    const killAtWork = async (child: ChildProcess) => {
      for await (const text of child.stderr ?? []) if (/update \d+\/\d+/.test(String(text))) break;
      child.kill("SIGKILL");
      await once(child, "close");
      await lapse(address);
    };
    const state = await coordinated(store, input, async (over) => {
      try {
        await Promise.all([killAtWork(start()), killAtWork(start())]);
        const others = [start(), start()];
        await once(over, "abort");
        for (const child of others) child.kill("SIGTERM");
        await Promise.all(others.map((child) => once(child, "close")));
      } finally {
        for (const child of children) child.kill("SIGKILL");
      }
    });
    expect(digits(state)).toEqual(digits(await alone(input)));
    const log = await store.read("study-chaos");
    expect(log.filter((entry) => entry.includes('"kind":"ended"'))).toHaveLength(20);
    const states = (await listWorkers(store.database)).map(({ state: workerState }) => workerState);
    expect(states.filter((one) => one === "ended")).toHaveLength(2);
    await store.close();
  });

  test("whatever happens to leases in whatever order, one attempt at a time counts, and one result", async () => {
    await checkLeases(await newDatabase(), { numRuns: 12 });
  });
});
