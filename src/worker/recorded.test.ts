import { expect, test } from "vitest";
import { Fault } from "../fault/fault.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { decodeRunEvent, encodeRunEvent } from "../record/run-event.ts";
import { runRecord } from "../record/run-record.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { changed, data } from "../train/fixtures/small-runs.ts";
import { outcome, train } from "../train/train.ts";
import { recorded } from "./recorded.ts";
import { createRunWriter } from "./run-writer.ts";
import type { Trainer } from "./trainer.ts";

// The thread's own side is tested beside it: here the training is the caller's.
const trainHere: Trainer["train"] = (specs, { signal, resume, checkpoints } = {}) => {
  const every = checkpoints?.steps ?? Number.POSITIVE_INFINITY;
  return train(specs, data, { signal, resume, wantsCheckpoint: (step, isLast) => isLast || step % every === 0 });
};
const specs = [changed(), changed(["training.lambda", 0.01])];

async function begin(store: Store) {
  const writers = specs.map((_, member) => createRunWriter(store, `run-${member}`, member));
  for (const [member, writer] of writers.entries()) {
    const opened = { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "h", versions: {} } as const;
    await writer.write({ kind: "created", spec: parseSpec(specs[member]), data: [] }, opened);
  }
  return writers;
}

async function recordOf(store: Store, run: string) {
  const entries = await store.read(run);
  return runRecord(
    run,
    entries.map((entry) => decodeRunEvent(entry, run)),
  );
}

test("every member's log tells its run, and its first checkpoint and its last two are kept", async () => {
  const store = createMemoryStore();
  const writers = await begin(store);
  const { runs } = await outcome(recorded(trainHere, specs, writers, { checkpoints: { steps: 7 } }));
  for (const member of [0, 1]) {
    const record = await recordOf(store, `run-${member}`);
    const { final, series, weightsSha256 } = runs[member];
    expect(record).toMatchObject({ state: "finished", training: { final, series, weightsSha256 } });
    const artifactIds = (await store.artifacts(`run-${member}`)).map(({ id }) => id).sort();
    expect(artifactIds).toEqual(
      record?.checkpoints
        .filter((_, index, all) => index === 0 || index >= all.length - 2)
        .map(({ artifact }) => artifact)
        .sort(),
    );
    expect(record?.checkpoints.map(({ step }) => step)).toEqual([0, 7, 14, 21, 28, 35, 42, 49, 50]);
  }
});

test("a model is of the update whose weights it has: the last one, or the best", async () => {
  const best = changed(["training.schedule", { kind: "ramp", min: 0.001, max: 20 }], ["evaluate", { keep: "best" }]);
  const modelled: Trainer["train"] = (specs, options) => {
    options?.onModels?.([Uint8Array.of(0), Uint8Array.of(1)]);
    return trainHere(specs, options);
  };
  for (const spec of [changed(), best]) {
    const store = createMemoryStore();
    const { runs } = await outcome(recorded(modelled, [spec, spec], await begin(store)));
    const step = runs[1].best?.step ?? 50;
    expect(step < 50).toBe(spec === best);
    expect(await recordOf(store, "run-1")).toMatchObject({ model: { step, size: 1 } });
  }
});

test("what an event says of all members is one append, checkpoints with it", async () => {
  const store = createMemoryStore();
  const writers = await begin(store);
  const appends: number[] = [];
  const watched: Store = {
    ...store,
    async append(...all) {
      appends.push(all.length);
      await store.append(...all);
    },
    put: () => Promise.reject(new Error("bytes are kept with the entries that name them")),
  };
  const watching = writers.map((writer) => ({ ...writer, store: watched }));
  const events: string[] = [];
  await outcome(recorded(trainHere, specs, watching, { checkpoints: { steps: 7 }, now: () => 0 }), ({ kind }) => {
    events.push(kind);
  });
  const ofAll = events.filter((kind) => kind === "started" || kind === "checkpoint").length;
  const ofOne = events.filter((kind) => kind === "measured" || kind === "finished").length;
  // Progress is written once a second, and the clock stands still: once. At the end, all are closed together.
  expect(appends.filter((count) => count === 2)).toHaveLength(ofAll + 2);
  expect(appends.filter((count) => count === 1)).toHaveLength(ofOne);
});

