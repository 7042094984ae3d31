import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { encodeModel } from "../model/encode-model.ts";
import { modelOf } from "../model/model-of.ts";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import type { KeptRun } from "../record/run-record.ts";
import { openStore } from "../store/open-store.node.ts";
import type { Store } from "../store/store.ts";
import { storeFile } from "../store/store-address.node.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import { worthKeeping } from "../worker/run-writer.ts";
import type { Trainer } from "../worker/trainer.ts";
import { readRun } from "./kept-runs.ts";
import { lostPositions, readLogState } from "./log-state.ts";
import { isRun, repairLog } from "./repair-log.ts";
import { trainAndKeep } from "./train-and-keep.ts";

const trainHere: Trainer["train"] = async function* (specs, { resume, onModels } = {}) {
  const weights = yield* train(specs, data, { resume, wantsCheckpoint: (step, isLast) => isLast || step % 20 === 0 });
  const spec = parseSpec(changed());
  onModels?.(await Promise.all(weights.map((each) => encodeModel(modelOf(spec, data.train, each, "f32")))));
  return weights;
};

let folder: string;
let store: Store;
let whole: KeptRun;
let entries: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gradus-repair-"));
  store = await openStore(folder);
  [{ run: whole }] = await trainAndKeep(store, [{ spec: parseSpec(changed()) }], { train: trainHere });
  await store.append({
    log: whole.id,
    kind: "run",
    at: whole.entries,
    entries: ['{"kind":"labelled","tags":["good"]}'],
  });
  whole = await readRun(store, whole.id);
  entries = await store.read(whole.id);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A copy of the run under another name, whose log `damage` has been done to, repaired. */
async function repaired(name: string, damage: string): Promise<KeptRun> {
  const bytes = await Promise.all(
    whole.checkpoints.concat(whole.model ?? []).map(({ artifact }) => store.get(whole.id, artifact)),
  );
  const put = bytes.filter((artifact) => artifact !== undefined);
  await store.append({ log: name, kind: "run", at: 0, entries, put });
  const database = new DatabaseSync(storeFile(folder));
  database.exec(damage);
  database.close();
  await expect(store.read(name)).rejects.toThrow(/is damaged or missing/);
  const artifacts = await store.artifacts(name);
  const state = await readLogState(store, name, entries.length, decodeRunEvent);
  expect(isRun(state)).toBe(true);
  expect(lostPositions(state).length).toBeGreaterThan(0);
  await repairLog(store, name, state);
  expect(await store.artifacts(name)).toEqual(artifacts);
  expect(lostPositions(await readLogState(store, name, entries.length, decodeRunEvent))).toEqual([]);
  return await readRun(store, name);
}

/** How many of a whole run's parts are not in what was made of it. */
function missing({ training, checkpoints, model, tags, sessions, spec }: KeptRun): readonly string[] {
  return [
    ...(whole.training?.series ?? []).filter(
      (measurement) => !training?.series.some(({ step }) => step === measurement.step),
    ),
    ...worthKeeping(whole.checkpoints).filter(
      ({ artifact }) => !checkpoints.some((checkpoint) => checkpoint.artifact === artifact),
    ),
    ...(JSON.stringify(model) === JSON.stringify(whole.model) ? [] : ["model"]),
    ...(JSON.stringify(training?.final) === JSON.stringify(whole.training?.final) ? [] : ["final"]),
    ...(JSON.stringify(tags) === JSON.stringify(whole.tags) ? [] : ["tags"]),
    ...(sessions === whole.sessions ? [] : ["sessions"]),
    ...(JSON.stringify(spec) === JSON.stringify(whole.spec) ? [] : ["spec"]),
  ].map((part) => JSON.stringify(part));
}

test("each entry of a log altered in turn: nothing else is lost, and bytes that nobody names any more are named again", async () => {
  for (const [position, entry] of entries.entries()) {
    const name = `altered-${position}`;
    const run = await repaired(
      name,
      `UPDATE entry SET body = replace(body, '"', '''') WHERE run = '${name}' AND position = ${position}`,
    );
    const lost = missing(run);
    if (/^{"kind":"(created|kept|closed)"/.test(entry)) expect(lost, entry).toEqual([]);
    else if (entry.includes('"started"')) expect(run.state).toBe("interrupted");
    else expect(lost.length, entry).toBeLessThanOrEqual(1);
    if (entry.includes('"finished","member"')) expect(run.state).toBe("interrupted");
    expect(run.spec).toEqual(whole.spec);
  }
});

test("of a run whose end was lost, the end is computed again, the same", async () => {
  const name = "endless";
  const at = entries.findIndex((entry) => entry.includes('"finished","member"'));
  const run = await repaired(name, `DELETE FROM entry WHERE run = '${name}' AND position >= ${at}`);
  expect(run).toMatchObject({ state: "interrupted", lost: expect.any(Number) });
  const last = whole.checkpoints.at(-1);
  const bytes = (await store.get(name, last?.artifact ?? "")) ?? new Uint8Array();
  const checkpoint = await decodeCheckpoint(bytes, name);
  const [{ document }] = await trainAndKeep(store, [{ run, checkpoint }], { train: trainHere });
  expect(document.weightsSha256).toBe(whole.training?.weightsSha256);
  expect(document.final).toEqual(whole.training?.final);
});

test("of a log of which nothing says what it was, that is said", async () => {
  const log = await store
    .append({ log: "none", kind: "run", at: 0, entries: ["x", '{"kind":"lost"}'] })
    .then(() => "none");
  expect(isRun(await readLogState(store, log, 2, decodeRunEvent))).toBe(false);
});
