import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import type { Spec } from "../record/spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Task } from "../worker/pack.ts";
import type { Trainer } from "../worker/trainer.ts";
import { endedChain, endedRuns } from "./ended-runs.ts";
import { readRun } from "./kept-runs.ts";
import { trainAndKeep } from "./train-and-keep.ts";
import { trainTasks } from "./train-tasks.ts";

const trainHere: Trainer["train"] = async function* (specs, { signal, initial, onModels } = {}) {
  const weights = yield* train(specs, data, { signal, initial });
  if (!signal?.aborted) onModels?.(weights.map((_, member) => Uint8Array.of(member)));
  return weights;
};

const first = [0.001, 0.01].map((lambda) => parseSpec(changed(["training.lambda", lambda])));
const second = first.map((spec): Spec => ({ ...spec, seed: 2 }));
const task = (...chain: readonly Spec[]): Task => ({ key: JSON.stringify(chain), chain });
const options = { signal: new AbortController().signal, train: trainHere, purpose: "replication", listen: () => {} };

test("chains go on from link to link, are found again, and are no others' runs", async () => {
  const store = createMemoryStore();
  const tasks = [task(first[0], second[0]), task(first[1], second[1])];
  await trainTasks(store, tasks, { ...options, keepsModel: ({ key }) => key === tasks[1].key });
  const ended = await endedRuns(store);
  for (const [index, { chain }] of tasks.entries()) {
    const [firstRun, last] = endedChain(ended, chain) ?? [];
    expect(firstRun).toMatchObject({ purpose: "replication", population: 2, state: "finished" });
    expect(last.initial).toBe(firstRun.training?.weightsSha256);
    const run = await readRun(store, last.id);
    expect(run.training?.series.length).toBeGreaterThan(1);
    expect(run.model === undefined).toBe(index === 0);
    const [alone] = await trainAndKeep(createMemoryStore(), [{ spec: chain[0] }], { train: trainHere });
    expect(firstRun.training?.weightsSha256).toBe(alone.document.weightsSha256);
  }
  // The second link alone would have begun from its seed's weights.
  expect(endedChain(ended, [second[0]])).toBeUndefined();
  expect(endedChain(ended, [second[0], first[0]])).toBeUndefined();
});

test("stopped before their end, nothing is kept of tasks", async () => {
  const store = createMemoryStore();
  const controller = new AbortController();
  const listen = () => controller.abort(new Error("stopped"));
  const attempt = trainTasks(store, [task(...first)], {
    ...options,
    signal: controller.signal,
    listen,
    keepsModel: () => true,
  });
  await expect(attempt).rejects.toThrow("stopped");
  expect(await store.logs()).toEqual([]);
});

test("runs of other numbers, forks and runs that were stopped do not count as ended", async () => {
  const store = createMemoryStore();
  const [{ run }] = await trainAndKeep(store, [{ spec: first[0] }], { train: trainHere });
  expect(endedChain(await endedRuns(store), [first[0]])).toMatchObject([{ id: run.id }]);
  const otherStore = createMemoryStore();
  const entries = (await store.read(run.id)).map((entry) => entry.replace(/"numbers":"[^"]*"/, '"numbers":"0"'));
  await otherStore.append({ log: run.id, kind: "run", at: 0, entries });
  await otherStore.append({ log: "open", kind: "run", at: 0, entries: (await store.read(run.id)).slice(0, -1) });
  const branched = '"kind":"created","fork":{"run":"another","step":10}';
  const fork = (await store.read(run.id)).map((entry) => entry.replace('"kind":"created"', branched));
  await otherStore.append({ log: "fork", kind: "run", at: 0, entries: fork });
  expect((await readRun(otherStore, "fork")).fork).toEqual({ run: "another", step: 10 });
  expect(await endedRuns(otherStore)).toEqual(new Map());
});
