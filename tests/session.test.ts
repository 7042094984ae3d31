import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createConsole } from "../src/cli/console.ts";
import { readRun } from "../src/cli/lab.ts";
import { beginRun, continueRun } from "../src/cli/session.ts";
import type { Checkpoint } from "../src/record/event.ts";
import { parseSpec } from "../src/record/parse-spec.ts";
import { encodeRunEvent, type RunEvent } from "../src/record/run-event.ts";
import { createMemoryStore } from "../src/store/memory-store.ts";
import { openSqliteStore } from "../src/store/sqlite-store.node.ts";
import type { Store } from "../src/store/store.ts";
import { changed, data } from "../src/train/fixtures/small-runs.ts";
import { train } from "../src/train/train.ts";
import type { Trainer } from "../src/worker/train-in-thread.node.ts";
import { expectRefusal, temporaryFolder } from "./run-gradus.ts";

const { folder, remove } = temporaryFolder();
afterAll(remove);
const quiet = createConsole({ json: true, quiet: true });
const spec = parseSpec(changed());

/** Trains here, on the small images; stops by itself after `until` updates. */
function here(until = Number.POSITIVE_INFINITY, details?: string) {
  const controller = new AbortController();
  const own: Trainer["train"] = async function* (specs, { resume } = {}) {
    const options = { signal: controller.signal, resume, wantsCheckpoint: (_: number, isLast: boolean) => isLast };
    const training = train(specs, data, options);
    for (;;) {
      const next = await training.next();
      if (next.done) return next.value;
      const event = next.value;
      if (event.kind === "progress" && event.step >= until) controller.abort(new Error("stopped"));
      yield event.kind === "started" && details !== undefined
        ? { ...event, device: { ...event.device, details } }
        : event;
    }
  };
  return { signal: controller.signal, checkpoints: {}, train: own };
}

/** A run that was stopped after update 20, and its checkpoint. */
async function stopped(store: Store): Promise<{ id: string; checkpoint: Checkpoint }> {
  let id = "";
  let checkpoint: Checkpoint | undefined;
  const options = here(20);
  const listening: Trainer["train"] = async function* (...given) {
    for await (const event of options.train(...given)) {
      if (event.kind === "checkpoint") [checkpoint] = event.checkpoints;
      yield event;
    }
    return [];
  };
  const onRun = (own: string) => {
    id = own;
  };
  const begun = beginRun(store, { spec, data: [] }, quiet, { ...options, train: listening, onRun });
  await expect(begun).rejects.toThrow("stopped");
  if (checkpoint === undefined) throw new Error("no checkpoint was taken");
  return { id, checkpoint };
}

test("a run goes on where it stopped, in its own log, and nobody else has claimed it since", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  expect(await readRun(store, id)).toMatchObject({ state: "interrupted", sessions: 1 });
  const { document, run } = await continueRun(store, await readRun(store, id), checkpoint, quiet, here());
  const whole = await beginRun(createMemoryStore(), { spec, data: [] }, quiet, here());
  expect(run).toMatchObject({ id, state: "finished", sessions: 2 });
  const { weightsSha256, series, final } = whole.document;
  expect(document).toMatchObject({ run: id, weightsSha256, series, final });
  expect(await store.isClaimed(id)).toBe(false);
});

test("other arithmetic than it began with is refused before the first step, and can be taken back", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  const run = await readRun(store, id);
  const attempt = continueRun(store, run, checkpoint, quiet, here(undefined, "SIMD, 1 thread"));
  await expect(attempt).rejects.toMatchObject({
    code: "spec",
    place: "device",
    message: /arithmetic relaxed SIMD \(fused multiply-add\), 1 thread, now SIMD, 1 thread/,
    remedy: /--fork/,
  });
  expect((await readRun(store, id)).training?.step).toBe(20);
  const again = await continueRun(store, await readRun(store, id), checkpoint, quiet, here());
  expect(again.run.state).toBe("finished");
});

test("two processes cannot train one run", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  const run = await readRun(store, id);
  const claim = await store.claim(id);
  await expect(continueRun(store, run, checkpoint, quiet, here())).rejects.toThrow(/another process trains this run/);
  await claim?.release();
  // Who read the run before another went on with it finds its log longer than it was.
  await continueRun(store, run, checkpoint, quiet, here());
  await expect(continueRun(store, run, checkpoint, quiet, here())).rejects.toThrow(/gone on without this writer/);
});

test("what a dead session kept without naming it, the next one drops", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  const stray = await store.put(id, new Uint8Array(100));
  await continueRun(store, await readRun(store, id), checkpoint, quiet, here());
  const { checkpoints } = await readRun(store, id);
  const there = (await store.artifacts(id)).map((artifact) => artifact.id);
  expect(there).not.toContain(stray);
  expect(there.sort()).toEqual(
    checkpoints
      .slice(-2)
      .map(({ artifact }) => artifact)
      .sort(),
  );
});

/** A store on disk with a run that was interrupted before its first checkpoint. */
async function interrupted(name: string, created: Partial<RunEvent & { kind: "created" }>, numbers: string) {
  const own = join(folder, name);
  const store = await openSqliteStore(own);
  const id = `20261121T100000Z-${name}-abcdef`;
  const first = { kind: "created", spec, data: [], ...created } as RunEvent;
  const opened = { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "h", versions: { numbers } } as const;
  await store.append(id, 0, [first, opened].map(encodeRunEvent));
  await store.close();
  return { id, options: { env: { GRADUS_STORE: own } } };
}

test("a run of a Gradus that computed other digits is not resumed", async () => {
  const members = ["data_batch_1", "data_batch_2", "test_batch"];
  const { cifar10Hashes } = await import("../src/data/cifar10.ts");
  const files = members.map((file) => ({ file, sha256: cifar10Hashes[file as keyof typeof cifar10Hashes] }));
  const { id, options } = await interrupted("digits", { data: files }, "0");
  const says = /would not be the same run: versions\.numbers was "0", is "1"/;
  await expectRefusal(["resume", id], { code: "spec", place: id, says, remedy: /--fork/ }, options);
});

test("a run whose data has changed is not resumed, and the files are named", async () => {
  const file = join(folder, "images.csv");
  const row = (label: number) =>
    `${label},${Array.from({ length: 4 }, (_, i) => (label * 50 + i * 7) % 256).join(",")}\n`;
  writeFileSync(file, Array.from({ length: 40 }, (_, i) => row(i % 3)).join(""));
  const input = {
    data: { dataset: { train: [file] }, split: { kind: "hold-out", validation: 10 } },
    network: { hidden: [3] },
    training: { batch: 10, steps: 20, schedule: { kind: "constant", rate: 0.1 } },
    evaluate: { test: false },
  };
  const own = parseSpec(input);
  const { datasetFiles } = await import("../src/train/split.node.ts");
  const files = [...(await datasetFiles(own.data))];
  expect(files).toEqual([{ file, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  const { id, options } = await interrupted("data", { spec: own, data: files }, "1");
  appendFileSync(file, row(1));
  const says = new RegExp(`would not be the same run: data: .*images.csv was "${files[0].sha256}", is "[0-9a-f]{64}"`);
  await expectRefusal(["resume", id], { code: "spec", place: id, says, remedy: /--fork/ }, options);
});
