import { expect, test } from "vitest";
import { parseSearch } from "../search/search-document.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { openStudy, requireStudy } from "./kept-studies.ts";
import { runStudy } from "./run-study.ts";

test("models, which take as long as a short training, are asked for only where single images are looked at", async () => {
  const asked: boolean[] = [];
  const trainHere: Trainer["train"] = (specs, { signal, initial, onModels } = {}) => {
    asked.push(onModels !== undefined);
    return train(specs, data, { signal, initial });
  };
  const search = {
    spec: changed() as never,
    vary: { "training.lambda": { kind: "log" as const, low: 1e-4, high: 0.1 } },
    stages: [{ sampler: { kind: "random" as const, trials: 2 } }],
  };
  const variants = [{ seeds: 1 }, { seeds: 2 }, { seeds: 1, folds: 2 }, { seeds: 2, folds: 2 }];
  const asksIn = async (variant: (typeof variants)[number]) => {
    asked.length = 0;
    const store = createMemoryStore();
    await runStudy(store, await openStudy(store, parseSearch({ ...search, ...variant })), { train: trainHere });
    return new Set(asked);
  };
  const asks: Set<boolean>[] = [];
  for (const variant of variants) asks.push(await asksIn(variant));
  expect(asks).toEqual([false, true, false, false].map((isAsked) => new Set([isAsked])));
});

test("what a study knows at its end is in the store, also where the last trials were tried before", async () => {
  const store = createMemoryStore();
  const trained: number[] = [];
  const trainHere: Trainer["train"] = (specs, { signal } = {}) => {
    trained.push(Array.isArray(specs) ? specs.length : 1);
    return train(specs, data, { signal });
  };
  const sampler = { kind: "list" as const, settings: [0.001, 0.01].map((lambda) => ({ "training.lambda": lambda })) };
  const search = {
    name: "twice",
    spec: changed() as never,
    vary: { "training.lambda": { kind: "log" as const, low: 1e-4, high: 0.1 } },
    stages: [{ sampler }, { sampler }],
  };
  const study = await openStudy(store, parseSearch(search));
  await runStudy(store, study, { train: trainHere });
  expect(study.state.trials.map(({ runs }) => runs.length)).toEqual([1, 1, 1, 1]);
  expect(trained).toEqual([2]);
  expect((await requireStudy(store, "twice")).state).toEqual(study.state);
});
