import { expect, test } from "vitest";
import { parseSpec } from "../record/parse-spec.ts";
import { encodeRunEvent, type RunEvent } from "../record/run-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { findRun } from "./kept-runs.ts";

const spec = parseSpec({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });

/** A store with runs that began at these times, under these ids. */
async function storeOf(runs: Readonly<Record<string, string>>) {
  const store = createMemoryStore();
  for (const [id, at] of Object.entries(runs)) {
    const opened: RunEvent = { kind: "opened", at, host: "h", versions: {} };
    const entries = [{ kind: "created", spec, data: [] } as RunEvent, opened].map(encodeRunEvent);
    await store.append({ log: id, kind: "run", at: 0, entries });
  }
  return store;
}

test("the latest run is the one that began last in the store, whatever the clock said", async () => {
  const store = await storeOf({
    "21501121T100001Z-a-ffffff": "2150-11-21T10:00:01.100Z",
    "20261121T100001Z-a-000000": "2026-11-21T10:00:01.900Z",
    "20261121T100000Z-z-ffffff": "2026-11-21T10:00:00.999Z",
  });
  expect(await findRun(store, "latest")).toBe("20261121T100000Z-z-ffffff");
});

test("a run is found by its id, its beginning or its end, and by nothing that others share", async () => {
  const store = await storeOf({
    "20261121T100000Z-one-aaaaaa": "2026-11-21T10:00:00.000Z",
    "20261121T100500Z-two-bbbbbb": "2026-11-21T10:05:00.000Z",
  });
  for (const reference of ["20261121T100500Z-two-bbbbbb", "20261121T1005", "bbbbbb", "two-bbbbbb"]) {
    expect(await findRun(store, reference)).toBe("20261121T100500Z-two-bbbbbb");
  }
  await expect(findRun(store, "2026")).rejects.toThrow(/means 2 runs/);
  await expect(findRun(store, "two")).rejects.toThrow(/there is no such run/);
  await expect(findRun(store, "20261121T100500Z-two-bbbbbc")).rejects.toThrow(
    /did you mean "20261121T100500Z-two-bbbbbb"/,
  );
  await expect(findRun(await storeOf({}), "latest")).rejects.toThrow(/no such run/);
});
