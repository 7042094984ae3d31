import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { encodeRunEvent, type RunEvent } from "../record/run-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import type { Store } from "../store/store.ts";
import { readRun } from "./kept-runs.ts";
import { listRuns } from "./list-runs.ts";

const spec = parseSpec({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });
const opened: RunEvent = { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "h", versions: {} };
const closed: RunEvent = { kind: "closed", why: "failed", seconds: 1, complaint: "it rained" };

async function append(store: Store, log: string, ...events: readonly RunEvent[]): Promise<void> {
  const at = (await store.read(log)).length;
  await store.append({ log, kind: "run", at, entries: events.map(encodeRunEvent) });
}

async function storeOfThree(): Promise<Store> {
  const store = createMemoryStore();
  for (const log of ["a", "b", "c"]) await append(store, log, { kind: "created", spec, data: [] }, opened);
  for (const log of ["a", "b"]) await append(store, log, closed);
  return store;
}

/** The store, and which logs are read from their beginning. */
function watched(store: Store): { readonly store: Store; readonly read: string[] } {
  const read: string[] = [];
  const watching: Store = {
    ...store,
    async read(log, from = 0) {
      if (from === 0) read.push(log);
      return await store.read(log, from);
    },
  };
  return { store: watching, read };
}

test("a list reads no logs but those that have gone on since it was last made", async () => {
  const store = await storeOfThree();
  const { runs } = await listRuns(store);
  expect(runs.map(({ id, state }) => [id, state])).toEqual([
    ["a", "failed"],
    ["b", "failed"],
    ["c", "interrupted"],
  ]);
  const second = watched(store);
  expect(await listRuns(second.store)).toEqual({ runs, unreadable: [] });
  expect(second.read).toEqual([]);
  await append(store, "b", { kind: "labelled", tags: ["good"] });
  const third = watched(store);
  expect((await listRuns(third.store)).runs[1].tags).toEqual(["good"]);
  expect(third.read).toEqual(["b"]);
});

test("whether a run that is open is being trained is asked each time", async () => {
  const store = await storeOfThree();
  const state = async () => (await listRuns(store)).runs[2].state;
  expect(await state()).toBe("interrupted");
  const claim = await store.claim("c");
  expect(await state()).toBe("running");
  await claim?.release();
  expect(await state()).toBe("interrupted");
});

test("a summary says what the log says, and one of another form is made again", async () => {
  const store = await storeOfThree();
  const [summary] = (await listRuns(store)).runs;
  const { training: _, ...run } = await readRun(store, "a");
  expect(summary).toEqual(run);
  await store.summarise([{ log: "a", entries: 3, text: '{"version":0}' }]);
  expect((await listRuns(store)).runs[0]).toEqual(summary);
});

test("a log that cannot be read is named, and the others are listed", async () => {
  const store = await storeOfThree();
  await store.append({ log: "d", kind: "run", at: 0, entries: ["no JSON"] });
  const { runs, unreadable } = await listRuns(store);
  expect(runs.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(unreadable.map(({ message }) => message)).toEqual([expect.stringContaining("d, entry 0")]);
});
