import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { entryHash } from "../store/hashes.node.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { openStore } from "../store/open-store.node.ts";
import { openDatabase } from "../store/sqlite-database.node.ts";
import { migrations } from "../store/sqlite-tables.node.ts";
import { storeFile } from "../store/store-address.node.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { readRun } from "./kept-runs.ts";
import { listRuns } from "./list-runs.ts";
import { trainAndKeep } from "./train-and-keep.ts";

const folder = mkdtempSync(join(tmpdir(), "gradus-old-"));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const trainHere: Trainer["train"] = (specs, { resume } = {}) =>
  train(specs, data, { resume, wantsCheckpoint: (step, isLast) => isLast || step % 20 === 0 });

test("a store as version 0.1.0 wrote it opens, and its interrupted run goes on to the same end", async () => {
  const memory = createMemoryStore();
  const [whole] = await trainAndKeep(memory, [{ spec: parseSpec(changed()) }], { train: trainHere });
  const { id, checkpoints } = whole.run;
  const last = checkpoints.findLast(({ step }) => step < 50);
  const entries = await memory.read(id);
  const end = entries.findIndex((entry) => entry.includes(`"artifact":"${last?.artifact}"`)) + 1;

  mkdirSync(join(folder, "store"));
  const old = await openDatabase(storeFile(join(folder, "store")), migrations.slice(0, 1));
  for (const [position, body] of entries.slice(0, end).entries()) {
    old.run("INSERT INTO entry VALUES (?, ?, ?, ?)", id, position, body, entryHash(id, position, body));
  }
  const bytes = (await memory.get(id, last?.artifact ?? "")) ?? new Uint8Array();
  old.run("INSERT INTO artifact VALUES (?, ?, ?)", id, last?.artifact ?? "", bytes.length);
  old.run("INSERT INTO piece VALUES (?, ?, 0, ?)", id, last?.artifact ?? "", bytes);
  old.close();

  const store = await openStore(join(folder, "store"));
  expect((await listRuns(store)).runs).toMatchObject([{ id, state: "interrupted" }]);
  const checkpoint = await decodeCheckpoint((await store.get(id, last?.artifact ?? "")) ?? new Uint8Array(), id);
  const [again] = await trainAndKeep(store, [{ run: await readRun(store, id), checkpoint }], { train: trainHere });
  const { weightsSha256, series, final } = whole.document;
  expect(again.document).toMatchObject({ run: id, weightsSha256, series, final });
  expect((await listRuns(store)).runs).toMatchObject([{ id, state: "finished", sessions: 2 }]);
  await store.close();
});
