import { expect, test } from "vitest";
import type { Checkpoint, DeviceDescription } from "../record/event.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { readRun } from "./kept-runs.ts";
import { trainAndKeep } from "./train-and-keep.ts";

const spec = parseSpec(changed());

/** Trains here, on the small images; stops by itself after `until` updates. */
function trainingHere(
  until = Number.POSITIVE_INFINITY,
  asIf = (device: DeviceDescription): DeviceDescription => device,
) {
  const controller = new AbortController();
  const trainUntil: Trainer["train"] = async function* (specs, { resume } = {}) {
    const options = { signal: controller.signal, resume, wantsCheckpoint: (_: number, isLast: boolean) => isLast };
    const training = train(specs, data, options);
    for (;;) {
      const next = await training.next();
      if (next.done) return next.value;
      const event = next.value;
      if (event.kind === "progress" && event.step >= until) controller.abort(new Error("stopped"));
      yield event.kind === "started" ? { ...event, device: asIf(event.device) } : event;
    }
  };
  return { signal: controller.signal, checkpoints: {}, train: trainUntil };
}

/** A run that was stopped after update 20, and its checkpoint. */
async function stopped(store: Store, options = trainingHere(20)): Promise<{ id: string; checkpoint: Checkpoint }> {
  let id = "";
  let checkpoint: Checkpoint | undefined;
  const listening: Trainer["train"] = async function* (...order) {
    for await (const event of options.train(...order)) {
      if (event.kind === "checkpoint") [checkpoint] = event.checkpoints;
      yield event;
    }
    return [];
  };
  const onBegun = ([begun]: readonly string[]) => {
    id = begun;
  };
  const attempt = trainAndKeep(store, [{ spec }], { ...options, train: listening, onBegun });
  await expect(attempt).rejects.toThrow("stopped");
  if (checkpoint === undefined) throw new Error("no checkpoint was taken");
  return { id, checkpoint };
}

test("a run goes on where it stopped, in its own log, and nobody else has claimed it since", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  expect(await readRun(store, id)).toMatchObject({ state: "interrupted", sessions: 1 });
  const [{ document, run }] = await trainAndKeep(
    store,
    [{ run: await readRun(store, id), checkpoint }],
    trainingHere(),
  );
  const [whole] = await trainAndKeep(createMemoryStore(), [{ spec }], trainingHere());
  expect(run).toMatchObject({ id, state: "finished", sessions: 2 });
  const { weightsSha256, series, final } = whole.document;
  expect(document).toMatchObject({ run: id, weightsSha256, series, final });
  expect(await store.isClaimed(id)).toBe(false);
});

test("other arithmetic than it began with is refused before the first step, and can be taken back", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  const run = await readRun(store, id);
  const separate = trainingHere(undefined, (device) => ({ ...device, arithmetic: "separate" }));
  const attempt = trainAndKeep(store, [{ run: run, checkpoint }], separate);
  await expect(attempt).rejects.toMatchObject({
    code: "spec",
    place: "device",
    message: /fused multiply-adds, now separate ones/,
    remedy: /--fork/,
  });
  expect((await readRun(store, id)).training?.step).toBe(20);
  const [again] = await trainAndKeep(store, [{ run: await readRun(store, id), checkpoint }], trainingHere());
  expect(again.run.state).toBe("finished");
});

test("a run of before 0.2.0, which tells its arithmetic in words alone, goes on, and not with another", async () => {
  const store = createMemoryStore();
  const old = trainingHere(20, ({ name, dtype, details }) => ({ name, dtype, details }));
  const { id, checkpoint } = await stopped(store, old);
  const run = await readRun(store, id);
  expect(run.training?.device).not.toHaveProperty("arithmetic");
  const separate = trainingHere(undefined, (device) => ({ ...device, arithmetic: "separate" }));
  await expect(trainAndKeep(store, [{ run, checkpoint }], separate)).rejects.toThrow(/now separate ones/);
  const [again] = await trainAndKeep(store, [{ run: await readRun(store, id), checkpoint }], trainingHere());
  expect(again.run.state).toBe("finished");
});

test("two processes cannot train one run", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  const run = await readRun(store, id);
  const claim = await store.claim(id);
  await expect(trainAndKeep(store, [{ run: run, checkpoint }], trainingHere())).rejects.toThrow(
    /another process trains this run/,
  );
  await claim?.release();
  // Who read the run before another went on with it finds its log longer than it was.
  await trainAndKeep(store, [{ run: run, checkpoint }], trainingHere());
  await expect(trainAndKeep(store, [{ run: run, checkpoint }], trainingHere())).rejects.toThrow(
    /gone on without this writer/,
  );
});

test("what a dead session kept without naming it, the next one drops", async () => {
  const store = createMemoryStore();
  const { id, checkpoint } = await stopped(store);
  const stray = await store.put(id, new Uint8Array(100));
  await trainAndKeep(store, [{ run: await readRun(store, id), checkpoint }], trainingHere());
  const { checkpoints } = await readRun(store, id);
  const artifactIds = (await store.artifacts(id)).map((artifact) => artifact.id);
  expect(artifactIds).not.toContain(stray);
  expect(artifactIds.sort()).toEqual(
    checkpoints
      .slice(-2)
      .map(({ artifact }) => artifact)
      .sort(),
  );
});

test("runs side by side are kept each under its own id, as they would have been alone", async () => {
  const store = createMemoryStore();
  const specs = [1, 2].map((seed) => parseSpec(changed(["seed", seed], ["data.orderSeed", 1])));
  const begunIds: string[] = [];
  const onBegun = (ids: readonly string[]) => void begunIds.push(...ids);
  const together = await trainAndKeep(
    store,
    specs.map((spec) => ({ spec, purpose: "overfit" })),
    { ...trainingHere(), onBegun },
  );
  expect(together.map(({ run }) => run.id)).toEqual(begunIds);
  for (const [index, { document, run }] of together.entries()) {
    expect(run).toMatchObject({ state: "finished", purpose: "overfit", spec: specs[index] });
    const [alone] = await trainAndKeep(store, [{ spec: specs[index] }], trainingHere());
    const { weightsSha256, series, final } = alone.document;
    expect(document).toMatchObject({ weightsSha256, series, final });
    expect(alone.run).not.toHaveProperty("purpose");
  }
});

test("what is refused before the first update leaves no run and no claim", async () => {
  const store = createMemoryStore();
  const large = parseSpec(changed(["training.batch", 100_000]));
  await expect(trainAndKeep(store, [{ spec: large }], trainingHere())).rejects.toMatchObject({
    place: "training.batch",
  });
  expect(await store.logs()).toEqual([]);
});
