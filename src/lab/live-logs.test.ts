import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SearchVariant } from "../experiments/experiment.ts";
import { encodeRunEvent } from "../record/run-event.ts";
import { parseSearch } from "../search/search-document.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Append, Store } from "../store/store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { type KeptStudy, openStudy, replicatingStudy } from "./kept-studies.ts";
import { labelRun } from "./label-run.ts";
import { listRuns } from "./list-runs.ts";
import { liveLogs } from "./live-logs.ts";
import { publishedStudy } from "./published-study.ts";
import { runStudy } from "./run-study.ts";

let clock: number; // ms
beforeEach(() => {
  clock = 0;
  vi.spyOn(performance, "now").mockImplementation(() => clock);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Trains a second an event; `look` sees what the store has by then. */
function slowly(look: (step: number) => unknown = () => {}): Trainer["train"] {
  return async function* (specs, { signal, initial, onModels } = {}) {
    const training = train(specs, data, { signal, initial });
    for (let step = 0; ; ) {
      await look(step);
      const { done, value } = await training.next();
      clock += 1000;
      if (done) {
        if (!signal?.aborted) onModels?.(value.map((_, member) => Uint8Array.of(member)));
        return value;
      }
      if ("step" in value) ({ step } = value);
      yield value;
    }
  };
}

const variant: SearchVariant = {
  kind: "search",
  name: "as-intended",
  trials: [0.001, 0.01].map((lambda) => changed(["training.lambda", lambda])),
  claims: [],
};
const carried: SearchVariant = { ...variant, name: "as-reported", carryWeights: true };
const search = parseSearch({
  name: "two-lambdas",
  spec: changed() as never,
  vary: { "training.lambda": { kind: "log" as const, low: 1e-4, high: 0.1 } },
  stages: [{ sampler: { kind: "random" as const, trials: 2 } }],
});
const replication = (store: Store, protocol: SearchVariant) =>
  replicatingStudy(store, publishedStudy({ id: "000-E0" }, protocol, 1), { experiment: "000-E0", keepsModel: true });
const studies: [string, (store: Store) => KeptStudy | Promise<KeptStudy>][] = [
  ["search", (store) => openStudy(store, search)],
  ["replication", (store) => replication(store, variant)],
  ["replicated chain", (store) => replication(store, carried)],
];

const runsOf = async (store: Store) => (await listRuns(store)).runs;
const inTrash = async (store: Store) => (await store.logs({ kind: "run", removed: true })).map(({ log }) => log);

/** What a run's log says, but for its times. */
async function said(store: Store, id: string) {
  return (await store.read(id)).map((entry) => {
    const { at: _, seconds: __, ...rest } = JSON.parse(entry);
    return rest;
  });
}

test.each(studies)("the runs of a %s move while they train, and end as they would unseen", async (_, open) => {
  const [store, unseen] = [createMemoryStore(), createMemoryStore()];
  const steps = new Set<number>();
  let isKnown = false; // once its first run is
  const look = async () => {
    const runs = await runsOf(store);
    expect(runs.filter(({ state }) => state !== "running")).toEqual([]);
    for (const { training } of runs) steps.add(training?.step ?? 0);
    isKnown ||= runs.length > 0 && (await store.logs({ kind: "study" })).length > 0 && steps.size < 3;
  };
  const study = await open(store);
  await runStudy(store, study, { train: slowly(look) });
  expect(steps.size).toBeGreaterThan(3);
  expect(isKnown).toBe(study.replicates === undefined);

  const append = vi.spyOn(unseen, "append");
  vi.spyOn(performance, "now").mockReturnValue(0);
  await runStudy(unseen, await open(unseen), { train: slowly() });
  expect(append).toHaveBeenCalledTimes(1);
  const [seen, alone] = await Promise.all([store, unseen].map(runsOf));
  expect(seen.map(({ state }) => state)).toEqual(["finished", "finished"]);
  for (const [i, { id }] of seen.entries()) {
    const progress = ({ event }: { event?: { kind: string } }) => event?.kind !== "progress";
    expect((await said(store, id)).filter(progress)).toEqual((await said(unseen, alone[i].id)).filter(progress));
    expect(await store.isClaimed(id)).toBe(false);
  }
  expect((await store.artifacts()).map(({ id }) => id)).toEqual((await unseen.artifacts()).map(({ id }) => id));
  expect(await inTrash(store)).toEqual([]);
});

test("a hundred logs that grow are brought at a rate at which they take a two-hundredth of the time, and an end is not", async () => {
  const [memory, store] = [createMemoryStore(), createMemoryStore()];
  const append = store.append.bind(store);
  let cost = 0;
  vi.spyOn(store, "append").mockImplementation(async (...appends: readonly Append[]) => {
    clock += 20;
    cost += 20;
    await append(...appends);
  });
  const live = liveLogs(memory, store);
  const ids = Array.from({ length: 100 }, (_, i) => `run-${i}`);
  live.begin(ids);
  for (let at = 0; clock < 60_000; at++) {
    clock += 10;
    const kind = at === 5000 ? "closed" : "trained";
    await memory.append(...ids.map((log) => ({ log, kind: "run", at, entries: [JSON.stringify({ kind, at })] })));
    if (live.isDue()) await live.bring();
  }
  expect(cost).toBeGreaterThan(200);
  expect(cost).toBeLessThanOrEqual(60_000 / 200);
  expect((await store.read("run-99")).at(-1)).toBe(JSON.stringify({ kind: "trained", at: 4999 }));
});

test("runs are labelled while they train, also just before their end", async () => {
  const store = createMemoryStore();
  let [run, tagged] = ["", 0];
  const look = async (step: number) => {
    [{ id: run } = { id: "" }] = await runsOf(store);
    if (run === "" || (step < 50 && tagged > 0)) return;
    await labelRun(store, run, { add: [`seen-${tagged++}`] });
  };
  const study = await openStudy(store, search);
  await runStudy(store, study, { train: slowly(look) });
  expect(tagged).toBeGreaterThan(1);
  const [{ id, tags, state }] = await runsOf(store);
  expect({ id, state }).toEqual({ id: run, state: "finished" });
  expect(tags).toEqual(["two-lambdas", ...Array.from({ length: tagged }, (_, i) => `seen-${i}`)]);
  expect(study.state.trials.flatMap(({ runs }) => runs.map((trained) => trained.run))).toContain(id);
});

test.each(studies)("stopped, what trained of a %s goes into the trash, but for what is protected", async (_, open) => {
  const store = createMemoryStore();
  const controller = new AbortController();
  let [kept, ids]: [string | undefined, string[]] = [undefined, []];
  const look = async (step: number) => {
    ids = (await runsOf(store)).map(({ id }) => id);
    if (ids.length > 0 && kept === undefined) {
      [kept] = ids;
      await labelRun(store, kept, { isProtected: true });
    }
    if (step >= 30) controller.abort(new Error("stopped"));
  };
  const attempt = runStudy(store, await open(store), { train: slowly(look), signal: controller.signal });
  await expect(attempt).rejects.toThrow("stopped");
  expect(await runsOf(store)).toMatchObject([{ id: kept, state: "interrupted" }]);
  expect(await inTrash(store)).toEqual(ids.slice(1));
});

test.each(studies)(
  "what a killed process left of a %s goes into the trash when it goes on, and nothing else",
  async (_, open) => {
    const [store, ended] = [createMemoryStore(), createMemoryStore()];
    await runStudy(ended, await open(ended), { train: slowly() });
    const log = async (log: string, entries: readonly string[]) => {
      await store.append({ log, kind: "run", at: 0, entries });
    };
    const checkpoint = encodeRunEvent({
      kind: "kept",
      what: "checkpoint",
      step: 0,
      artifact: "0".repeat(64),
      size: 1,
      seconds: 0,
    });
    const runs = await runsOf(ended);
    for (const [i, { id }] of runs.entries()) {
      const entries = (await ended.read(id)).slice(0, 5);
      await log(`left-${i}`, entries);
      await log(`own-${i}`, [...entries, checkpoint]);
      await log(`protected-${i}`, [...entries, encodeRunEvent({ kind: "labelled", isProtected: true })]);
      await log(`going-${i}`, entries);
      await store.claim(`going-${i}`);
      const others = entries.map((entry) =>
        entry.replace('"purpose":"replication"', '"purpose":"overfit"').replaceAll('"two-lambdas"', '"another"'),
      );
      await log(`other-${i}`, others);
    }
    await runStudy(store, await open(store), { train: slowly() });
    expect(await inTrash(store)).toEqual(runs.map((_, i) => `left-${i}`));
    expect((await runsOf(store)).filter(({ state }) => state === "finished")).toHaveLength(2);
    // A claim on a database outlives its process for a while: what was left may be seen to be dead only when all is done.
    const study = await open(store);
    if (study.replicates === undefined) return;
    await log("late", (await ended.read(runs[0].id)).slice(0, 5));
    await runStudy(store, study, { train: slowly() });
    expect(await inTrash(store)).toContain("late");
    expect((await runsOf(store)).filter(({ state }) => state === "finished")).toHaveLength(2);
  },
);
