import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import { comparePaired } from "./compare-paired.ts";
import { trainAndKeep } from "./train-and-keep.ts";

test("a model is not compared with itself", async () => {
  const store = createMemoryStore();
  const trainHere = (specs: Parameters<typeof train>[0]) => train(specs, data);
  const [{ run }] = await trainAndKeep(store, [{ spec: parseSpec(changed()) }], { train: trainHere });
  await expect(comparePaired(store, [run])).rejects.toMatchObject({ code: "usage", place: "--paired" });
});
