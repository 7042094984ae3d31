import { copyFileSync, mkdtempSync, readFileSync, renameSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { decodeCheckpoint } from "../record/checkpoint-file.ts";
import type { TrainingEvent } from "../record/event.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { decodeRunEvent } from "../record/run-event.ts";
import { decodeRunFile } from "../record/run-file.ts";
import { runRecord } from "../record/run-record.ts";
import { openStore } from "../store/open-store.node.ts";
import { storeFile } from "../store/store-address.node.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { readRun } from "./kept-runs.ts";
import { trainAndKeep } from "./train-and-keep.ts";

let folder: string;
let place: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gradus-rescue-"));
  place = join(folder, "store");
  file = storeFile(place);
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const spec = parseSpec(changed());

/** Trains here; does `happen` once, after the first event of which `when` is true is written. */
function trainHere(happen: () => void, when: (event: TrainingEvent) => boolean): Trainer["train"] {
  let hasHappened = false;
  return async function* (specs, { resume } = {}) {
    const training = train(specs, data, { resume, wantsCheckpoint: (step, isLast) => isLast || step % 10 === 0 });
    for (;;) {
      const next = await training.next();
      if (next.done) return next.value;
      yield next.value;
      if (hasHappened || !when(next.value)) continue;
      happen();
      hasHappened = true;
    }
  };
}

const amidst = (event: TrainingEvent) => event.kind === "checkpoint" && event.step === 20;
const atEnd = (event: TrainingEvent) => event.kind === "finished";

const ways: readonly { readonly how: string; readonly happen: () => void }[] = [
  { how: "its file removed", happen: () => rmSync(file) },
  { how: "its folder removed", happen: () => rmSync(place, { recursive: true }) },
  { how: "its folder renamed", happen: () => renameSync(place, `${place}-old`) },
  {
    how: "its file replaced",
    happen: () => {
      copyFileSync(file, `${file}.copy`);
      renameSync(`${file}.copy`, file);
    },
  },
];

// Windows lets nobody remove or rename a file that is open.
test.skipIf(process.platform === "win32").each(ways)(
  "a store that goes under a run ($how): an error, and the run is a file beside it that goes on to the same end",
  async ({ happen }) => {
    const store = await openStore(place);
    const training = trainAndKeep(store, [{ spec }], { train: trainHere(happen, amidst) });
    const fault = (await training.then(
      () => undefined,
      (error: unknown) => error,
    )) as Fault;
    expect(fault).toBeInstanceOf(Fault);
    expect(fault).toMatchObject({ code: "store", complaint: expect.stringContaining("what was trained is saved in ") });
    const [, saved] = /`gradus import (\S+)`/.exec(fault.remedy) ?? [];
    expect(saved).toMatch(new RegExp(`^${folder}/[^/]+\\.gradus$`));
    await store.close();

    const { id, entries, artifacts } = await decodeRunFile(readFileSync(saved), saved);
    const otherStore = await openStore(join(folder, "other"));
    await otherStore.append({ log: id, kind: "run", at: 0, entries, put: [...artifacts.values()] });
    const run = await readRun(otherStore, id);
    expect(run.checkpoints.at(-1)?.step).toBe(20);

    const bytes = artifacts.get(run.checkpoints.at(-1)?.artifact ?? "") ?? new Uint8Array();
    const checkpoint = await decodeCheckpoint(bytes, saved);
    const nothing = trainHere(
      () => {},
      () => false,
    );
    const [again] = await trainAndKeep(otherStore, [{ run, checkpoint }], { train: nothing });
    const [whole] = await trainAndKeep(otherStore, [{ spec }], { train: nothing });
    const { weightsSha256, series, final } = whole.document;
    expect(again.document).toMatchObject({ weightsSha256, series, final });
    await otherStore.close();
  },
);

test("a store that is emptied under a run is an error, and nothing is claimed that is not so", async () => {
  const store = await openStore(place);
  const training = trainAndKeep(store, [{ spec }], { train: trainHere(() => truncateSync(file), amidst) });
  const fault = (await training.then(
    () => undefined,
    (error: unknown) => error,
  )) as Fault;
  expect(fault).toMatchObject({ name: "Fault", code: "store" });
  const [, saved] = /`gradus import (\S+)`/.exec(fault.remedy) ?? [];
  if (saved === undefined) expect(fault.complaint).toMatch(/1 of 1 runs could not be saved elsewhere/);
  else expect((await decodeRunFile(readFileSync(saved), saved)).entries.length).toBeGreaterThan(5);
  await store.close();
});

test("a store that goes at the end of a run: what it learned is in the file that is saved", async () => {
  const store = await openStore(place);
  const onModels = Uint8Array.of(1, 2, 3);
  const training = trainHere(() => rmSync(file), atEnd);
  const modelled: Trainer["train"] = (specs, options) => {
    options?.onModels?.([onModels]);
    return training(specs, options);
  };
  const fault = (await trainAndKeep(store, [{ spec }], { train: modelled }).then(
    () => undefined,
    (error: unknown) => error,
  )) as Fault;
  const [, saved] = /`gradus import (\S+)`/.exec(fault.remedy) ?? [];
  const { id, entries, artifacts } = await decodeRunFile(readFileSync(saved), saved);
  const events = entries.map((entry) => decodeRunEvent(entry, id));
  expect(runRecord(id, events)).toMatchObject({ training: { state: "finished" }, model: { size: 3 } });
  expect([...artifacts.values()].some((bytes) => bytes.length === 3)).toBe(true);
  await store.close();
});
