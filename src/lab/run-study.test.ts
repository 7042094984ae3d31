import { expect, test } from "vitest";
import { parseSearch } from "../search/search-document.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { openStudy } from "./kept-studies.ts";
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
