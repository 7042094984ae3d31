import { afterEach, expect, test } from "vitest";
import { fromExactJson } from "../record/number.ts";
import { parseSpec } from "../record/parse-spec.ts";
import { encodeRunEvent, type RunEvent } from "../record/run-event.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { type Changes, createFollower } from "./changes.ts";
import { eventStream } from "./event-stream.ts";

const spec = parseSpec({ training: { steps: 1, schedule: { kind: "constant", rate: 0.1 } } });
const created: RunEvent = { kind: "created", spec, data: [] };

const controllers: AbortController[] = [];
afterEach(() => {
  for (const controller of controllers.splice(0)) controller.abort();
});

function opened() {
  const store = createMemoryStore();
  const follower = createFollower(store);
  const append = async (log: string, ...events: readonly RunEvent[]) => {
    const at = (await store.read(log)).length;
    await store.append({ log, kind: "run", at, entries: events.map(encodeRunEvent) });
  };
  const follow = (since: number) => {
    const controller = new AbortController();
    controllers.push(controller);
    const reader = eventStream(follower, since, controller.signal).getReader();
    const next = async () => {
      const { value } = await reader.read();
      const [, id, data] = /^retry: \d+\nid: (\d+)\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(value)) ?? [];
      return { id: Number(id), changes: fromExactJson(data) as Changes };
    };
    return { next, reader };
  };
  return { store, follower, append, follow };
}

test("who comes back with the last id misses nothing and hears nothing twice", async () => {
  const { append, follow } = opened();
  await append("a", created);
  await append("b", created);
  const first = follow(0);
  const { id, changes } = await first.next();
  expect(changes.runs.map((run) => run.id)).toEqual(["a", "b"]);
  await first.reader.cancel();
  await append("b", { kind: "labelled", tags: ["good"] });
  await append("c", created);
  const again = await follow(id).next();
  expect(again.changes.runs.map((run) => run.id)).toEqual(["b", "c"]);
  expect(again.changes.runs[0].tags).toEqual(["good"]);
  expect(again.id).toBeGreaterThan(id);
});

test("a reader that is slow gets one message of the state now, however much has happened", async () => {
  const { append, follow } = opened();
  await append("a", created);
  const { next } = follow(0);
  await next();
  for (let count = 0; count < 50; count++) await append("a", { kind: "labelled", tags: [`tag${count}`] });
  expect((await next()).changes.runs).toMatchObject([{ id: "a", tags: ["tag49"], entries: 51 }]);
});

test("a run whose process died says so, though its log does not; one in the trash goes from the list", async () => {
  const { store, append, follow } = opened();
  await append("a", created, { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "h", versions: {} });
  const claim = await store.claim("a");
  const { next } = follow(0);
  expect((await next()).changes.runs).toMatchObject([{ id: "a", state: "running" }]);
  await claim?.release();
  expect((await next()).changes.runs).toMatchObject([{ id: "a", state: "interrupted" }]);
  await store.remove("a");
  expect((await next()).changes).toMatchObject({ runs: [], removed: ["a"] });
});

test("a search whose process is gone says so, though its log does not, also to who comes back", async () => {
  const { store, append, follow } = opened();
  const claim = await store.claim("study-coarse");
  await store.append({ log: "study-coarse", kind: "study", at: 0, entries: ["{}"] });
  const { next, reader } = follow(0);
  const { id, changes } = await next();
  expect(changes).toMatchObject({ searching: ["coarse"], searched: id });
  // What its runs do is not its own.
  await append("a", created);
  const later = await next();
  expect(later.changes).toMatchObject({ runs: [{ id: "a" }], searching: ["coarse"], searched: id });
  await claim?.release();
  expect(await next()).toMatchObject({ id: later.id, changes: { runs: [], searching: [] } });
  await reader.cancel();
  // Nothing has changed: whoever comes back is told that at once.
  expect(await follow(later.id).next()).toMatchObject({
    id: later.id,
    changes: { runs: [], removed: [], searching: [] },
  });
});

test("however many follow, the store is read once for all of them", async () => {
  const { store, append } = opened();
  await append("a", created);
  let lists = 0;
  const counted = createFollower({
    ...store,
    logs: async (filter) => {
      lists += 1;
      return await store.logs(filter);
    },
  });
  const { signal } = new AbortController();
  const all = await Promise.all(
    Array.from({ length: 200 }, () => counted.next({ since: 0, running: new Set(), searching: [] }, 0, signal)),
  );
  expect(all.every((changes) => changes?.runs.length === 1)).toBe(true);
  expect(lists).toBe(2); // runs, and searches
});

