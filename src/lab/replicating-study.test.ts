import { expect, test } from "vitest";
import type { SearchVariant } from "../experiments/experiment.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { endedChain, endedRuns } from "./ended-runs.ts";
import { readRun } from "./kept-runs.ts";
import { type KeptStudy, replicatingStudy } from "./kept-studies.ts";
import { summarise } from "./list-runs.ts";
import { publishedStudy } from "./published-study.ts";
import { runStudies } from "./run-study.ts";
import { trainAndKeep } from "./train-and-keep.ts";

let trainings: number[] = [];
const trainHere: Trainer["train"] = async function* (specs, { signal, initial, onModels } = {}) {
  trainings.push(Array.isArray(specs) ? specs.length : 1);
  const weights = yield* train(specs, data, { signal, initial });
  if (!signal?.aborted) onModels?.(weights.map((_, member) => Uint8Array.of(member)));
  return weights;
};

const lambdas = [0.001, 0.01, 0.1];
const variant: SearchVariant = {
  kind: "search",
  name: "as-intended",
  trials: lambdas.map((lambda) => changed(["training.lambda", lambda])),
  claims: [],
};
const carried: SearchVariant = { ...variant, name: "as-reported", carryWeights: true };
const studyOf = (store: Store, protocol: SearchVariant, seeds = 1, id = "000-E0") =>
  replicatingStudy(store, publishedStudy({ id }, protocol, seeds), { experiment: id, keepsModel: true });
const hashes = ({ state }: KeptStudy) =>
  state.trials.map(({ runs }) => runs.map(({ weightsSha256 = "", run = "" }) => ({ weightsSha256, run })));
const weightsOf = (study: KeptStudy) => hashes(study).map((runs) => runs.map(({ weightsSha256 }) => weightsSha256));

test("a study whose trials carry their weights on is a chain: each begins where the one before it ended", async () => {
  const store = createMemoryStore();
  const [separate, chained] = [studyOf(store, variant), studyOf(store, carried)];
  await runStudies(store, [separate, chained], { train: trainHere });
  const [alone, chain] = [hashes(separate), hashes(chained)];
  expect(chain[0][0].weightsSha256).toBe(alone[0][0].weightsSha256);
  for (const link of [1, 2]) {
    expect(chain[link][0].weightsSha256).not.toBe(alone[link][0].weightsSha256);
    const run = await readRun(store, chain[link][0].run);
    expect(run).toMatchObject({ initial: chain[link - 1][0].weightsSha256, purpose: "replication", tags: [] });
    expect((await readRun(store, alone[link][0].run)).initial).toBeUndefined();
  }
  const models = await Promise.all([...alone, ...chain].map(async ([{ run }]) => (await readRun(store, run)).model));
  expect(models.map((model) => model !== undefined)).toEqual([true, false, false, false, false, true]);
  const [trained] = await trainAndKeep(createMemoryStore(), [{ spec: parseSpec(variant.trials[1]) }], {
    train: trainHere,
  });
  expect(alone[1][0].weightsSha256).toBe(trained.document.weightsSha256);

  // Lists show of these runs what they would make of the logs themselves.
  const kept = await store.logs({ kind: "run" });
  expect(kept.every(({ summary, entries }) => summary?.entries === entries)).toBe(true);
  const ids = kept.map(({ log }) => log);
  const anew = createMemoryStore();
  for (const log of ids) await anew.append({ log, kind: "run", at: 0, entries: await store.read(log) });
  await summarise(anew, ids);
  const texts = (logs: typeof kept) => logs.map(({ summary }) => summary?.text);
  expect(texts(kept)).toEqual(texts(await anew.logs({ kind: "run" })));
});

test("what the store has is not trained again, whatever it was called; new seeds are, and studies share what is the same", async () => {
  const store = createMemoryStore();
  await trainAndKeep(store, [{ spec: parseSpec({ ...variant.trials[1], name: "by hand" }) }], { train: trainHere });
  trainings = [];
  const studies = [studyOf(store, variant), studyOf(store, carried), studyOf(store, variant, 1, "000-E1")];
  await runStudies(store, studies, { train: trainHere });
  // Two trials for both studies, side by side; three links.
  expect(trainings).toEqual([2, 1, 1, 1]);
  expect(weightsOf(studies[2])).toEqual(weightsOf(studies[0]));
  trainings = [];
  const again = [studyOf(store, variant, 2), studyOf(store, carried, 2)];
  await runStudies(store, again, { train: trainHere });
  expect(trainings).toEqual([3, 1, 1, 1]);
  expect(weightsOf(again[0]).map(([first]) => first)).toEqual(weightsOf(studies[0]).flat());
  expect(again[0].state.trials[0].runs.map(({ seed }) => seed)).toEqual([0, 1]);
  trainings = [];
  await runStudies(store, [studyOf(store, variant, 2)], { train: trainHere });
  expect(trainings).toEqual([]);
});

test("stopped before its end, nothing of a population is kept", async () => {
  const store = createMemoryStore();
  const controller = new AbortController();
  const listen = () => controller.abort(new Error("stopped"));
  const attempt = runStudies(store, [studyOf(store, carried)], { train: trainHere, signal: controller.signal, listen });
  await expect(attempt).rejects.toThrow("stopped");
  expect(await store.logs()).toEqual([]);
});

test("runs of other numbers, forks and runs that were stopped do not count as ended; nor does a link for a beginning", async () => {
  const [first, second] = variant.trials.map(parseSpec);
  const store = createMemoryStore();
  const [{ run, weights }] = await trainAndKeep(store, [{ spec: first }], { train: trainHere });
  expect(endedChain(await endedRuns(store), [{ ...first, name: "another" }])).toMatchObject([{ id: run.id }]);
  await trainAndKeep(store, [{ spec: second, initial: weights }], { train: trainHere });
  expect(endedChain(await endedRuns(store), [second])).toBeUndefined();
  expect(endedChain(await endedRuns(store), [first, second])).toHaveLength(2);
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
