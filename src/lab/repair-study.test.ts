import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSearch } from "../search/search-document.ts";
import { decodeStudyEvent, type StudyEvent } from "../search/study-event.ts";
import { foldStudy, type StudyState } from "../search/study-state.ts";
import { openStore } from "../store/open-store.node.ts";
import type { Store } from "../store/store.ts";
import { storeFile } from "../store/store-address.node.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { finalRun } from "./final-run.ts";
import { openStudy, readStudy, studyLog } from "./kept-studies.ts";
import { lostPositions, readLogState } from "./log-state.ts";
import { isStudy, repairedStudy, repairStudy } from "./repair-study.ts";
import { runStudy } from "./run-study.ts";

const trainHere: Trainer["train"] = (specs, { signal, initial } = {}) => train(specs, data, { signal, initial });
const log = studyLog("two-stages");

let folder: string;
let store: Store;
let entries: readonly string[];
let whole: StudyState;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "gradus-repair-study-"));
  store = await openStore(folder);
  const document = parseSearch({
    name: "two-stages",
    spec: changed() as never,
    vary: { "training.lambda": { kind: "log", low: 1e-4, high: 0.1 } },
    stages: [
      { sampler: { kind: "random", trials: 3 } },
      { sampler: { kind: "tpe", trials: 2 }, narrow: { rule: "top", count: 2 } },
    ],
    seeds: 2,
    final: { "evaluate.test": true },
  });
  const study = await openStudy(store, document);
  await runStudy(store, study, { train: trainHere });
  whole = await finalRun(store, study, { train: trainHere });
  entries = await store.read(log);
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

function damage(statement: string): void {
  const database = new DatabaseSync(storeFile(folder));
  database.exec(statement);
  database.close();
}

async function repaired(lost: readonly number[]): Promise<readonly StudyEvent[] | undefined> {
  const state = await readLogState(store, log, entries.length, decodeStudyEvent);
  expect(lostPositions(state)).toEqual(lost);
  return await repairedStudy(store, state);
}

/** In the order of the log; what is judged image by image is in no run. */
const plain = (state: StudyState) => ({
  ...state,
  trials: state.trials.map((trial) => ({
    ...trial,
    runs: trial.runs.map(({ right: _, ...run }) => run).toSorted((a, b) => a.seed - b.seed),
  })),
});

test("each entry of a study's log altered in turn is worked out again; the search is the same, and trains nothing", async () => {
  const kinds = new Set<string>();
  for (const [position, entry] of entries.entries()) {
    if (position === 0) continue;
    const { kind } = decodeStudyEvent(entry, log);
    kinds.add(kind);
    damage(`UPDATE entry SET body = replace(body, '"', '''') WHERE run = '${log}' AND position = ${position}`);
    await expect(store.read(log)).rejects.toThrow(/is damaged or missing/);
    const events = (await repaired([position])) ?? [];
    expect(events[position].kind).toBe(kind === "judged" ? "lost" : kind);
    const state = await readLogState(store, log, entries.length, decodeStudyEvent);
    expect(await repairStudy(store, log, state, events)).toBe(kind === "judged" ? 1 : 0);
    const study = await readStudy(store, "two-stages");
    expect(plain(study?.state as StudyState)).toEqual(plain(whole));
    await store.maintenance.replace(log, position, entry);
  }
  expect(kinds).toEqual(new Set(["stage", "proposed", "ended", "final"]));
});

test("a whole stage lost: stage, proposals and outcomes come back from the rules and the runs", async () => {
  const second = entries.findIndex((entry) => entry.includes('"kind":"stage","stage":1'));
  const lost = [...entries.keys()].slice(second, -1);
  damage(`DELETE FROM entry WHERE run = '${log}' AND position >= ${second} AND position < ${entries.length - 1}`);
  const events = (await repaired(lost)) ?? [];
  for (const position of lost) await store.maintenance.replace(log, position, entries[position]);
  expect(plain(foldStudy(undefined, ...events))).toEqual(plain(whole));
});

test("without its first entry a log is no study, and nothing is made up", async () => {
  damage(`UPDATE entry SET body = 'x' WHERE run = '${log}' AND position = 0`);
  expect(await repaired([0])).toBeUndefined();
  expect(isStudy(await readLogState(store, log, entries.length, decodeStudyEvent))).toBe(false);
});