test("who knows all that there is hears so after a while", async () => {
  const { store, append } = opened();
  await append("a", created);
  const { next } = createFollower(store);
  const { signal } = new AbortController();
  const began = performance.now();
  const news = next({ since: await store.changed(), running: new Set(), searching: [] }, 400, signal);
  expect(await news).toBeUndefined();
  expect(performance.now() - began).toBeGreaterThan(400);
});

test("a store that fails once is read again for whoever comes back", async () => {
  const { store, append } = opened();
  await append("a", created);
  let isBroken = true;
  const flaky = createFollower({
    ...store,
    logs: async (filter) => {
      if (isBroken && filter?.kind === "run") throw new Error("busy");
      return await store.logs(filter);
    },
  });
  const { signal } = new AbortController();
  const next = () => flaky.next({ since: 0, running: new Set(), searching: undefined }, 0, signal);
  await expect(next()).rejects.toThrow("busy");
  isBroken = false;
  expect((await next())?.runs).toMatchObject([{ id: "a" }]);
});

test("what changes while a message is made is told once", async () => {
  const { store, append } = opened();
  await append("a", created);
  let isFirst = true;
  // The look at the logs is over, and the run goes on before it is read.
  const follower = createFollower({
    ...store,
    async logs(filter) {
      const logs = await store.logs(filter);
      if (isFirst) await append("a", { kind: "labelled", tags: ["meanwhile"] });
      isFirst = false;
      return logs;
    },
  });
  const { signal } = new AbortController();
  const reader = eventStream(follower, 0, signal).getReader();
  const text = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await text()).toContain('"entries":2');
  await append("b", created);
  const next = await text();
  expect(next).toContain('"id":"b"');
  expect(next).not.toContain('"id":"a"');
});

test("of a run that goes on each entry is read once, however many follow and whenever they came", async () => {
  const { store, append } = opened();
  await append("a", created, { kind: "opened", at: "2026-11-21T10:00:00.000Z", host: "h", versions: {} });
  const claim = await store.claim("a");
  const reads: number[] = [];
  const follower = createFollower({
    ...store,
    read: async (log, from) => {
      reads.push(from ?? 0);
      return await store.read(log, from);
    },
  });
  const { signal } = new AbortController();
  const text = async (reader: ReadableStreamDefaultReader<Uint8Array>) =>
    new TextDecoder().decode((await reader.read()).value);
  const readers = Array.from({ length: 3 }, () => eventStream(follower, 0, signal).getReader());
  const messages = async () => await Promise.all(readers.map(text));
  await messages();
  for (const tag of ["x", "y", "z"]) {
    await append("a", { kind: "labelled", tags: [tag] });
    for (const message of await messages()) expect(message).toContain(`"tags":["${tag}"],`);
  }
  expect(reads).toEqual([0, 2, 3, 4]);
  // Of a run that nobody trains nothing is remembered.
  await claim?.release();
  for (const message of await messages()) expect(message).toContain('"state":"interrupted"');
  await append("a", { kind: "labelled", tags: ["after"] });
  for (const message of await messages()) expect(message).toContain('"tags":["after"]');
  expect(reads.at(-1)).toBe(0);
  for (const reader of readers) await reader.cancel();
});

test("all who are told the same are given the same bytes", async () => {
  const { append, follower } = opened();
  await append("a", created);
  const { signal } = new AbortController();
  const readers = Array.from({ length: 3 }, () => eventStream(follower, 0, signal).getReader());
  const [first, ...others] = await Promise.all(readers.map(async (reader) => (await reader.read()).value));
  expect(first?.length).toBeGreaterThan(100);
  for (const other of others) expect(other).toBe(first);
  for (const reader of readers) await reader.cancel();
});

test("what another reader had asked for earlier is not told after what is newer; what a search wrote meanwhile is", async () => {
  const row = (entries: number, state = "running") => ({ id: "a", entries, state }) as never;
  const answers = [row(3), row(2), row(3), row(4), row(4, "interrupted")];
  let number = 0;
  const next = async () => {
    const runs = answers.slice(number, number + 1);
    return { number: ++number, runs, removed: [], searching: [], searched: number < 3 ? 1 : 3 };
  };
  const reader = eventStream(
    { next, encoded: (changes, encode) => encode(changes) },
    0,
    new AbortController().signal,
  ).getReader();
  const told = [];
  while (told.length < 4) {
    const [, data = ""] = /^data: (.*)$/m.exec(new TextDecoder().decode((await reader.read()).value)) ?? [];
    const { runs, searched } = fromExactJson(data) as Changes;
    told.push([searched, ...runs.flatMap(({ entries, state }) => [entries, state])]);
  }
  expect(told).toEqual([[1, 3, "running"], [3], [3, 4, "running"], [3, 4, "interrupted"]]);
});
