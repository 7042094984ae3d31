import { describe, expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { createDevice } from "../math/select.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { type Change, changed, data } from "../train/fixtures/small-runs.ts";
import { train } from "../train/train.ts";
import type { Trainer } from "../worker/trainer.ts";
import { readRun } from "./kept-runs.ts";
import { forkedRun, resumedRun } from "./resume.ts";
import { trainAndKeep } from "./train-and-keep.ts";

// What can be known before the first update leaves no run, and a run that was to go on as it was.

/** Trains here on the small images, where there is no device `gpu` and `blas` has gone away. */
function trainingHere(until = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  const train: Trainer["train"] = async function* (specs, { resume } = {}) {
    const wantsCheckpoint = (step: number, isLast: boolean) => step === 0 || isLast;
    const training = started(specs, { signal: controller.signal, resume, wantsCheckpoint });
    for (;;) {
      const next = await training.next();
      if (next.done) return next.value;
      if (next.value.kind === "progress" && next.value.step >= until) controller.abort(new Error("stopped"));
      yield next.value;
    }
  };
  return { signal: controller.signal, train };
}

const started = (specs: Parameters<typeof train>[0], options: Parameters<typeof train>[2]) =>
  train(specs, data, {
    ...options,
    create: async (name, dtype) => {
      if (name === "blas") throw new Fault("device", "blas", "no BLAS was found", "install one");
      return await createDevice(name, dtype);
    },
  });

/** A store with a run that was interrupted after update 20, on a device that is called by another name since. */
async function interrupted(name?: string): Promise<{ store: Store; id: string }> {
  const store = createMemoryStore();
  let id = "";
  const onBegun = ([begun]: readonly string[]) => {
    id = begun;
  };
  const { train, signal } = trainingHere(20);
  const renamed: Trainer["train"] = async function* (...order) {
    for await (const event of train(...order)) {
      const device = event.kind === "started" && name !== undefined ? { device: { ...event.device, name } } : {};
      yield { ...event, ...device };
    }
    return [];
  };
  const attempt = trainAndKeep(store, [{ spec: parseSpec(changed()) }], { signal, train: renamed, onBegun });
  await expect(attempt).rejects.toThrow("stopped");
  return { store, id };
}

const logs = async (store: Store) =>
  await Promise.all(
    (await store.logs()).map(async ({ log }) => [log, await store.read(log), await store.artifacts(log)]),
  );

const everywhere: readonly (readonly [what: string, changes: readonly Change[], place: string])[] = [
  ["a batch above the images", [["training.batch", 100_000]], "training.batch"],
  ["an unknown device", [["device", "wsm"]], "device"],
  ["an absent device", [["device", "blas"]], "blas"],
  [
    "f32 on reference",
    [
      ["device", "reference"],
      ["dtype", "f32"],
    ],
    "dtype",
  ],
];
const forks: typeof everywhere = [
  ["another shape", [["network.hidden", [14]]], "network.hidden"],
  ["another depth", [["network.hidden", [13, 13]]], "network.hidden"],
  ["normalisation", [["network.batchNorm", {}]], "network.batchNorm"],
  ["another optimiser", [["training.update", { kind: "momentum" }]], "training.update"],
  ["fewer updates than it has made", [["training.steps", 19]], "training.steps"],
  ["as many updates as it has made", [["training.steps", 20]], "training.steps"],
];

describe("refused before the first update", () => {
  test.each(everywhere)("train: %s", async (_what, changes, place) => {
    const { store } = await interrupted();
    const before = await logs(store);
    const attempt = trainAndKeep(store, [{ spec: parseSpec(changed(...changes)) }], trainingHere());
    await expect(attempt).rejects.toMatchObject({ place });
    expect(await logs(store)).toEqual(before);
  });

  test.each([...everywhere, ...forks])("fork: %s", async (_what, changes, place) => {
    const { store, id } = await interrupted();
    const before = await logs(store);
    const spec = parseSpec(changed(...changes));
    const fork = await forkedRun(store, await readRun(store, id), spec, () => {});
    await expect(trainAndKeep(store, [fork], trainingHere())).rejects.toMatchObject({ place });
    expect(await logs(store)).toEqual(before);
  });

  test.each([...everywhere, ...forks])("resume: %s", async (_what, changes) => {
    const { store, id } = await interrupted();
    const before = await logs(store);
    const attempt = resumedRun(store, await readRun(store, id), parseSpec(changed(...changes)), () => {});
    await expect(attempt).rejects.toMatchObject({ code: "spec", place: id });
    expect(await logs(store)).toEqual(before);
  });

  test.each([
    ["gone", "blas", "blas"],
    ["another", "reference", "device"],
  ])("resume: the device it began on is %s, and it stays interrupted", async (_what, name, place) => {
    const { store, id } = await interrupted(name);
    const before = await logs(store);
    const run = await readRun(store, id);
    const member = await resumedRun(store, run, run.spec, () => {});
    await expect(trainAndKeep(store, [member], trainingHere())).rejects.toMatchObject({ place });
    expect(await logs(store)).toEqual(before);
    expect(await readRun(store, id)).toMatchObject({ state: "interrupted", sessions: 1 });
  });
});

test("the remedies of a fork that does not fit are followed", async () => {
  const { store, id } = await interrupted();
  const run = await readRun(store, id);
  for (const changes of [[["training.steps", 21]], [["network.hidden", [13]]]] as (readonly Change[])[]) {
    const fork = await forkedRun(store, run, parseSpec(changed(...changes)), () => {});
    const [branch] = await trainAndKeep(store, [fork], trainingHere());
    expect(branch.run).toMatchObject({ state: "finished", fork: { run: id, step: 20 } });
  }
});