test("an event is passed on when it is on disk", async () => {
  const store = createMemoryStore();
  for await (const event of recorded(trainHere, specs, await begin(store))) {
    if (event.kind !== "measured") continue;
    const record = await recordOf(store, `run-${event.member}`);
    expect(record?.training?.series.at(-1)).toEqual(event.measurement);
  }
});

test("stopped, it is interrupted; failing, it says what failed", async () => {
  const store = createMemoryStore();
  const controller = new AbortController();
  await outcome(recorded(trainHere, specs, await begin(store), { signal: controller.signal }), (event) => {
    if (event.kind === "progress") controller.abort();
  });
  expect(await recordOf(store, "run-1")).toMatchObject({
    state: "interrupted",
    checkpoints: [{ step: 0 }, { step: 20 }],
  });

  const otherStore = createMemoryStore();
  const broken: Trainer["train"] = async function* (...order) {
    for await (const event of trainHere(...order)) {
      yield event;
      if (event.kind === "measured") throw new Fault("device", "gpu", "is gone", "plug it in");
    }
    return [];
  };
  await expect(outcome(recorded(broken, specs, await begin(otherStore)))).rejects.toThrow(/is gone/);
  expect(await recordOf(otherStore, "run-0")).toMatchObject({ state: "failed", complaint: /is gone/ });
});

test("what fails before it has started says nothing", async () => {
  const store = createMemoryStore();
  const wrong = specs.map((spec) => ({ ...spec, device: "wsm" }));
  const writers = await begin(store);
  await expect(outcome(recorded(trainHere, wrong, writers))).rejects.toThrow(/unknown "wsm"/);
  expect(await store.read("run-0")).toHaveLength(2);
});

test("a store that takes no more stops the training with its fault", async () => {
  const store = createMemoryStore();
  const full = new Fault("store", "memory", "the disk is full", "free some space");
  let appends = 0;
  const failing: Store = {
    ...store,
    async append(...entry) {
      if (++appends > 6) throw full;
      await store.append(...entry);
    },
  };
  await expect(outcome(recorded(trainHere, specs, await begin(failing)))).rejects.toBe(full);
});

test("the training is ended where its events cannot be kept, and where nobody listens any more", async () => {
  let ended = 0;
  const watched: Trainer["train"] = async function* (...order) {
    try {
      return yield* trainHere(...order);
    } finally {
      ended += 1;
    }
  };
  const store = createMemoryStore();
  const writers = await begin(store);
  for await (const event of recorded(watched, specs, writers)) if (event.kind === "progress") break;
  expect(ended).toBe(1);
  const failing = writers.map((writer) => ({
    ...writer,
    hear: async () => {
      throw new Fault("store", "memory", "the disk is full", "free some space");
    },
  }));
  await expect(outcome(recorded(watched, specs, failing))).rejects.toThrow("the disk is full");
  expect(ended).toBe(2);
  const listener = () => {
    throw new RangeError("a defect of the listener");
  };
  await expect(outcome(recorded(watched, specs, await begin(createMemoryStore())), listener)).rejects.toThrow(
    "a defect",
  );
  expect(ended).toBe(3);
});

test("labels that arrive while it is written are no conflict; anything else is", async () => {
  const store = createMemoryStore();
  const [writer] = await begin(store);
  const label = encodeRunEvent({ kind: "labelled", tags: ["watched"] });
  await store.append({ log: "run-0", kind: "run", at: writer.position, entries: [label, label] });
  await writer.write({ kind: "closed", why: "finished", seconds: 1 });
  expect(await recordOf(store, "run-0")).toMatchObject({ state: "finished", tags: ["watched"] });

  const closed = encodeRunEvent({ kind: "closed", why: "failed", seconds: 1 });
  await store.append({ log: "run-0", kind: "run", at: writer.position, entries: [closed] });
  await expect(writer.write({ kind: "labelled", notes: "mine" })).rejects.toThrow(/gone on without this writer/);
});
